"""Which format a folder or file is in, and reading it: MovieLens in all its forms, RecBole, any CSV."""

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from recommender.datasets.assemble import assemble
from recommender.datasets.errors import DataError
from recommender.datasets.film_files import (
    Films,
    People,
    atomic_names,
    read_atomic_items,
    read_atomic_users,
    read_movies_csv,
    read_movies_dat,
    read_u_item,
    read_u_user,
    read_users_dat,
)
from recommender.datasets.presence import Source, Wishes, find_ratings
from recommender.datasets.rating_files import Columns, read_ratings
from recommender.datasets.registry import Identity
from recommender.datasets.tables import Problems, Table, beside, encoding_of
from recommender.ratings import Dataset

_NAMES: dict[str, tuple[str, ...]] = {
    "user": ("userid", "user", "uid", "u", "memberid", "member", "reviewerid", "reviewer", "viewer"),
    "item": ("movieid", "itemid", "filmid", "movie", "item", "film", "iid", "mid", "i", "title", "isbn"),
    "rating": ("rating", "stars", "score", "ratings", "value", "overall", "r"),
    "time": ("timestamp", "time", "date", "datetime", "ratedat", "unixreviewtime"),
}
"""What people call the columns, in order of preference, without case, blanks, marks and RecBole's types."""


@dataclass(frozen=True)
class Layout:
    """How a ratings file is to be read, and with which files of films and people beside it."""

    table: Table
    columns: Columns
    films: Callable[[Problems], Films] | None = None
    people: Callable[[Problems], People] | None = None


def read(path: Source, identity: Identity, wishes: Wishes, problems: Problems) -> Dataset:
    """The data set in a folder, a zip archive or a file. DataError says what, where and how to mend it."""
    try:
        file = find_ratings(path)
        layout = layout_of(file, wishes)
        films = layout.films(problems) if layout.films else None
        people = layout.people(problems) if layout.people else None
        raw = read_ratings(layout.table, layout.columns, problems)
        return assemble(identity, raw, films, people, wishes.scale, file, problems)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"{path}: cannot be read: {_said(error)}{problems.remedy}") from None


def layout_of(file: Source, wishes: Wishes) -> Layout:
    """How to read a ratings file: its separator, its columns, and the files that belong to it."""
    encoding = encoding_of(file)
    line = Table(file, "\n", header=False, encoding=encoding).first_row()[0]
    separator = _separator(file, line)
    table = Table(file, separator, header=False, quoted=separator in ",;", encoding=encoding)
    first = table.first_row()
    columns, header = _columns(file, first, wishes.columns)
    table = replace(table, header=header)
    if file.name.endswith(".inter"):
        return _with_atomic(table, columns)
    return _with_movielens(table, columns, first)


def _with_atomic(table: Table, columns: Columns) -> Layout:
    stem = table.file.name.removesuffix(".inter")
    items, users = beside(table.file, f"{stem}.item"), beside(table.file, f"{stem}.user")
    key = "ml-100k" if stem == "ml-100k" else "movielens" if stem.startswith("ml-") else ""
    named = items.exists() and any("title" in name for name in atomic_names(Table(items, "\t", True)))
    return Layout(
        table,
        columns,
        (lambda problems: read_atomic_items(items, problems, key)) if named else None,
        (lambda problems: read_atomic_users(users, problems)) if users.exists() else None,
    )


def _with_movielens(table: Table, columns: Columns, first: list[str]) -> Layout:
    file = table.file
    if table.separator == "\t" and not table.header and (items := beside(file, "u.item")).exists():
        users = beside(file, "u.user")
        people = (lambda problems: read_u_user(users, problems)) if users.exists() else None
        return Layout(table, columns, lambda problems: read_u_item(items, problems), people)
    if table.separator == "::" and (items := beside(file, "movies.dat")).exists():
        users = beside(file, "users.dat")
        people = (lambda problems: read_users_dat(users, problems)) if users.exists() else None
        return Layout(table, columns, lambda problems: read_movies_dat(items, problems), people)
    its_own = table.header and _plain(first[columns.item]) == "movieid"
    if its_own and (items := beside(file, "movies.csv")).exists():
        links = beside(file, "links.csv")
        known = links if links.exists() else None
        return Layout(table, columns, lambda problems: read_movies_csv(items, known, problems))
    return Layout(table, columns)


def _separator(file: Source, line: str) -> str:
    if "::" in line:
        return "::"
    best = max("\t,;|", key=line.count)
    if line.count(best) < 2:
        raise DataError(f"{file}: line 1: expected user, item and rating, set apart by commas or tabs")
    return best


def _columns(file: Source, first: list[str], named: Mapping[str, str]) -> tuple[Columns, bool]:
    """Where the four columns are, and whether the first row is their names."""
    plain = [_plain(name) for name in first]
    found: dict[str, int] = {}
    for role, usual in _NAMES.items():
        wanted = (_plain(named[role]),) if role in named else usual
        column = next((plain.index(name) for name in wanted if name in plain), None)
        if column is not None:
            found[role] = column
        elif role in named:
            raise DataError(f"{file}: line 1: no column {named[role]!r} among {_listed(first)}")
    if {"user", "item", "rating"} <= set(found):
        return Columns(found["user"], found["item"], found["rating"], found.get("time")), True
    if len(first) > 2 and _is_number(first[2]):
        has_time = len(first) > 3 and _is_number(first[3])
        return Columns(0, 1, 2, 3 if has_time else None), False
    missing = ", ".join(role for role in ("user", "item", "rating") if role not in found)
    raise DataError(
        f"{file}: line 1: no column for {missing} among {_listed(first)};"
        " name them, for example user=who, item=what, rating=mark"
    )


def _plain(name: str) -> str:
    return "".join(sign for sign in name.partition(":")[0].casefold() if sign.isalnum())


def _is_number(text: str) -> bool:
    try:
        float(text.strip().replace(",", ".", 1))
    except ValueError:
        return False
    return True


def _listed(names: list[str]) -> str:
    return ", ".join(filter(None, names))[:200]


def _said(error: BaseException) -> str:
    words = error.strerror if isinstance(error, OSError) else str(error)
    return words or "it ends too early"
