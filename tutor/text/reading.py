"""Reads a sentence into marks: which concepts it holds and whether it affirms or denies each.

Polarity is read from negations and their scope, from verbs that avoid, from opposites (an axis with
two poles) and, for what a model tends to do, from the regime the sentence speaks of (small or
large weights, with or without a penalty).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from tutor.text import lexicon
from tutor.text.negation import POINTERS, denials, negation_at
from tutor.text.order import order_of
from tutor.text.stems import Meaning, meaning, stem
from tutor.text.tokens import Token

_SUBJECTS = lexicon.REGIME | {"penalty"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One word as it is meant: its concept and a sign, -1 where denied or the lower pole of an axis."""

    token: Token
    concept: str
    sign: int
    is_axis: bool
    is_content: bool
    targets: tuple[str, ...] = ()
    """For a word of an axis: the concepts it qualifies."""
    meant: int = 1
    """The sign; for a tendency as it would be said of small weights, 0 where that cannot be told."""


@dataclass(frozen=True)
class Reading:
    """A piece of text as marks."""

    marks: tuple[Mark, ...]

    @cached_property
    def signs(self) -> dict[str, frozenset[int]]:
        """Signs of each content concept; 0 where a tendency is named without saying in which regime."""
        found: dict[str, set[int]] = {}
        for mark in self.marks:
            if mark.is_content:
                found.setdefault(mark.concept, set()).add(mark.meant)
        if self._is_all_with_all:
            found["all with all"] = {1}
        return {concept: frozenset(signs) for concept, signs in found.items()}

    @cached_property
    def pairs(self) -> dict[tuple[str, str], frozenset[int]]:
        """Signs of each axis by what it qualifies: `("size", "variance"): {-1}`."""
        found: dict[tuple[str, str], set[int]] = {}
        for mark in self.marks:
            for target in mark.targets if mark.is_axis else ():
                found.setdefault((mark.concept, target), set()).add(mark.sign)
        return {pair: frozenset(signs) for pair, signs in found.items()}

    @cached_property
    def avoids(self) -> bool:
        """Whether something prevents or reduces something here."""
        return any(mark.token.word in lexicon.AVOIDING for mark in self.marks)

    @cached_property
    def denies(self) -> bool:
        """Whether a negation stands here."""
        words = [mark.token.word for mark in self.marks]
        return any(negation_at(words, index) for index in range(len(words)))

    @property
    def _is_all_with_all(self) -> bool:
        """Whether everything meets everything: "each ... with every"."""
        places = [index for index, mark in enumerate(self.marks) if mark.concept == "all"]
        return any(self.marks[place - 1].token.word in ("with", "by") for place in places[1:]) or any(
            one + 1 == other for one, other in pairwise(places)
        )

    @cached_property
    def stated(self) -> dict[str, frozenset[int]]:
        """Signs of the tendencies as the words stand, whatever the regime."""
        found: dict[str, set[int]] = {}
        for mark in self.marks:
            if mark.concept in lexicon.TENDENCIES:
                found.setdefault(mark.concept, set()).add(mark.sign)
        return {concept: frozenset(signs) for concept, signs in found.items()}

    @cached_property
    def dismisses(self) -> bool:
        """Whether it says that something plays no part."""
        text = " ".join(mark.token.word for mark in self.marks)
        return any(phrase in text for phrase in lexicon.DISMISSALS)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The operations in the order in which they are done; denied ones are left out."""
        return order_of([(mark.token.word, mark.concept if mark.sign > 0 else "") for mark in self.marks])

    def object_of(self, operation: str) -> str:
        """Concept of the first content word behind an operation in its clause; empty without one."""
        places = [place for place, mark in enumerate(self.marks) if mark.concept == operation]
        for mark in self.marks[places[0] + 1 : places[0] + 5] if places else ():
            if mark.token.word in lexicon.BOUNDARIES | lexicon.BEING | {"over"}:
                return ""
            if mark.is_content and not mark.is_axis and mark.concept not in (operation, "all", "two"):
                return mark.concept
        return ""

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Stems of the words, in order."""
        return tuple(stem(mark.token.word) for mark in self.marks if mark.token.is_word)

    @cached_property
    def concept_of_stem(self) -> dict[str, str]:
        """Which concept each stem stands for here."""
        return {stem(mark.token.word): mark.concept for mark in self.marks}

    @cached_property
    def meanings(self) -> frozenset[Meaning]:
        """Meanings of the words by themselves, whatever the sentence denies."""
        return frozenset(meaning(mark.token.word) for mark in self.marks)


def read_marks(tokens: Sequence[Token], respell: dict[str, str] | None = None, regime: int = 0) -> list[Mark]:
    """Marks of one sentence, one for each token.

    `respell` maps misspelt words to what they stand for. `regime` is what the sentence before spoke
    of: -1 small weights or a penalty, +1 large ones or none, 0 neither.
    """
    words = _with_phrases([(respell or {}).get(token.word, token.word) for token in tokens])
    signs = denials(words)
    marks = []
    for token, word, sign in zip(tokens, words, signs, strict=True):
        meant = meaning(word)
        content = (
            word in lexicon.SIGNS or meant.is_axis or (token.is_word and word not in lexicon.EMPTY_WORDS)
        )
        token = token._replace(word=word)
        marks.append(Mark(token, meant.concept, meant.pole * sign, meant.is_axis, content))
    return _as_meant(_with_tendencies(_with_targets(marks)), words, regime)


