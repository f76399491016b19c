"""Experiments that were run, with the prediction that was made before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from tutor.store.database import Database, now

Ending = Literal["finished", "failed", "cancelled"]


@dataclass(frozen=True)
class RunRow:
    """One run; `result` is the finished event, None unless it finished."""

    id: int
    at: str
    experiment: str
    config: dict[str, Any]
    prediction: str | None
    status: str
    result: dict[str, Any] | None
    ended_at: str | None
    observed: str | None
    """What the learner says they saw, before the explanation."""


class RunTable:
    """Reads and writes runs."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def start(self, experiment: str, config: dict[str, Any], prediction: str | None) -> int:
        """Store a run before it starts and return its id."""
        return self._db.run(
            "INSERT INTO runs (at, experiment, config, prediction, status) VALUES (?, ?, ?, ?, 'running')",
            now(), experiment, json.dumps(config), prediction,
        )  # fmt: skip

    def end(self, run_id: int, status: Ending, result: dict[str, Any] | None = None) -> None:
        """Store how a run ended."""
        self._db.run(
            "UPDATE runs SET status = ?, result = ?, ended_at = ? WHERE id = ?",
            status, json.dumps(result) if result is not None else None, now(), run_id,
        )  # fmt: skip

    def observe(self, run_id: int, observed: str) -> None:
        """Store what the learner saw in a run."""
        self._db.run("UPDATE runs SET observed = ? WHERE id = ?", observed, run_id)

    def all(self, experiment: str | None = None, since: str = "") -> list[RunRow]:
        """Return runs that ended (or only began) since then, newest first, of one experiment or of all."""
        rows = self._db.all(
            "SELECT * FROM runs WHERE (?1 IS NULL OR experiment = ?1) AND coalesce(ended_at, at) >= ?2 "
            "ORDER BY id DESC",
            experiment, since,
        )  # fmt: skip
        return [_run(dict(row)) for row in rows]


def _run(row: dict[str, Any]) -> RunRow:
    row["config"] = json.loads(row["config"])
    row["result"] = json.loads(row["result"]) if row["result"] else None
    return RunRow(**row)
