"""The time that the learner has for a sitting: stored with its start, kept over restarts, over by itself.

Times are UTC, lengths are minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from tutor.core.agenda import iso
from tutor.store.history import parsed

if TYPE_CHECKING:
    from tutor.core.sittings import Pace
    from tutor.store.store import Settings

SHORTEST, LONGEST = 1, 480
"""Minutes that can be planned."""
FORGOTTEN = timedelta(minutes=30)
"""So long after its end a plan is over without a word."""
_PLAN = "time_plan"


@dataclass(frozen=True)
class TimePlan:
    """How long the learner has, and since when."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """When the time is up."""
        return self.start + timedelta(minutes=self.minutes)

    def left(self, now: datetime) -> int:
        """Whole minutes that are left, the last one begun counted; 0 when the time is up."""
        return min(self.minutes, max(0, ceil((self.end - now).total_seconds() / 60)))


def current_plan(settings: Settings, now: datetime) -> TimePlan | None:
    """The plan that holds now; None if there is none, or if the learner came back long after its end.

    A plan that starts in the future was made before the clock was put back: it is none.
    """
    stored = settings.get(_PLAN)
    if not stored:
        return None
    plan = TimePlan(parsed(stored["start"]), stored["minutes"])
    return plan if plan.start - FORGOTTEN <= now <= plan.end + FORGOTTEN else None


def keep_plan(settings: Settings, plan: TimePlan | None) -> None:
    """Store a plan in the place of the one before; None ends it."""
    settings.set(_PLAN, {"start": iso(plan.start), "minutes": plan.minutes} if plan else None)


# --- what fits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fits:
    """What fits into a stretch of time: due cards first, then questions, perhaps one experiment."""

    cards: int
    card_minutes: int
    """What the cards take, rounded up."""
    questions: int
    run: bool


def what_fits(minutes: float, pace: Pace, *, due: int, questions: int, can_run: bool) -> Fits:
    """Fill `minutes` with `due` cards and `questions` open questions.

    From twice the time of a question on, one question has its place beside the cards. The experiment comes
    with the first question; further questions take what is left.
    """
    reserved = pace.question if questions and minutes >= 2 * pace.question else 0.0
    cards = min(due, int((minutes - reserved) / pace.card))
    left = minutes - cards * pace.card
    first = min(questions, int(left >= pace.question))
    left -= first * pace.question
    run = can_run and bool(first) and left >= pace.run
    left -= run * pace.run
    further = min(questions - first, int(left / pace.question)) if first else 0
    return Fits(cards, ceil(cards * pace.card), first + further, run)
