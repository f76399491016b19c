"""Takes ratings over from a file: read, recognise, match, keep, report. One undo takes an import back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.core.film_import import movielens
from tutor.core.film_import.formats import film_lines, format_of, in_one
from tutor.core.film_import.matching import Match, Matcher, slug_of
from tutor.core.film_import.own import is_own, read_own
from tutor.core.film_import.reading import table_of, texts_of
from tutor.core.film_import.report import Candidate, Matched, Open, Report
from tutor.core.film_import.rows import Broken, FilmLine, ReadFile, UnreadableFile
from tutor.store.ratings import FilmRow, Kind, RatingTable

if TYPE_CHECKING:
    from tutor.core.catalogue import Catalogue

_BESIDE = ("movies.csv", "links.csv", "u.item", "movies.dat")
_ORDER = ("ratings.csv", "diary.csv", "reviews.csv", "watched.csv", "watchlist.csv")
"""Of an export that says the same thing in several files, the first one counts."""
_KIND: dict[str, Kind] = {"rating": "stars", "seen": "seen", "watchlist": "watchlist"}


class Importer:
    """Imports into one learner's ratings. `catalogue` gives the films of the data set in use."""

    def __init__(self, ratings: RatingTable, catalogue: Callable[[], Catalogue]) -> None:
        self._ratings = ratings
        self._catalogue = catalogue
        self._matcher: tuple[Catalogue, Matcher] | None = None

    def take(self, path: Path, user: str | None = None, choices: Mapping[str, str] | None = None) -> Report:
        """Import a file, a folder or a zip; on disk, all or nothing, when this returns.

        `choices`: film ids for rows by "line" or "file:line", for what was uncertain the first time.
        Raises `UnreadableFile`, `UnknownFilm`.
        """
        catalogue = self._catalogue()
        read = read_files(path, user)
        chosen = {where: catalogue.find(ref) for where, ref in (choices or {}).items()}
        lines, repeated = once_each(read.films)
        sure, unsure = _decided([(line, self._match(catalogue, line, chosen)) for line in lines])
        before = self._ratings.stars()
        changes = [
            (match.film, _KIND[line.what], 1.0 if line.stars is None else line.stars)
            for line, match in sure
            if match.film is not None
        ]
        batch = self._ratings.change_all(changes)
        return Report(
            source=read.source,
            data=catalogue.label,
            matched=tuple(_matched(line, one.film, one.how, before) for line, one in sure if one.film),
            uncertain=tuple(_open(line, match) for line, match in unsure if match.candidates),
            unmatched=tuple(_open(line, match) for line, match in unsure if not match.candidates),
            skipped=tuple(sorted([*read.broken, *repeated], key=lambda row: (row.file, row.line))),
            notes=tuple(read.notes),
            batch=batch,
        )

    def settle(self, row: Open, ref: str, batch: int | None) -> tuple[Matched, int | None]:
        """Say which film an uncertain row means; it joins the import's undo. Raises `UnknownFilm`."""
        film = self._catalogue().find(ref)
        before = self._ratings.stars()
        value = 1.0 if row.stars is None else row.stars
        batch = self._ratings.change_all([(film, _KIND[row.what], value)], batch)
        line = FilmLine(row.file, row.line, row.what, row.named, 0, row.stars)
        return _matched(line, film, "chosen by you", before), batch

    def _match(self, catalogue: Catalogue, line: FilmLine, chosen: Mapping[str, FilmRow]) -> Match:
        film = chosen.get(f"{line.file}:{line.line}") or chosen.get(str(line.line))
        if film is not None:
            return Match(film, "chosen by you", rank=-1)
        if self._matcher is None or self._matcher[0] is not catalogue:
            self._matcher = (catalogue, Matcher(catalogue.films.values()))
        return self._matcher[1].match(line)


