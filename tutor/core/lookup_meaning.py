"""Answers a question by its meaning, where no passage shares enough of its words.

The question is compared with the course's own questions, with what its points state, and with its
definitions.

Letters: n texts of the course, D entries of a vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tutor.core.curriculum import Course, Entry
from tutor.core.grading.meaning import encoder
from tutor.text.encoder import Vectors

SURE, ENOUGH = 0.6, 0.58
"""Likeness from which a text of the course answers a question; the second where no passage does."""
_MOST_POINTS = 3


@dataclass(frozen=True)
class Near:
    """What the course says, where, and how near it is to what was asked (-1 to 1)."""

    text: str
    source: str
    entry: Entry | None
    likeness: float


def nearest(course: Course, text: str) -> Near | None:
    """The nearest answer, near enough or not; None where there is no encoder."""
    found = encoder()
    if found is None:
        return None
    answers, vectors = _known(course)
    alike = vectors @ found.encode([" ".join(text.split())])[0]  # [n]
    best = int(np.argmax(alike))
    said, source, entry = answers[best]
    return Near(said, source, entry, float(alike[best]))


def likeness_of(text: str, claims: list[str]) -> list[float]:
    """How near a text is to each claim in meaning, -1 to 1; empty where there is no encoder."""
    found = encoder()
    if found is None or not claims:
        return []
    vectors = found.encode([" ".join(text.split()), *claims])  # [1 + claims, D]
    return [float(likeness) for likeness in vectors[1:] @ vectors[0]]


@lru_cache(maxsize=2)
def _known(course: Course) -> tuple[list[tuple[str, str, Entry | None]], Vectors]:
    """Answers with source and entry, and the vectors [n, D] of the texts that lead to them."""
    leads: list[str] = []
    answers: list[tuple[str, str, Entry | None]] = []
    for entry in course.written:
        question = course.question(entry.id)
        required = [point.assertion.strip() for point in question.rubric.points if point.required]
        whole = (" ".join(required[:_MOST_POINTS]), f"{entry.id}, the answer", entry)
        for lead in (entry.prompt, f"{entry.title}: {question.file.ask}"):
            leads.append(lead)
            answers.append(whole)
        for point in question.rubric.points:
            leads.append(f"{point.title}. {point.assertion}")
            answers.append((point.assertion.strip(), f"{entry.id}: {point.title}", entry))
    for term in course.glossary():
        of = next((course.entry(ref) for ref in term.questions if not course.entry(ref).planned), None)
        leads.append(f"What is {term.term}? {term.definition}")
        said = f"{term.term[:1].upper()}{term.term[1:]}: {term.definition}"
        answers.append((said, f"glossary: {term.term}", of))
    found = encoder()
    assert found is not None
    return answers, found.encode(leads)
