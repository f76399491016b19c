"""Checks of asked.toml: answers are short, sections exist, and no two entries of a course are asked alike."""

from __future__ import annotations

import re

from tutor.core.asked_schema import MOST_SENTENCES, MOST_WORDS
from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.curriculum import Question
from tutor.text.segments import sentences
from tutor.text.tokens import squeezed

_VERDICT = re.compile(r"^(?:no|yes|not quite|not at all)\.\s+", re.IGNORECASE)
"""What a correction begins with; it is not counted as a sentence."""


def check_asked(question: Question, known: dict[str, str]) -> list[Finding]:
    """Check one file. `known` holds where each way of asking stands, and takes those of this file.

    Raises `ContentError`.
    """
    notes = Notebook(question.folder / "asked.toml")
    headings = [chunk.heading for chunk in question.lesson]
    for index, one in enumerate(question.asked):
        words, length = len(one.answer.split()), len(sentences(_VERDICT.sub("", one.answer)))
        if words > MOST_WORDS or length > MOST_SENTENCES:
            message = f"the answer has {words} words in {length} sentences"
            remedy = f"at most {MOST_WORDS} words in {MOST_SENTENCES} sentences"
            notes.add(("asked", index, "answer"), "long-answer", message, remedy)
        if one.section and one.section not in headings:
            message = f"lesson.md has no part {one.section!r}"
            remedy = f"one of: {'; '.join(headings)}"
            notes.add(("asked", index, "section"), "unknown-link", message, remedy)
        for way in one.ways:
            asked = as_asked(way)
            if asked in known:
                message = f"{way!r} is asked in {known[asked]} already"
                notes.add(("asked", index, "ways"), "repeated-text", message, "ask it in other words")
            known.setdefault(asked, f"{question.entry.id}, entry {index + 1}")
    return notes.findings


def as_asked(way: str) -> str:
    """A way of asking, without what does not tell it from another."""
    return squeezed(way).rstrip(" ?.!")
