"""How well answers are graded that nobody used for tuning, one Markdown table:

    python tests/benchmarks/grading_table.py [--half open|sealed] [--misses]

The answers in `answers/answers.jsonl` were written from the questions alone; `answers/labels.jsonl` holds two
labels of each, given from question and points alone. Where the two differ, the first counts. Half of each
question's answers is sealed: it is for one run at the end, not for tuning. `unsure` counts as wrong in F1.
Beside the grader stand four simple ones, whose two thresholds are those with the best F1 on the course's own
graded examples.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import Any

from tutor.core.curriculum import Course, Question

HERE = Path(__file__).parent / "answers"
CLASSES = ("correct", "partial", "incorrect")

Row = dict[str, Any]


def lines(name: str) -> list[Row]:
    """The records of a file."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def folded(verdict: str) -> str:
    """Off topic counts with incorrect; unsure stays apart and is always wrong."""
    return "incorrect" if verdict == "off_topic" else verdict


def labelled(half: str) -> list[Row]:
    """The answers of a half that have labels, with the label that counts."""
    labels = {row["id"]: row for row in lines("labels")}
    return [
        {**row, "label": labels[row["id"]]["first"]}
        for row in lines("answers")
        if row["half"] == half and row["id"] in labels
    ]


def kappa() -> str:
    """Agreement of the two labels beyond chance (Cohen 1960), over all verdicts."""
    pairs = [(row["first"]["verdict"], row["second"]["verdict"]) for row in lines("labels")]
    mine, theirs = (Counter(column) for column in zip(*pairs, strict=True))
    seen = sum(one == two for one, two in pairs) / len(pairs)
    chance = sum(mine[each] * theirs[each] for each in mine) / len(pairs) ** 2
    beyond = (seen - chance) / (1 - chance)
    return f"{len(pairs)} answers labelled twice: the same verdict in {seen:.1%}, kappa {beyond:.3f}"


def macro_f1(labels: list[str], given: list[str]) -> float:
    """The mean of the classes' F1."""
    scores = []
    for each in CLASSES:
        hits = sum(one == two == each for one, two in zip(labels, given, strict=True))
        scores.append(2 * hits / max(labels.count(each) + given.count(each), 1))
    return sum(scores) / len(scores)


def share(hits: int, of: int) -> str:
    """A share with its Wilson interval of 95 %."""
    if not of:
        return "none"
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{p:.1%} ({hits} of {of}; {middle - reach:.1%} to {middle + reach:.1%})"


def figures(rows: list[Row], verdicts: list[str]) -> dict[str, str]:
    """The three figures that any grader has."""
    labels = [folded(row["label"]["verdict"]) for row in rows]
    given = [folded(verdict) for verdict in verdicts]
    right = [verdict for label, verdict in zip(labels, given, strict=True) if label == "correct"]
    wrong = [verdict for label, verdict in zip(labels, given, strict=True) if label == "incorrect"]
    return {
        "right, called incorrect or off topic": share(right.count("incorrect"), len(right)),
        "wrong, called correct": share(wrong.count("correct"), len(wrong)),
        "macro-F1": f"{macro_f1(labels, given):.3f}",
    }


def best_cuts(scores: list[float], labels: list[str]) -> tuple[float, float]:
    """The two thresholds (partial, correct) with the best F1 on these."""
    steps = sorted({round(score, 2) for score in scores})
    pairs = ((low, high) for low in steps for high in steps if low <= high)
    return max(pairs, key=lambda cuts: macro_f1(labels, [cut(score, cuts) for score in scores]))


def cut(score: float, cuts: tuple[float, float]) -> str:
    """A verdict from a score."""
    return "correct" if score >= cuts[1] else "partial" if score >= cuts[0] else "incorrect"


def simple(score: Callable[[Question, str], float], rows: list[Row], course: Course) -> dict[str, str]:
    """The figures of a grader that has nothing but a score."""
    own = [
        (course.question(entry.id), example)
        for entry in course.written
        for example in course.question(entry.id).rubric.examples
    ]
    learnt = [score(question, example.answer) for question, example in own]
    cuts = best_cuts(learnt, [folded(example.verdict) for _, example in own])
    return figures(rows, [cut(score(course.question(row["question"]), row["answer"]), cuts) for row in rows])
