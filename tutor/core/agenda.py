"""What there is to practise now: due cards, today's new ones, and those forgotten in this sitting.

Reads times and names only, so that a shell prompt can afford to ask. Times are UTC; a day begins at local
midnight. A question is asked once a day: its other cards are buried until midnight (siblings give each
other's answers away). Suspended cards and those buried by hand stay out.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.store.practice import Due
    from tutor.store.store import Store

NEW_PER_DAY = 10
SITTING = timedelta(minutes=20)
"""A forgotten card that is due within this time comes back before the sitting ends."""


@dataclass(frozen=True)
class Counts:
    """How much there is to practise. `next_due_at`: when the next card comes due, None if none waits."""

    due: int
    new: int
    next_due_at: str | None
    buried: int = 0
    """Due cards that wait until tomorrow, since another card of their question was asked today."""


@dataclass(frozen=True)
class Agenda:
    """The cards of now, each group in the order in which it is asked."""

    due: tuple[str, ...]
    new: tuple[str, ...]
    forgotten: tuple[str, ...]
    """Forgotten in this sitting and due again within it."""
    buried: int
    next_due_at: str | None

    @property
    def counts(self) -> Counts:
        """How many of each."""
        return Counts(len(self.due), len(self.new), self.next_due_at, self.buried)


def agenda(
    store: Store,
    cards: Mapping[str, str],
    now: datetime,
    *,
    question: str | None = None,
    met: Container[str] = (),
) -> Agenda:
    """Look up what to ask at `now` (UTC), of one question or of all.

    `cards` maps card ids to question ids in the order of the course. New cards of the questions in `met`
    come before others. For one question all of its cards are asked: no ration, nothing buried.
    """
    wanted = {card: ref for card, ref in cards.items() if question in (None, ref)}
    resting = store.marks.resting(iso(now))
    known = store.practice.schedule()
    rows = [row for row in known if row.id in wanted and row.id not in resting]
    siblings = _Siblings(store, wanted, now, active=question is None)
    ready = [row.id for row in rows if row.due <= iso(now)]
    due = [card for card in ready if siblings.may_come(card)]
    return Agenda(
        due=tuple(due),
        new=tuple(_new(store, wanted, known, resting, siblings, now, met, rationed=question is None)),
        forgotten=tuple(_forgotten(store, rows, now)),
        buried=len(ready) - len(due),
        next_due_at=_next(rows, now, buried=len(due) < len(ready)),
    )


def midnight(now: datetime) -> datetime:
    """The local midnight before `now`, in UTC."""
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def tomorrow(now: datetime) -> datetime:
    """The local midnight after `now`, in UTC."""
    return midnight(midnight(now) + timedelta(hours=30))


def iso(at: datetime) -> str:
    """A time as text whose order is the order of time."""
    return at.isoformat(timespec="microseconds")


class _Siblings:
    """Which card of each question may come today: the first one that asks, or all that have begun today."""

    def __init__(self, store: Store, cards: Mapping[str, str], now: datetime, *, active: bool) -> None:
        self._cards = cards
        self._active = active and bool(store.settings.get("bury_siblings", True))
        self._begun = store.practice.reviewed_since(iso(midnight(now))) if self._active else set()
        self._taken = {cards[card] for card in self._begun if card in cards}

    def may_come(self, card: str) -> bool:
        """Whether a card may come today; if so, its siblings may not."""
        if not self._active or card in self._begun:
            return True
        if self._cards[card] in self._taken:
            return False
        self._taken.add(self._cards[card])
        return True


def _new(
    store: Store, wanted: Mapping[str, str], known: list[Due], resting: Container[str],
    siblings: _Siblings, now: datetime, met: Container[str], *, rationed: bool,
) -> list[str]:  # fmt: skip
    seen = {row.id for row in known}
    fresh = [card for card in wanted if card not in seen and card not in resting]
    if not rationed:
        return fresh
    since = iso(midnight(now))
    left = int(store.settings.get("new_per_day", NEW_PER_DAY))
    left -= sum(row.introduced_at >= since for row in known)
    fresh.sort(key=lambda card: wanted[card] not in met)
    return [card for card in fresh if siblings.may_come(card)][: max(0, left)]


def _forgotten(store: Store, rows: list[Due], now: datetime) -> list[str]:
    soon = {row.id for row in rows if row.due <= iso(now + SITTING)}
    return [card for card in store.practice.last_forgotten() if card in soon]


def _next(rows: list[Due], now: datetime, *, buried: bool) -> str | None:
    waiting = [row.due for row in rows if row.due > iso(now)]
    if buried:
        waiting.append(iso(tomorrow(now)))
    return min(waiting, default=None)