def read_files(path: Path, user: str | None = None) -> ReadFile:
    """All rows of what lies at `path`, whichever service wrote it. Raises `UnreadableFile`."""
    path = path.expanduser()
    texts = texts_of(path)
    if is_own(texts):
        return read_own(texts)
    if movielens.is_set(texts):
        beside = {} if path.is_dir() or len(texts) > 1 else _beside(path)
        return movielens.read_set({**beside, **texts}, user)
    if not texts:
        raise UnreadableFile(f"{path}: there is no table (.csv, .dat, u.data) in this folder.")
    tables = {name: table_of(name, text) for name, text in texts.items() if text.strip() or len(texts) == 1}
    read = ReadFile("", [], [])
    for table in sorted(in_one(tables), key=lambda table: _place(table.file)):
        lines, broken, scale = film_lines(table)
        read.source = read.source or format_of(table).name
        read.films += lines
        read.broken += broken
        if scale != 5:
            read.notes.append(f"{table.file}: ratings go up to {scale}; they became stars up to 5.")
    if not read.films and not read.broken:
        raise UnreadableFile(f"{path}: no ratings in it; write one film per line below title,year,stars.")
    if not read.films:
        first = read.broken[0]
        raise UnreadableFile(f"{path}: no row can be read; line {first.line}: {first.reason}.")
    read.source = f"{read.source} export" if len(texts) > 1 else read.source
    return read


def once_each(lines: Iterable[FilmLine]) -> tuple[list[FilmLine], list[Broken]]:
    """Each film once: with its newest rating, from the first file that names it.

    Rows that say a film again in the same file are returned as repeated; those of other files are dropped.
    """
    kept: dict[tuple[object, ...], FilmLine] = {}
    file_of: dict[tuple[str, int], str] = {}
    repeated = []
    for line in lines:
        name = (slug_of(line.title), line.year) if line.title else (str(sorted(line.keys.items())), 0)
        if file_of.setdefault(name, line.file) != line.file:
            continue  # an earlier file of the same export has said it
        identity = (*name, line.page, *sorted(line.keys.items()))
        other = kept.get(identity)
        if other is not None:
            line, other = (
                (line, other) if (line.date, line.line) >= (other.date, other.line) else (other, line)
            )
            why = f"the same film as line {line.line}, which is the one that counts"
            repeated.append(Broken(other.file, other.line, _named(other), why))
        kept[identity] = line
    return list(kept.values()), repeated


Pairs = list[tuple[FilmLine, Match]]


def _decided(found: Pairs) -> tuple[Pairs, Pairs]:
    """Rows whose film is sure, and the others. Of rows that claim one film the most direct one has it."""
    claims: dict[str, Pairs] = {}
    sure, unsure = [], []
    for pair in found:
        if pair[1].film is None:
            unsure.append(pair)
        else:
            claims.setdefault(pair[1].film.id, []).append(pair)
    for pairs in claims.values():
        best = min(match.rank for _, match in pairs)
        direct = [pair for pair in pairs if pair[1].rank == best]
        won = direct[0] if len(direct) == 1 else None
        if won is not None:
            sure.append(won)
        for line, match in pairs:
            if (line, match) is not won and match.film is not None and (won is None or line is not won[0]):
                unsure.append((line, Match(None, "another row of the file claims this film", (match.film,))))
    return sure, unsure


def _matched(line: FilmLine, film: FilmRow, how: str, before: Mapping[str, float]) -> Matched:
    was = before.get(film.id) if line.what == "rating" else None
    return Matched(
        line.file, line.line, line.what, _named(line), line.stars, film.id, film.title, film.year or None,
        film.keys, how, was if was != line.stars else None,
    )  # fmt: skip


def _open(line: FilmLine, match: Match) -> Open:
    candidates = tuple(Candidate(film.id, film.title, film.year or None) for film in match.candidates)
    return Open(line.file, line.line, line.what, _named(line), line.stars, match.how, candidates)


def _named(line: FilmLine) -> str:
    title = line.title or ", ".join(f"{kind} {key}" for kind, key in line.keys.items())
    return f"{title} ({line.year})" if line.year else title


def _place(name: str) -> int:
    return _ORDER.index(name.casefold()) if name.casefold() in _ORDER else len(_ORDER)


def _beside(path: Path) -> dict[str, str]:
    """The film files in the folder of a MovieLens `ratings.csv`."""
    found: dict[str, str] = {}
    for name in _BESIDE:
        if (path.parent / name).is_file():
            found |= texts_of(path.parent / name)
    return found
