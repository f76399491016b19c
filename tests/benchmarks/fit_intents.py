"""Fit what guesses the intent of a typed line, and say how the whole reading does:

    python tests/benchmarks/fit_intents.py [--write] [--misses] [--sealed]

Learnt from `intents.txt`, the lines of the tests, and a sample of the course's graded answers. The open and
opened lines of `answers/utterances.jsonl` are the check: the figures are of a fit that saw none of them,
read by the tutor as a whole (`classify`), while a question waits and with nothing waiting. They are known
lines by now: rules and thresholds were chosen with them in sight. The other check is that an attempt is
never taken for anything else: graded answers that were not in the sample, and those of
`answers/answers.jsonl`.

With `--write` the weights are fitted on the checked lines as well. Without it the tutor's own weights stay.
With `--sealed` nothing is fitted: the tutor as it stands reads the sealed lines, once, at the end.
"""

from __future__ import annotations

import argparse
import random
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import lines, share

from tutor.core import intent_guess
from tutor.core.curriculum import Course, Question
from tutor.core.grading.meaning import encoder
from tutor.core.intents import classify

HERE = Path(__file__).parent
TRIED = HERE.parent / "core" / "utterances.toml"
RIDGE, ROUNDS, SAMPLE, SEED = 1.0, 60, 1600, 0
KNOWN = ("open", "opened")

Lines = list[tuple[str, str]]


def written() -> Lines:
    """Lines and intents of `intents.txt` and of the tests."""
    found, intent = [], ""
    for line in (HERE / "intents.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace("_", "").isalpha():
            intent = line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((line, intent))
    tried = tomllib.loads(TRIED.read_text("utf-8"))
    return list(dict.fromkeys(found + [(line, intent) for intent, some in tried.items() for line in some]))


def graded(course: Course) -> list[tuple[str, Question]]:
    """All graded answers with their questions, in a fixed order by chance."""
    found = [(one.answer, course.question(entry.id)) for entry in course.written
             for one in course.question(entry.id).memory]  # fmt: skip
    random.Random(SEED).shuffle(found)
    return found


def fit(some: Lines) -> intent_guess.Fitted:
    """A multinomial regression with a ridge, by L-BFGS."""
    found = encoder()
    assert found, "there is no encoder here"
    names = tuple(sorted({intent for _, intent in some}))
    x = torch.from_numpy(intent_guess.features(found, [line for line, _ in some]))
    y = torch.tensor([names.index(intent) for _, intent in some])
    weights = torch.zeros(x.shape[1], len(names), requires_grad=True)
    bias = torch.zeros(len(names), requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weights, bias], max_iter=ROUNDS, history_size=10, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights + bias, y, reduction="sum")
        total = loss + RIDGE / 2 * weights.square().sum()
        total.backward()
        return total

    optimiser.step(closure)
    return intent_guess.Fitted(names, _halved(weights), _halved(bias))


def _halved(values: torch.Tensor) -> NDArray[np.float32]:
    """As they come back from a file that keeps 16 bits of each."""
    return values.detach().numpy().astype(np.float16).astype(np.float32)


def checks(*halves: str) -> Lines:
    """Lines that were written blind, and their intents."""
    return [(row["text"], row["intent"]) for row in lines("utterances") if row["half"] in halves]


def report(halves: tuple[str, ...], course: Course, show: bool) -> None:
    """Print how the tutor reads the checks."""
    waiting, checked = course.question("q07"), checks(*halves)
    asked = [row for row in checked if row[1] != "answer"]
    _count("a question waits", checked, lambda line: classify(line, waiting, course).intent, show)
    _count("nothing waits", asked, lambda line: classify(line, None, course).intent, show)
    unseen = graded(course)[SAMPLE:]
    fresh = [
        (row["answer"], course.question(row["question"])) for row in lines("answers") if row["half"] in halves
    ]
    for name, some in (("graded answers of the course", unseen), ("other answers", fresh)):
        given = [(classify(text, question, course).intent, text) for text, question in some]
        lost = [(intent, text) for intent, text in given if intent != "answer"]
        print(f"{name} read as something else: {share(len(lost), len(some))}")
        for intent, text in lost if show else ():
            print(f"  {intent}: {text[:100]}")


def _count(name: str, some: Lines, read: Callable[[str], str], show: bool) -> None:
    given = [read(line) for line, _ in some]
    print(f"{name}: {share(sum(g == i for g, (_, i) in zip(given, some, strict=True)), len(some))}")
    for intent, (line, wanted) in zip(given, some, strict=True):
        if show and intent != wanted:
            print(f"  {wanted} read as {intent}: {line}")


def main() -> None:
    """Fit without the checked lines and report; with `--write` fit on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--misses", action="store_true", help="list the misses")
    parser.add_argument("--sealed", action="store_true", help="only read the sealed lines")
    arguments = parser.parse_args()
    course = Course.load()
    if arguments.sealed:
        report(("sealed",), course, arguments.misses)
        return
    own = written() + [(text, "answer") for text, _ in graded(course)[:SAMPLE]]
    checked = checks(*KNOWN)
    known = {intent_guess.bare(line) for line, _ in checked}
    blind = fit([row for row in own if intent_guess.bare(row[0]) not in known])
    kept, intent_guess._fitted = intent_guess._fitted, lambda: blind  # type: ignore[assignment]
    report(KNOWN, course, arguments.misses)
    intent_guess._fitted = kept
    if arguments.write:
        last = fit(own + checked)
        np.savez_compressed(
            intent_guess.WEIGHTS,
            names=np.array(last.names),
            weights=last.weights.astype(np.float16),
            bias=last.bias.astype(np.float16),
        )


if __name__ == "__main__":
    main()
