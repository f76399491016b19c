"""What `asked.toml` may contain: questions that learners ask, with short answers."""

from __future__ import annotations

from pydantic import Field

from tutor.core.course_schema import Strict, Text

MOST_WORDS, MOST_SENTENCES = 45, 3
"""Of an answer."""


class AskedQuestion(Strict):
    """A question that learners ask, in several ways, and the short answer."""

    ways: tuple[Text, ...] = Field(min_length=3)
    """How it is asked, in different words, as people type."""
    answer: Text
    """The key fact first; stands alone; at most 45 words in at most three sentences."""
    section: Text | None = None
    """Heading of the part of the lesson that goes deeper."""


class AskedFile(Strict):
    """`asked.toml`."""

    asked: tuple[AskedQuestion, ...] = Field(min_length=1)
