"""What happened when: the moments of all work, and what a stretch of time holds. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from tutor.store.database import Database
from tutor.store.learning import Message

Kind = Literal["talk", "answer", "run", "card", "film", "code"]
_MOMENTS = """
SELECT at, 'talk' AS kind, coalesce(question, '') AS ref, label FROM messages
UNION ALL SELECT at, 'answer', question, NULL FROM attempts
UNION ALL SELECT coalesce(ended_at, at), 'run', experiment, NULL FROM runs WHERE status <> 'running'
UNION ALL SELECT at, 'card', card, NULL FROM reviews WHERE undone_at IS NULL
UNION ALL SELECT at, 'film', film, NULL FROM rating_log WHERE undone_at IS NULL
UNION ALL SELECT at, 'code', question, NULL FROM code_checks
"""


@dataclass(frozen=True)
class Moment:
    """Something was done at a time (UTC). `ref`: the question, experiment, card or film."""

    at: datetime
    kind: Kind
    ref: str
    label: str | None = None
    """Of the tutor's move, where it is talk."""


@dataclass(frozen=True)
class Starred:
    """A film's stars before and after a stretch of time; None stands for "not rated"."""

    id: str
    title: str
    year: int
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Checked:
    """How the checks of one code exercise went."""

    question: str
    checks: int
    passed: bool


class History:
    """Reads across the tables of one learner. Times are UTC text whose order is the order of time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def moments(self, since: str = "") -> list[Moment]:
        """Everything that was done since then, oldest first."""
        rows = self._db.all(f"SELECT * FROM ({_MOMENTS}) WHERE at >= ?", since)
        found = [Moment(parsed(row["at"]), row["kind"], row["ref"], row["label"]) for row in rows]
        return sorted(found, key=lambda moment: moment.at)

    def messages(self, start: str, end: str) -> list[Message]:
        """The lines of the transcript from one time to another, oldest first."""
        rows = self._db.all("SELECT * FROM messages WHERE at BETWEEN ? AND ? ORDER BY id", start, end)
        return [Message(**row) for row in map(dict, rows)]

    def starred(self, start: str, end: str) -> list[Starred]:
        """The films whose stars were changed, the first one leading; what was undone does not count."""
        rows = self._db.all(
            """SELECT f.id, f.title, f.year, l.before, l.after FROM rating_log l JOIN films f ON f.id = l.film
               WHERE l.kind = 'stars' AND l.undone_at IS NULL AND l.at BETWEEN ? AND ? ORDER BY l.id""",
            start, end,
        )  # fmt: skip
        films: dict[str, Starred] = {}
        for row in rows:
            before = films[row["id"]].before if row["id"] in films else row["before"]
            films[row["id"]] = Starred(row["id"], row["title"], row["year"], before, row["after"])
        return [film for film in films.values() if film.before != film.after]

    def checked(self, start: str, end: str) -> list[Checked]:
        """The code exercises that were checked, the first one leading."""
        rows = self._db.all(
            "SELECT question, count(*) AS checks, max(passed) AS passed FROM code_checks "
            "WHERE at BETWEEN ? AND ? GROUP BY question ORDER BY min(id)",
            start, end,
        )  # fmt: skip
        return [Checked(row["question"], row["checks"], bool(row["passed"])) for row in rows]


def parsed(at: str) -> datetime:
    """A stored time; one without a zone is UTC."""
    time = datetime.fromisoformat(at)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
