"""What comes after a sitting: what is due and when, and the one next step."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.core.agenda import agenda, iso
from tutor.core.chat_navigation import named, upcoming
from tutor.core.events import Record
from tutor.store.history import parsed

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace

_DAYS = 5


class DueDay(Record):
    """How many cards come due on one day (the learner's own calendar)."""

    day: str
    cards: int


class Ahead(Record):
    """What waits at `now` (UTC). `step`: the one next thing; `command`: its twin on the command line."""

    now: str
    due: int
    next_due_at: str | None
    days: tuple[DueDay, ...]
    """The next days on which cards come due, the first one leading."""
    step: str
    command: str


def ahead(workspace: Workspace, now: datetime) -> Ahead:
    """What waits at `now` (UTC): due cards come before questions, questions before experiments."""
    store, cards = workspace.store, workspace.practice.deck.cards
    waiting = agenda(store, cards, now).counts
    resting = store.marks.resting(iso(now))
    days = Counter(
        parsed(row.due).astimezone().date().isoformat()
        for row in store.practice.schedule()
        if row.id in cards and row.id not in resting and row.due > iso(now)
    )
    step, command = _step(workspace, waiting.due)
    return Ahead(
        now=iso(now),
        due=waiting.due,
        next_due_at=waiting.next_due_at,
        days=tuple(DueDay(day=day, cards=days[day]) for day in sorted(days)[:_DAYS]),
        step=step,
        command=command,
    )


def _step(workspace: Workspace, due: int) -> tuple[str, str]:
    if due:
        return "Practise what is due: `quiz me`.", "tutor quiz --due"
    session = workspace.session()
    current, standings = session.current, workspace.store.learning.standings()
    if current and (current.id not in standings or standings[current.id].state != "done"):
        return f"Go on with {named(current)}.", "tutor chat --plain"
    following = upcoming(session, current)
    if following:
        return f"Open {named(following)}.", f'tutor ask "go to {following.q or following.id}"'
    return "All questions are done. Doubt something: run it in the Lab.", "tutor experiment list"
