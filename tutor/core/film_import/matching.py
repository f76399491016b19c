"""Finds the film that a row of a file means, or says that it cannot tell. It never guesses.

In this order: an id that both sides know; the normalised title with the year; the title in the original
language with the year; the same titles with articles left out; a year next to it; a title that only one
film has where the row gives no year. Whatever else comes close is offered, not taken.
Letters: F films.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.film_aliases import ALIASES
from recommender.films import film_id
from tutor.core.film_import.rows import FilmLine
from tutor.core.film_search import names, without_articles, words
from tutor.store.ratings import FilmRow

CLOSE = 0.8
"""Similarity from which a title that is spelled in another way is offered."""
OFFERED = 4
YEARS_OFF = 3
"""A film of the same title so many years away may be meant; further away it is a remake."""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a row: the one film, or the films that may be meant (none: not in the catalogue)."""

    film: FilmRow | None
    how: str
    candidates: tuple[FilmRow, ...] = ()
    rank: int = 0
    """How direct the way was: 0 by id. Where two rows mean one film, the more direct one is right."""


@lru_cache(maxsize=100_000)
def slug_of(title: str) -> str:
    """The normalised title, remembered: rows are compared by it more than once."""
    return film_id(title)


Spellings = list[tuple[str, str]]
"""Slugs under which a film may be known, and what each one is."""


class Matcher:
    """Looks films up in a catalogue. Making one takes a walk over all of its films."""

    def __init__(self, films: Iterable[FilmRow]) -> None:
        self._films: dict[str, FilmRow] = {}
        self._by_key: dict[tuple[str, str], FilmRow] = {}
        self._by_name: dict[str, list[FilmRow]] = {}
        self._by_core: dict[str, list[FilmRow]] = {}
        self._by_year: dict[int, dict[str, FilmRow]] = {}
        self._by_head: dict[tuple[int, str], dict[str, FilmRow]] = {}
        """Of a year, by the first word of the title."""
        for film in films:
            self._add(film)

    def _add(self, film: FilmRow) -> None:
        self._films[film.id] = film
        for key in film.keys.items():
            self._by_key.setdefault(key, film)
        slugs = dict.fromkeys([film.id.removesuffix(f"-{film.year}"), *names(film.title)])
        for slug in slugs:
            self._by_name.setdefault(slug, []).append(film)
            self._by_year.setdefault(film.year, {}).setdefault(slug, film)
            self._by_head.setdefault((film.year, slug.partition("-")[0]), {}).setdefault(slug, film)
        for core in dict.fromkeys(map(_core, slugs)):
            self._by_core.setdefault(core, []).append(film)

    def match(self, line: FilmLine) -> Match:
        """The film of a row."""
        for kind, key in line.keys.items():
            film = self._films.get(key) if kind == "film" else self._by_key.get((kind, key))
            if film is not None:
                return Match(film, f"{'id' if kind == 'film' else kind} {key}")
        if not line.title:
            return Match(None, "the number says nothing in this data set")
        found = self._by_title(line)
        if found.film is not None and _other_film(found.film, line):
            return Match(None, "the same title, but another id", (found.film,))
        return found

    def _by_title(self, line: FilmLine) -> Match:
        spellings = _spellings(line)
        found = self._of_its_year(spellings, line.year) if line.year else self._of_any_year(spellings)
        return found or self._offer(line, [slug for slug, _ in spellings])

    def _of_its_year(self, spellings: Spellings, year: int) -> Match | None:
        for slug, how in spellings:
            if found := self._dated(slug, year):
                return _one_or_ask(found, f"{how} and year", 1 + (how != "title"))
        for slug, how in spellings:
            if found := _of_year(self._by_core.get(_core(slug), ()), year):
                return _one_or_ask(found, f"{how} without article, and year", 3)
        for slug, how in spellings:
            if match := self._next_year(slug, year, how):
                return match
        return None

    def _of_any_year(self, spellings: Spellings) -> Match | None:
        for slug, how in spellings:
            if self._by_name.get(slug):
                return _one_or_ask(self._by_core[_core(slug)], f"{how}, the only film of that name", 5)
        return None

    def _dated(self, slug: str, year: int) -> list[FilmRow]:
        """Films of that title and year; only those whose main title it is, if there are any.

        Our list of other titles knows some films by both.
        """
        known = self._films.get(ALIASES.get(f"{slug}-{year}", f"{slug}-{year}"))
        found = {film.id: film for film in _of_year(self._by_name.get(slug, ()), year)}
        found |= {known.id: known} if known else {}
        mainly = [film for film in found.values() if film is known or names(film.title)[0] == slug]
        return mainly or list(found.values())

    def _next_year(self, slug: str, year: int, how: str) -> Match | None:
        """A film that came out a year before or after: catalogues differ by festivals and countries."""
        near = [film for film in self._by_core.get(_core(slug), ()) if abs(film.year - year) == 1]
        if not near:
            return None
        exact = [film for film in self._by_name.get(slug, ()) if abs(film.year - year) == 1]
        if len(near) == 1 and exact:
            return Match(near[0], f"{how}, a year apart", rank=4)
        return Match(None, "several films, or another article, a year apart", tuple(near[:OFFERED]))

    def _offer(self, line: FilmLine, slugs: Sequence[str]) -> Match:
        """What comes close: the same title of other years, other spellings around the same year."""
        same = [film for slug in slugs for film in self._by_core.get(_core(slug), ())]
        if line.year:
            same = [film for film in same if not film.year or abs(film.year - line.year) <= YEARS_OFF]
        offered = {film.id: film for film in same}
        years = (line.year - 1, line.year, line.year + 1) if line.year else ()
        for year in years:
            known = self._by_year.get(year, {})
            for slug in slugs:
                close = process.extract(
                    slug, known.keys(), scorer=OSA.normalized_similarity, score_cutoff=CLOSE, limit=OFFERED
                )
                offered |= {known[one].id: known[one] for one, *_ in close}
                like = self._by_head.get((year, slug.partition("-")[0]), {})
                offered |= {film.id: film for one, film in like.items() if _begins(slug, one)}
        why = "not sure that it is this film" if offered else "not in this data set"
        return Match(None, why, tuple(offered.values())[:OFFERED])


def _spellings(line: FilmLine) -> Spellings:
    spellings = [(slug_of(line.title), "title")]
    if "(" in line.title:
        spellings += [(slug, "title in brackets") for slug in names(line.title)[1:]]
    if line.original and line.original != line.title:
        spellings.append((slug_of(line.original), "original title"))
    return spellings


def _begins(one: str, other: str) -> bool:
    """Whether one title goes on where the other ends: with a subtitle, or without it."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and long.startswith(f"{short}-")


def _other_film(film: FilmRow, line: FilmLine) -> bool:
    """Whether both sides have an id of the same kind, and they differ: then it is another film."""
    return any(
        kind in film.keys and film.keys[kind] != key for kind, key in line.keys.items() if kind == "imdb"
    )


def _one_or_ask(films: Sequence[FilmRow], how: str, rank: int) -> Match:
    if len(films) == 1:
        return Match(films[0], how, rank=rank)
    return Match(None, "several films are called so", tuple(films[:OFFERED]))


def _of_year(films: Sequence[FilmRow], year: int) -> list[FilmRow]:
    return [film for film in films if film.year == year]


def _core(slug: str) -> str:
    return "-".join(without_articles(words(slug)))
