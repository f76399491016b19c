"""Every experiment with its default settings in a warm child, one Markdown table, on an idle machine:

    python tests/benchmarks/experiments_table.py [NAME ...] [--data ml-100k] [--cache DIR] [--seeds 10]

Seconds: the first seed alone, and until its first visible point or chart. Memory: the most that the child
has held so far. Measured: how many seeds came out as the course expects; `holds` asks nine in ten.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from recommender.datasets import prepare
from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.lab_results import as_expected, in_words, outcome
from tutor.core.settings import read_settings
from tutor.runner.child import TrainingChild

HEAD = ("experiment", "questions", "budget s", "first seed s", "first point ms", "child MB", "expected",
        "measured", "holds")  # fmt: skip
VISIBLE = ("point", "chart")


def spec_of(file: ExperimentFile, data: str, seed: int) -> dict[str, Any]:
    """The run with the experiment's own settings, without a learner."""
    settings = read_settings(file, None)
    return {"family": file.family, "data": data, "seed": seed, "settings": settings}


def timed(child: TrainingChild, job: Mapping[str, Any]) -> tuple[Mapping[str, Any], float, float]:
    """The last event, the seconds of the run, and those until something showed."""
    began, shown = time.perf_counter(), float("nan")
    last: Mapping[str, Any] = {}
    for event in child.run(dict(job)):
        if event["event"] in VISIBLE and shown != shown:
            shown = time.perf_counter() - began
        last = event
    return last, time.perf_counter() - began, shown


def row_of(child: TrainingChild, file: ExperimentFile, data: str, cache: Path, seeds: int) -> tuple[str, ...]:
    """One experiment over `seeds` seeds."""
    came, first, shown = [], 0.0, 0.0
    for seed in range(seeds):
        job = {"job": "experiment", "spec": spec_of(file, data, seed), "cache": str(cache)}
        end, seconds, visible = timed(child, job)
        if seed == 0:
            first, shown = seconds, visible
        if end["event"] != "finished":
            return (file.name, "", "", "", "", "", "", str(end.get("message", end["event"])), "FAILED")
        came.append(outcome(file.prediction, end["measured"]))
    held = sum(as_expected(file.prediction, one) for one in came)
    return (
        file.name, ", ".join(file.questions), f"{file.budget_s:g}", f"{first:.2f}", f"{1000 * shown:.0f}",
        f"{_memory(child):.0f}", expected(file), in_words(file, came[0]),
        f"{held}/{seeds}" + ("" if held >= 0.9 * seeds else " NO"),
    )  # fmt: skip


def expected(file: ExperimentFile) -> str:
    """The choice, or the band of numbers, that the course expects."""
    asked = file.prediction
    if asked.is_number:
        return f"{asked.expected_low:g} to {asked.expected_high:g} {asked.unit}".strip()
    return in_words(file, asked.expected)


def _memory(child: TrainingChild) -> float:
    """Most memory the child has held, in megabytes; nan where the system does not say."""
    status = Path(f"/proc/{child.pid}/status")
    if not status.exists():
        return float("nan")
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def rows(names: list[str], data: str, cache: Path, seeds: int) -> Iterator[tuple[str, ...]]:
    """A row for each experiment, as soon as it is there."""
    prepare(data, cache)
    with tempfile.TemporaryDirectory() as logs:
        child = TrainingChild(Path(logs))
        for event in child.run({"job": "ping"}):
            assert event["event"] == "finished"
        for file in Course.load().experiments():
            if not names or file.name in names:
                yield row_of(child, file, data, cache, seeds)
        child.stop()


def main() -> int:
    """Print the table; 1 if an experiment fails or does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--data", default="ml-100k")
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    cache = args.cache or Path(tempfile.mkdtemp())
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
    good = True
    for row in rows(args.names, args.data, cache, args.seeds):
        print("| " + " | ".join(row) + " |", flush=True)
        good &= not row[-1].endswith(("NO", "FAILED"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
