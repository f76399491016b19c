"""Forgives misspelt words of the subject, and only those."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import OSA

from tutor.text.lexicon import STOP_WORDS
from tutor.text.stems import is_known

_SHORTEST = 5


def respelled(words: Collection[str], vocabulary: Collection[str]) -> dict[str, str]:
    """Misspelt words and what they stand for in `vocabulary`.

    One slip is forgiven from five letters, two from nine. The first letter must be right, and what
    makes an opposite (un-, in-, -less) is never taken for a slip.
    """
    long_terms = [term for term in vocabulary if len(term) >= _SHORTEST and term.isalpha()]
    found = {}
    for word in words:
        if len(word) < _SHORTEST or not word.isalpha() or word in vocabulary:
            continue
        if word in STOP_WORDS or is_known(word):
            continue
        meant = _nearest(word, long_terms)
        if meant:
            found[word] = meant
    return found


def _nearest(word: str, terms: Collection[str]) -> str | None:
    allowed = 2 if len(word) >= 9 else 1
    best, best_distance = None, allowed + 1
    for term in terms:
        if term[0] != word[0] or abs(len(term) - len(word)) > allowed or _is_opposite(term, word):
            continue
        distance = OSA.distance(word, term, score_cutoff=best_distance - 1)
        if distance < best_distance:
            best, best_distance = term, distance
    return best


def _is_opposite(one: str, other: str) -> bool:
    """Whether only one of them ends in "-less": "useful" and "useless"."""
    return one.endswith("less") != other.endswith("less")
