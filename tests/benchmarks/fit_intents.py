"""Fit what guesses the intent of a typed line, and say how it does on lines that it was not fitted on:

    python tests/benchmarks/fit_intents.py [--write] [--half open|sealed]

Learnt from `intents.txt`, the lines of the tests, and the open half of `answers/utterances.jsonl`. With
`--half` the lines of that half are read by the tutor as it stands (while a question waits); nothing is
fitted. The figure for the open half without its own lines comes from five folds.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import lines, share

from tutor.core.curriculum import Course
from tutor.core.grading.meaning import encoder
from tutor.core.intent_guess import WEIGHTS, bare
from tutor.core.intents import classify

HERE = Path(__file__).parent
TRIED = HERE.parent / "core" / "utterances.toml"
RIDGE, SHARPNESS, FOLDS = 1.0, 8.0, 5


def written() -> list[tuple[str, str]]:
    """Lines and intents of `intents.txt` and of the tests."""
    found, intent = [], ""
    for line in (HERE / "intents.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((line, intent))
    tried = tomllib.loads(TRIED.read_text("utf-8"))
    return found + [(line, intent) for intent, some in tried.items() for line in some]


def blind(half: str) -> list[tuple[str, str]]:
    """Lines and intents that were written blind."""
    return [(row["text"], row["intent"]) for row in lines("utterances") if row["half"] == half]


def vectors(some: list[tuple[str, str]]) -> NDArray[np.float32]:
    """[n, D] of n lines."""
    found = encoder()
    assert found, "there is no encoder here"
    return found.encode([bare(line) for line, _ in some])


def fit(some: list[tuple[str, str]], names: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights [D, C] and bias [C] of a multinomial regression, by L-BFGS."""
    x = torch.from_numpy(vectors(some)).double() * SHARPNESS
    y = torch.tensor([names.index(intent) for _, intent in some])
    weights = torch.zeros(x.shape[1], len(names), dtype=torch.double, requires_grad=True)
    bias = torch.zeros(len(names), dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights + bias, y, reduction="sum")
        total = loss + RIDGE / 2 * weights.square().sum()
        total.backward()
        return total

    optimiser.step(closure)
    return weights.detach().numpy() * SHARPNESS, bias.detach().numpy()


def cross_validated(own: list[tuple[str, str]], names: list[str]) -> str:
    """How often the regression alone is right on the open half, fitted on the rest of it and all else."""
    unseen, hits = blind("open"), 0
    for at in range(FOLDS):
        learnt = own + [row for place, row in enumerate(unseen) if place % FOLDS != at]
        asked = unseen[at::FOLDS]
        weights, bias = fit(learnt, names)
        given = (vectors(asked) @ weights + bias).argmax(axis=1)
        hits += sum(names[best] == intent for best, (_, intent) in zip(given, asked, strict=True))
    return share(hits, len(unseen))


def read_by_the_tutor(half: str) -> None:
    """Print how often the tutor understands the lines of a half, and the misses of the open one."""
    course, hits = Course.load(), 0
    rows = blind(half)
    for line, intent in rows:
        given = classify(line, course.question("q07"), course).intent
        hits += given == intent
        if given != intent and half == "open":
            print(f"  {intent} read as {given}: {line}")
    print(f"{half} half, read by the tutor: {share(hits, len(rows))}")


def main() -> None:
    """Fit and report, or read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--half", choices=("open", "sealed"))
    arguments = parser.parse_args()
    if arguments.half:
        read_by_the_tutor(arguments.half)
        return
    own = written()
    names = sorted({intent for _, intent in own})
    print(f"regression alone, open half in five folds: {cross_validated(own, names)}")
    if arguments.write:
        weights, bias = fit(own + blind("open"), names)
        np.savez_compressed(
            WEIGHTS, names=np.array(names), weights=weights.astype(np.float16), bias=bias.astype(np.float16)
        )


if __name__ == "__main__":
    main()
