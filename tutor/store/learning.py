"""The transcript, graded answers, and where the learner stands with each question."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from tutor.store.database import Database, now

Role = Literal["you", "tutor"]
State = Literal["new", "started", "done"]


@dataclass(frozen=True)
class Message:
    """One line of the transcript."""

    id: int
    at: str
    role: Role
    label: str | None
    text: str
    question: str | None


@dataclass(frozen=True)
class Attempt:
    """One graded answer."""

    id: int
    at: str
    question: str
    answer: str
    verdict: str
    score: float
    grade: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """Where the learner stands with one question."""

    id: str
    state: State = "new"
    covered: frozenset[str] = frozenset()
    """Points that some answer has covered."""
    rungs: dict[str, int] = field(default_factory=dict)
    """Rungs of each point's hint ladder that were given."""
    attempts: int = 0
    hints: int = 0
    told: bool = False
    updated_at: str = ""


class Learning:
    """Reads and writes what happens in the chat."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def say(self, role: Role, text: str, *, label: str | None = None, question: str | None = None) -> int:
        """Add a line to the transcript and return its id."""
        return self._db.run(
            "INSERT INTO messages (at, role, label, text, question) VALUES (?, ?, ?, ?, ?)",
            now(), role, label, text, question,
        )  # fmt: skip

    def messages(self, limit: int = 100) -> list[Message]:
        """Return the last lines of the transcript, oldest first."""
        rows = self._db.all("SELECT * FROM messages ORDER BY id DESC LIMIT ?", limit)
        return [Message(**row) for row in map(dict, reversed(rows))]

    def add_attempt(self, question: str, answer: str, grade: dict[str, Any]) -> int:
        """Keep a graded answer; `grade` holds at least `verdict` and `score`."""
        return self._db.run(
            "INSERT INTO attempts (at, question, answer, verdict, score, grade) VALUES (?, ?, ?, ?, ?, ?)",
            now(), question, answer, grade["verdict"], grade["score"], json.dumps(grade),
        )  # fmt: skip

    def attempts(self, question: str | None = None) -> list[Attempt]:
        """Return graded answers, oldest first, of one question or of all."""
        rows = self._db.all("SELECT * FROM attempts WHERE ?1 IS NULL OR question = ?1 ORDER BY id", question)
        return [Attempt(**{**row, "grade": json.loads(row["grade"])}) for row in map(dict, rows)]

    def standing(self, question: str) -> Standing:
        """Return where the learner stands with a question; a new one if never opened."""
        return self.standings().get(question, Standing(question))

    def standings(self) -> dict[str, Standing]:
        """Return the standing of every question that was ever opened, by id."""
        rows = self._db.all("SELECT * FROM questions")
        return {row["id"]: _standing(dict(row)) for row in rows}

    def save_standing(self, standing: Standing) -> None:
        """Write where the learner stands with a question."""
        self._db.run(
            "INSERT OR REPLACE INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            standing.id, standing.state, json.dumps(sorted(standing.covered)), json.dumps(standing.rungs),
            standing.attempts, standing.hints, int(standing.told), now(),
        )  # fmt: skip


def _standing(row: dict[str, Any]) -> Standing:
    row["covered"] = frozenset(json.loads(row["covered"]))
    row["rungs"] = json.loads(row["rungs"])
    row["told"] = bool(row["told"])
    return Standing(**row)
