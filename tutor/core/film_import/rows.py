"""What is read from a file of ratings: rows that mean something, and rows that do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tutor.core.errors import BadInput

What = Literal["rating", "seen", "watchlist"]


class UnreadableFile(BadInput):
    """A file without anything that could be a rating; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands in a file: cells by lower-case column name."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be used, and why."""

    file: str
    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Table:
    """One file: its columns in order, its rows, and the rows that broke."""

    file: str
    columns: tuple[str, ...]
    lines: list[Line]
    broken: list[Broken] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FilmLine:
    """A row that names a film. `year` is 0 where none is given; `keys` are ids as our films have them."""

    file: str
    line: int
    what: What
    title: str
    year: int
    stars: float | None = None
    original: str = ""
    """The title in the film's own language."""
    keys: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    """Address of the film's page: two pages are two films, whatever they are called."""
    date: str = ""
    """When it was rated, if the file says so; text order is time order."""


@dataclass(slots=True)
class ReadFile:
    """All that was understood of what a learner pointed at."""

    source: str
    """What it is: "Letterboxd export"."""
    films: list[FilmLine]
    broken: list[Broken]
    notes: list[str] = field(default_factory=list)
    """What was decided on the way: "ratings go up to 10 and were halved"."""
