"""Reads `recommend --ratings FILE`: a CSV with a header, a film in each row and its stars.

Columns (in any order, others are ignored): `stars` or `rating`, and one of `id` (our film id),
`title` (with `year`, or as "Fargo (1996)"), `movieId` (the film's number in the data set).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tutor.cli.diagnostics import ExitCode, UsageError, exit_code_of
from tutor.core.movies import parse_stars

FilmOf = Callable[[str], str]
"""Our id of a film named by id or "Title (year)"; raises with one clear line for an unknown one."""

_STARS = ("stars", "rating")
_ID = ("id", "film_id", "film")
_TITLE = ("title", "name")
_NUMBER = ("movieid", "movie_id", "item_id", "item")


def read_ratings(path: Path, film_of: FilmOf, numbers: Mapping[str, str]) -> dict[str, float]:
    """Return stars by film id; of two rows for one film the later counts.

    `numbers` gives the film id of each number that the data set uses. Raises `UsageError` for the
    first row that cannot be read, with file, line and column.
    """
    ratings: dict[str, float] = {}
    for line, row in _rows(path):
        try:
            ratings[_film(row, film_of, numbers)] = parse_stars(_first(row, _STARS))
        except Exception as error:
            if exit_code_of(error) is not ExitCode.BAD_INPUT:
                raise
            raise UsageError(f"{path}, line {line}: {error}") from error
    if not ratings:
        raise UsageError(f"{path}: no ratings in it; write one film per line below the header title,stars.")
    return ratings


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that hold something, by lower-case column name, with their line numbers."""
    reader = csv.reader(_text(path).splitlines(keepends=True), strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(path, reader.line_num, cells)
            elif len(cells) != len(header):
                wanted = f"{len(header)} fields as in the header, not {len(cells)}"
                raise UsageError(f"{path}, line {reader.line_num}: expected {wanted}.")
            else:
                yield reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as fault:
        raise UsageError(
            f"{path}, line {reader.line_num}: {fault}; put a text in one pair of quotes."
        ) from fault


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise UsageError(f"{path}, line {line}: this is not UTF-8 text; save the file as UTF-8.") from None
    except OSError as fault:
        raise UsageError(f"{path}: {fault.strerror}; name a file that can be read.") from None


def _header(path: Path, line: int, cells: list[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    has_stars = any(name in names for name in _STARS)
    if not has_stars or not any(name in names for name in (*_ID, *_TITLE, *_NUMBER)):
        needed = "a header with stars and one of id, title, movieId"
        raise UsageError(f"{path}, line {line}: expected {needed}, found {','.join(cells)[:60]!r}.")
    return names


def _film(row: Mapping[str, str], film_of: FilmOf, numbers: Mapping[str, str]) -> str:
    if name := _first(row, _ID):
        return film_of(name)
    if title := _first(row, _TITLE):
        year = row.get("year", "")
        return film_of(f"{title} ({year})" if year else title)
    number = _first(row, _NUMBER)
    if number not in numbers:
        what = f"no film has the number {number!r} in this data set" if number else "no film is named"
        raise UsageError(f"{what}; give its title or id.")
    return numbers[number]


def _first(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
