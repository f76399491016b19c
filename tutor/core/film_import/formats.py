"""Which service wrote a table, told by its columns alone, and what its rows say of films.

Letterboxd (`ratings`, `watched`, `diary`, `reviews`, `watchlist`), IMDb (ratings old and new, lists), the
MovieLens site, and any table with a title or an id and a rating; what Letterboxd imports is one of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recommender.films import parse_title
from tutor.core.film_import.rows import Broken, FilmLine, Line, Table, UnreadableFile, What
from tutor.core.film_import.scales import OffScale, scale_of, stars_from

_FILM_TYPES = frozenset(
    ("movie", "feature", "featurefilm", "film", "tvmovie", "tvfilm", "short", "tvshort", "shortfilm", "video",
     "documentary", "tvspecial")
)  # fmt: skip
"""IMDb's title types, letters only, that are films; its spellings vary."""
_YEAR = re.compile(r"(?:18|19|20)\d\d")


@dataclass(frozen=True)
class Format:
    """A kind of table: the columns that tell it, and which column means what (first one that is there)."""

    name: str
    needs: tuple[tuple[str, ...], ...]
    """One of each group must be there."""
    stars: tuple[str, ...]
    title: tuple[str, ...] = ("title",)
    year: tuple[str, ...] = ("year",)
    original: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scale: int | None = 5
    """How high ratings go; None: found from the ratings."""


_TITLES = ("title", "name", "film", "movie", "movie title", "film title", "primary title")
_STARS = ("stars", "rating", "your rating", "my rating", "user rating", "score", "rating10", "user_rating")
_IDS = (
    ("imdb", ("imdbid", "imdb_id", "imdb id", "imdb", "const", "tconst")),
    ("tmdb", ("tmdbid", "tmdb_id", "tmdb id", "tmdb")),
    ("film", ("film_id", "id")),
    ("movielens", ("movieid", "movie_id", "item_id", "item")),
)
FORMATS = (
    Format("Letterboxd", (("letterboxd uri",), ("name",)), ("rating",), ("name",), page=("letterboxd uri",),
           date=("watched date", "date")),
    Format("IMDb", (("const",),), ("your rating",), original=("original title",), kind=("title type",),
           date=("date rated", "created"), keys=(("imdb", ("const",)),), scale=10),
    Format("MovieLens site", (("movie_id",), ("imdb_id",), ("tmdb_id",), ("rating",)), ("rating",),
           keys=(("movielens", ("movie_id",)), ("imdb", ("imdb_id",)), ("tmdb", ("tmdb_id",)))),
    Format("CSV", ((*_TITLES, *(name for _, names in _IDS for name in names)), _STARS), _STARS, _TITLES,
           ("year", "release year", "release_year", "release date"), ("original title", "original_title"),
           ("title type", "type"), date=("date", "rated_at", "date rated", "watcheddate"), keys=_IDS,
           scale=None),
)  # fmt: skip
"""The first that fits is meant."""


def format_of(table: Table) -> Format:
    """Which kind of table this is. Raises `UnreadableFile` that says what was looked for."""
    columns = set(table.columns)
    for one in FORMATS:
        if all(columns.intersection(group) for group in one.needs):
            return one
    found = ",".join(table.columns)[:60]
    raise UnreadableFile(
        f"{table.file}, line 1: no column of films and ratings ({found!r}); "
        "a header title,year,stars is enough."
    )


def film_lines(table: Table) -> tuple[list[FilmLine], list[Broken], int]:
    """What the rows of a table say, the rows that cannot be used, and the scale that was read."""
    kind = format_of(table)
    stars = _filled(table, kind.stars)
    scale = kind.scale or _own_scale(table, stars)
    lines, broken = [], list(table.broken)
    for line in table.lines:
        try:
            lines.append(_film_line(table, kind, line, stars, scale))
        except OffScale as fault:
            shown = ", ".join(filter(None, line.cells.values()))[:80]
            broken.append(Broken(table.file, line.number, shown, str(fault)))
    return lines, broken, scale


def _film_line(table: Table, kind: Format, line: Line, stars: str, scale: int) -> FilmLine:
    cells = line.cells
    if (sort := _first(cells, kind.kind)) and not _is_film(sort):
        raise OffScale(f"a {sort}, not a film")
    title, year = parse_title(_first(cells, kind.title))
    given = _YEAR.search(_first(cells, kind.year))
    keys = {name: _key(name, _first(cells, columns)) for name, columns in kind.keys}
    keys = {name: key for name, key in keys.items() if key}
    if not title and not keys:
        raise OffScale("no film is named")
    value = stars_from(cells.get(stars, ""), scale) if stars else None
    return FilmLine(
        table.file, line.number, _what(table, value), title, int(given[0]) if given else year, value,
        parse_title(_first(cells, kind.original))[0], keys, _page(table, kind, cells),
        _first(cells, kind.date),
    )  # fmt: skip


def _own_scale(table: Table, stars: str) -> int:
    """`rating10` says it; otherwise the highest rating does."""
    return 10 if stars.endswith("10") else scale_of(line.cells.get(stars, "") for line in table.lines)


def _what(table: Table, stars: float | None) -> What:
    """Without stars a film is on a list, or it was seen; tables of both look alike but for their name."""
    if stars is not None:
        return "rating"
    on_a_list = "position" in table.columns or "watchlist" in table.file.casefold()
    return "watchlist" if on_a_list else "seen"


def _page(table: Table, kind: Format, cells: Mapping[str, str]) -> str:
    """Address of the film's page; a diary has one of its own for each entry, which tells nothing."""
    return "" if "watched date" in table.columns else _first(cells, kind.page)


def _is_film(sort: str) -> bool:
    return re.sub(r"[^a-z]", "", sort.casefold()) in _FILM_TYPES


def _key(name: str, text: str) -> str:
    """An id as our films have it: `tt0108052`, without the zeros that are lost or added on the way."""
    if name == "imdb":
        digits = text.casefold().removeprefix("tt")
        return f"tt{int(digits):07}" if digits.isdecimal() else ""
    if name == "film":
        return text
    return str(int(text)) if text.isdecimal() else ""


def _filled(table: Table, names: tuple[str, ...]) -> str:
    """The first of the columns that holds anything; else the first that is there."""
    there = [name for name in names if name in table.columns]
    filled = (name for name in there if any(line.cells.get(name) for line in table.lines))
    return next(filled, there[0] if there else "")


def _first(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def in_one(tables: Mapping[str, Table]) -> Iterator[Table]:
    """The tables of a Letterboxd export that say what was rated, seen or wished for; else all that fit."""
    wanted = [table for name, table in tables.items() if name.casefold() in _LETTERBOXD]
    for table in wanted or tables.values():
        try:
            format_of(table)
        except UnreadableFile:
            if len(tables) == 1:
                raise
            continue
        yield table


_LETTERBOXD = ("ratings.csv", "watched.csv", "diary.csv", "reviews.csv", "watchlist.csv")
