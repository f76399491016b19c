"""What the grader learns from beside a rubric: graded answers, and single sentences with what they say."""

from __future__ import annotations

from tutor.core.course_schema import Example, PartId, Strict, Text


class AnswersFile(Strict):
    """`answers.toml`: further graded answers."""

    examples: tuple[Example, ...] = ()


class Statement(Strict):
    """A sentence as a learner may write it: what it says of the points and the misconceptions."""

    text: Text
    true: bool
    makes: tuple[PartId, ...] = ()
    denies: tuple[PartId, ...] = ()
    claims: tuple[PartId, ...] = ()
    """Misconceptions that it states."""
    rejects: tuple[PartId, ...] = ()
    """Misconceptions that it says are wrong."""


class StatementsFile(Strict):
    """`statements.toml`: sentences, many of them in pairs that differ in a word or two."""

    statements: tuple[Statement, ...] = ()
