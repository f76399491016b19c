"""Stems and concepts of words."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

from tutor.text.lexicon import AXES, CONCEPTS


class Meaning(NamedTuple):
    """What a word stands for: a concept (its stem, if nothing better is known) and a pole (+1, -1)."""

    concept: str
    pole: int = 1
    is_axis: bool = False


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a casefolded word; British and American spellings share one."""
    base = word.split("'")[0]
    stemmed: str = _stemmer().stemWord(base)
    if len(stemmed) > 6 and stemmed.endswith(("is", "iz")) and base[-3:] not in ("sis", "xis"):
        stemmed = stemmed[:-2]
    return stemmed


@lru_cache(maxsize=20_000)
def meaning(word: str) -> Meaning:
    """The concept of a casefolded word."""
    known = _known()
    return known.get(word) or known.get(stem(word)) or Meaning(stem(word))


def is_known(word: str) -> bool:
    """Whether the tables know the word or its stem."""
    return word in _known() or stem(word) in _known()


@cache
def _stemmer() -> EnglishStemmer:
    return EnglishStemmer()


@cache
def _known() -> dict[str, Meaning]:
    """Concepts by word and by stem; a word itself goes before the stem of another."""
    by_word: dict[str, Meaning] = {}
    for concept, words in CONCEPTS.items():
        by_word.update(dict.fromkeys(words.split(), Meaning(concept)))
    for axis, poles in AXES.items():
        for pole, words in zip((1, -1), poles, strict=True):
            by_word.update(dict.fromkeys(words.split(), Meaning(axis, pole, is_axis=True)))
    by_stem = {stem(word): found for word, found in reversed(by_word.items())}
    return by_stem | by_word
