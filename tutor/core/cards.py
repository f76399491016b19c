"""Every card of the course with what practice knows of it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.core.agenda import iso
from tutor.core.events import Record
from tutor.core.leeches import lapses
from tutor.core.practice import utc_now
from tutor.core.scheduling import recall
from tutor.store.marks import MarkRow
from tutor.store.practice import ReviewRow

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace


class CardState(Record):
    """A card as `tutor cards list` shows it. A card that was never reviewed has no `due`."""

    card: str
    q: int | None
    id: str
    title: str
    due: str | None
    stability_days: float | None
    """Days after which it is remembered with 90 %."""
    recall: float | None
    """Chance that it is remembered now, as the scheduler reckons."""
    reviews: int
    lapses: int
    suspended: bool
    flagged: bool
    buried_until: str | None
    note: str


def cards(workspace: Workspace, at: datetime | None = None) -> list[CardState]:
    """All cards in the order of the course. Raises `StoreError`, `ContentError`."""
    at = at or utc_now()
    table = workspace.store.practice
    known = {row.id: row for row in table.cards()}
    marks = {mark.card: mark for mark in workspace.store.marks.all()}
    history: dict[str, list[ReviewRow]] = defaultdict(list)
    for review in table.reviews():
        history[review.card].append(review)
    rows = []
    for card, question in workspace.practice.deck.cards.items():
        entry, row, mark = workspace.course.entry(question), known.get(card), marks.get(card, MarkRow(card))
        buried = mark.buried_until if mark.buried_until and mark.buried_until > iso(at) else None
        rows.append(
            CardState(
                card=card, q=entry.q, id=entry.id, title=entry.title, due=row.due if row else None,
                stability_days=json.loads(row.state)["stability"] if row else None,
                recall=recall(row, at) if row else None,
                reviews=len(history[card]), lapses=lapses(history[card]), suspended=mark.suspended,
                flagged=mark.flagged, buried_until=buried, note=mark.note,
            )
        )  # fmt: skip
    return rows
