"""What the learner did with a card beside reviewing it: suspended, buried, flagged, noted; taught again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tutor.store.database import Database, now


@dataclass(frozen=True)
class MarkRow:
    """The marks of one card."""

    card: str
    suspended: bool = False
    flagged: bool = False
    buried_until: str | None = None
    """Time (UTC) from which the card may come again."""
    note: str = ""
    """The learner's own words; they leave this file only with the whole of it."""


@dataclass(frozen=True)
class Reteaching:
    """A card that was forgotten often and was taught by another route."""

    card: str
    lapses: int
    route: str
    name: str
    """Of the experiment, the contrast item, or the question whose lesson it was."""
    at: str = ""


@dataclass(frozen=True)
class MarkChange:
    """One change of a card's marks."""

    card: str
    what: str
    at: str


class MarkTable:
    """Reads and writes marks and reteachings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, card: str) -> MarkRow:
        """Return the marks of a card; all off where nothing was ever marked."""
        row = self._db.one("SELECT * FROM card_marks WHERE card = ?", card)
        return _mark(dict(row)) if row else MarkRow(card)

    def all(self) -> list[MarkRow]:
        """Return all marks, by card."""
        return [_mark(dict(row)) for row in self._db.all("SELECT * FROM card_marks ORDER BY card")]

    def resting(self, at: str) -> set[str]:
        """Return the cards that are suspended, or buried beyond that time."""
        rows = self._db.all("SELECT card FROM card_marks WHERE suspended OR buried_until > ?", at)
        return {row["card"] for row in rows}

    def set(self, mark: MarkRow, what: str, at: str | None = None) -> None:
        """Store a card's marks and the change that led to them, in one transaction."""
        with self._db.transaction():
            row = self._db.one("SELECT * FROM card_marks WHERE card = ?", mark.card)
            self._put(mark)
            self._db.run(
                "INSERT INTO mark_log (at, card, what, before) VALUES (?, ?, ?, ?)",
                at or now(), mark.card, what, json.dumps(dict(row)) if row else None,
            )  # fmt: skip

    def last_change(self) -> MarkChange | None:
        """Return the last change that stands, or None."""
        row = self._db.one(
            "SELECT card, what, at FROM mark_log WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
        )
        return MarkChange(**dict(row)) if row else None

    def undo(self) -> MarkChange | None:
        """Take back the last change that stands; return it, or None if there is none."""
        with self._db.transaction():
            row = self._db.one("SELECT * FROM mark_log WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
            if row is None:
                return None
            if row["before"] is None:
                self._db.run("DELETE FROM card_marks WHERE card = ?", row["card"])
            else:
                self._put(_mark(json.loads(row["before"])))
            self._db.run("UPDATE mark_log SET undone_at = ? WHERE id = ?", now(), row["id"])
            return MarkChange(row["card"], row["what"], row["at"])

    def teach_again(self, done: Reteaching) -> None:
        """Note that a card was taught by another route."""
        self._db.run(
            "INSERT INTO reteachings (at, card, lapses, route, name) VALUES (?, ?, ?, ?, ?)",
            done.at or now(), done.card, done.lapses, done.route, done.name,
        )  # fmt: skip

    def reteachings(self, card: str | None = None) -> list[Reteaching]:
        """Return what was taught again, oldest first, of one card or of all."""
        rows = self._db.all(
            "SELECT card, lapses, route, name, at FROM reteachings WHERE ?1 IS NULL OR card = ?1 ORDER BY id",
            card,
        )
        return [Reteaching(**dict(row)) for row in rows]

    def _put(self, mark: MarkRow) -> None:
        self._db.run(
            "INSERT OR REPLACE INTO card_marks (card, suspended, flagged, buried_until, note) "
            "VALUES (?, ?, ?, ?, ?)",
            mark.card, int(mark.suspended), int(mark.flagged), mark.buried_until, mark.note,
        )  # fmt: skip


def _mark(row: dict[str, Any]) -> MarkRow:
    return MarkRow(**{**row, "suspended": bool(row["suspended"]), "flagged": bool(row["flagged"])})
