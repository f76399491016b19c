"""The learner's own notes: what was written about a question before, one text for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.store.database import Database, now


@dataclass(frozen=True)
class Note:
    """What a file of notes holds on a question."""

    question: str
    at: str
    """When it was taken in."""
    text: str
    """Markdown, as it stood there."""
    file: str
    line: int
    """Of the question in the file, from 1."""


class NoteTable:
    """Reads and writes notes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, question: str) -> Note | None:
        """The note on a question; None if there is none."""
        row = self._db.one("SELECT * FROM notes WHERE question = ?", question)
        return Note(**dict(row)) if row else None

    def all(self) -> dict[str, Note]:
        """All notes by question."""
        return {row["question"]: Note(**dict(row)) for row in self._db.all("SELECT * FROM notes")}

    def keep(self, notes: Iterable[tuple[str, str, int]], file: str) -> None:
        """Store (question, text, line) of a file, all or none; a question's earlier note is replaced."""
        at = now()
        with self._db.transaction():
            for question, text, line in notes:
                self._db.run(
                    "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)", question, at, text, file, line
                )
