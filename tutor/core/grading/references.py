"""What an answer is compared with: the question's own texts, read once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tutor.core.course_schema import Misconception, Point
from tutor.core.curriculum import Question
from tutor.core.grading.code import ALTERED, OTHER, Shape, shapes_in
from tutor.text.lexicon import FAMILIES, ORDERED
from tutor.text.reading import Reading, read_marks
from tutor.text.stems import Meaning, meaning, stem
from tutor.text.tokens import squeezed, tokens

_PROMPT_SHARE = 0.25
"""How much a word of the question's own prompt counts."""
_UNKNOWN_WEIGHT = 0.7
"""Weight of a word that the question's texts do not hold, in units of an average word."""


@dataclass(frozen=True)
class Reference:
    """One sentence to compare with."""

    text: str
    reading: Reading
    size: float
    """Weight of all its concepts."""
    keys: frozenset[str] = frozenset()
    """Concepts of the key terms: to deny one of them is to deny the point."""


@dataclass(frozen=True)
class Term:
    """A key term: a run of stems, or a literal such as `+=`."""

    stems: tuple[str, ...]
    concepts: frozenset[str]
    literal: str = ""
    opposite: Meaning | None = None
    """For a word that has an opposite: its axis and pole. Any word of that pole will do."""


@dataclass(frozen=True)
class PointReferences:
    """A point with all the ways to say it."""

    point: Point
    paraphrases: tuple[Reference, ...]
    groups: tuple[tuple[Term, ...], ...]
    shapes: tuple[Shape, ...]

    @cached_property
    def operations(self) -> frozenset[str]:
        """Operations among the key terms."""
        return frozenset(ORDERED) & {
            concept for group in self.groups for term in group for concept in term.concepts
        }

    @cached_property
    def signs(self) -> dict[str, frozenset[int]]:
        """All signs that the paraphrases give to a concept."""
        found: dict[str, frozenset[int]] = {}
        for reference in self.paraphrases:
            for concept, signs in reference.reading.signs.items():
                found[concept] = found.get(concept, frozenset()) | signs
        return found


@dataclass(frozen=True)
class MisconceptionReferences:
    """A misconception with all the ways to say it."""

    misconception: Misconception
    claims: tuple[Reference, ...]
    own: frozenset[str]
    """Concepts that no paraphrase of a point holds."""


@dataclass(frozen=True)
class References:
    """A question, ready to grade with."""

    points: tuple[PointReferences, ...]
    misconceptions: tuple[MisconceptionReferences, ...]
    weights: dict[str, float]
    vocabulary: frozenset[str]
    """Words of the question's texts, as written."""
    stems: frozenset[str]
    """Stems of the paraphrases."""
    order: tuple[str, ...]
    """The order in which the model answer does things."""
    sayings: dict[str, frozenset[str]]
    """Points by the sentences that make them, squeezed and without a last full stop."""
    numbers: frozenset[str]
    """Numbers in the model answer and the prompt: a bare one of these is at least on topic."""

    def weight(self, concept: str) -> float:
        """How much a concept counts in this question."""
        return self.weights.get(concept, _UNKNOWN_WEIGHT)

    def size(self, reading: Reading) -> float:
        """Weight of all concepts of a text."""
        return _size(reading, self.weights)


def bare(text: str) -> str:
    """A sentence as it is found in `References.sayings`."""
    return squeezed(text).rstrip(" .")


def _sayings(points: Iterable[Point]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for point in points:
        for text in (*point.paraphrases, point.assertion):
            found[bare(text)] = found.get(bare(text), frozenset()) | {point.id}
    return found


@lru_cache(maxsize=64)
def references_of(question: Question) -> References:
    """Read the texts of a question. Cached: a question never changes."""
    rubric = question.rubric
    own = f"{question.entry.prompt} {question.file.ask}"
    texts = list(_texts(question))
    words = [[token.word for token in tokens(text) if token.is_word] for text in texts]
    weights = _weights(texts, set(read(own).signs))
    points = tuple(_point(point, weights) for point in rubric.points)
    right = frozenset(concept for point in points for concept in point.signs)
    return References(
        points=points,
        misconceptions=tuple(_misconception(one, right, weights) for one in rubric.misconceptions),
        weights=weights,
        sayings=_sayings(rubric.points),
        vocabulary=frozenset(word for line in words for word in line),
        stems=frozenset(
            one for point in points for right in point.paraphrases for one in right.reading.stems
        ),
        order=read(rubric.model_answer).order,
        numbers=frozenset(
            token.word for token in tokens(f"{rubric.model_answer} {own}") if token.word.isdigit()
        ),
    )


@lru_cache(maxsize=2_000)
def read(text: str) -> Reading:
    """Read a whole text as one piece."""
    return Reading(tuple(read_marks(tokens(text))))


def _size(reading: Reading, weights: dict[str, float]) -> float:
    return sum(weights.get(concept, _UNKNOWN_WEIGHT) for concept in reading.signs)


def _references(
    texts: Iterable[str], weights: dict[str, float], keys: frozenset[str] = frozenset()
) -> Iterator[Reference]:
    for text in texts:
        reading = read(text)
        yield Reference(text, reading, _size(reading, weights), keys)


def _point(point: Point, weights: dict[str, float]) -> PointReferences:
    groups = tuple(tuple(_term(term) for term in group) for group in point.key_terms)
    keys = frozenset(concept for group in groups for term in group for concept in term.concepts)
    return PointReferences(
        point=point,
        paraphrases=tuple(_references((*point.paraphrases, point.assertion), weights, keys)),
        groups=groups,
        shapes=tuple(
            shape for text in point.paraphrases for shape in shapes_in(text) if shape not in (ALTERED, OTHER)
        ),
    )


def _misconception(
    misconception: Misconception, right: frozenset[str], weights: dict[str, float]
) -> MisconceptionReferences:
    claims = tuple(_references((misconception.claim, *misconception.paraphrases), weights))
    own = frozenset(concept for claim in claims for concept in claim.reading.signs) - right
    return MisconceptionReferences(misconception, claims, own)


def _term(text: str) -> Term:
    words = [token.word for token in tokens(text) if token.is_word]
    if not words or not words[0].isascii() or any(sign in text for sign in "[+*"):
        return Term((), frozenset(), squeezed(text))
    meant = meaning(words[0])
    stems = tuple(stem(word) for word in words)
    if len(words) > 1:
        return Term(stems, frozenset())
    if meant.is_axis:
        return Term(stems, frozenset(), opposite=meant)
    return Term(stems, frozenset((meant.concept,)) - FAMILIES)


def _texts(question: Question) -> Iterator[str]:
    rubric = question.rubric
    yield rubric.model_answer
    for point in rubric.points:
        yield from point.paraphrases
        yield point.assertion
        yield from (term for group in point.key_terms for term in group)
    for misconception in rubric.misconceptions:
        yield misconception.claim
        yield from misconception.paraphrases
    yield from (example.answer for example in rubric.examples if example.verdict != "off_topic")


def _weights(texts: list[str], prompt: set[str]) -> dict[str, float]:
    """Inverse document frequency, 1 on average; words of the prompt count little."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(read(text).signs))
    raw = {concept: math.log(1 + len(texts) / count) for concept, count in counts.items()}
    mean = sum(raw.values()) / len(raw)
    return {
        concept: weight / mean * (_PROMPT_SHARE if concept in prompt else 1.0)
        for concept, weight in raw.items()
    }