def _with_phrases(words: list[str]) -> list[str]:
    """Words that mean something else in company: "dot product", "any more", "item by item"."""
    found = list(words)
    for index, (before, word) in enumerate(pairwise(words), start=1):
        if word in ("product", "products") and before in ("dot", "inner", "scalar"):
            found[index] = "dot"
        elif word == "more" and before in ("any", "no"):
            found[index] = "anymore"
        elif word == "away" and before.startswith(("pull", "drag", "draw")):
            found[index - 1] = "pushed"
        elif word == "heart" and before == "by":
            found[index] = "memorised"
        elif word.startswith("any") and before == "hardly":
            found[index - 1 : index + 1] = ["a", "few"]
        elif word in ("by", "with", "times", "*") and before in words[index + 1 : index + 3]:
            found[index - 1] = "pairwise"
    return found


# --- opposites -------------------------------------------------------------------------------


def _with_targets(marks: list[Mark]) -> list[Mark]:
    """Give each word of an axis the concept it qualifies: the next word, else the nearest before."""
    found = []
    for index, mark in enumerate(marks):
        if mark.is_axis:
            after, before = _neighbours(marks, index, 1, 3), _neighbours(marks, index, -1, 5)
            mark = replace(mark, targets=before or after if _looks_back(marks, index) else after or before)
        found.append(mark)
    return found


def _looks_back(marks: list[Mark], index: int) -> bool:
    """Whether a word of size belongs to what stands before it: "the variance goes up with ..."."""
    following = marks[index + 1].token.word if index + 1 < len(marks) else ""
    return marks[index].concept == "size" and following in lexicon.PREPOSITIONS


def _neighbours(marks: list[Mark], index: int, step: int, reach: int) -> tuple[str, ...]:
    """Concepts of the nearest two content words of the clause on one side; a tendency goes before others."""
    nearest: list[str] = []
    for distance in range(1, reach + 1):
        place = index + step * distance
        if not 0 <= place < len(marks) or _ends_phrase(marks[place].token.word, step):
            break
        mark = marks[place]
        if mark.is_content and not mark.is_axis:
            if mark.concept in lexicon.TENDENCIES or (distance == 1 and mark.concept in _SUBJECTS):
                return (mark.concept,)
            nearest.append(mark.concept)
    return tuple(nearest[:2])


def _ends_phrase(word: str, step: int) -> bool:
    return word in lexicon.BOUNDARIES or word in ("and", "than") or (step > 0 and word in lexicon.BEING)


def _with_tendencies(marks: list[Mark]) -> list[Mark]:
    """A tendency takes the sign of what is said of its size: "less overfitting", "variance goes down"."""
    sizes = {target: mark.sign for mark in marks if mark.concept == "size" for target in mark.targets}
    return [
        replace(mark, sign=sizes[mark.concept])
        if mark.concept in lexicon.TENDENCIES and mark.concept in sizes
        else mark
        for mark in marks
    ]


# --- regimes ---------------------------------------------------------------------------------


def regime_after(marks: Sequence[Mark], before: int = 0) -> int:
    """The regime that the last cue of a sentence speaks of; `before` if it holds none."""
    cues = _cues(marks)
    return cues[-1][1] if cues else before


def _cues(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Places of the words that name a regime, and which; "without it" is one, too."""
    found = [(place, sign) for place, mark in enumerate(marks) if (sign := _regime(mark))]
    for place, (mark, following) in enumerate(pairwise(marks)):
        if mark.token.word == "without" and following.token.word in POINTERS:
            found.append((place, 1))
    return sorted(found)


def _as_meant(marks: list[Mark], words: list[str], regime: int) -> list[Mark]:
    cues = _cues(marks)
    is_clear = any(word in lexicon.AVOIDING or negation_at(words, place) for place, word in enumerate(words))
    sizes = {target for mark in marks if mark.concept == "size" for target in mark.targets}
    found = []
    for place, mark in enumerate(marks):
        meant = mark.sign
        if mark.concept in lexicon.TENDENCIES:
            nearest = _nearest_cue(cues, place, _clause_end(words, place))
            if nearest:
                meant = -nearest * mark.sign
            elif mark.sign > 0 and not is_clear and mark.concept not in sizes:
                meant = -regime * mark.sign  # 0 where the sentence before does not tell either
        found.append(replace(mark, meant=meant))
    return found


def _clause_end(words: list[str], place: int) -> int:
    """Place of the word that ends the clause of a word."""
    ends = (at for at in range(place, len(words)) if words[at] == "and" or words[at] in lexicon.BOUNDARIES)
    return next(ends, len(words))


def _nearest_cue(cues: list[tuple[int, int]], place: int, clause_end: int) -> int:
    """The regime of the last cue before a word, else of the first one after it in its clause; else 0."""
    before = [sign for at, sign in cues if at <= place]
    after = [sign for at, sign in cues if place < at < clause_end]
    return before[-1] if before else after[0] if after else 0


def _regime(mark: Mark) -> int:
    if mark.concept == "size" and not lexicon.REGIME.isdisjoint(mark.targets):
        return mark.sign
    if mark.concept == "size" and "penalty" in mark.targets:
        return -mark.sign
    if mark.concept == "unpenalised":
        return mark.sign
    if mark.concept == "penalty":
        return -mark.sign
    return 0
