"""What formulas prove stands, whatever the words around them seem to say."""

from __future__ import annotations

from tutor.core.curriculum import Question
from tutor.core.grading.deciding import Decision
from tutor.core.grading.judgement import Judgement


def settled(question: Question, judgement: Judgement, decision: Decision) -> Decision:
    """The decision with the points that a formula makes, and without those that one gets wrong."""
    proven, denied = judgement.proven, judgement.denied
    if not proven and not denied:
        return decision
    required = {point.id for point in question.rubric.points if point.required}
    covered = (set(decision.covered) | proven) - denied
    is_clean = not judgement.misconceptions
    if required <= proven and is_clean:
        return Decision("correct", covered)
    if decision.verdict == "correct" and required <= covered and is_clean:
        return Decision("correct", covered)
    if required <= covered and is_clean:
        covered -= required - proven
    return Decision("partial", covered) if required & covered else Decision("incorrect", set())
