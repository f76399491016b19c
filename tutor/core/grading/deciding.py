"""From what was found in an answer to its verdict and the points it earns: by words alone, or weighed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from tutor.core.course_schema import Verdict
from tutor.core.curriculum import Question
from tutor.core.grading.judge import CODE, NEARLY, Judgement
from tutor.core.grading.weighing import Weighed

_SURE_BONUS = 0.7
"""A bonus point alone makes an answer partly right only from this score on."""
_SURE_CONTRARY = 0.75
"""From this score on the opposite of a bonus point keeps an answer from being correct."""
_WORTH: tuple[Verdict, ...] = ("off_topic", "incorrect", "unsure", "partial", "correct")
_CORRECT, _INCORRECT = 0.7, 0.475
"""Correct, and else incorrect, is said from this probability on."""
_PARTIAL = 0.2
"""What is neither is partly right from this probability on; below it the tutor asks back."""
_MADE = 0.5
"""From this probability on a point counts as made."""


@dataclass(frozen=True)
class Decision:
    """The verdict, and the points that go with it."""

    verdict: Verdict
    covered: Set[str]


def by_words(question: Question, judgement: Judgement) -> Decision:
    """What the words alone say."""
    points = question.rubric.points
    covered = {point.id for point in points if judgement.points[point.id].covered}
    required = {point.id for point in points if point.required}
    stated = bool(judgement.misconceptions)
    if required <= covered and not stated:
        taken_back = any(
            judgement.points[point.id].contrary >= _SURE_CONTRARY
            for point in points
            if point.id not in covered
        )
        return Decision("partial" if taken_back else "correct", covered)
    if required & covered:
        return Decision("partial", covered)
    bonus = max((judgement.points[name].score for name in covered), default=0.0)
    if bonus >= _SURE_BONUS and not stated:
        return Decision("partial", covered)
    if not judgement.on_topic:
        return Decision("off_topic", covered)
    near = max((judgement.points[name] for name in sorted(required)), key=lambda one: one.score)
    is_near = near.score >= NEARLY > near.contrary and not stated
    return Decision("unsure" if is_near else "incorrect", covered)


def weighed(question: Question, judgement: Judgement, found: Weighed) -> Decision:
    """What words and meaning say together.

    The points agree with the verdict: a correct answer has all required ones, an incorrect one has none, and
    one that is partly right has some, but not all required ones unless it also states a misconception.
    """
    required = {point.id for point in question.rubric.points if point.required}
    in_code = {name for name, one in judgement.points.items() if one.covered and one.matched == CODE}
    made = {name for name, chance in found.points.items() if chance >= _MADE} | in_code
    verdict = _verdict(judgement, found)
    if in_code and verdict != "correct":
        verdict = "correct" if required <= in_code and not found.stated else "partial"
    if verdict == "correct":
        return Decision(verdict, made | required)
    if verdict in ("incorrect", "off_topic"):
        return Decision(verdict, set())
    if verdict == "partial" and not made:
        made = {max(found.points, key=lambda name: found.points[name])}
    if required <= made and not found.stated:
        made -= {min(required, key=lambda name: found.points[name])}
        if verdict == "partial" and not made:
            return Decision("unsure", set())
    return Decision(verdict, made)


def better(one: Decision, other: Decision) -> Decision:
    """The verdict that is worth more, and the points of both."""
    best = max(one, other, key=lambda decision: _WORTH.index(decision.verdict))
    return Decision(best.verdict, one.covered | other.covered)


def with_said(question: Question, rest: Decision | None, is_clean: bool, said: Set[str]) -> Decision:
    """A decision on the rest of an answer (None: there is no rest), and points beside it made beyond doubt.

    `is_clean`: the rest states no misconception.
    """
    required = {point.id for point in question.rubric.points if point.required}
    covered = said | (rest.covered if rest else set())
    is_whole = required <= covered and (rest is None or (is_clean and rest.verdict in ("partial", "unsure")))
    is_correct = is_whole or (rest is not None and rest.verdict == "correct")
    return Decision("correct" if is_correct else "partial", covered)


def verdict_of(chances: Mapping[str, float]) -> Verdict:
    """The verdict for probabilities of correct, partial and incorrect."""
    if chances["correct"] >= _CORRECT:
        return "correct"
    if chances["incorrect"] >= _INCORRECT:
        return "incorrect"
    return "partial" if chances["partial"] >= _PARTIAL else "unsure"


def _verdict(judgement: Judgement, found: Weighed) -> Verdict:
    chances = found.verdict
    if judgement.is_salad and chances["correct"] < max(chances["partial"], chances["incorrect"]):
        return "incorrect"
    verdict = verdict_of(chances)
    return "off_topic" if verdict == "incorrect" and not judgement.on_topic else verdict
