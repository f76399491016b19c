"""Our own files: ratings and marks as JSON, and the CSV that Letterboxd imports.

Letterboxd's columns: https://letterboxd.com/about/importing-data/ (a title's double quotes become single
ones there, since its rules for them differ from everybody else's).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tutor.core.errors import BadInput
from tutor.core.film_import.rows import Broken, FilmLine, ReadFile, UnreadableFile, What
from tutor.core.film_import.scales import OffScale, stars_from
from tutor.store.ratings import FilmRow, RatingRow

FORMAT = "tutor-ratings-1"
COLUMNS = ("tmdbID", "imdbID", "Title", "Year", "Rating", "WatchedDate")
_LISTS: tuple[tuple[str, What], ...] = (("ratings", "rating"), ("seen", "seen"), ("watchlist", "watchlist"))


Films = Sequence[FilmRow]


class CannotWrite(BadInput):
    """A file that cannot be written, or whose ending says nothing."""


def write(path: Path, ratings: Sequence[RatingRow], seen: Films, wished: Films) -> None:
    """Write `.csv` for Letterboxd or `.json` with everything. Raises `CannotWrite`."""
    ending = path.suffix.casefold()
    if ending not in (".csv", ".json"):
        raise CannotWrite(f"{path}: end the name in .csv (for Letterboxd) or .json (everything).")
    text = _csv(ratings) if ending == ".csv" else _json(ratings, seen, wished)
    try:
        path.expanduser().write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror or error}; name a place that can be written.") from None


def _csv(ratings: Sequence[RatingRow]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in ratings:
        film = row.film
        title = film.title.replace('"', "'")
        ids = (film.keys.get("tmdb", ""), film.keys.get("imdb", ""))
        writer.writerow((*ids, title, film.year or "", f"{row.stars:g}", row.at[:10]))
    return file.getvalue()


def _json(ratings: Sequence[RatingRow], seen: Films, wished: Films) -> str:
    told = {
        "format": FORMAT,
        "ratings": [{**_film(row.film), "stars": row.stars, "at": row.at} for row in ratings],
        "seen": [_film(film) for film in seen],
        "watchlist": [_film(film) for film in wished],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _film(film: FilmRow) -> dict[str, Any]:
    return {"id": film.id, "title": film.title, "year": film.year or None, "keys": film.keys}


def is_own(texts: Mapping[str, str]) -> bool:
    """Whether this is one JSON file."""
    return len(texts) == 1 and next(iter(texts.values())).lstrip()[:1] in ("{", "[")


def read_own(texts: Mapping[str, str]) -> ReadFile:
    """Read the JSON of `write`; the line of a row is its number in its list. Raises `UnreadableFile`."""
    ((name, text),) = texts.items()
    try:
        told = json.loads(text)
    except ValueError as error:
        raise UnreadableFile(f"{name}: not JSON: {error}.") from None
    lists = told if isinstance(told, dict) else {"ratings": told}
    read = ReadFile("ratings as JSON", [], [])
    for key, what in _LISTS:
        rows = lists.get(key) or []
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            try:
                read.films.append(_line(name, number, what, row))
            except (OffScale, TypeError, ValueError, AttributeError) as fault:
                read.broken.append(Broken(name, number, str(row)[:80], str(fault)))
    if not read.films and not read.broken:
        raise UnreadableFile(f'{name}: no list "ratings" of films with stars is in it.')
    return read


def _line(name: str, number: int, what: What, row: Mapping[str, Any]) -> FilmLine:
    keys = {str(key): str(value) for key, value in (row.get("keys") or {}).items()}
    keys = {"film": str(row["id"]), **keys} if row.get("id") else keys
    stars = stars_from(str(row.get("stars", "")), 5) if what == "rating" else None
    if what == "rating" and stars is None:
        raise OffScale("no stars")
    title, year = str(row.get("title") or ""), int(row.get("year") or 0)
    if not title and not keys:
        raise OffScale("no film is named")
    return FilmLine(name, number, what, title, year, stars, keys=keys, date=str(row.get("at", "")))
