"""The learner's file as a whole: a consistent copy out of it, another one into it, one question out of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tutor.store.database import Database, StoreError

_BY_QUESTION = {"attempts": "question", "questions": "id", "messages": "question",
                "code_texts": "question", "code_checks": "question", "notes": "question"}  # fmt: skip
_BY_CARD = {"cards": "id", "reviews": "card", "card_marks": "card", "mark_log": "card", "reteachings": "card"}
COUNTED = {"answers": "attempts", "cards": "cards", "reviews": "reviews", "ratings": "ratings",
           "runs": "runs", "code": "code_texts", "notes": "notes"}  # fmt: skip
"""What a copy is described by: a word and its table."""


def copy_to(database: Path, target: Path) -> None:
    """Copy a database as it stands, also while another tutor writes it."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it


def read_version(file: Path) -> int:
    """The schema of a database file that is sound. Raises `StoreError` for any other file."""
    try:
        with closing(sqlite3.connect(file)) as source:
            fault = source.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if fault != "ok":
                raise StoreError(str(fault))
            source.execute("SELECT count(*) FROM attempts")
            return int(source.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise StoreError(str(error)) from error


def counts(database: Database) -> dict[str, int]:
    """How many rows of each kind a file holds."""
    rows = {word: database.one(f"SELECT count(*) FROM {table}") for word, table in COUNTED.items()}
    return {word: int(row[0]) if row else 0 for word, row in rows.items()}


def take_settings(database: Database, source: Path, keys: tuple[str, ...]) -> None:
    """Set these settings as another file has them; those that it has not, or if there is no file, go."""
    rows: list[tuple[str, str]] = []
    if source.exists():
        with closing(sqlite3.connect(source)) as other:
            rows = other.execute("SELECT key, value FROM settings").fetchall()
    with database.transaction():
        for key in keys:
            database.run("DELETE FROM settings WHERE key = ?", key)
        for key, value in rows:
            if key in keys:
                database.run("INSERT INTO settings VALUES (?, ?)", key, value)


def replace_by(database: Path, new: Path, backups: Path) -> Path | None:
    """Put a sound file's content in the place of the learner's; returns the copy of what was there.

    SQLite writes it as one transaction: a tutor that is open sees the old content or the new.
    """
    kept = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        if database.exists():
            backups.mkdir(parents=True, exist_ok=True)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            kept = backups / f"tutor-before-import-{stamp}.db"
            copy_to(database, kept)
        with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(database)) as target:
            target.execute("PRAGMA busy_timeout = 15000")
            source.backup(target)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(f"cannot write {database}: {error}; close other tutors and try again.") from error
    return kept


def forget_question(database: Database, question: str) -> dict[str, int]:
    """Delete all rows about one question, in one transaction; returns how many by table."""
    gone = {}
    with database.transaction():
        for table, column in {**_BY_QUESTION, **_BY_CARD}.items():
            match = (
                f"{column} = ?1"
                if table in _BY_QUESTION
                else f"substr({column}, 1, length(?1) + 1) = ?1 || '.'"
            )
            row = database.one(f"SELECT count(*) FROM {table} WHERE {match}", question)
            database.run(f"DELETE FROM {table} WHERE {match}", question)
            gone[table] = int(row[0]) if row else 0
    return gone
