"""The recommender's figures on MovieLens 100K, one Markdown table, on an idle machine:

    python tests/benchmarks/recommender_table.py [--cache DIR] [--fastai PYTHON] [--bands]

`--fastai` names the Python of an environment that has fastai==2.8.12; `--bands` adds all models, three seeds
each (some minutes). Everything runs on one thread. The fast recipe was chosen on splits 7 and 11; it is
reported on P1 (8 seeds) and on splits 1, 2 and 3 (8 seeds, against 3 of the lesson). Split S is the last of
the five folds of `RandomState(S).permutation`; P1 is S = 42.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from recommender import datasets
from recommender.checkpoint import FactorModel
from recommender.config import TrainConfig, recipe
from recommender.events import Finished
from recommender.fitting import fit
from recommender.foldin import fold_in
from recommender.ranking import top_n
from recommender.ratings import Dataset, Split, book_split, kfold
from recommender.serving import fit as serve

Row = tuple[str, str, str]

BANDS = {
    ("dot", 0.01): (0.87, 0.90),
    ("dot-range", 0.01): (0.87, 0.89),
    ("dot-bias", 0.01): (0.885, 0.90),
    ("dot-bias", 0.1): (0.816, 0.829),
    ("dot-bias-params", 0.1): (0.816, 0.829),
    ("dot-bias-fastai", 0.1): (0.816, 0.829),
    ("nn", 0.01): (0.862, 0.882),
    ("nn-embedding", 0.1): (0.858, 0.875),
}


def run(data: Dataset, config: TrainConfig, split: Split) -> tuple[float, float]:
    """Valid MSE and seconds of one training with validation after each epoch."""
    learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
    *_, end = fit(config, learn, held, data)
    assert isinstance(end, Finished), end
    return end.result["valid_mse"], end.result["seconds"]


def bandwidth_limit() -> float:
    """Seconds that memory alone needs for the lesson: 6,250 steps over 133,875 numbers, 32 bytes each.

    28 bytes for Adam (read and write weight and two averages, read the gradient) and 4 to clear the gradient,
    at the speed of a copy of one table on this machine.
    """
    source, target = torch.ones(133_875), torch.empty(133_875)
    best = min(_timed(lambda: target.copy_(source), 200) for _ in range(30))
    return 6250 * 133_875 * 32 / (2 * 4 * 133_875 / best)


def _timed(work: object, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()  # type: ignore[operator]
    return (time.perf_counter() - began) / times


def lesson(data: Dataset, fastai: str | None) -> Iterator[Row]:
    """The lecture's recipe, against fastai and against the memory's speed."""
    split = book_split(data.ratings)
    seeds = [run(data, recipe("lesson", "dot-bias", {"seed": seed}), split) for seed in range(5)]
    mses, seconds = [mse for mse, _ in seeds], statistics.median(s for _, s in seeds)
    limit = bandwidth_limit()
    yield "lesson, valid MSE of 5 seeds", f"{min(mses):.4f} to {max(mses):.4f}", "0.816 to 0.829"
    yield "lesson, seconds with validation", f"{seconds:.2f}", ""
    yield "lesson, times the memory limit", f"{seconds / limit:.1f} ({limit:.2f} s)", "at most 3"
    if fastai:
        theirs = run_fastai(data, split, fastai)
        yield "fastai, seconds (valid MSE)", f"{theirs['seconds']:.1f} ({theirs['valid_mse']:.4f})", ""
        yield "fastai / lesson", f"{theirs['seconds'] / seconds:.0f}", "at least 20"


def run_fastai(data: Dataset, split: Split, python: str) -> dict[str, float]:
    """One training in fastai's own environment."""
    ratings = data.ratings
    with tempfile.TemporaryDirectory() as folder:
        table, valid = Path(folder) / "ratings.csv", Path(folder) / "valid.txt"
        rows = zip(ratings.users, ratings.items, ratings.stars, strict=True)
        table.write_text("user,item,rating\n" + "".join(f"{u},{i},{s:g}\n" for u, i, s in rows))
        valid.write_text("\n".join(map(str, split.valid)))
        script = Path(__file__).parent / "recommender_fastai.py"
        done = subprocess.run([python, str(script), str(table), str(valid)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def fast(data: Dataset) -> Iterator[Row]:
    """The fast recipe: quality on P1, seconds, and its distance to the lesson on other splits."""
    n = len(data.ratings)
    found = [run(data, recipe("fast", "dot-bias", {"seed": s}), kfold(n, 5, 42)[-1]) for s in range(8)]
    mses = [mse for mse, _ in found]
    spread = f"{statistics.median(mses):.4f} ({min(mses):.4f} to {max(mses):.4f})"
    yield "fast on P1, median valid MSE of 8 seeds", spread, "at most 0.820"
    yield "fast on P1, median seconds", f"{statistics.median(s for _, s in found):.3f}", "under 0.15"
    gaps = []
    for split_seed in (1, 2, 3):
        split = kfold(n, 5, split_seed)[-1]
        ours, theirs = (
            statistics.median(
                run(data, recipe(name, "dot-bias", {"seed": s}), split)[0] for s in range(count)
            )
            for name, count in (("fast", 8), ("lesson", 3))
        )
        gaps.append(ours - theirs)
    yield "fast - lesson on splits 1, 2, 3", ", ".join(f"{gap:+.4f}" for gap in gaps), "none over +0.005"
    yield "their mean", f"{statistics.mean(gaps):+.4f}", "at most +0.003"


def bands(data: Dataset) -> Iterator[Row]:
    """All models of the lecture, three seeds each, on the book's split."""
    split = book_split(data.ratings)
    for (model, wd), (low, high) in BANDS.items():
        mses = [run(data, recipe("lesson", model, {"wd": wd, "seed": s}), split)[0] for s in range(3)]
        shown = ", ".join(f"{mse:.4f}" for mse in mses)
        yield f"{model}, wd {wd:g}, 3 seeds", shown, f"{low:g} to {high:g}"


def folding(data: Dataset) -> Iterator[Row]:
    """Fold-in and the ten best films for people with 1 to 200 ratings."""
    *_, end = serve(data)
    assert isinstance(end, Finished)
    small = end.model
    yield "fold-in + top 10, 1,682 films, ms", f"{_fold_time(small):.3f}", "under 0.2"
    draw = np.random.default_rng(0)
    ids = tuple(map(str, range(87_000)))
    factors = draw.normal(0, 0.2, (87_000, 64)).astype(np.float32)
    large = FactorModel("dot-bias", "sigmoid", 0.0, 5.5, 0.0, factors, factors[:, 0].copy(), 5.0, ids, ids)
    yield "the same, 87,000 films x 64, ms", f"{_fold_time(large):.2f}", "under 2"


def _fold_time(model: FactorModel) -> float:
    """Median milliseconds over 300 people."""
    draw, times = np.random.default_rng(1), []
    for _ in range(300):
        rows = draw.choice(model.n_items, draw.integers(1, 201), replace=False)
        stars = draw.integers(1, 6, len(rows))
        began = time.perf_counter()
        top_n(model, fold_in(model, rows, stars), 10)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def first_event(cache: Path | None) -> Iterator[Row]:
    """From the job line to the first event, and to the first point, in a warm child."""
    child = subprocess.Popen(
        [sys.executable, "-m", "recommender", "worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    child.stdout.readline()
    firsts, points = [], []
    spec = {"family": "weight-decay", "data": "ml-100k"}
    for number in range(9):
        job = {"id": number, "job": "experiment", "spec": spec, "cache": str(cache) if cache else None}
        began = time.perf_counter()
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
        child.stdout.readline()
        firsts.append(time.perf_counter() - began)
        while json.loads(child.stdout.readline())["event"] != "point":
            pass
        points.append(time.perf_counter() - began)
        child.stdin.write(json.dumps({"cancel": number}) + "\n")
        child.stdin.flush()
        while json.loads(child.stdout.readline())["event"] != "cancelled":
            pass
    child.stdin.close()
    child.wait()
    yield "first event in a warm child, ms", f"{1000 * statistics.median(firsts):.0f}", "under 50"
    yield "first point of a sweep, ms", f"{1000 * statistics.median(points):.0f}", "under 150"


def main() -> None:
    """Print the table row by row, as it is measured."""
    options = argparse.ArgumentParser()
    options.add_argument("--cache", type=Path)
    options.add_argument("--fastai")
    options.add_argument("--bands", action="store_true")
    given = options.parse_args()
    torch.set_num_threads(1)
    data = datasets.load("ml-100k", given.cache)
    sys.stdout.write("| what | measured | must be |\n|---|---|---|\n")
    parts = [lesson(data, given.fastai), fast(data), folding(data), first_event(given.cache)]
    for part in [*parts, bands(data)] if given.bands else parts:
        for what, measured, wanted in part:
            sys.stdout.write(f"| {what} | {measured} | {wanted} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
