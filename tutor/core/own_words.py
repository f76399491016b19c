"""Whether a reply in own words, or in code, makes the point that a practice item asks for.

The question's grader decides. Beside the point's paraphrases it gets the item's own explanation, since an
item often asks for the point from another side.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tutor.core.course_schema import Item
from tutor.core.curriculum import Question
from tutor.core.grading import grade
from tutor.text.segments import sentences

_CODE = re.compile(r"`([^`]+)`")


def evidence(question: Question, item: Item, reply: str) -> str | None:
    """The words of the reply that make the item's point; None where it is not found."""
    graded = grade(_asked_by(question, item), reply)
    found = next(point for point in graded.points if point.id == item.point)
    return (found.evidence or reply) if found.covered else None


def _asked_by(question: Question, item: Item) -> Question:
    """The question with what the item explains among the ways to say its point."""
    why = item.why or ""
    ways = [why, *(sentence.of(why) for sentence in sentences(why)), *_CODE.findall(why)]
    new = tuple(dict.fromkeys(way for way in ways if way.strip()))
    points = tuple(
        point.model_copy(update={"paraphrases": point.paraphrases + new}) if point.id == item.point else point
        for point in question.rubric.points
    )
    return replace(question, rubric=question.rubric.model_copy(update={"points": points}))
