"""The films of one data set: one entry a film, found by id, by "Title (year)" or by what is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from recommender.films import film_id, parse_title
from recommender.ratings import Dataset
from tutor.core.errors import BadInput
from tutor.core.film_search import FilmSearch, names, without_articles, words
from tutor.store.ratings import FilmRow

DAMPING = 5
"""Average ratings added to the mean of a film."""


class UnknownFilm(BadInput):
    """No film of that name; the message offers near ones."""

    def __init__(self, ref: str, label: str, near: Iterable[FilmRow] = ()) -> None:
        self.near = tuple(near)
        offer = f" Near: {_listed(self.near)}." if self.near else ""
        super().__init__(f"There is no film {ref.strip()[:80]!r} in {label}.{offer}")


class AmbiguousTitle(BadInput):
    """Several films of that name; the message lists them."""

    def __init__(self, ref: str, candidates: Iterable[FilmRow]) -> None:
        self.candidates = tuple(candidates)
        offer = _listed(self.candidates)
        super().__init__(f"More than one film is called {ref.strip()[:80]!r}: {offer}. Name one by its id.")


class Catalogue:
    """Films in the order of the data set; rows that are one film are one entry."""

    def __init__(self, dataset: Dataset) -> None:
        self.label = dataset.label
        self._dataset = dataset
        items = dataset.items
        counts = np.bincount(dataset.ratings.items, minlength=len(items))  # [I]
        self.counts: dict[str, int] = {}
        """Number of ratings of each film id."""
        self.main_items: dict[str, str] = {}
        """The data set's id of each film; of several the most rated one."""
        self.films: dict[str, FilmRow] = {}
        for film, rows in items.rows_of.items():
            most = max(rows, key=lambda row: counts[row])
            keys = {key: value for row in reversed(rows) for key, value in items.keys[row].items()}
            self.films[film] = FilmRow(film, items.titles[most], items.years[most], items.genres[most], keys)
            self.main_items[film] = items.ids[most]
            self.counts[film] = int(sum(counts[row] for row in rows))

    @cached_property
    def genres(self) -> list[str]:
        """The genres of the data set, most films first."""
        counts = Counter(genre for film in self.films.values() for genre in film.genres)
        return [genre for genre, _ in counts.most_common()]

    @cached_property
    def mean_stars(self) -> dict[str, float]:
        """Mean rating of each film by its id, damped by five average ones; under "" the mean of all."""
        ratings, items = self._dataset.ratings, self._dataset.items
        mean = float(ratings.stars.mean(dtype=np.float64))
        sums = np.bincount(ratings.items, ratings.stars - mean, ratings.n_items)
        damped = mean + sums / (np.bincount(ratings.items, minlength=ratings.n_items) + DAMPING)
        rows = zip(items.film_ids, items.ids, damped.tolist(), strict=True)
        return {"": mean} | {film: value for film, item, value in rows if self.main_items.get(film) == item}

    @cached_property
    def _order(self) -> list[FilmRow]:
        return list(self.films.values())

    @cached_property
    def _search(self) -> FilmSearch:
        return FilmSearch(self._order, list(self.counts.values()))

    @cached_property
    def _by_name(self) -> dict[str, list[FilmRow]]:
        """Slug of a title, with and without its articles, to the films that are called so."""
        by_name: dict[str, list[FilmRow]] = {}
        for film in self._order:
            slugs = [film.id.removesuffix(f"-{film.year}"), *names(film.title)]
            for name in dict.fromkeys([*slugs, *map(_bare, slugs)]):
                by_name.setdefault(name, []).append(film)
        return by_name

    def search(self, text: str, limit: int = 10) -> list[FilmRow]:
        """The films that match best what was typed so far, best first."""
        return [self._order[number] for number in self._search.search(text, limit)]

    def find(self, ref: str) -> FilmRow:
        """The film of that id, of that "Title (year)" or, if only one is called so, of that title.

        Raises `UnknownFilm` with near matches, `AmbiguousTitle` with all candidates. Never guesses.
        """
        if film := self.films.get(ref.strip()):
            return film
        title, year = parse_title(ref)
        if year and (film := self.films.get(film_id(title, year))):
            return film
        found = self._named(title, year)
        if len(found) > 1:
            raise AmbiguousTitle(ref, found)
        if not found:
            raise UnknownFilm(ref, self.label, self.search(ref, 3))
        return found[0]

    def _named(self, title: str, year: int) -> list[FilmRow]:
        for name in (film_id(title), _bare(film_id(title))):
            found = [film for film in self._by_name.get(name, ()) if year in (0, film.year)]
            if found:
                return found
        return []


def _bare(slug: str) -> str:
    return "-".join(without_articles(words(slug)))


def _listed(films: Iterable[FilmRow]) -> str:
    return ", ".join(f"{film.id} ({film.title}, {film.year or 'year unknown'})" for film in films)
