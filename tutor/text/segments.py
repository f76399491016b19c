"""Cuts a text into sentences and clauses, as places in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from tutor.text.tokens import plain

MAX_SENTENCES = 30
"""Later sentences are left unread: no answer needs more, and work stays bounded."""
MAX_SENTENCE_CHARACTERS = 600

_SENTENCE_END = re.compile(
    r"(?<![0-9]\.[0-9])(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?]+(?=\s|$|[\"')])|\n+|;\s", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[,;:](?=\s)|\s-\s|\s(?=(?:but|and|so|because|since|while|whereas|although|though|then|which|instead)\b)"
    r"|(?<=\w)[()](?=\s|$)|(?<=\s)\(",
    re.IGNORECASE,
)


class Span(NamedTuple):
    """A piece of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The piece itself."""
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """Sentences without the white space around them; at most `MAX_SENTENCES`, each of bounded length."""
    return _pieces(plain(text), _SENTENCE_END, Span(0, len(text)), MAX_SENTENCES)


def clauses(text: str, sentence: Span) -> list[Span]:
    """Clauses of a sentence, cut at commas, colons and words that join clauses."""
    return _pieces(plain(text), _CLAUSE_END, sentence, MAX_SENTENCES)


def _pieces(text: str, ends: re.Pattern[str], within: Span, limit: int) -> list[Span]:
    found: list[Span] = []
    start = within.start
    for match in ends.finditer(text, within.start, within.end):
        _add(found, text, start, match.start())
        start = match.end()
        if len(found) >= limit:
            return found[:limit]
    _add(found, text, start, within.end)
    return found[:limit]


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + min(len(piece.strip()), MAX_SENTENCE_CHARACTERS)
    if end > start and any(character.isalnum() or character == "Σ" for character in text[start:end]):
        found.append(Span(start, end))
