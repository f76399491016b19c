"""The learner's file, opened: one object that holds every table."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any

from tutor.store.code import CodeTable
from tutor.store.database import Database
from tutor.store.history import History
from tutor.store.learning import Learning
from tutor.store.marks import MarkTable
from tutor.store.notes import NoteTable
from tutor.store.paths import Paths
from tutor.store.practice import PracticeTable
from tutor.store.ratings import RatingTable
from tutor.store.runs import RunTable


class Settings:
    """Small values by name: the question on the screen, the half-typed answer, the data set."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or `default` if it was never set."""
        row = self._db.one("SELECT value FROM settings WHERE key = ?", key)
        return json.loads(row["value"]) if row else default

    def set(self, key: str, value: Any) -> None:
        """Store a value that JSON can hold."""
        self._db.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", key, json.dumps(value))


class Store:
    """Everything the tutor remembers. Opening it creates and migrates the file."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.database = Database(paths.database, paths.backups)
        self.code = CodeTable(self.database)
        self.learning = Learning(self.database)
        self.practice = PracticeTable(self.database)
        self.marks = MarkTable(self.database)
        self.notes = NoteTable(self.database)
        self.ratings = RatingTable(self.database)
        self.runs = RunTable(self.database)
        self.history = History(self.database)
        self.settings = Settings(self.database)

    def transaction(self) -> AbstractContextManager[None]:
        """Commit everything inside together, or nothing."""
        return self.database.transaction()

    def close(self) -> None:
        """Close the file."""
        self.database.close()
