"""A person's ratings out of a MovieLens set: `ratings.csv`, `u.data` or `ratings.dat` with its film files.

Film numbers are only understood together with the set's own films (`movies.csv` and `links.csv`, `u.item`,
`movies.dat` beside them), or where the data set in use numbers films in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from recommender.films import parse_title
from tutor.core.film_import.reading import table_of
from tutor.core.film_import.rows import Broken, FilmLine, Line, ReadFile, Table, UnreadableFile
from tutor.core.film_import.scales import OffScale, stars_from

_BARE = re.compile(r"(\d+)(?:\t|::)(\d+)(?:\t|::)(\d(?:\.\d)?)(?:\t|::)(\d+)\s*")
Named = dict[str, tuple[str, int, dict[str, str]]]
"""Number of a film -> its title, its year, its ids elsewhere."""
COLUMNS = ("userid", "movieid", "rating")


def is_set(texts: Mapping[str, str]) -> bool:
    """Whether these are ratings of a MovieLens set: users, films and stars in numbers."""
    return _ratings(texts) is not None


def read_set(texts: Mapping[str, str], user: str | None = None) -> ReadFile:
    """The ratings of `user`, or of the only person in the set. Raises `UnreadableFile`."""
    table = _ratings(texts)
    assert table is not None
    people = list(dict.fromkeys(line.cells.get("userid", "") for line in table.lines))
    if user is None and len(people) > 1:
        raise UnreadableFile(
            f"{table.file}: ratings of {len(people)} people; say whose they are, like --user {people[0]}."
        )
    if user is not None and user not in people:
        raise UnreadableFile(f"{table.file}: there is no user {user!r} in it.")
    own, named, broken = _own_key(table), _films(texts), list(table.broken)
    films = []
    for line in table.lines:
        if user in (None, line.cells.get("userid")):
            try:
                films.append(_film_line(table, line, own, named))
            except OffScale as fault:
                shown = ", ".join(line.cells.values())
                broken.append(Broken(table.file, line.number, shown, str(fault)))
    return ReadFile("MovieLens set", films, broken)


def _film_line(table: Table, line: Line, own: str, named: Named) -> FilmLine:
    cells = line.cells
    stars = stars_from(cells.get("rating", ""), 5)
    number = cells.get("movieid", "")
    if stars is None or not number:
        raise OffScale("no rating" if stars is None else "no film is named")
    title, year, keys = named.get(number, ("", 0, {}))
    when = cells.get("timestamp", "").zfill(12)
    return FilmLine(
        table.file, line.number, "rating", title, year, stars, keys={own: number, **keys}, date=when
    )


def _ratings(texts: Mapping[str, str]) -> Table | None:
    for name, text in texts.items():
        if _BARE.match(text):
            return _bare(name, text)
        head = text.lstrip().partition("\n")[0].casefold()
        if all(column in head for column in COLUMNS):
            return table_of(name, text)
    return None


def _bare(name: str, text: str) -> Table:
    """`u.data` and `ratings.dat` have no header."""
    columns = (*COLUMNS, "timestamp")
    table = Table(name, columns, [])
    for number, line in enumerate(text.splitlines(), 1):
        if found := _BARE.fullmatch(line):
            table.lines.append(Line(number, dict(zip(columns, found.groups(), strict=True))))
        elif line.strip():
            table.broken.append(Broken(name, number, line.strip()[:80], "not user, film, rating, time"))
    return table


def _own_key(table: Table) -> str:
    """ML-100K numbers films in its own way; all sets after it agree."""
    return "ml-100k" if table.file == "u.data" else "movielens"


def _films(texts: Mapping[str, str]) -> Named:
    """Number -> title, year, ids elsewhere, from the film files that lie beside the ratings."""
    films: Named = {}
    for number, title in _titles(texts):
        films[number] = (*parse_title(title), {})
    for line in table_of("links.csv", texts["links.csv"]).lines if "links.csv" in texts else ():
        imdb, tmdb, number = (line.cells.get(name, "") for name in ("imdbid", "tmdbid", "movieid"))
        keys = {"imdb": f"tt{int(imdb):07}"} if imdb.isdecimal() else {}
        keys |= {"tmdb": tmdb} if tmdb else {}
        title, year, _ = films.get(number, ("", 0, {}))
        films[number] = (title, year, keys)
    return films


def _titles(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if "movies.csv" in texts:
        for line in table_of("movies.csv", texts["movies.csv"]).lines:
            yield line.cells.get("movieid", ""), line.cells.get("title", "")
    for name, mark in (("u.item", "|"), ("movies.dat", "::")):
        for text in texts.get(name, "").splitlines():
            number, _, rest = text.partition(mark)
            yield number, rest.partition(mark)[0]
