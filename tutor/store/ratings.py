"""The learner's ratings. They belong to films, not to a data set, and every change can be undone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tutor.store.database import Database, now


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
    """One change of a rating; None stands for "not rated"."""

    film: FilmRow
    before: float | None
    after: float | None


class RatingTable:
    """Reads and writes ratings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def set(self, film: FilmRow, stars: float | None) -> Change:
        """Rate a film, or delete its rating with None; returns what changed."""
        with self._db.transaction():
            self._keep(film)
            before = self._stars(film.id)
            self._put(film.id, stars)
            self._db.run(
                "INSERT INTO rating_log (at, film, before, after) VALUES (?, ?, ?, ?)",
                now(), film.id, before, stars,
            )  # fmt: skip
            return Change(film, before, stars)

    def undo(self) -> Change | None:
        """Take back the last change that stands; return it, or None if there is none."""
        with self._db.transaction():
            row = self._db.one("SELECT * FROM rating_log WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
            if row is None:
                return None
            film = self.film(row["film"])
            assert film is not None  # the log refers to films that were stored with it
            self._put(film.id, row["before"])
            self._db.run("UPDATE rating_log SET undone_at = ? WHERE id = ?", now(), row["id"])
            return Change(film, row["before"], row["after"])

    def all(self) -> list[RatingRow]:
        """Return every rating, newest first."""
        rows = self._db.all(
            "SELECT f.*, r.stars, r.at FROM ratings r JOIN films f ON f.id = r.film ORDER BY r.at DESC, f.id"
        )
        return [RatingRow(_film(row), row["stars"], row["at"]) for row in rows]

    def stars(self) -> dict[str, float]:
        """Return stars by film id."""
        return {row["film"]: row["stars"] for row in self._db.all("SELECT film, stars FROM ratings")}

    def film(self, film_id: str) -> FilmRow | None:
        """Return a film that was rated once, or None."""
        row = self._db.one("SELECT * FROM films WHERE id = ?", film_id)
        return _film(row) if row else None

    def _keep(self, film: FilmRow) -> None:
        self._db.run(
            """INSERT INTO films (id, title, year, genres, keys) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET title = excluded.title, year = excluded.year,
                                              genres = excluded.genres, keys = excluded.keys""",
            film.id, film.title, film.year, json.dumps(film.genres), json.dumps(film.keys),
        )  # fmt: skip

    def _stars(self, film_id: str) -> float | None:
        row = self._db.one("SELECT stars FROM ratings WHERE film = ?", film_id)
        return row["stars"] if row else None

    def _put(self, film_id: str, stars: float | None) -> None:
        if stars is None:
            self._db.run("DELETE FROM ratings WHERE film = ?", film_id)
        else:
            self._db.run("INSERT OR REPLACE INTO ratings VALUES (?, ?, ?)", film_id, stars, now())


def _film(row: object) -> FilmRow:
    values = dict(row)  # type: ignore[call-overload]
    return FilmRow(
        values["id"], values["title"], values["year"], tuple(json.loads(values["genres"])),
        json.loads(values["keys"]),
    )  # fmt: skip
