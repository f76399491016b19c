"""What the learner has done: questions, cards, ratings, runs, and on which days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.core.events import Record
from tutor.core.practice_stats import came_due, remembered

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace
    from tutor.store.runs import RunRow


class Questions(Record):
    """Questions and topics; planned ones count in `total` alone."""

    done: int
    started: int
    """Begun and not done."""
    written: int
    total: int
    attempts: int


class Cards(Record):
    """Cards of the quiz."""

    total: int
    seen: int
    due: int
    new: int
    next_due_at: str | None
    reviews: int
    remembered: float | None
    """Share of what had come due (a day or more after the review before) that was not forgotten."""


class Runs(Record):
    """Experiments that finished."""

    finished: int
    predicted: int
    """Finished runs that had a prediction."""
    hits: int
    """Predictions that came out."""


class Day(Record):
    """What was done on one day (the learner's own calendar)."""

    day: str
    answers: int
    reviews: int
    ratings: int
    runs: int


class ProgressReport(Record):
    """Everything the Progress place shows."""

    questions: Questions
    cards: Cards
    ratings: int
    runs: Runs
    days: tuple[Day, ...]
    """Days on which something was done, oldest first."""


def progress(workspace: Workspace) -> ProgressReport:
    """Count what the learner has done. Raises `StoreError`, `ContentError`."""
    store = workspace.store
    finished = [run for run in store.runs.all() if run.status == "finished"]
    return ProgressReport(
        questions=_questions(workspace),
        cards=_cards(workspace),
        ratings=len(store.ratings.stars()),
        runs=_runs(finished),
        days=_days(
            answers=(attempt.at for attempt in store.learning.attempts()),
            reviews=(review.at for review in store.practice.reviews()),
            ratings=(rating.at for rating in store.ratings.all()),
            runs=(run.at for run in finished),
        ),
    )


def _questions(workspace: Workspace) -> Questions:
    standings = workspace.store.learning.standings()
    written = workspace.course.written
    states = Counter(standings[entry.id].state for entry in written if entry.id in standings)
    return Questions(
        done=states["done"],
        started=states["started"],
        written=len(written),
        total=len(workspace.course.entries),
        attempts=len(workspace.store.learning.attempts()),
    )


def _cards(workspace: Workspace) -> Cards:
    practice = workspace.practice
    reviews = workspace.store.practice.reviews()
    counts = practice.counts()
    return Cards(
        total=len(practice.deck.cards),
        seen=sum(card.id in practice.deck.cards for card in workspace.store.practice.cards()),
        due=counts.due,
        new=counts.new,
        next_due_at=counts.next_due_at,
        reviews=len(reviews),
        remembered=remembered([review for review in reviews if came_due(review)]),
    )


def _runs(finished: Iterable[RunRow]) -> Runs:
    finished = list(finished)
    predicted = [run for run in finished if run.prediction is not None and run.result is not None]
    hits = sum(run.prediction == (run.result or {}).get("outcome") for run in predicted)
    return Runs(finished=len(finished), predicted=len(predicted), hits=hits)


def _days(**times: Iterable[str]) -> tuple[Day, ...]:
    counts = {kind: Counter(map(_day, moments)) for kind, moments in times.items()}
    days = sorted(set().union(*counts.values()))
    return tuple(Day(day=day, **{kind: count[day] for kind, count in counts.items()}) for day in days)


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().date().isoformat()
