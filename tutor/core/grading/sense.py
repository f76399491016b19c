"""What an answer means, measured: each part of it as a vector beside all that is known of a question.

The judge compares words; here the same answer is compared by meaning, with the ways to say a point, with the
misconceptions, and with the graded examples. The result is a row of numbers for each point, and one for the
whole answer, which `weighing` turns into probabilities.

Letters: P parts of the answer, n references, D entries of a vector.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tutor.core.course_schema import Example, Misconception, Point
from tutor.core.curriculum import Question
from tutor.core.grading.judgement import Judgement, PointJudgement
from tutor.core.grading.matching import touched
from tutor.core.grading.probes import Probes, probes_of
from tutor.core.grading.references import PointReferences, read, references_of
from tutor.core.grading.stance import TRUE, Stance, bare, log_odds, stance_of, stored
from tutor.text.encoder import Encoder, Vectors
from tutor.text.segments import clauses, sentences
from tutor.text.tokens import squeezed

POINT_FEATURES = (
    "words", "contrary", "meaning", "meaning of two", "rival", "rival here", "other point", "right whole",
    "wrong whole", "right part", "wrong part", "neighbours", "terms", "terms affirmed", "misconception",
    "any misconception", "list of words", "on topic", "length", "prompt", "makes", "makes in part", "denies",
    "denies in part", "claims", "any claim", "like correct", "like partial", "true", "least true",
    "in order", "words in order", "contrary in order",
)  # fmt: skip
"""The numbers of a point, in the order of a row; shares of votes stand as log odds."""
CLAIM_FEATURES = (
    "words", "claims", "claims in part", "denies", "makes", "meaning", "right meaning", "other claims",
    "true", "least true", "like correct",
)  # fmt: skip
"""The numbers of a misconception, in the order of a row."""

_MOST_PARTS = 40
_SHORTEST_CLAUSE = 12  # characters
_LONGEST = 60  # words; a longer answer counts like this
_NEAREST = 5
_SHARPNESS = 10.0
"""How much more a nearer example counts: e to this power per unit of likeness."""
_OFF = ("salad", "off_topic")


@dataclass(frozen=True)
class Sense:
    """The measured answer: `POINT_FEATURES` of each point, `CLAIM_FEATURES` of each misconception."""

    rows: dict[str, list[float]]
    claims: dict[str, list[float]]
    stance: Stance
    """What the answer says of each point and misconception, and the part of it to quote for that."""

    def of(self, name: str) -> list[float]:
        """One feature of all points."""
        at = POINT_FEATURES.index(name)
        return [row[at] for row in self.rows.values()]

    def row(self, point: str, name: str) -> float:
        """One feature of one point."""
        return self.rows[point][POINT_FEATURES.index(name)]


@dataclass(frozen=True)
class _Answer:
    text: str
    parts: Vectors  # [P, D]
    whole: Vectors  # [D]


def measure(
    question: Question, answer: str, judgement: Judgement, encoder: Encoder, learnt: Probes | None
) -> Sense:
    """All numbers of an answer, given what the judge found in its words and what its question has learnt."""
    texts = parts_of(answer) or [answer]
    parts = encoder.encode([bare(text) for text in texts])
    measured = _Answer(answer, parts, encoder.encode([bare(answer)])[0])
    stance = stance_of(question, answer, texts, encoder, learnt)
    everywhere = _everywhere(question, measured, judgement, encoder)
    references = references_of(question)
    steps = [one for one in references.points if one.point.required and one.operations]
    is_ordered = len(steps) > 1
    rows = {}
    for one in references.points:
        by_words = judgement.points[one.point.id]
        rows[one.point.id] = [
            by_words.score,
            by_words.contrary,
            *_by_meaning(one.point, question, measured, encoder),
            *_by_example(one.point, question.memory, measured, encoder),
            *_by_terms(one, answer),
            max(_stated(judgement, _contradicting(one.point, question)), default=0.0),
            *everywhere,
            *_by_stance(one.point, question, stance),
            *_in_order(by_words, is_ordered),
        ]
    claims = {
        one.id: _claim(one, question, measured, judgement, stance, encoder)
        for one in question.rubric.misconceptions
    }
    return Sense(rows, claims, stance)


def parts_of(answer: str) -> list[str]:
    """Sentences, long clauses, pairs of neighbours and a short answer as a whole, none of them twice."""
    found = sentences(answer)
    parts = [span.of(answer) for span in found]
    for span in found:
        inner = clauses(answer, span)
        if len(inner) > 1:
            parts += [each.of(answer) for each in inner if each.end - each.start > _SHORTEST_CLAUSE]
    parts += [answer[first.start : second.end] for first, second in pairwise(found)]
    if 1 < len(found) <= 4:
        parts.append(answer)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))[:_MOST_PARTS]


def references_in(question: Question) -> list[str]:
    """All texts that answers to this question are compared with, so that they can be read beforehand."""
    rubric = question.rubric
    texts = [*_prompts(question), *(example.answer for example in question.memory)]
    for point in rubric.points:
        texts += _ways(point)
    voting = [] if probes_of(question) else stored(question).texts
    return [*texts, *_claims(rubric.misconceptions), *voting]


def _everywhere(question: Question, answer: _Answer, judgement: Judgement, encoder: Encoder) -> list[float]:
    """What is the same for all points."""
    return [
        max((score for score, _ in judgement.misconceptions.values()), default=0.0),
        float(judgement.is_salad),
        float(judgement.on_topic),
        min(len(answer.text.split()), _LONGEST) / _LONGEST,
        _highest(answer.whole[None], encoder.encode(_prompts(question))),
    ]


def _by_meaning(point: Point, question: Question, answer: _Answer, encoder: Encoder) -> list[float]:
    alike = answer.parts @ encoder.encode(_ways(point)).T  # [P, n]
    best = alike.max(axis=1)  # [P]
    at = int(best.argmax())
    rivals = encoder.encode(_claims(_contradicting(point, question)))
    others = [way for other in question.rubric.points if other is not point for way in _ways(other)]
    return [
        float(best[at]),
        float(np.sort(best)[-2:].mean()),
        _highest(answer.parts, rivals),
        _highest(answer.parts[at][None], rivals),
        _highest(answer.parts[at][None], encoder.encode(others)),
    ]


def _by_example(point: Point, memory: Sequence[Example], answer: _Answer, encoder: Encoder) -> list[float]:
    credits = np.array([point.id in example.points for example in memory], dtype=bool)  # [n]
    worthy = np.array([example.voice not in _OFF for example in memory], dtype=bool)  # [n]
    vectors = encoder.encode([example.answer for example in memory])  # [n, D]
    if not len(memory):
        return [0.0] * 5
    right, wrong = vectors[credits], vectors[~credits & worthy]
    alike = vectors @ answer.whole  # [n]
    nearest = np.argsort(-alike)[:_NEAREST]
    weights = np.exp(_SHARPNESS * alike[nearest])
    return [
        _highest(answer.whole[None], right),
        _highest(answer.whole[None], wrong),
        _highest(answer.parts, right),
        _highest(answer.parts, wrong),
        float(weights[credits[nearest]].sum() / weights.sum()),
    ]


def _in_order(by_words: PointJudgement, is_ordered: bool) -> list[float]:
    """Where a question is about the order of operations, vectors are blind to it and words tell."""
    return [float(is_ordered), by_words.score * is_ordered, by_words.contrary * is_ordered]


def _by_stance(point: Point, question: Question, stance: Stance) -> list[float]:
    claims = {one.id: stance.most("claims", one.id) for one in question.rubric.misconceptions}
    shares = (
        stance.whole("makes", point.id),
        stance.part("makes", point.id),
        stance.whole("denies", point.id),
        stance.part("denies", point.id),
        max((claims[one.id] for one in _contradicting(point, question)), default=0.0),
        max(claims.values(), default=0.0),
        stance.whole("is", "correct"),
        stance.whole("is", "partial"),
        stance.whole(*TRUE),
        stance.least(*TRUE),
    )
    return [log_odds(share) for share in shares]


def _claim(
    wrong: Misconception,
    question: Question,
    answer: _Answer,
    judgement: Judgement,
    stance: Stance,
    encoder: Encoder,
) -> list[float]:
    others = [one.id for one in question.rubric.misconceptions if one is not wrong]
    shares = (
        stance.whole("claims", wrong.id),
        stance.part("claims", wrong.id),
        stance.most("denies", wrong.contradicts),
        stance.most("makes", wrong.contradicts),
    )
    whole = (
        max((stance.most("claims", one) for one in others), default=0.0),
        stance.whole(*TRUE),
        stance.least(*TRUE),
        stance.whole("is", "correct"),
    )
    score, _ = judgement.misconceptions.get(wrong.id, (0.0, None))
    return [
        score,
        *map(log_odds, shares),
        _highest(answer.parts, encoder.encode(_claims([wrong]))),
        _highest(answer.parts, encoder.encode(_ways(question.point(wrong.contradicts)))),
        *map(log_odds, whole),
    ]


def _by_terms(one: PointReferences, answer: str) -> list[float]:
    reading, text = read(answer), squeezed(answer)
    return [touched(reading, text, one, affirmed=False), touched(reading, text, one)]


def _highest(mine: Vectors, theirs: Vectors) -> float:
    return float((mine @ theirs.T).max()) if len(theirs) else 0.0


def _ways(point: Point) -> list[str]:
    return [*point.paraphrases, point.assertion]


def _claims(misconceptions: Iterable[Misconception]) -> list[str]:
    return [text for one in misconceptions for text in (one.claim, *one.paraphrases)]


def _contradicting(point: Point, question: Question) -> list[Misconception]:
    return [one for one in question.rubric.misconceptions if one.contradicts == point.id]


def _stated(judgement: Judgement, misconceptions: list[Misconception]) -> list[float]:
    names = {one.id for one in misconceptions}
    return [score for name, (score, _) in judgement.misconceptions.items() if name in names]


def _prompts(question: Question) -> list[str]:
    return [question.entry.prompt, question.file.ask]
