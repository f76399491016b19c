"""Cards and reviews as the scheduler left them; an undo restores the card byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tutor.store.database import Database, now


@dataclass(frozen=True)
class CardRow:
    """One card: a point of a question and its state in the scheduler."""

    id: str
    fsrs_id: int
    state: str
    """JSON of the scheduler's card."""
    due: str
    introduced_at: str


@dataclass(frozen=True)
class ReviewRow:
    """One review. `before` is the card it changed, None if that card was new."""

    id: int
    card: str
    at: str
    rating: int
    duration_ms: int | None
    item: str | None
    before: CardRow | None
    confidence: int | None = None
    """How sure the learner was before the reveal: 1 guess, 2 fairly sure, 3 sure; None: not said."""
    correct: bool | None = None
    """What the machine said of the reply; None where it judged none."""
    hints: int = 0


@dataclass(frozen=True)
class Due:
    """When a card comes due and when it was first met."""

    id: str
    due: str
    introduced_at: str


class PracticeTable:
    """Reads and writes cards and reviews."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def card(self, card_id: str) -> CardRow | None:
        """Return a card, or None if it was never reviewed."""
        row = self._db.one("SELECT * FROM cards WHERE id = ?", card_id)
        return CardRow(**dict(row)) if row else None

    def cards(self) -> list[CardRow]:
        """Return all cards, the longest overdue first."""
        return [CardRow(**dict(row)) for row in self._db.all("SELECT * FROM cards ORDER BY due, id")]

    def schedule(self) -> list[Due]:
        """Return when each card is due, the longest overdue first; states stay on disk."""
        rows = self._db.all("SELECT id, due, introduced_at FROM cards ORDER BY due, id")
        return [Due(*row) for row in rows]

    def next_fsrs_id(self) -> int:
        """Return a number that no card has."""
        row = self._db.one("SELECT coalesce(max(fsrs_id), 0) + 1 FROM cards")
        return int(row[0]) if row else 1

    def save_review(
        self, card: CardRow, rating: int, *, at: str | None = None, duration_ms: int | None = None,
        item: str | None = None, confidence: int | None = None, correct: bool | None = None, hints: int = 0,
    ) -> int:  # fmt: skip
        """Store a card's new state and the review that led to it, in one transaction."""
        with self._db.transaction():
            before = self.card(card.id)
            self._put(card)
            row = ReviewRow(
                0, card.id, at or now(), rating, duration_ms, item, before, confidence, correct, hints
            )
            return self._add(row)

    def add_card(self, card: CardRow) -> None:
        """Store a card that was met and not reviewed yet."""
        self._put(card)

    def replace_history(self, cards: Iterable[CardRow], reviews: Iterable[ReviewRow]) -> None:
        """Put these cards and all of these reviews, oldest first, in the place of those that stand."""
        with self._db.transaction():
            self._db.run("DELETE FROM reviews WHERE undone_at IS NULL")
            for card in cards:
                self._put(card)
            for review in reviews:
                self._add(review)

    def undo_review(self) -> ReviewRow | None:
        """Take back the last review that stands; return it, or None if there is none."""
        with self._db.transaction():
            review = self.last_review()
            if review is None:
                return None
            if review.before is None:
                self._db.run("DELETE FROM cards WHERE id = ?", review.card)
            else:
                self._put(review.before)
            self._db.run("UPDATE reviews SET undone_at = ? WHERE id = ?", now(), review.id)
            return review

    def reviews(self, card_id: str | None = None) -> list[ReviewRow]:
        """Return the reviews that stand, oldest first, of one card or of all."""
        rows = self._db.all(
            "SELECT * FROM reviews WHERE undone_at IS NULL AND (?1 IS NULL OR card = ?1) ORDER BY id", card_id
        )
        return [_review(dict(row)) for row in rows]

    def last_review(self) -> ReviewRow | None:
        """Return the last review that stands, or None."""
        row = self._db.one("SELECT * FROM reviews WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
        return _review(dict(row)) if row else None

    def reviewed_since(self, at: str) -> set[str]:
        """Return the cards that were reviewed at that time (UTC) or later."""
        rows = self._db.all("SELECT DISTINCT card FROM reviews WHERE at >= ? AND undone_at IS NULL", at)
        return {row["card"] for row in rows}

    def last_forgotten(self) -> list[str]:
        """Return the cards whose last review was a 1 (again), the one reviewed first leading."""
        rows = self._db.all(
            "SELECT card FROM reviews WHERE rating = 1 AND id IN "
            "(SELECT max(id) FROM reviews WHERE undone_at IS NULL GROUP BY card) ORDER BY id"
        )
        return [row["card"] for row in rows]

    def _add(self, review: ReviewRow) -> int:
        return self._db.run(
            "INSERT INTO reviews (card, at, rating, duration_ms, item, before, confidence, correct, hints) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            review.card, review.at, review.rating, review.duration_ms, review.item,
            json.dumps(asdict(review.before)) if review.before else None,
            review.confidence, review.correct, review.hints,
        )  # fmt: skip

    def _put(self, card: CardRow) -> None:
        self._db.run(
            "INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?)",
            card.id, card.fsrs_id, card.state, card.due, card.introduced_at,
        )  # fmt: skip


def _review(row: dict[str, Any]) -> ReviewRow:
    row.pop("undone_at")
    row["before"] = CardRow(**json.loads(row["before"])) if row["before"] else None
    row["correct"] = None if row["correct"] is None else bool(row["correct"])
    return ReviewRow(**row)
