"""Spaced repetition: which card is next, in which form, and when it comes back.

Every review is on disk before `review` returns. Times are UTC; a day begins at local midnight.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tutor.core.course_schema import Point
from tutor.core.curriculum import Course, Entry
from tutor.core.deck import Deck, choose
from tutor.core.events import Record
from tutor.core.items import Presented, present
from tutor.core.scheduling import GRADES, iso, new_card, reviewed, span
from tutor.store.practice import CardRow, ReviewRow
from tutor.store.store import Store

NEW_PER_DAY = 10
SITTING = timedelta(minutes=20)
"""A forgotten card that is due within this time comes back before the sitting ends."""


class Counts(Record):
    """What there is to practise. `next_due_at`: when the next card comes due, None if none waits."""

    due: int
    new: int
    next_due_at: str | None


@dataclass(frozen=True)
class Quiz:
    """A card as it is put before the learner."""

    card: str
    entry: Entry
    point: Point
    presented: Presented
    is_new: bool


class Reviewed(Record):
    """What a review did."""

    card: str
    rating: int
    due: str
    interval: str
    """Time until it is due, for people: "8 days"."""


def utc_now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


class Practice:
    """The quiz over the cards of a course."""

    def __init__(self, store: Store, course: Course, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._table = store.practice
        self._course = course
        self._clock = clock
        self.deck = Deck(course)

    @property
    def new_per_day(self) -> int:
        """How many new cards a day may bring (setting `new_per_day`)."""
        return int(self._store.settings.get("new_per_day", NEW_PER_DAY))

    def counts(self) -> Counts:
        """Count what is due now, what is new today, and when the next card comes due."""
        now = iso(self._clock())
        known = [card for card in self._table.cards() if card.id in self.deck.cards]
        waiting = [card.due for card in known if card.due > now]
        unseen = len(self.deck.cards) - len(known)
        return Counts(
            due=len(known) - len(waiting),
            new=min(unseen, self._allowance()),
            next_due_at=min(waiting, default=None),
        )

    def next(self, question: str | None = None, *, due_only: bool = False) -> Quiz | None:
        """The card to ask now, of one question or of all; None when there is nothing to do.

        Due cards first, the longest overdue leading; then today's new ones (for one question: all its new
        ones); then cards forgotten in this sitting. Two of one question follow each other only when nothing
        else is left. Raises `CourseError` for a question that is not there, `ContentError`.
        """
        wanted = None if question is None else self._course.question(question).entry.id
        now = self._clock()
        rows = [card for card in self._table.cards() if self._belongs(card.id, wanted)]
        due = [card.id for card in rows if card.due <= iso(now)]
        new = [] if due_only else self._new(wanted)
        card = self._apart(due + new) or next(iter(due + new), None)
        if card is None:
            soon = {row.id for row in rows if row.due <= iso(now + SITTING)}
            forgotten = [name for name in self._table.last_forgotten() if name in soon]
            card = self._apart(forgotten) or next(iter(forgotten), None)
        return self._quiz(card) if card else None

    def review(self, quiz: Quiz, rating: int, duration_ms: int | None = None) -> Reviewed:
        """Store a review: 1 again, 2 hard, 3 good, 4 easy. Raises `BadGrade`, and then stores nothing."""
        at = self._clock()
        with self._store.transaction():
            after = reviewed(self._row(quiz.card, at), rating, at)
            item = quiz.presented.item.id
            self._table.save_review(after, rating, at=iso(at), duration_ms=duration_ms, item=item)
        return Reviewed(card=quiz.card, rating=rating, due=after.due, interval=_until(after, at))

    def intervals(self, quiz: Quiz) -> dict[int, str]:
        """What each grade would do: the time until the card is due again, for people."""
        at = self._clock()
        row = self._row(quiz.card, at)
        return {grade: _until(reviewed(row, grade, at), at) for grade in GRADES}

    def undo(self) -> ReviewRow | None:
        """Take back the last review; the card is what it was before. None if there is none."""
        return self._table.undo_review()

    # --- choosing ----------------------------------------------------------------------------

    def _belongs(self, card: str, question: str | None) -> bool:
        found = self.deck.cards.get(card)
        return found is not None and question in (None, found)

    def _new(self, question: str | None) -> list[str]:
        """New cards, those of questions that the learner has met before the others."""
        seen = {card.id for card in self._table.cards()}
        met = self._store.learning.standings()
        fresh = [card for card in self.deck.cards if card not in seen and self._belongs(card, question)]
        if question is not None:
            return fresh
        fresh.sort(key=lambda card: self.deck.cards[card] not in met)
        return fresh if self._allowance() else []

    def _allowance(self) -> int:
        """New cards that today still may bring."""
        midnight = self._clock().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        since = iso(midnight.astimezone(UTC))
        return max(0, self.new_per_day - sum(card.introduced_at >= since for card in self._table.cards()))

    def _apart(self, cards: Iterable[str]) -> str | None:
        """The first card that is no sibling of the one reviewed last."""
        last = self._table.last_review()
        before = None if last is None else self.deck.cards.get(last.card)
        return next((card for card in cards if self.deck.cards[card] != before), None)

    def _quiz(self, card: str) -> Quiz:
        question, point = self._course.point(card)
        reviews = self._table.reviews(card)
        item = choose(self.deck.items(card), reviews, card)
        seed = zlib.crc32(f"{card} {len(reviews)}".encode())  # the same numbers until the card is reviewed
        is_new = self._table.card(card) is None
        return Quiz(card, question.entry, point, present(item, seed), is_new)

    def _row(self, card: str, at: datetime) -> CardRow:
        return self._table.card(card) or new_card(card, self._table.next_fsrs_id(), at)


def _until(card: CardRow, at: datetime) -> str:
    return span(datetime.fromisoformat(card.due) - at)
