"""The terms that a course can explain: `glossary.toml`."""

from __future__ import annotations

from tutor.core.course_schema import QuestionId, Slug, Strict, Text


class Term(Strict):
    """A term the tutor can explain."""

    id: Slug
    term: Text
    also: tuple[Text, ...] = ()
    definition: Text
    questions: tuple[QuestionId, ...] = ()


class GlossaryFile(Strict):
    """`glossary.toml`."""

    terms: tuple[Term, ...]
