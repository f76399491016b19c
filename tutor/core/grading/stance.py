"""What an answer says of each point and misconception, by what was learnt, or by what is stored.

Where directions were fitted for a question (`probes`), they tell how sure it is that a text makes a point,
denies it, states a misconception, or is true. A question without them, one that a teacher has just written,
is known by its stored texts (graded answers, single sentences, ways to say a point or a misconception):
those that take the same stance as the answer vote on what it says. Each counts by the exponential of how
alike the two stances are, and votes only on what is known of it. The answer is taken as a whole and part by
part.

Letters: P the answer and its parts, n stored texts, S entries of a stance, K things that a text may say.
Source: Goldberger et al. 2004 (neighbourhood components analysis).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from tutor.core.course_schema import Example
from tutor.core.curriculum import Question
from tutor.core.grading.probes import Probes
from tutor.text.encoder import Encoder, Vectors
from tutor.text.tokens import plain

_CERTAIN = 0.005
"""No share counts as nearer to 0 or 1 than this."""
_NOTHING_KNOWN = 1e-12
SHARPNESS = 12.0
"""How much more a stored text counts that is more alike: e to this power per unit of the cosine."""
VERDICTS = ("correct", "partial", "incorrect")

Key = tuple[str, str]
"""Something a text may say: that it makes or denies a point, claims a misconception, is a verdict or true."""
TRUE: Key = ("is", "true")


@dataclass(frozen=True)
class Stance:
    """How sure it is, 0 to 1, that an answer and its parts say each thing."""

    keys: dict[Key, int]
    shares: Vectors  # [P, K]; the whole answer stands first
    parts: tuple[str, ...]
    is_learnt: bool
    """By directions; else by votes, which are less sure of themselves."""

    def whole(self, kind: str, name: str) -> float:
        """The share of the answer as a whole."""
        return float(self.shares[0, self.keys[kind, name]])

    def part(self, kind: str, name: str) -> float:
        """The largest share of a part."""
        return float(self.shares[1:, self.keys[kind, name]].max())

    def most(self, kind: str, name: str) -> float:
        """The larger of the two."""
        return max(self.whole(kind, name), self.part(kind, name))

    def least(self, kind: str, name: str) -> float:
        """The smallest share of a part."""
        return float(self.shares[1:, self.keys[kind, name]].min())

    def words(self, kind: str, name: str) -> str:
        """The part that says it most: what to quote."""
        return self.parts[int(self.shares[1:, self.keys[kind, name]].argmax())]


@dataclass(frozen=True)
class Known:
    """Stored texts, what each says, and which of that is known."""

    keys: dict[Key, int]
    texts: list[str]
    said: Vectors  # [n, K] of 0 and 1
    known: Vectors  # [n, K] of 0 and 1
    sentences: tuple[int, int]
    """The first row of the single sentences, and the one behind the last."""


def stance_of(
    question: Question, answer: str, parts: Sequence[str], encoder: Encoder, learnt: Probes | None
) -> Stance:
    """What an answer says, by directions or else by votes; `parts` are pieces of it, at least one."""
    mine = encoder.stances([bare(text) for text in (answer, *parts)])  # [P, S]
    shares = learnt.shares(mine) if learnt else votes_on(mine, question, encoder)
    return Stance(keys_of(question), shares, tuple(parts), learnt is not None)


def votes_on(mine: Vectors, question: Question, encoder: Encoder) -> Vectors:
    """Shares [P, K] of what the stored texts vote on stances [P, S]."""
    known = stored(question)
    alike = _unit(mine) @ _unit(encoder.stances(known.texts)).T  # [P, n]
    votes = np.exp(SHARPNESS * (alike - alike.max(axis=1, keepdims=True)))  # [P, n]
    return np.asarray(votes @ (known.said * known.known) / (votes @ known.known + _NOTHING_KNOWN))


def _unit(stances: Vectors) -> Vectors:
    return np.asarray(stances / np.maximum(np.linalg.norm(stances, axis=1, keepdims=True), 1e-6))


def keys_of(question: Question) -> dict[Key, int]:
    """All things that a text may say of a question, and the column of each."""
    points = [one.id for one in question.rubric.points]
    names: list[Key] = [(kind, point) for kind in ("makes", "denies") for point in points]
    names += [("claims", one.id) for one in question.rubric.misconceptions]
    names += [TRUE, *(("is", verdict) for verdict in VERDICTS)]
    return {key: at for at, key in enumerate(names)}


def stored(question: Question) -> Known:
    """Everything that votes on answers to a question."""
    keys, rows = keys_of(question), list(_rows(question))
    said, known = np.zeros((2, len(rows), len(keys)), dtype=np.float32)
    for row, (_, says, is_known) in enumerate(rows):
        said[row, [keys[key] for key in says]] = 1
        known[row, [at for key, at in keys.items() if key[0] in is_known or key in is_known]] = 1
    first = len(question.memory)
    return Known(
        keys, [bare(text) for text, *_ in rows], said, known, (first, first + len(question.statements))
    )


def _rows(question: Question) -> Iterable[tuple[str, list[Key], set[str | Key]]]:
    """Each stored text, what it says, and what is known of it: kinds of things, or single ones."""
    judged: set[str | Key] = {"makes", "claims", *(("is", verdict) for verdict in VERDICTS)}
    told: set[str | Key] = {"makes", "denies", "claims", TRUE}
    for example in question.memory:
        yield example.answer, [*_makes(example), ("is", _folded(example))], judged
    for one in question.statements:
        says: list[Key] = [("makes", name) for name in one.makes]
        says += [("denies", name) for name in one.denies] + [("claims", name) for name in one.claims]
        yield one.text, [*says, *([TRUE] if one.true else [])], told
    for point in question.rubric.points:
        for way in (point.assertion, *point.paraphrases):
            yield way, [("makes", point.id), TRUE], told
    for wrong in question.rubric.misconceptions:
        for claim in (wrong.claim, *wrong.paraphrases):
            yield claim, [("claims", wrong.id), ("denies", wrong.contradicts)], told


def _makes(example: Example) -> list[Key]:
    made: list[Key] = [("makes", name) for name in example.points]
    return made + [("claims", name) for name in example.misconceptions]


def _folded(example: Example) -> str:
    return example.verdict if example.verdict in VERDICTS else "incorrect"


def log_odds(share: float) -> float:
    """The logarithm of the odds of a share, which is kept away from 0 and 1."""
    kept = min(max(share, _CERTAIN), 1 - _CERTAIN)
    return log(kept / (1 - kept))


def bare(text: str) -> str:
    """The text in plain signs, without what typing adds: spaces, quotes of other shapes, a last full stop."""
    return " ".join(plain(text).split()).rstrip(" .") or "-"
