"""Grades a free answer, point by point, with the learner's own words as evidence.

Each sentence and clause is compared with the paraphrases of the points and, as rivals, with the
claims of the misconceptions: shared stems and concepts weighted by how telling they are in this
question, key terms, polarity, and the order of operations. Code is compared by structure. Then the
same parts are compared by meaning, with the graded examples beside them, and all is weighed. Deterministic:
nothing is stored, nothing is executed; where there is no encoder, words alone decide.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from tutor.core.course_schema import Example, Point, Verdict
from tutor.core.curriculum import Question
from tutor.core.events import Grade, MisconceptionHit, PointGrade
from tutor.core.grading.deciding import Decision, better, by_words, weighed, with_said
from tutor.core.grading.judge import Judgement, judge
from tutor.core.grading.meaning import encoder
from tutor.core.grading.pieces import without
from tutor.core.grading.probes import probes_of
from tutor.core.grading.proving import settled
from tutor.core.grading.references import References, bare, references_of
from tutor.core.grading.reply import SPECIAL, reply_to
from tutor.core.grading.sense import Sense, measure
from tutor.core.grading.special import Screened, screen
from tutor.core.grading.weighing import Weighed, truth_of, weigh
from tutor.text.segments import Span, sentences
from tutor.text.tokens import squeezed

__all__ = ["MAX_CHARACTERS", "belief", "grade"]

MAX_CHARACTERS = 4_000
"""What stands after this many characters of an answer is not read."""
_LONGEST_SAYING = 3  # sentences
_BEYOND_DOUBT = 1.0
"""Score of a misconception that a formula states."""


def grade(question: Question, answer: str, *, explain: bool = False) -> Grade:
    """Grade an answer to a question; with `explain` say which sentence matched what."""
    references = references_of(question)
    answer = answer[:MAX_CHARACTERS]
    screened = screen(question, answer)
    if screened.kind:
        return _special(question, screened, references, explain)
    judgement = judge(answer, screened.skipped, question, references)
    decision, found = _decided(question, answer, judgement)
    points = tuple(
        _point_grade(point, decision.covered, _evidence(point, judgement, found, answer))
        for point in question.rubric.points
    )
    hits = () if decision.verdict == "correct" else _hits(judgement, found, answer)
    return Grade(
        q=question.entry.q,
        id=question.entry.id,
        verdict=decision.verdict,
        score=_score(points),
        points=points,
        misconceptions=hits,
        reply=reply_to(question, decision.verdict, points, hits, judgement.is_salad),
        explanation=_explanation(answer, judgement) if explain else None,
    )


@dataclass(frozen=True)
class _Found:
    """What was found by meaning: the numbers, and what they are worth."""

    sense: Sense
    weighed: Weighed


def _decided(question: Question, answer: str, judgement: Judgement) -> tuple[Decision, _Found | None]:
    """The decision, and what was found for it by meaning.

    What is said in the very words of a point makes that point, whatever stands beside it.
    """
    known = _stored(question, answer)
    if known:
        return Decision(known.verdict, frozenset(known.points)), None
    decision, found = _weighed(question, answer, judgement)
    decision = settled(question, judgement, decision)
    said = _sayings(question, answer)
    if not said:
        return decision, found
    made = frozenset(point for points in said.values() for point in points)
    rest = without(answer, list(said)).strip(" .\n")
    if not any(character.isalnum() for character in rest):
        return better(decision, with_said(question, None, True, made)), found
    screened = screen(question, rest)
    before = judge(rest, screened.skipped, question, references_of(question))
    apart = Decision("incorrect", frozenset()) if screened.kind else _weighed(question, rest, before)[0]
    return better(decision, with_said(question, apart, not before.misconceptions, made)), found


def _weighed(question: Question, answer: str, judgement: Judgement) -> tuple[Decision, _Found | None]:
    """The decision by words and meaning; by words alone without an encoder, or where too little is stored."""
    plain = by_words(question, judgement)
    learnt = probes_of(question)
    model = encoder() if learnt or question.statements else None
    if model is None:
        return plain, None
    sense = measure(question, answer, judgement, model, learnt)
    required = [point.id for point in question.rubric.points if point.required]
    found = _Found(sense, weigh(sense, required, plain.verdict))
    return weighed(question, judgement, found.weighed), found


def _hits(judgement: Judgement, found: _Found | None, answer: str) -> tuple[MisconceptionHit, ...]:
    """The misconceptions that an answer states, each with its words: by meaning, else by words alone."""
    if found is None:
        stated = {name: span.of(answer) for name, (_, span) in judgement.misconceptions.items()}
    else:
        stance = found.sense.stance
        stated = {name: stance.words("claims", name) for name in found.weighed.stated}
        stated |= {
            name: span.of(answer)
            for name, (score, span) in judgement.misconceptions.items()
            if score >= _BEYOND_DOUBT
        }
    return tuple(MisconceptionHit(id=name, evidence=words) for name, words in sorted(stated.items()))


def _sayings(question: Question, answer: str) -> dict[Span, frozenset[str]]:
    """Stretches of up to three sentences that are, word for word, a way to make points."""
    known = references_of(question).sayings
    found = sentences(answer)
    said: dict[Span, frozenset[str]] = {}
    for count in range(_LONGEST_SAYING, 0, -1):
        for first, last in zip(found, found[count - 1 :], strict=False):
            span = Span(first.start, last.end)
            points = known.get(bare(span.of(answer)))
            if points and not any(other.start < span.end and span.start < other.end for other in said):
                said[span] = points
    return said


def _stored(question: Question, answer: str) -> Example | None:
    """The graded example that this answer is, word for word."""
    mine = squeezed(answer)
    return next((one for one in question.memory if squeezed(one.answer) == mine), None)


def _evidence(point: Point, judgement: Judgement, found: _Found | None, answer: str) -> str:
    """The words to quote for a point: those that fit best by words, else those nearest in meaning."""
    by_word = judgement.points[point.id]
    if by_word.evidence and (by_word.covered or found is None):
        return by_word.evidence.of(answer)
    return found.sense.stance.words("makes", point.id) if found else answer.strip()


def belief(question: Question, answer: str) -> float:
    """How right an answer seems beside another one to the same question, 0 to 1.

    Raises ValueError where there is no encoder to weigh with.
    """
    found = encoder()
    if found is None:
        raise ValueError("there is no sentence encoder here")
    screened = screen(question, answer)
    if screened.kind:
        return 0.0
    judgement = judge(answer, screened.skipped, question, references_of(question))
    required = [point.id for point in question.rubric.points if point.required]
    sense = measure(question, answer, judgement, found, probes_of(question))
    return truth_of(sense, weigh(sense, required, by_words(question, judgement).verdict))


def _point_grade(point: Point, covered: Set[str], evidence: str) -> PointGrade:
    is_made = point.id in covered
    return PointGrade(
        id=point.id, required=point.required, covered=is_made, evidence=evidence if is_made else None
    )


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
