"""How the work grows with the ratings: processor seconds per million and peak memory, one Markdown table.

    python tests/benchmarks/growth_table.py [--millions 1 2 5 25] [--sweeps 2]

Planted worlds with 150 ratings a person and 400 a film, each size in a process of its own, on one thread.
`load` draws the world; `als` is one sweep over people and films (the first of them warms up and is not
counted). Linear work keeps one figure from the first line to the last.
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

from recommender import datasets
from recommender.als import Als
from recommender.models.baselines import Biases, Mean

Made = TypeVar("Made")
WORK = ("load", "mean", "biases", "als")


def timed(job: Callable[[], Made]) -> tuple[Made, float]:
    """What the job made, and its seconds of processor time, which other work on the machine hardly moves."""
    began = time.process_time()
    return job(), time.process_time() - began


def measure(millions: float, sweeps: int) -> dict[str, float]:
    """Seconds per million ratings of each work, and the peak memory of this process in gigabytes."""
    count = round(millions * 1e6)
    name = f"planted:users={count // 150},items={count // 400},ratings={count}"
    data, load = timed(lambda: datasets.load(name, None))
    loaded = peak()
    _, mean = timed(lambda: Mean(data.ratings))
    _, biases = timed(lambda: Biases(data.ratings))
    model = Als(data.ratings)
    model.sweep()
    als = min(timed(model.sweep)[1] for _ in range(sweeps))
    told = dict(zip(WORK, (seconds / millions for seconds in (load, mean, biases, als)), strict=True))
    return {"millions": millions, **told, "loaded": loaded, "peak": peak()}


def peak() -> float:
    """The most memory that this process has held so far, in gigabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kilobytes on Linux


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 2, 5])
    parser.add_argument("--sweeps", type=int, default=2, help="timed sweeps of als; the fastest counts")
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child, arguments.sweeps)))
        return
    columns = ["million ratings", *(f"{work}, s per million" for work in WORK), "GB to load", "GB at most"]
    print(f"| {' | '.join(columns)} |")
    print("|---" * (len(WORK) + 3) + "|")
    for millions in arguments.millions:
        command = [sys.executable, __file__, "--child", str(millions), "--sweeps", str(arguments.sweeps)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        cells = " | ".join(f"{told[work]:.4f}" for work in WORK)
        print(f"| {millions:g} | {cells} | {told['loaded']:.2f} | {told['peak']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
