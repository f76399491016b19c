"""Code exercises: texts, checks, and the scores of models that a learner's program became."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tutor.store.database import Database, now

Stage = Literal["blanks", "own"]


@dataclass(frozen=True)
class OwnModel:
    """What a learner's program would give the learner for each film. Data alone."""

    name: str
    at: str
    data: str
    """Name of the data set it was trained on."""
    about: dict[str, Any]
    scores: dict[str, float]
    """Stars by film id."""


class CodeTable:
    """Reads and writes what belongs to code exercises."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # --- texts -------------------------------------------------------------------------------

    def text(self, question: str, stage: Stage) -> str | None:
        """What the learner wrote; None if nothing yet."""
        row = self._db.one("SELECT text FROM code_texts WHERE question = ? AND stage = ?", question, stage)
        return str(row["text"]) if row else None

    def keep(self, question: str, stage: Stage, text: str) -> None:
        """Store a text."""
        self._db.run("INSERT OR REPLACE INTO code_texts VALUES (?, ?, ?, ?)", question, stage, text, now())

    def forget(self, question: str | None = None) -> int:
        """Forget the texts of one question, or of all; returns how many there were."""
        with self._db.transaction():
            wanted = "WHERE ?1 IS NULL OR question = ?1"
            count = len(self._db.all(f"SELECT 1 FROM code_texts {wanted}", question))
            self._db.run(f"DELETE FROM code_texts {wanted}", question)
        return count

    def begun(self) -> frozenset[str]:
        """Questions for which there is a text."""
        return frozenset(row["question"] for row in self._db.all("SELECT DISTINCT question FROM code_texts"))

    # --- checks ------------------------------------------------------------------------------

    def add_check(self, question: str, code: str, passed: bool, bug: str | None) -> None:
        """Store how a check went."""
        self._db.run(
            "INSERT INTO code_checks (at, question, code, passed, bug) VALUES (?, ?, ?, ?, ?)",
            now(), question, code, int(passed), bug,
        )  # fmt: skip

    def passed(self) -> frozenset[str]:
        """Questions of which a check was passed."""
        rows = self._db.all("SELECT DISTINCT question FROM code_checks WHERE passed = 1")
        return frozenset(row["question"] for row in rows)

    def best_check(self, question: str) -> tuple[str, bool] | None:
        """The newest code that passed, else the newest that was checked, and whether it passed."""
        row = self._db.one(
            "SELECT code, passed FROM code_checks WHERE question = ? ORDER BY passed DESC, id DESC", question
        )
        return (row["code"], bool(row["passed"])) if row else None

    # --- models ------------------------------------------------------------------------------

    def save_model(self, name: str, data: str, about: Mapping[str, Any], scores: Mapping[str, float]) -> None:
        """Store scores under a name; an older model of that name is replaced."""
        self._db.run(
            "INSERT OR REPLACE INTO own_models VALUES (?, ?, ?, ?, ?)",
            name, now(), data, json.dumps(dict(about)), json.dumps(dict(scores)),
        )  # fmt: skip

    def model(self, name: str) -> OwnModel | None:
        """The model of that name."""
        row = self._db.one("SELECT * FROM own_models WHERE name = ?", name)
        if row is None:
            return None
        return OwnModel(
            row["name"], row["at"], row["data"], json.loads(row["about"]), json.loads(row["scores"])
        )

    def models(self, data: str | None = None) -> list[str]:
        """Names of the models of a data set, or of all, newest first."""
        rows = self._db.all(
            "SELECT name FROM own_models WHERE ?1 IS NULL OR data = ?1 ORDER BY at DESC", data
        )
        return [row["name"] for row in rows]
