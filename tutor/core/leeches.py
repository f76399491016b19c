"""Leeches: cards that are forgotten again and again are taught by another route, not asked harder.

Anki suspends such a card and calls it memorised without understanding. Here the course owns the explanation,
so the card comes back with an experiment to run, then with a contrast to a look-alike, then with its lesson.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.core.course_schema import Point
from tutor.core.curriculum import Course, Question
from tutor.core.path_schema import Contrast
from tutor.store.marks import Reteaching
from tutor.store.practice import ReviewRow

LAPSES = 4
"""From this many lapses on a card is a leech (Anki waits for 8; a course has more to offer than patience)."""
AGAIN_AFTER = 2
"""Lapses after which a leech is taught once more."""
_IN_REVIEW = 2
"""`fsrs.State.Review`: the card had left its first steps, so forgetting it is a lapse."""

Route = Literal["experiment", "contrast", "lesson"]


@dataclass(frozen=True)
class AnotherWay:
    """How a leech is taught this time."""

    route: Route
    name: str
    """Of the experiment, the contrast item, or the question whose lesson it is."""
    lapses: int
    text: str
    """What to say, in one or two sentences."""


def lapses(reviews: Sequence[ReviewRow]) -> int:
    """How often a card that had been learned was forgotten."""
    return sum(review.rating == 1 and _was_learned(review) for review in reviews)


def is_due(count: int, past: Sequence[Reteaching]) -> bool:
    """Whether a card with that many lapses is to be taught (again) before it is asked."""
    return count >= (past[-1].lapses + AGAIN_AFTER if past else LAPSES)


def another_way(
    course: Course, question: Question, point: Point, count: int, past: Sequence[Reteaching]
) -> AnotherWay:
    """The route that was taken least often so far, a run before a contrast before the lesson."""
    taken = Counter((one.route, one.name) for one in past)
    ways = list(_ways(course, question, point, count))
    return min(ways, key=lambda way: taken[way.route, way.name])


def experiments_for(question: Question, point: Point) -> list[str]:
    """Runs that bear on a point: those that refute its misconceptions, then the question's own."""
    refuting = [one.experiment for one in question.rubric.misconceptions if one.contradicts == point.id]
    return list(dict.fromkeys([name for name in refuting if name] + list(question.file.experiments)))


def contrasts_for(course: Course, question: str) -> list[Contrast]:
    """Items that set a question against its look-alikes, where all of these are written."""
    return [
        one
        for one in course.contrasts()
        if question in one.questions and not any(course.entry(ref).planned for ref in one.questions)
    ]


def _ways(course: Course, question: Question, point: Point, count: int) -> Iterator[AnotherWay]:
    """One run, then one contrast, then what else there is."""
    runs, contrasts = list(_runs(course, question, point, count)), list(_contrasts(course, question, count))
    yield from (*runs[:1], *contrasts[:1], *runs[1:], *contrasts[1:])
    text = f"Take it from the start once more. {point.assertion}"
    yield AnotherWay("lesson", question.entry.id, count, text)


def _runs(course: Course, question: Question, point: Point, count: int) -> Iterator[AnotherWay]:
    for name in experiments_for(question, point):
        if name in course.experiment_names:
            title = course.experiment(name).title
            text = f"Words alone do not seem to stick. See it happen: “{title}” in the Lab."
            yield AnotherWay("experiment", name, count, text)


def _contrasts(course: Course, question: Question, count: int) -> Iterator[AnotherWay]:
    for contrast in contrasts_for(course, question.entry.id):
        others = [course.entry(ref).title for ref in contrast.questions if ref != question.entry.id]
        text = f"Perhaps it is mixed up with {' and '.join(others)}. So this time: what is the difference?"
        yield AnotherWay("contrast", contrast.id, count, text)


def _was_learned(review: ReviewRow) -> bool:
    return review.before is not None and json.loads(review.before.state)["state"] == _IN_REVIEW
