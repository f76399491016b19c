"""Search as you type over the films of a catalogue: typos, any order of words, years, beginnings of words.

Each word of the query is compared with the vocabulary of all titles, not with the titles, so the work grows
with the number of different words. A film's score is the share of the query that it matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from recommender.films import ARTICLES, film_id
from tutor.store.ratings import FilmRow

Scores = NDArray[np.float32]

_AKA = re.compile(r"^a\.?k\.?a\.?:?\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]+)\)")
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
PREFIX, YEAR, FUZZY, COMPACT = 0.92, 0.9, 0.85, 0.9
"""What a match is worth that is not a whole word: a beginning, the year, a near word, joined words."""
ENOUGH = 0.55
"""Share of the query that a film must match to be shown."""
LONGEST = 200
"""Characters of a query that are read."""
NEAR = 0.66
"""Similarity from which two words of four or more letters may be one."""


def names(title: str) -> list[str]:
    """The slugs of a title and of its alternative titles in brackets: ["seven", "se7en"]."""
    inside = (
        re.sub(r"^a\.?k\.?a\.?:?\s+", "", found, flags=re.IGNORECASE) for found in _BRACKETS.findall(title)
    )
    return list(dict.fromkeys(film_id(name) for name in (_BRACKETS.sub("", title).strip() or title, *inside)))


def words(slug: str) -> list[str]:
    """The words of a slug; Roman numerals as digits, so that "godfather 2" finds Part II."""
    return [_ROMAN.get(word, word) for word in slug.split("-") if word]


def without_articles(parts: Iterable[str]) -> list[str]:
    """Words that say which film it is; all of them where every one is an article."""
    parts = list(parts)
    return [word for word in parts if word not in ARTICLES] or parts


class FilmSearch:
    """An index over films. Letters: F films."""

    def __init__(self, films: Sequence[FilmRow], popularity: Sequence[int]) -> None:
        self._years = np.array([film.year for film in films])  # [F]
        titles = [words(names(film.title)[0]) for film in films]
        self._cores = [" ".join(without_articles(title)) for title in titles]
        self._compact = [core.replace(" ", "") for core in self._cores]
        self._lengths = np.array([len(core.split()) for core in self._cores], np.float32)  # [F]
        popular = np.log1p(np.asarray(popularity, np.float32))  # [F]
        self._popular = popular / max(1.0, float(popular.max(initial=0)))
        self._films_of = _postings(films)
        self._vocabulary = list(self._films_of)
        self._articles = {word for word in self._vocabulary if word in ARTICLES}

    def search(self, text: str, limit: int = 10) -> list[int]:
        """Numbers of the films that match best, best first; no more than `limit`."""
        text = text[:LONGEST].translate({ord("("): " ", ord(")"): " "}).strip()
        query = words(film_id(text)) if text else []
        if not query or limit <= 0 or not self._vocabulary:
            return []
        scores = self._coverage(query)
        core = [word for word in without_articles(query) if not _YEAR.fullmatch(word)] or query
        if scores.max(initial=0) < PREFIX:
            self._run_together("".join(core), scores)
        found = np.flatnonzero(scores >= ENOUGH)
        ranked = scores[found] + self._bonus(core, found)
        return [int(number) for number in found[np.argsort(-ranked, kind="stable")][:limit]]

    def _coverage(self, query: Sequence[str]) -> Scores:
        """The share of the query that each film matches [F]; articles weigh little."""
        total, weights = np.zeros(len(self._years), np.float32), 0.0
        for word in query:
            weight = 0.1 if word in ARTICLES else 1.0
            total += weight * self._word(word)
            weights += weight
        return total / weights

    def _word(self, word: str) -> Scores:
        """How well each film matches one word of the query: 0 to 1 [F]."""
        best = np.zeros(len(self._years), np.float32)
        if _YEAR.fullmatch(word):
            best[self._years == int(word)] = YEAR
        for known, value in self._similar_words(word).items():
            rows = self._films_of[known]
            best[rows] = np.maximum(best[rows], value)
        return best

    def _similar_words(self, word: str) -> dict[str, float]:
        similar = {known: PREFIX for known in self._vocabulary if known.startswith(word)}
        if len(word) >= 4 and not word.isdigit():
            near = process.extract(
                word, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=NEAR, limit=30
            )
            for known, value, _ in near:
                similar[known] = max(similar.get(known, 0), FUZZY * value)
        if word in self._films_of:
            similar[word] = 1.0
        return similar

    def _run_together(self, compact: str, scores: Scores) -> None:
        """Raise films whose title without spaces is close: "starwars", "spider man" for Spiderman."""
        if len(compact) < 4:
            return
        close = process.extract(compact, self._compact, scorer=ratio, score_cutoff=75, limit=20)
        for _, value, row in close:
            scores[row] = max(scores[row], COMPACT * value / 100)
        for row, title in enumerate(self._compact):
            if title.startswith(compact):
                scores[row] = max(scores[row], COMPACT)

    def _bonus(self, core: Sequence[str], found: NDArray[np.intp]) -> Scores:
        """Orders films that match alike: the very title, beginnings, short titles, much rated films."""
        text = " ".join(core)
        begins = np.array([self._cores[row].startswith(text) for row in found], np.float32)
        same = np.array([self._cores[row] == text for row in found], np.float32)
        short = np.minimum(1, len(core) / np.maximum(1, self._lengths[found]))
        return np.asarray(0.3 * same + 0.1 * begins + 0.1 * short + 0.15 * self._popular[found], np.float32)


def _postings(films: Sequence[FilmRow]) -> dict[str, NDArray[np.intp]]:
    """Word -> the films whose titles (or ids) hold it."""
    films_of: dict[str, list[int]] = {}
    for row, film in enumerate(films):
        own = film.id.removesuffix(f"-{film.year}")
        for word in {word for name in (own, *names(film.title)) for word in words(name)}:
            films_of.setdefault(word, []).append(row)
    return {word: np.array(rows) for word, rows in films_of.items()}
