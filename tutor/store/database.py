"""One SQLite file in WAL mode: safe for two tutors at once, safe against a kill at any moment.

Writes go through `transaction()`, which takes the write lock at once (`BEGIN IMMEDIATE`), so two
processes queue instead of failing half-way. Schema changes are numbered SQL files; the file is
copied to `backups/` before one is applied to a database that holds something.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 15.0


class StoreError(Exception):
    """The learner's file cannot be used; the message says why and what to do."""


def now() -> str:
    """Return the time in UTC as ISO 8601 with microseconds, so that text order is time order."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def newest_schema() -> int:
    """Number of the newest migration that this program knows."""
    return max(int(path.name.split("_")[0]) for path in MIGRATIONS.glob("*.sql"))


class Database:
    """A connection that threads of one process share; every use holds its lock."""

    def __init__(self, path: Path, backups: Path | None = None) -> None:
        self.path = path
        self._backups = backups or path.parent / "backups"
        self._lock = threading.RLock()
        self._depth = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make the folder {path.parent}: {error.strerror or error}. "
                "Point TUTOR_HOME at a folder that can be written."
            ) from error
        try:
            self._connection = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(f"cannot open {path}: {error}. {self._remedy()}") from error

    def _remedy(self) -> str:
        """What to do about a file that does not open."""
        if os.access(self.path if self.path.exists() else self.path.parent, os.R_OK | os.W_OK):
            return f"Move the file away to start afresh, or put back a copy from {self._backups}."
        return "Give yourself the right to write there, or point TUTOR_HOME at another folder."

    def close(self) -> None:
        """Close the connection; the object cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement in a transaction and return the id of the row it inserted."""
        with self.transaction():
            try:
                return self._connection.execute(sql, values).lastrowid or 0
            except sqlite3.OperationalError as error:  # a full disk shows here, or when it is committed
                raise StoreError(f"cannot write {self.path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Inside another transaction of this thread it joins that one."""
        with self._lock:
            if self._depth:
                yield
                return
            self._begin()
            self._depth = 1
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            else:
                self._commit()
            finally:
                self._depth = 0

    def _begin(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            raise StoreError(f"cannot write {self.path}: {error}") from error

    def _roll_back(self) -> None:
        """Undo what is open; SQLite has done so itself when the disk is full."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    # --- schema --------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Number of the last migration that was applied."""
        row = self.one("PRAGMA user_version")
        return int(row[0]) if row else 0

    def _migrate(self) -> None:
        scripts = {int(p.name.split("_")[0]): p for p in sorted(MIGRATIONS.glob("*.sql"))}
        newest = max(scripts)
        if self.version > newest:
            raise StoreError(
                f"{self.path} was written by a newer tutor (schema {self.version}, this one knows "
                f"{newest}). Update the program; nothing was changed."
            )
        if self.version == newest:
            return
        with self.transaction():
            done = self.version  # again: another process may have migrated while we waited
            if 0 < done < newest:
                self._backup(done)
            for number in sorted(number for number in scripts if number > done):
                for statement in _statements(scripts[number].read_text("utf-8")):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _backup(self, version: int) -> None:
        """Copy the file as it stands. The copy reads through its own connection."""
        self._backups.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        source = sqlite3.connect(self.path)
        target = sqlite3.connect(self._backups / f"tutor-v{version}-{stamp}.db")
        with source, target:
            source.backup(target)
        source.close()
        target.close()


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements (`executescript` would commit the open transaction)."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
