"""Graded examples as neighbours: what is said like a marked answer earns the same marks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tutor.core.course_schema import Example
from tutor.core.curriculum import Question
from tutor.core.grading.matching import fit
from tutor.core.grading.references import Reference, References, read, references_of
from tutor.text.segments import Span, sentences

_ALIKE = 0.85
"""From this fit on, with the same order of operations, two answers are taken for one."""
_MAX_SENTENCES = 3
_MAX_READ = 10
"""Sentences of the answer that are compared."""


class Neighbour(NamedTuple):
    """A stretch of the answer that says what a marked example says."""

    span: Span
    example: Example
    score: float


class _Stored(NamedTuple):
    example: Example
    reference: Reference
    sentences: int


def neighbours(
    answer: str, skipped: list[Span], question: Question, references: References
) -> list[Neighbour]:
    """The closest example for each stretch of the answer that is like one."""
    stored = _stored(question)
    spans = [span for span in sentences(answer) if span not in skipped][:_MAX_READ]
    best: dict[Span, Neighbour] = {}
    for count in range(1, _MAX_SENTENCES + 1):
        for span in _windows(spans, count):
            reading = read(span.of(answer))
            for example, reference, length in stored:
                if length != count or reading.order != reference.reading.order:
                    continue
                score = fit(reading, references.size(reading), reference, references).score
                if score >= _ALIKE and (span not in best or score > best[span].score):
                    best[span] = Neighbour(span, example, score)
    return list(best.values())


def _windows(spans: list[Span], count: int) -> Iterator[Span]:
    for first, last in zip(spans, spans[count - 1 :], strict=False):
        yield Span(first.start, last.end)


@lru_cache(maxsize=64)
def _stored(question: Question) -> tuple[_Stored, ...]:
    references = references_of(question)
    found = []
    for example in question.rubric.examples:
        if example.voice not in ("salad", "off_topic"):
            reading = read(example.answer)
            reference = Reference(example.answer, reading, references.size(reading))
            found.append(_Stored(example, reference, len(sentences(example.answer))))
    return tuple(found)
