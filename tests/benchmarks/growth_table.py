"""How the work grows with the ratings: processor seconds per million and peak memory, one Markdown table.

    python tests/benchmarks/growth_table.py [--millions 1 2 5 25] [--sweeps 2] [--only load als]

Planted worlds with 150 ratings a person and 400 a film, each size in a process of its own, on one thread.
`load` draws the world; `als` and `best` are one sweep over people and films (the first of them warms up and
is not counted), `best set-up` is what comes before its first sweep; `dot-bias` is one epoch of the recipe
`fast`, whose steps grow with the tables. Linear work keeps one figure from the first line to the last.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

from recommender import datasets
from recommender.als import Als
from recommender.bayes import Sampler
from recommender.config import recipe
from recommender.models.baselines import Biases, Mean
from recommender.ratings import Dataset
from recommender.training import Trainer

Made = TypeVar("Made")


def timed(job: Callable[[], Made]) -> tuple[Made, float]:
    """What the job made, and its seconds of processor time, which other work on the machine hardly moves."""
    began = time.process_time()
    return job(), time.process_time() - began


def mean(data: Dataset, sweeps: int) -> dict[str, float]:
    """Seconds of the mean of all ratings."""
    return {"mean": timed(lambda: Mean(data.ratings))[1]}


def biases(data: Dataset, sweeps: int) -> dict[str, float]:
    """Seconds of the biases."""
    return {"biases": timed(lambda: Biases(data.ratings))[1]}


def als(data: Dataset, sweeps: int) -> dict[str, float]:
    """Seconds of a sweep."""
    model = Als(data.ratings)
    model.sweep()
    return {"als": min(timed(model.sweep)[1] for _ in range(sweeps))}


def best(data: Dataset, sweeps: int) -> dict[str, float]:
    """Seconds until the first sweep, and of a sweep."""
    sampler, prepared = timed(lambda: Sampler(data.ratings, items=data.items, users=data.users))
    sampler.start()
    return {"best set-up": prepared, "best": min(timed(sampler.sweep)[1] for _ in range(sweeps))}


def dot_bias(data: Dataset, sweeps: int) -> dict[str, float]:
    """Seconds of an epoch in large steps."""
    trainer = Trainer(recipe("fast", changes={"epochs": sweeps}), data.ratings)
    epoch = range(trainer.n_batches)
    return {"dot-bias": min(timed(lambda: [trainer.step() for _ in epoch])[1] for _ in range(sweeps))}


WORK: dict[str, Callable[[Dataset, int], dict[str, float]]] = {
    "mean": mean,
    "biases": biases,
    "als": als,
    "best": best,
    "dot-bias": dot_bias,
}


def measure(millions: float, sweeps: int, only: list[str]) -> dict[str, float]:
    """Seconds per million ratings of each work, and the peak memory of this process in gigabytes."""
    torch.set_num_threads(1)
    count = round(millions * 1e6)
    name = f"planted:users={count // 150},items={count // 400},ratings={count}"
    data, load = timed(lambda: datasets.load(name, None))
    loaded = peak()
    told = {"load": load}
    for work in only:
        told |= WORK[work](data, sweeps)
    per_million = {f"{work}, s per million": seconds / millions for work, seconds in told.items()}
    return {"million ratings": millions, **per_million, "GB to load": loaded, "GB at most": peak()}


def peak() -> float:
    """The most memory that this process has held so far, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kilobytes on Linux


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 2, 5])
    parser.add_argument("--sweeps", type=int, default=2, help="timed sweeps and epochs; the fastest counts")
    parser.add_argument("--only", nargs="+", choices=WORK, default=list(WORK))
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child, arguments.sweeps, arguments.only)))
        return
    for at, millions in enumerate(arguments.millions):
        command = [sys.executable, __file__, "--child", str(millions), "--sweeps", str(arguments.sweeps)]
        command += ["--only", *arguments.only]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if not at:
            print(f"| {' | '.join(told)} |\n{'|---' * len(told)}|")
        print(f"| {' | '.join(f'{figure:.4g}' for figure in told.values())} |", flush=True)


if __name__ == "__main__":
    main()
