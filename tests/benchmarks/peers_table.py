"""Our models and peers side by side on the same five folds, one Markdown table:

    python tests/benchmarks/peers_table.py --data PATH --peers FOLDER

FOLDER holds one virtual environment for each peer: surprise (scikit-surprise), lenskit, myfm. A peer that is
not there is left out. Folds are P2: `array_split(RandomState(42).permutation(N), 5)` over the rows in file
order. Predictions are cut to the range of the scale for everybody. Each program runs on one thread; seconds
are those of the processor for one fit. Settings of peers are their defaults, or those of their own examples.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import torch
from numpy.typing import NDArray
from peers_children import AFTER, BEFORE, PROGRAMS

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Finished
from recommender.fitting import fit
from recommender.ratings import Dataset, kfold

OURS = (("best", "lesson"), ("best", "fast"), ("dot-bias", "fast"), ("als", "fast"), ("item-knn", "fast"))
FOLDS = 5
ONE_THREAD = dict.fromkeys(("MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
Row = tuple[str, NDArray[np.float64], float]
"""Name, predicted stars [N] of all ratings while held out, processor seconds of a fit."""


def ours(data: Dataset) -> Iterator[Row]:
    """Our models, by name and recipe."""
    for name, of_recipe in OURS:
        predicted, seconds = np.zeros(len(data.ratings)), 0.0
        for split in kfold(len(data.ratings), FOLDS):
            config = recipe(of_recipe, name, range_of(data.low, data.high))
            learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
            began = time.process_time()
            *_, end = fit(config, learn, None, data)
            seconds += (time.process_time() - began) / FOLDS
            assert isinstance(end, Finished), end
            predicted[split.valid] = end.model.predict(held.users, held.items, held.times)
        words = f", recipe {of_recipe}" if name in ("best", "dot-bias") else ""
        yield f"**`{name}`{words}**", predicted, seconds


def peers(data: Dataset, folder: Path) -> Iterator[Row]:
    """Every peer that has an environment in `folder`."""
    fold = np.zeros(len(data.ratings), np.int64)
    for number, split in enumerate(kfold(len(data.ratings), FOLDS)):
        fold[split.valid] = number
    with tempfile.TemporaryDirectory() as place:
        given, told = Path(place) / "folds.npz", Path(place) / "told.npz"
        columns = {name: getattr(data.ratings, name) for name in ("users", "items", "stars")}
        np.savez(given, fold=fold, **columns)
        for name, program in PROGRAMS.items():
            python = folder / name / "bin" / "python"
            if not python.exists():
                continue
            command = [str(python), "-c", BEFORE + program + AFTER, str(given), str(told)]
            ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD)
            if ran.returncode:
                last = (ran.stderr.strip().splitlines() or ["no words"])[-1]
                print(f"{name} failed: {last}", flush=True)
                continue
            out = np.load(told)
            for model in (key for key in out.files if not key.startswith("seconds ")):
                yield model, out[model], float(out[f"seconds {model}"])


def line(data: Dataset, row: Row) -> str:
    """A line of the table: error over folds with its spread, and the cost."""
    name, predicted, seconds = row
    miss = np.clip(predicted, data.low, data.high) - data.ratings.stars
    by_fold = [np.sqrt(np.mean(miss[split.valid] ** 2)) for split in kfold(len(miss), FOLDS)]
    spread = np.std(by_fold, ddof=1)
    return f"| {name} | {np.mean(by_fold):.4f} ± {spread:.4f} | {np.abs(miss).mean():.4f} | {seconds:.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default="ml-100k", help="name of a data set, or a path")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--peers", type=Path, help="folder of virtual environments")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    data = datasets.load(arguments.data, arguments.cache)
    print("| model | RMSE, stars ± sd of folds | MAE | CPU s a fold |\n|---|---|---|---|")
    for row in ours(data):
        print(line(data, row), flush=True)
    for row in peers(data, arguments.peers) if arguments.peers else ():
        print(line(data, row), flush=True)


if __name__ == "__main__":
    main()
