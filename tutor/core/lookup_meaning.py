"""What of the course comes nearest to a question, by meaning and by its telling words.

The question is compared with what learners ask (`asked.toml`), with the course's own questions, with what
its points state, and with its definitions. Where there is no encoder, words alone tell.

Letters: n texts of the course, D entries of a vector.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tutor.core.asked_schema import AskedQuestion
from tutor.core.curriculum import Course, Entry, Question
from tutor.core.grading.meaning import encoder
from tutor.core.lookup_passages import Words, deeper, passages, telling
from tutor.text.tokens import squeezed

_MOST_POINTS = 3
_CANDIDATES = 40
"""Leads that share most words with the question; only they, and the course's own questions, are compared by
meaning, since a vector takes some milliseconds."""
_SHARED = 0.2
"""What it adds to the likeness (-1 to 1) if a lead holds all telling words of the question."""
_HERE = 0.02
"""What it adds if the lead belongs to the question on the screen."""
_POLAR = re.compile(
    r"(?:so |but |and |ok )?(?:is|are|isn't|aren't|does|doesn't|do|don't|did|can|can't|could|will|would|"
    r"should|has|have|was|were|am)\b|.*\b(?:right|isn't it|true)\?*$"
)
"""What is answered by yes or no."""
_YES_OR_NO = re.compile(r"(?:no|not quite|not at all|yes|it depends|they are|both)\b[,.:]?", re.IGNORECASE)
_OTHER_KIND = 0.25
"""What it takes from the score if an answer says yes or no to what did not ask for it."""
_ASKS_FOR = re.compile(r"\b(?:why|how (?:many|much|big|large|long)|when|who|where|example)\b")
"""Words that say what kind of thing is asked for."""
_SAME_KIND = 0.06
"""What it adds if a way of asking asks for the same kind of thing."""
_WORDS_ALONE = 0.75
"""What the words count where there is no encoder."""


@dataclass(frozen=True)
class Near:
    """What the course says, where, and how near it is to what was asked."""

    text: str
    source: str
    entry: Entry | None
    score: float
    is_asked: bool
    """Whether it is the answer to what learners ask."""


@dataclass(frozen=True)
class _Lead:
    texts: tuple[str, ...]
    """Ways to ask for it, or to say it."""
    said: str
    source: str
    entry: Entry | None
    stems: frozenset[str]
    kind: str


def nearest(course: Course, text: str, question: Question | None = None) -> Near | None:
    """The nearest answer, near enough or not; None where the course says nothing with such words."""
    line, wanted = " ".join(text.split()), telling(text)
    leads, (_, words) = _leads(course), passages(course)
    shared = [words.share(wanted, lead.stems) for lead in leads]
    order = sorted(range(len(leads)), key=lambda at: -shared[at])
    chosen = [at for at in order[:_CANDIDATES] if shared[at] > 0]
    chosen += [at for at in order[_CANDIDATES:] if leads[at].kind == "prompt"]
    if not chosen:
        return None
    alike = _likenesses(line, wanted, [leads[at] for at in chosen], words)
    here, is_polar = question.entry if question else None, bool(_POLAR.match(squeezed(text)))
    scores = [
        like
        + _SHARED * shared[at]
        + (_HERE if here and leads[at].entry == here else 0.0)
        - (_OTHER_KIND if not is_polar and _YES_OR_NO.match(leads[at].said) else 0.0)
        for at, like in zip(chosen, alike, strict=True)
    ]
    best = max(range(len(chosen)), key=scores.__getitem__)
    lead = leads[chosen[best]]
    return Near(lead.said, lead.source, lead.entry, scores[best], lead.kind == "asked")


def likeness(text: str, other: str) -> float:
    """How alike two sentences are, -1 to 1; 1 where there is no encoder to object."""
    found = encoder()
    if found is None:
        return 1.0
    one, two = found.encode([text, other])
    return float(one @ two)


def _likenesses(line: str, wanted: frozenset[str], leads: list[_Lead], words: Words) -> list[float]:
    """How alike the line is to the nearest text of each lead."""
    found = encoder()
    if found is None:
        return [_WORDS_ALONE * max(words.share(telling(one), wanted) for one in lead.texts) for lead in leads]
    vectors = found.encode([one for lead in leads for one in lead.texts])  # [n, D]
    alike = vectors @ found.encode([line])[0]
    kind = _kind(line)
    if kind:
        texts = (one for lead in leads for one in lead.texts)
        alike += _SAME_KIND * np.array([_kind(one) == kind for one in texts], dtype=np.float32)
    best, at = [], 0
    for lead in leads:
        best.append(float(alike[at : at + len(lead.texts)].max()))
        at += len(lead.texts)
    return best


def _kind(text: str) -> str | None:
    found = _ASKS_FOR.search(squeezed(text))
    return found[0] if found else None


def likeness_of(text: str, claims: list[str]) -> list[float]:
    """How near a text is to each claim in meaning, -1 to 1; empty where there is no encoder."""
    found = encoder()
    if found is None or not claims:
        return []
    vectors = found.encode([" ".join(text.split()), *claims])  # [1 + claims, D]
    return [float(likeness) for likeness in vectors[1:] @ vectors[0]]


@lru_cache(maxsize=2)
def _leads(course: Course) -> tuple[_Lead, ...]:
    found: list[_Lead] = []
    for entry in course.written:
        found += _leads_of(course.question(entry.id))
    for term in course.glossary():
        said = f"{term.term[:1].upper()}{term.term[1:]}: {term.definition}"
        lead = f"What is {term.term}? {term.definition}"
        of, stems = deeper(course, term.questions), telling(" ".join((lead, *term.also)))
        found.append(_Lead((lead,), said, f"glossary: {term.term}", of, stems, "term"))
    return tuple(found)


def _leads_of(question: Question) -> Iterator[_Lead]:
    entry, points = question.entry, question.rubric.points
    for one in question.asked:
        stems = telling(" ".join((*one.ways, one.answer)))
        yield _Lead(one.ways, one.answer.strip(), asked_source(entry, one), entry, stems, "asked")
    whole = " ".join([point.assertion.strip() for point in points if point.required][:_MOST_POINTS])
    stems = telling(f"{entry.prompt} {entry.title}")
    yield _Lead((entry.prompt,), whole, f"{entry.id}, the answer", entry, stems, "prompt")
    for point in points:
        lead = f"{point.title}. {point.assertion}"
        said = point.assertion.strip()
        yield _Lead((lead,), said, f"{entry.id}: {point.title}", entry, telling(lead), "point")


def asked_source(entry: Entry, one: AskedQuestion) -> str:
    """`q18, asked: What bias adds`; the part of the lesson is left out where none goes deeper."""
    return f"{entry.id}, asked" + (f": {one.section}" if one.section else "")
