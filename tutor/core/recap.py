"""What a sitting has brought, gathered from what is stored, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tutor.core.agenda import iso
from tutor.core.errors import BadInput
from tutor.core.events import Grade, Record
from tutor.core.lab_results import in_words
from tutor.core.recap_ahead import Ahead, ahead
from tutor.core.sittings import Sitting, sittings
from tutor.store.history import Checked, History, Starred, parsed

if TYPE_CHECKING:
    from tutor.core.curriculum import Course, Question
    from tutor.core.workspace import Workspace
    from tutor.store.learning import Attempt, Standing
    from tutor.store.runs import RunRow


class Stretch(Record):
    """A stretch of work; times are UTC."""

    start: str
    end: str
    minutes: int


class PointMade(Record):
    """A point of a question; `quote`: the learner's words that make it, None while it is open."""

    id: str
    title: str
    required: bool
    quote: str | None


class Corrected(Record):
    """A misconception that an answer stated. `mended`: a later answer to the question is free of it."""

    id: str
    said: str
    claim: str
    correction: str
    mended: bool


class Worked(Record):
    """A question that was worked on. `answer`: the best one of the sitting, in the learner's own words."""

    id: str
    q: int | None
    title: str
    state: str
    attempts: int
    answer: str
    verdict: str
    made: tuple[PointMade, ...]
    open: tuple[PointMade, ...]
    misconceptions: tuple[Corrected, ...]


class Ran(Record):
    """An experiment that finished; `predicted` and `measured` in the words that the learner read."""

    name: str
    title: str
    predicted: str
    measured: str
    hit: bool | None
    sentence: str
    token: str | None


class CardSeen(Record):
    """A card that was reviewed; `forgotten`: its last grade was "again"."""

    id: str
    title: str
    reviews: int
    forgotten: bool


