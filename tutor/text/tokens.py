"""Words and signs of a text with their place in it, so that a quote is always a slice of the original."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_SAME_WIDTH = {
    **dict.fromkeys(map(ord, "‘’‛′`´ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒−"), "-"),
    **dict.fromkeys(map(ord, "–—"), ","),
    **dict.fromkeys(map(ord, "×∙⋅✕"), "*"),
    **dict.fromkeys(map(ord, "∑"), "Σ"),
}
_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)?\d*|\d+(?:\.\d+)?(?!\w)|\d+\w*|\+=|\*\*|[-+*/@=<>()\[\]{},;:.!?Σ%·]", re.UNICODE
)
_WORD = re.compile(r"\w", re.UNICODE)


class Token(NamedTuple):
    """A word, a number or a sign; `start` and `end` cut it out of the text it came from."""

    word: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """True for words and numbers, False for signs."""
        return bool(_WORD.match(self.word))


def plain(text: str) -> str:
    """The text with typographic signs made plain and control characters blank, place for place.

    The result has the length of the input, so positions in one are positions in the other.
    """
    text = text.translate(_SAME_WIDTH)
    if text.isascii() and text.isprintable():
        return text
    return "".join(_plain_character(character) for character in text)


def tokens(text: str) -> list[Token]:
    """Words (casefolded), numbers and signs, in order."""
    return [
        Token(_folded(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(plain(text))
    ]


def squeezed(text: str) -> str:
    """The text for a comparison: plain, casefolded, white space as single blanks."""
    return " ".join(_folded(plain(text)).split())


def _plain_character(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    return " " if category[0] in "CZ" else character


def _folded(text: str) -> str:
    """Casefolded, compatibility forms unified (subscripts become digits and letters)."""
    return unicodedata.normalize("NFKC", text).casefold()
