"""The figures of `best` on MovieLens 100K, one Markdown table, on an idle machine:

    python tests/benchmarks/best_table.py [--cache DIR]

Everything runs on one thread; seconds are those of the process (CPU) and of the clock. Settings were chosen
on fold 5 of splits 7 and 1 (`RandomState(S).permutation`), those of the intervals on other draws of people.
Errors are reported on P2 (split 42, five folds), intervals on people whom neither chain nor calibration saw.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray

from recommender import datasets
from recommender.bayes_serving import fit_posterior
from recommender.config import recipe
from recommender.events import Finished
from recommender.fitting import fit
from recommender.posterior import Posterior, save, screen_of
from recommender.posterior_fold import fold_in, forecast
from recommender.ratings import Dataset, kfold
from recommender.serving import one_row_per_film

Doubles = NDArray[np.float64]
SIZES = {"0": (0, 0), "1-2": (1, 2), "3-9": (3, 9), "10+": (10, 200)}


def accuracy(data: Dataset, name: str) -> str:
    """A row: RMSE and MAE over the folds of P2, and seconds a fold."""
    rmse, mae, cpu, wall = [], [], [], []
    for split in kfold(len(data.ratings), 5, 42):
        held = data.ratings.take(split.valid)
        before, began = time.process_time(), time.perf_counter()
        *_, end = fit(recipe(name, "best"), data.ratings.take(split.train), None, data)
        assert isinstance(end, Finished), end
        cpu.append(time.process_time() - before)
        wall.append(time.perf_counter() - began)
        miss = (end.model.predict(held.users, held.items) - held.stars).astype(np.float64)
        rmse.append(float(np.sqrt(np.mean(miss**2))))
        mae.append(float(np.abs(miss).mean()))
    figures = (
        f"RMSE {statistics.mean(rmse):.4f} ± {statistics.stdev(rmse):.4f}, MAE {statistics.mean(mae):.4f}"
    )
    return (
        f"| P2, recipe {name} | {figures} | {statistics.mean(cpu):.1f} s CPU, {statistics.mean(wall):.1f} s |"
    )


def forecasts(data: Dataset, seed: int) -> Doubles:
    """[5, N]: bucket, stars, forecast, low, high for a fifth of the people, held out whole."""
    ratings, film_ids = one_row_per_film(data)
    rng = np.random.default_rng([99, seed])
    people = rng.permutation(ratings.n_users)[: ratings.n_users // 5]
    learn = ratings.take(~np.isin(ratings.users, people))
    *_, end = fit_posterior(data, learn, film_ids, "lesson", seed)
    assert isinstance(end, Finished), end
    rows = []
    for bucket, (fewest, most) in enumerate(SIZES.values()):
        for person in people:
            mixed = rng.permutation(np.flatnonzero(ratings.users == person))
            known = int(rng.integers(fewest, min(most, len(mixed) - 1) + 1))
            given, asked = mixed[:known], mixed[known : known + 20]
            folded = fold_in(end.model, ratings.items[given], ratings.stars[given])
            told = forecast(end.model, folded, ratings.items[asked])
            stars = ratings.stars[asked]
            rows.append(np.stack([np.full(len(asked), bucket), stars, told.predicted, told.low, told.high]))
    return np.concatenate(rows, axis=1).astype(np.float64)


def constant_width(stars: Doubles, predicted: Doubles, share: float) -> tuple[float, float]:
    """Width of forecast ± c that holds `share`: as it is, and on average when cut to 1..5."""
    c = float(np.quantile(np.abs(stars - predicted), share))
    cut = np.minimum(predicted + c, 5) - np.maximum(predicted - c, 1)
    return 2 * c, float(cut.mean())


def coverage(data: Dataset) -> list[str]:
    """Rows: how many ratings the 90 % intervals hold, and how wide they are."""
    told = np.concatenate([forecasts(data, seed) for seed in range(3)], axis=1)
    lines = []
    for at, name in enumerate((*SIZES, "all")):
        _, stars, predicted, low, high = told[:, told[0] == at] if name in SIZES else told
        held = float(((low <= stars) & (stars <= high)).mean())
        constant, cut = constant_width(stars, predicted, held)
        width = f"{np.mean(high - low):.2f} stars; constant {constant:.2f}, cut to the range {cut:.2f}"
        lines.append(f"| {name} known ratings | holds {held:.3f}, n {len(stars)} | {width} |")
    return lines


def made(n_items: int, path: Path) -> None:
    """A posterior of any size with 32 draws of 20 factors, written to `path`."""
    rng, (s, d) = np.random.default_rng(0), (32, 21)
    turns = np.linalg.qr(rng.normal(size=(s, d, d)))[0]
    films = np.einsum("id,sde->ise", rng.normal(size=(n_items, d)) * 0.3, turns)
    films = (films + 0.1 * rng.normal(size=films.shape)).astype(np.float16)
    names = tuple(map(str, range(n_items)))
    posterior = Posterior(
        low=0.5,
        high=5.0,
        offset=3.5,
        smoothing=5.0,
        user_dof=10.0,
        films=films,
        link=(0.05 * rng.normal(size=films.shape)).astype(np.float16),
        film_noise=np.ones((n_items, s), np.float16),
        mean=np.zeros((s, d), np.float32),
        mean_link=np.zeros((s, d), np.float32),
        precision=np.tile(np.eye(d, dtype=np.float32) * 8, (s, 1, 1)),
        rating_precision=np.full(s, 1.5, np.float32),
        spread=np.full((4, 4, 2), 1.645, np.float32),
        film_ids=names,
        item_ids=names,
        **screen_of(films),
    )
    save(posterior, path)


FOLD = """
import sys, time
from pathlib import Path
import numpy as np
from recommender.posterior import load
from recommender.posterior_fold import fold_in, top_n
posterior, rng, seconds = load(Path(sys.argv[1])), np.random.default_rng(1), []
for _ in range(200):
    n = int(rng.integers(1, 201))
    rows, stars = rng.choice(posterior.n_items, n, replace=False), rng.integers(1, 6, n)
    began = time.perf_counter()
    top_n(posterior, fold_in(posterior, rows, stars), 10)
    seconds.append(time.perf_counter() - began)
ms = 1000 * np.quantile(seconds, (0.5, 0.95))
status = Path("/proc/self/status").read_text().split()
peak = int(status[status.index("VmHWM:") + 1]) / 1024  # of this program alone, unlike getrusage
print(f"median {ms[0]:.1f} ms, p95 {ms[1]:.1f} ms | peak {peak:.0f} MB")
"""


def fold_speed(n_items: int) -> str:
    """A row: fold-in of 1 to 200 ratings with the top 10, and the memory of a process that does only that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "best.safetensors"
        made(n_items, path)
        told = subprocess.run(
            [sys.executable, "-c", FOLD, str(path)], capture_output=True, text=True, check=True
        )
    return f"| fold-in + top 10, {n_items} films | {told.stdout.strip()} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cache", type=Path)
    data = datasets.load("ml-100k", parser.parse_args().cache)
    torch.set_num_threads(1)
    print("| what | figure | cost |\n|---|---|---|")
    for name in ("lesson", "fast"):
        print(accuracy(data, name), flush=True)
    print("\n".join(coverage(data)), flush=True)
    for n_items in (1682, 87_000):
        print(fold_speed(n_items), flush=True)


if __name__ == "__main__":
    main()