class Recap(Record):
    """A sitting, or all since a time. Everything is empty where nothing was done."""

    start: str | None = None
    end: str | None = None
    minutes: int = 0
    sittings: tuple[Stretch, ...] = ()
    questions: tuple[Worked, ...] = ()
    looked_up: tuple[str, ...] = ()
    experiments: tuple[Ran, ...] = ()
    code: tuple[Checked, ...] = ()
    films: tuple[Starred, ...] = ()
    cards: tuple[CardSeen, ...] = ()
    ahead: Ahead

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done."""
        return not self.sittings


def recap(workspace: Workspace, now: datetime, since: datetime | None = None) -> Recap:
    """Look back on the last sitting, or on all that was done since a time. Times are UTC.

    Raises `StoreError`, `ContentError`.
    """
    history = workspace.store.history
    found = sittings(history.moments(iso(since))) if since else last_sitting(history, now)
    if not found:
        return Recap(ahead=ahead(workspace, now))
    start, end = iso(found[0].start), iso(found[-1].end)
    return Recap(
        start=start,
        end=end,
        minutes=sum(sitting.minutes for sitting in found),
        sittings=tuple(map(_stretch, found)),
        questions=_questions(workspace, start, end),
        looked_up=_looked_up(workspace, start, end),
        experiments=_experiments(workspace, start, end),
        code=tuple(history.checked(start, end)),
        films=tuple(history.starred(start, end)),
        cards=_cards(workspace, found[0].start, found[-1].end),
        ahead=ahead(workspace, now),
    )


def last_sitting(history: History, now: datetime) -> list[Sitting]:
    """The last sitting; empty if there is none. All is read only where the last days do not hold it."""
    for days in (2, 60):
        found = sittings(history.moments(iso(now - timedelta(days=days))))
        if len(found) > 1:  # the first one may have begun before
            return found[-1:]
    return sittings(history.moments())[-1:]


def _stretch(sitting: Sitting) -> Stretch:
    return Stretch(start=iso(sitting.start), end=iso(sitting.end), minutes=sitting.minutes)


# --- questions -----------------------------------------------------------------------------------


def _questions(workspace: Workspace, start: str, end: str) -> tuple[Worked, ...]:
    by_question: dict[str, list[Attempt]] = {}
    for attempt in workspace.store.learning.attempts():
        if start <= attempt.at <= end:
            by_question.setdefault(attempt.question, []).append(attempt)
    standings = workspace.store.learning.standings()
    worked = []
    for ref, attempts in by_question.items():
        question = _opened(workspace.course, ref)
        if question is not None and ref in standings:
            worked.append(_worked(question, attempts, standings[ref]))
    return tuple(worked)


def _opened(course: Course, ref: str) -> Question | None:
    """The question; None where the course no longer holds it."""
    try:
        return course.question(ref)
    except BadInput:
        return None


def _worked(question: Question, attempts: Sequence[Attempt], standing: Standing) -> Worked:
    grades = [Grade.model_validate(attempt.grade) for attempt in attempts]
    best = max(attempts, key=lambda attempt: (attempt.verdict == "correct", attempt.score, attempt.id))
    quotes = {
        point.id: point.evidence or best.answer for grade in grades for point in grade.points if point.covered
    }
    points = question.rubric.points
    shown = [
        PointMade(id=point.id, title=point.title, required=point.required, quote=quotes.get(point.id))
        for point in points
    ]
    is_open = standing.state != "done"
    return Worked(
        id=question.entry.id,
        q=question.entry.q,
        title=question.entry.title,
        state=standing.state,
        attempts=len(attempts),
        answer=best.answer,
        verdict=best.verdict,
        made=tuple(point for point in shown if point.quote is not None),
        open=tuple(
            point
            for point in shown
            if is_open and point.required and not point.quote and point.id not in standing.covered
        ),
        misconceptions=_corrected(question, grades),
    )


def _corrected(question: Question, grades: Sequence[Grade]) -> tuple[Corrected, ...]:
    known = {one.id: one for one in question.rubric.misconceptions}
    met: dict[str, Corrected] = {}
    for number, grade in enumerate(grades):
        for hit in grade.misconceptions:
            if hit.id in known:
                later = [one for one in grades[number + 1 :] if one.verdict in ("correct", "partial")]
                met[hit.id] = Corrected(
                    id=hit.id,
                    said=hit.evidence,
                    claim=known[hit.id].claim,
                    correction=known[hit.id].explanation,
                    mended=any(hit.id not in {one.id for one in grade.misconceptions} for grade in later),
                )
    return tuple(met.values())


def _looked_up(workspace: Workspace, start: str, end: str) -> tuple[str, ...]:
    """What the learner asked and the course answered."""
    lines = workspace.store.history.messages(start, end)
    asked = [
        before.text.strip()
        for before, line in pairwise(lines)
        if line.label == "from the course" and before.role == "you"
    ]
    return tuple(dict.fromkeys(asked))


# --- runs and cards ------------------------------------------------------------------------------


def _experiments(workspace: Workspace, start: str, end: str) -> tuple[Ran, ...]:
    rows = workspace.store.runs.all(since=start)
    return tuple(
        _ran(workspace.course, row)
        for row in reversed(rows)
        if row.status == "finished" and row.result and (row.ended_at or row.at) <= end
    )


def _ran(course: Course, row: RunRow) -> Ran:
    result = row.result or {}
    predicted, outcome = result.get("prediction", row.prediction), result.get("outcome")
    hit = result.get("hit")
    try:
        file = course.experiment(row.experiment)
    except BadInput:
        title, words = row.experiment, [str(one or "") for one in (predicted, outcome)]
    else:
        title, words = file.title, [in_words(file, one) for one in (predicted, outcome)]
    if hit is None and predicted is not None:
        hit = predicted == outcome
    return Ran(
        name=row.experiment, title=title, predicted=words[0], measured=words[1], hit=hit,
        sentence=result.get("sentence", ""), token=result.get("token"),
    )  # fmt: skip


def _cards(workspace: Workspace, start: datetime, end: datetime) -> tuple[CardSeen, ...]:
    grades: dict[str, list[int]] = {}
    for review in workspace.store.practice.reviews():
        if start <= parsed(review.at) <= end:
            grades.setdefault(review.card, []).append(review.rating)
    course = workspace.course
    return tuple(
        CardSeen(id=card, title=_card_title(course, card), reviews=len(given), forgotten=given[-1] == 1)
        for card, given in grades.items()
    )


def _card_title(course: Course, card: str) -> str:
    try:
        question, point = course.point(card)
    except BadInput:
        return card
    return f"{question.entry.title}: {point.title}"
