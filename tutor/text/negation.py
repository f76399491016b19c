"""Which words of a sentence stand under a negation, and how far each negation reaches."""

from __future__ import annotations

from tutor.text import lexicon
from tutor.text.stems import meaning

_SCOPE = 4
"""Content words that a negation reaches."""
_LESSENING = frozenset(("less", "fewer", "lower", "lowers", "reduce", "reduces", "reduced", "reducing"))
"""These are opposites of "more": what they do to a word is read from its axis."""
POINTERS = ("it", "that", "this", "them")


def denials(words: list[str]) -> list[int]:
    """-1 for each word that stands in the scope of an odd number of negations."""
    signs = [1] * len(words)
    for index in range(len(words)):
        length = negation_at(words, index)
        if length:
            _flip(words, signs, index + length, _scope(words, index))
            if length == 1 and _is_participle(words, index + 1) and _is_passive(words, index):
                _flip_before(words, signs, index)
        elif words[index] in lexicon.AVOIDING:
            _flip_avoided(words, signs, index)
        elif words[index] in lexicon.KEEPING:
            _flip_kept(words, signs, index)
    return signs


def _scope(words: list[str], index: int) -> int:
    """How many content words a negation reaches: "not enough" and "without" reach one."""
    following = meaning(words[index + 1]).concept if index + 1 < len(words) else ""
    return 1 if words[index] in lexicon.NEAR_SIGHTED or following == "amount" else _SCOPE


def negation_at(words: list[str], index: int) -> int:
    """Length of the negation that starts here, 0 if none does."""
    word = words[index]
    for phrase in lexicon.NEGATING_PHRASES:
        if tuple(words[index : index + len(phrase)]) == phrase:
            return len(phrase)
    if not (word in lexicon.NEGATORS or word.endswith("n't")):
        return 0
    if any(tuple(words[index : index + len(phrase)]) == phrase for phrase in lexicon.NOT_NEGATING):
        return 0
    return 1


def _flip(words: list[str], signs: list[int], start: int, scope: int = _SCOPE) -> None:
    """Flip the content words from `start` to the end of the clause, `scope` of them at most."""
    seen = 0
    if words[start - 1] == "without" and words[start : start + 1] and words[start] in POINTERS:
        return
    for index in range(start, len(words)):
        word = words[index]
        if word in lexicon.BOUNDARIES or seen >= scope or (seen and _starts_anew(words, index)):
            return
        signs[index] = -signs[index]
        seen += word not in lexicon.STOP_WORDS


def _starts_anew(words: list[str], index: int) -> bool:
    """Whether an "and" joins what the negation does not reach: "not A and B", but "not A and its C"."""
    return words[index] == "and" and words[index + 1 : index + 2] not in (
        ["their"],
        ["its"],
        ["any"],
        ["other"],
    )


def _flip_before(words: list[str], signs: list[int], end: int) -> None:
    """Flip tendencies before `end` in the clause, the subject of a passive: "noise is not fitted"."""
    for index in range(end - 1, -1, -1):
        if words[index] in lexicon.BOUNDARIES or words[index] == "and":
            return
        if meaning(words[index]).concept in lexicon.TENDENCIES:
            signs[index] = -signs[index]


def _is_passive(words: list[str], index: int) -> bool:
    """Whether the negation belongs to a form of "to be": "is not", "isn't"."""
    return words[index].removesuffix("n't") in lexicon.BEING or (
        index > 0 and words[index - 1] in lexicon.BEING
    )


def _is_participle(words: list[str], index: int) -> bool:
    return index < len(words) and words[index].endswith(("ed", "en", "t"))


def _flip_avoided(words: list[str], signs: list[int], index: int) -> None:
    passive = words[index].endswith("ed") and any(
        word in lexicon.BEING for word in words[max(0, index - 2) : index]
    )
    if passive:
        _flip_before(words, signs, index)
    elif words[index] not in _LESSENING:
        _flip(words, signs, index + 1, scope=3)


def _flip_kept(words: list[str], signs: list[int], index: int) -> None:
    for end in range(index + 1, min(index + 6, len(words))):
        if words[end] in lexicon.BOUNDARIES:
            return
        if words[end] == "from" and words[end - 1] not in ("away", "far"):
            _flip(words, signs, end + 1, scope=3)
            return
        if words[end] == "out":
            for between in range(index + 1, end):
                signs[between] = -signs[between]
            return
