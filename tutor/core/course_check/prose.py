"""How long and how hard a lesson reads, with code, tables and formulas left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCED = re.compile(r"^```.*?^```[^\n]*$", re.MULTILINE | re.DOTALL)
_NOT_PROSE = re.compile(r"^(?: {4}|\t|#|\|).*$", re.MULTILINE)
_RUN_IN = re.compile(r"\*\*[^*\n]+\.\*\*")
"""A heading inside a paragraph, such as `**Your turn.**`: no sentence of its own."""
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_MARKUP = re.compile(r"[*_]|^\s*(?:[-+>]|\d+\.)\s+", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n\s*\n|\n(?=- )")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FORMULA = re.compile(r"[=+×·Σλ²√∂\[\]{}<>|^/\d]")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Reading:
    """Measures of a text."""

    words: int
    sentence_words: float
    """Words in a sentence, on average."""
    grade: float
    """Flesch-Kincaid grade: 0.39 words/sentence + 11.8 syllables/word - 15.59 (Kincaid 1975)."""


def measure(markdown: str) -> Reading:
    """Measure a Markdown text. A text without words has grade 0."""
    sentences = [words for words in map(_words, _SENTENCE_END.split(_prose(markdown))) if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0, 0.0, 0.0)
    length = len(words) / len(sentences)
    syllables = sum(map(_syllables, words)) / len(words)
    return Reading(len(words), length, 0.39 * length + 11.8 * syllables - 15.59)


def _prose(markdown: str) -> str:
    text = _RUN_IN.sub("", _NOT_PROSE.sub("", _FENCED.sub("", markdown)))
    return _MARKUP.sub("", re.sub(r"^- ", "\n- ", _INLINE_CODE.sub("", text), flags=re.MULTILINE))


def _words(sentence: str) -> list[str]:
    """Words of a sentence; what stands in a formula is none: next to a sign or digit, or a letter alone."""
    tokens = (token for token in sentence.split() if not _FORMULA.search(token))
    return [word for token in tokens for word in _WORD.findall(token) if len(word) > 1 or word in "aAI"]


def _syllables(word: str) -> int:
    """Syllables by the usual rule of thumb: groups of vowels, a silent e at the end left out."""
    text = word.casefold()
    count = len(_VOWELS.findall(text))
    silent = text.endswith("e") and not text.endswith(("le", "ee", "ye")) and count > 1
    return max(1, count - silent)
