"""What the learner says of films: stars and marks. They belong to films, not to a data set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tutor.store.database import Database, now

Mark = Literal["not_seen", "seen", "hidden", "watchlist"]
MARKS: tuple[Mark, ...] = ("not_seen", "seen", "hidden", "watchlist")
"""Not seen yet; seen, but not rated; not interesting; to be watched."""
Kind = Literal["stars", "not_seen", "seen", "hidden", "watchlist"]


@dataclass(frozen=True)
class FilmRow:
    """A film as the learner met it; `year` is 0 when unknown."""

    id: str
    title: str
    year: int
    genres: tuple[str, ...]
    keys: dict[str, str]


@dataclass(frozen=True)
class RatingRow:
    """A rating in stars (0.5 to 5 in halves) and when it was given."""

    film: FilmRow
    stars: float
    at: str


@dataclass(frozen=True)
class Change:
    """One change of a rating or a mark; None stands for "not rated", "not marked"."""

    film: FilmRow
    before: float | None
    after: float | None
    kind: Kind = "stars"
    count: int = 1
    """Changes that were made, or undone, together with this one."""


@dataclass(frozen=True)
class Guess:
    """A first rating and the stars that were forecast for it, unseen, before it was given."""

    film: FilmRow
    predicted: float
    stars: float


@dataclass(frozen=True)
class Asked:
    """How the questions of one strategy went. `off`: mean absolute error of its forecasts, in stars."""

    strategy: str
    asked: int
    seen: int
    off: float | None


class RatingTable:
    """Reads and writes ratings and marks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def set(
        self, film: FilmRow, stars: float | None, predicted: float | None = None, asked_by: str | None = None
    ) -> Change:
        """Rate a film, or delete its rating with None; returns what changed.

        `predicted`: what was forecast, if the learner could not see it; `asked_by`: how the film was chosen,
        if it was asked about.
        """
        with self._db.transaction():
            return self._change(film, "stars", stars, predicted=predicted, asked_by=asked_by)

    def mark(self, film: FilmRow, mark: Mark, on: bool = True, asked_by: str | None = None) -> Change:
        """Mark a film, or take the mark away; `asked_by` as for `set`."""
        with self._db.transaction():
            return self._change(film, mark, 1.0 if on else None, asked_by=asked_by)

    def change_all(
        self, changes: Iterable[tuple[FilmRow, Kind, float | None]], batch: int | None = None
    ) -> int | None:
        """Make many changes, all or none, that one `undo` takes back; what changes nothing is left out.

        Returns the number of the batch, or None if nothing changed. With `batch` they join that one.
        """
        with self._db.transaction():
            for film, kind, value in changes:
                if self._value(film.id, kind) == value:
                    continue
                self._change(film, kind, value, batch)
                if batch is None:
                    row = self._db.one("SELECT max(id) AS id FROM rating_log")
                    batch = int(row["id"]) if row else None
                    self._db.run("UPDATE rating_log SET batch = ? WHERE id = ?", batch, batch)
        return batch

    def undo(self) -> Change | None:
        """Take back the last change that stands, with all of its batch; return it, or None for none."""
        with self._db.transaction():
            last = self._db.one("SELECT * FROM rating_log WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
            if last is None:
                return None
            rows = self._db.all(
                "SELECT * FROM rating_log WHERE undone_at IS NULL AND (id = ? OR batch = ?) ORDER BY id DESC",
                last["id"], last["batch"],
            )  # fmt: skip
            for row in rows:
                self._put(row["film"], row["kind"], row["before"])
                self._db.run("UPDATE rating_log SET undone_at = ? WHERE id = ?", now(), row["id"])
            film = self.film(last["film"])
            assert film is not None  # the log refers to films that were stored with it
            return Change(film, last["before"], last["after"], last["kind"], len(rows))

    def all(self) -> list[RatingRow]:
        """Return every rating, newest first."""
        rows = self._db.all(
            "SELECT f.*, r.stars, r.at FROM ratings r JOIN films f ON f.id = r.film ORDER BY r.at DESC, f.id"
        )
        return [RatingRow(_film(row), row["stars"], row["at"]) for row in rows]

    def stars(self) -> dict[str, float]:
        """Return stars by film id."""
        return {row["film"]: row["stars"] for row in self._db.all("SELECT film, stars FROM ratings")}

    def marked(self, *marks: Mark) -> list[FilmRow]:
        """Return the films with one of these marks, the last one marked first."""
        rows = self._db.all(
            "SELECT DISTINCT f.* FROM film_marks m JOIN films f ON f.id = m.film "
            f"WHERE m.mark IN ({', '.join('?' * len(marks))}) ORDER BY m.at DESC, f.id",
            *marks,
        )
        return [_film(row) for row in rows]

    def marks(self) -> dict[Mark, frozenset[str]]:
        """Return ids of the films by mark."""
        found: dict[Mark, set[str]] = {mark: set() for mark in MARKS}
        for row in self._db.all("SELECT film, mark FROM film_marks"):
            found[row["mark"]].add(row["film"])
        return {mark: frozenset(films) for mark, films in found.items()}

    def guesses(self) -> list[Guess]:
        """Return all first ratings with a forecast, in the order in which they were given.

        A film that was rated before, even if that was undone, is left out: its forecast is known by then.
        """
        rows = self._db.all(
            """SELECT f.*, l.predicted, l.after FROM rating_log l JOIN films f ON f.id = l.film
               WHERE l.predicted IS NOT NULL AND l.after IS NOT NULL AND l.undone_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM rating_log e WHERE e.film = l.film AND e.id < l.id
                               AND e.kind = 'stars' AND e.after IS NOT NULL) ORDER BY l.id"""
        )
        return [Guess(_film(row), row["predicted"], row["after"]) for row in rows]

    def asked(self) -> list[Asked]:
        """Return how the questions of each strategy went, the strategy that was used most first."""
        rows = self._db.all(
            """SELECT asked_by, count(*) AS asked, sum(kind = 'stars') AS seen,
                      avg(CASE WHEN kind = 'stars' THEN abs(predicted - after) END) AS off
               FROM rating_log WHERE asked_by IS NOT NULL AND undone_at IS NULL
               GROUP BY asked_by ORDER BY asked DESC, asked_by"""
        )
        return [Asked(row["asked_by"], row["asked"], row["seen"], row["off"]) for row in rows]

    def film(self, film_id: str) -> FilmRow | None:
        """Return a film that was rated or marked once, or None."""
        row = self._db.one("SELECT * FROM films WHERE id = ?", film_id)
        return _film(row) if row else None

    # --- inside a transaction ----------------------------------------------------------------

    def _change(
        self,
        film: FilmRow,
        kind: Kind,
        value: float | None,
        batch: int | None = None,
        predicted: float | None = None,
        asked_by: str | None = None,
    ) -> Change:
        self._keep(film)
        before = self._value(film.id, kind)
        self._put(film.id, kind, value)
        self._db.run(
            """INSERT INTO rating_log (at, film, before, after, kind, batch, predicted, asked_by)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            now(), film.id, before, value, kind, batch, predicted, asked_by,
        )  # fmt: skip
        return Change(film, before, value, kind)

    def _keep(self, film: FilmRow) -> None:
        """Store the film; ids that it has elsewhere are added to those that are known."""
        self._db.run(
            """INSERT INTO films (id, title, year, genres, keys) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET title = excluded.title, year = excluded.year,
                 genres = excluded.genres, keys = json_patch(keys, excluded.keys)""",
            film.id, film.title, film.year, json.dumps(film.genres), json.dumps(film.keys),
        )  # fmt: skip

    def _value(self, film_id: str, kind: Kind) -> float | None:
        if kind == "stars":
            row = self._db.one("SELECT stars FROM ratings WHERE film = ?", film_id)
            return row["stars"] if row else None
        row = self._db.one("SELECT 1 FROM film_marks WHERE film = ? AND mark = ?", film_id, kind)
        return 1.0 if row else None

    def _put(self, film_id: str, kind: Kind, value: float | None) -> None:
        if kind != "stars" and value is None:
            self._db.run("DELETE FROM film_marks WHERE film = ? AND mark = ?", film_id, kind)
        elif kind != "stars":
            self._db.run("INSERT OR REPLACE INTO film_marks VALUES (?, ?, ?)", film_id, kind, now())
        elif value is None:
            self._db.run("DELETE FROM ratings WHERE film = ?", film_id)
        else:
            self._db.run("INSERT OR REPLACE INTO ratings VALUES (?, ?, ?)", film_id, value, now())


def _film(row: object) -> FilmRow:
    values = dict(row)  # type: ignore[call-overload]
    return FilmRow(
        values["id"], values["title"], values["year"], tuple(json.loads(values["genres"])),
        json.loads(values["keys"]),
    )  # fmt: skip
