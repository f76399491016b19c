"""The texts that the encoder learns from, and what each says of its question.

From the course: `answers.toml`, `statements.toml`, and the ways to say a point or a misconception. The
graded examples of the rubrics are left out, so that the check of the course asks for what was not learnt.
Beside them `taught/*.jsonl`: answers sentence by sentence, with marks for each sentence, some with their
contradiction:

    {"q": "q07", "said": ["Multiply entry by entry,", "then keep the largest."], "marks": ["p1", "-p2 F"]}
    {"q": "q07", "said": ["It is one number."], "marks": ["p2"],
     "contrary": {"said": ["It is a list of numbers."], "marks": ["-p2 m2 F"]}}

`p1` makes a point, `-p1` says the contrary, `m1` states a misconception, `F` is false, `V` says nothing that
could be graded, `X` is no attempt.

Letters: n texts, K things that a text may say, over all questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.core.curriculum import Course, Question
from tutor.core.grading.stance import TRUE, VERDICTS, Key, bare, keys_of, stored

FOLDER = Path(__file__).parent / "taught"


@dataclass(frozen=True)
class Taught:
    """A text, what it says, and what is known of it; both as columns of all K."""

    question: str
    text: str
    said: frozenset[int]
    known: frozenset[int]


Unit = tuple[Taught, ...]
"""A text, or a true one and its contradiction: they stay together."""


class Columns:
    """The K things that texts may say: those of each question in a row."""

    def __init__(self, course: Course):
        self.questions = {entry.id: course.question(entry.id) for entry in course.written}
        self.of: dict[str, dict[Key, int]] = {}
        self.count = 0
        for name, question in self.questions.items():
            self.of[name] = {key: self.count + at for key, at in keys_of(question).items()}
            self.count += len(self.of[name])


def from_course(columns: Columns) -> Iterator[Unit]:
    """What lies in the course, without the graded examples of the rubrics."""
    for name, question in columns.questions.items():
        known, at = stored(question), list(columns.of[name].values())
        held_back = {bare(example.answer) for example in question.rubric.examples}
        rows = [
            Taught(
                name,
                text,
                frozenset(at[column] for column in said.nonzero()[0]),
                frozenset(at[column] for column in is_known.nonzero()[0]),
            )
            for text, said, is_known in zip(known.texts, known.said, known.known, strict=True)
        ]
        first, last = known.sentences
        yield from _with_twins(rows[first:last], columns.of[name][TRUE])
        yield from ((row,) for row in rows[:first] + rows[last:] if row.text not in held_back)


def _with_twins(rows: list[Taught], true: int) -> Iterator[Unit]:
    """Sentences; a true one and the false one behind it are taken for twins."""
    at = 0
    while at < len(rows):
        pair = tuple(rows[at : at + 2])
        unit = pair if [true in row.said for row in pair] == [True, False] else pair[:1]
        yield unit
        at += len(unit)


def from_files(columns: Columns) -> Iterator[Unit]:
    """What lies in `taught/`: each answer as a whole, and each sentence of an answer of several."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            both = [row, row["contrary"]] if "contrary" in row else [row]
            yield tuple(_whole(columns, row["q"], one) for one in both)
            for text, marks in (pair for one in both for pair in zip(one["said"], one["marks"], strict=True)):
                if len(row["said"]) > 1:
                    yield (_taught(columns, row["q"], text, marks.split(), is_whole=False),)


def asked(columns: Columns) -> list[list[tuple[str, ...]]]:
    """For each question what learners ask there, each thing in several ways."""
    return [
        [tuple(bare(way) for way in one.ways) for one in question.asked]
        for question in columns.questions.values()
        if question.asked
    ]


def _whole(columns: Columns, name: str, row: dict[str, list[str]]) -> Taught:
    marks = [mark for some in row["marks"] for mark in some.split()]
    return _taught(columns, name, " ".join(row["said"]), marks, is_whole=True)


def _taught(columns: Columns, name: str, text: str, marks: list[str], *, is_whole: bool) -> Taught:
    """A sentence or a whole answer; what an answer denies it does not make, wherever it says so."""
    keys, question = columns.of[name], columns.questions[name]
    denied = {mark[1:] for mark in marks if mark.startswith("-")}
    made = {mark for mark in marks if mark.startswith("p")} - (denied if is_whole else set())
    claimed = {mark for mark in marks if mark.startswith("m")}
    says: set[Key] = {("makes", one) for one in made} | {("denies", one) for one in denied}
    says |= {("claims", one) for one in claimed}
    is_false = "F" in marks or bool(denied or claimed)
    known = {key for key in keys if key[0] in ("makes", "denies", "claims")}
    if "X" not in marks:
        known.add(TRUE)
    if not is_false:
        says.add(TRUE)
    if is_whole:
        known |= {("is", verdict) for verdict in VERDICTS}
        says.add(("is", _verdict(question, made, is_false)))
    return Taught(
        name, bare(text), frozenset(keys[key] for key in says), frozenset(keys[key] for key in known)
    )


def _verdict(question: Question, made: set[str], is_false: bool) -> str:
    required = {point.id for point in question.rubric.points if point.required}
    if not made:
        return "incorrect"
    return "correct" if required <= made and not is_false else "partial"
