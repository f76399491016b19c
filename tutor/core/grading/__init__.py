"""Grades a free answer, point by point, with the learner's own words as evidence.

Each sentence and clause is compared with the paraphrases of the points and, as rivals, with the
claims of the misconceptions: shared stems and concepts weighted by how telling they are in this
question, key terms, polarity, and the order of operations. Code is compared by structure. Pure and
deterministic: nothing is stored, nothing is executed.
"""

from __future__ import annotations

from typing import Any

from tutor.core.course_schema import Point, Verdict
from tutor.core.curriculum import Question
from tutor.core.events import Grade, MisconceptionHit, PointGrade
from tutor.core.grading.judge import NEARLY, Judgement, PointJudgement, judge
from tutor.core.grading.references import References, references_of
from tutor.core.grading.reply import SPECIAL, reply_to
from tutor.core.grading.special import Screened, screen
from tutor.text.segments import Span

__all__ = ["MAX_CHARACTERS", "grade"]

MAX_CHARACTERS = 4_000
"""What stands after this many characters of an answer is not read."""
_SURE_BONUS = 0.7
"""A bonus point alone makes an answer partly right only from this score on."""
_SURE_CONTRARY = 0.75
"""From this score on the opposite of a bonus point keeps an answer from being correct."""


def grade(question: Question, answer: str, *, explain: bool = False) -> Grade:
    """Grade an answer to a question; with `explain` say which sentence matched what."""
    references = references_of(question)
    answer = answer[:MAX_CHARACTERS]
    screened = screen(question, answer)
    if screened.kind:
        return _special(question, screened, references, explain)
    judgement = judge(answer, screened.skipped, question, references)
    points = tuple(
        _point_grade(point, judgement.points[point.id], answer) for point in question.rubric.points
    )
    hits = tuple(
        MisconceptionHit(id=name, evidence=span.of(answer))
        for name, (_, span) in sorted(judgement.misconceptions.items())
    )
    verdict = _verdict(points, judgement)
    return Grade(
        q=question.entry.q,
        id=question.entry.id,
        verdict=verdict,
        score=_score(points),
        points=points,
        misconceptions=hits,
        reply=reply_to(question, verdict, points, hits, judgement.is_salad),
        explanation=_explanation(answer, judgement) if explain else None,
    )


def verdict_by_words(question: Question, judgement: Judgement) -> Verdict:
    """The verdict that the words alone would give."""
    return _verdict(tuple(_point_grade(one, judgement.points[one.id], "") for one in question.rubric.points), judgement)


def _point_grade(point: Point, found: PointJudgement, answer: str) -> PointGrade:
    evidence = _words(answer, found.evidence) if found.covered else None
    return PointGrade(id=point.id, required=point.required, covered=found.covered, evidence=evidence)


def _verdict(points: tuple[PointGrade, ...], judgement: Judgement) -> Verdict:
    required = [point for point in points if point.required]
    stated = bool(judgement.misconceptions)
    if all(point.covered for point in required) and not stated:
        taken_back = any(
            judgement.points[point.id].contrary >= _SURE_CONTRARY for point in points if not point.covered
        )
        return "partial" if taken_back else "correct"
    if any(point.covered for point in required):
        return "partial"
    bonus = max((judgement.points[point.id].score for point in points if point.covered), default=0.0)
    if bonus >= _SURE_BONUS and not stated:
        return "partial"
    if not judgement.on_topic:
        return "off_topic"
    nearest = max(required, key=lambda point: judgement.points[point.id].score)
    near = judgement.points[nearest.id]
    return "unsure" if near.score >= NEARLY > near.contrary and not stated else "incorrect"


def _score(points: tuple[PointGrade, ...]) -> float:
    required = [point for point in points if point.required]
    return round(sum(point.covered for point in required) / max(len(required), 1), 4)


def _special(question: Question, screened: Screened, references: References, explain: bool) -> Grade:
    assert screened.kind is not None
    is_known_number = screened.kind == "number" and screened.number in references.numbers
    verdict: Verdict = "incorrect"
    if is_known_number:
        verdict = "partial"
    elif screened.kind in ("foreign", "number"):
        verdict = "unsure"
    return Grade(
        q=question.entry.q,
        id=question.entry.id,
        verdict=verdict,
        score=0.0,
        points=tuple(
            PointGrade(id=one.id, required=one.required, covered=False) for one in question.rubric.points
        ),
        reply=SPECIAL[screened.kind],
        explanation=({"special": screened.kind},) if explain else None,
    )


def _words(answer: str, span: Span | None) -> str | None:
    return span.of(answer) if span else None


def _explanation(answer: str, judgement: Judgement) -> tuple[dict[str, Any], ...]:
    points = tuple(
        {
            "point": name,
            "score": round(one.score, 3),
            "contrary": round(one.contrary, 3),
            "sentence": _words(answer, one.evidence),
            "matched": one.matched,
        }
        for name, one in judgement.points.items()
    )
    claims = tuple(
        {"misconception": name, "score": round(score, 3), "sentence": span.of(answer)}
        for name, (score, span) in sorted(judgement.misconceptions.items())
    )
    return points + claims
