"""One person's ratings from a small file: CSV (with or without a header) or a JSON object {film: stars}.

A film is named by our film id, by the data set's own id, or by its title ("Fargo (1996)").
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recommender.checkpoint import FactorModel
from recommender.films import film_id, parse_title
from recommender.posterior import Posterior

FILM_COLUMNS = ("film_id", "id", "item_id", "movieid", "movie_id", "item", "movie", "film", "title", "name")
STAR_COLUMNS = ("stars", "rating", "score")
Scale = tuple[float, float]
"""Lowest and highest stars that the model knows."""


class PersonError(ValueError):
    """A file that cannot be read as one person's ratings; the message says where and why, in one line."""


@dataclass(frozen=True)
class Person:
    """The films that the model knows, by row, and the names that it does not."""

    stars: dict[int, float]
    unknown: tuple[str, ...]


def read_person(path: Path, model: FactorModel | Posterior) -> Person:
    """Read the file and find its films in the model. A film that is named twice counts with its last stars.

    Raises PersonError for a file without a readable rating, or with a broken one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PersonError(f"{path}: cannot be read ({' '.join(str(error).split())})") from None
    scale = (model.low, model.high)
    read = _from_json if text.lstrip().startswith("{") else _from_csv
    pairs = list(read(path, text, scale))
    if not pairs:
        raise PersonError(f"{path}: there is no rating in it; lines look like: Fargo (1996),4.5")
    places = {name: row for row, name in enumerate(model.item_ids)}
    places |= {name: row for row, name in enumerate(model.film_ids)}
    stars, unknown = {}, []
    for name, given in pairs:
        row = places.get(name, places.get(film_id(*parse_title(name))))
        if row is None:
            unknown.append(name)
        else:
            stars[row] = given
    return Person(stars, tuple(unknown))


def _from_json(path: Path, text: str, scale: Scale) -> Iterator[tuple[str, float]]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise PersonError(f"{path}: not JSON: {error}") from None
    for name, value in found.items():
        yield name, _stars(value, scale, f"{path}: {name!r}")


def _from_csv(path: Path, text: str, scale: Scale) -> Iterator[tuple[str, float]]:
    rows = [(n, row) for n, row in enumerate(csv.reader(text.splitlines()), 1) if any(map(str.strip, row))]
    film, stars = 0, 1
    header = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    if any(name in header for name in STAR_COLUMNS):
        film, stars = _column(path, header, FILM_COLUMNS), _column(path, header, STAR_COLUMNS)
        rows = rows[1:]
    for number, row in rows:
        if len(row) <= max(film, stars):
            raise PersonError(
                f"{path}:{number}: {len(row)} columns, at least {max(film, stars) + 1} are needed"
            )
        yield row[film].strip(), _stars(row[stars], scale, f"{path}:{number}: column {stars + 1}")


def _column(path: Path, header: list[str], names: tuple[str, ...]) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise PersonError(f"{path}:1: no column of films; name one {', '.join(names[:4])} or title")


def _stars(value: object, scale: Scale, where: str) -> float:
    try:
        stars = float(str(value))
    except ValueError:
        stars = math.nan
    if not math.isfinite(stars):
        raise PersonError(f"{where}: {str(value)!r} is not a number of stars")
    low, high = scale
    if not low <= stars <= high:
        raise PersonError(f"{where}: {stars:g} stars lie outside {low:g} to {high:g}")
    return stars
