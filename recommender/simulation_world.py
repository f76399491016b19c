"""Worlds for the simulator: people whose true tastes are known, planted or fitted to real ratings.

Letters: U people, I films.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender import als, datasets
from recommender.datasets.planted import planted_truth, planted_world, size_of
from recommender.ratings import Ratings

Doubles = NDArray[np.float64]

MINORITY = 0.2
"""Share of people, those whose tastes are least like everybody's, who count as the minority."""
MOST_PEOPLE, MOST_FILMS = 600, 400
"""A larger data set is cut to so many: people at random, and the most rated films."""


@dataclass(frozen=True, eq=False)
class World:
    """What is true, and what is known when the loop starts."""

    truth: Doubles
    """Expected stars of every pair [U, I]: the utility of a film for a person."""
    noise: float
    """Standard deviation of a rating around it, in stars."""
    low: float
    high: float
    known: Doubles
    """Stars [U, I] given before the first round, all by people's own choice; nan where there are none."""

    def minority(self) -> NDArray[np.bool_]:
        """Who belongs to the minority [U]: the lowest correlation of one's stars with everybody's mean."""
        centred = self.truth - self.truth.mean(axis=1, keepdims=True)
        mean = centred.mean(axis=0)  # [I]
        likeness = (centred @ mean) / np.linalg.norm(centred, axis=1).clip(1e-12)  # [U]
        last = np.argsort(likeness, kind="stable")[: max(1, round(MINORITY * len(likeness)))]
        member = np.zeros(len(likeness), dtype=bool)
        member[last] = True
        return member


def world(name: str, seed: int, known_each: int, cache: Path | None = None) -> World:
    """The world `seed` of the data set `name`, where each person has rated at most `known_each` films.

    "planted" and "planted:..." draw new people per seed (their own seed is added to it); of other sets the
    truth is what `als` makes of all ratings. Raises the errors of `datasets.load`, ValueError for a bad size.
    """
    draw = np.random.default_rng([seed, 1])
    if name.split(":")[0] == "planted":
        size = size_of(name)
        size = replace(size, seed=size.seed + seed)
        data, truth = planted_world(size), planted_truth(size)
        people, films = _cut(data.ratings, draw)
        taste = truth.user_factors[people] @ truth.item_factors[films].T  # [U, I]
        stars = truth.mean + truth.user_bias[people, None] + truth.item_bias[films] + taste
        noise = truth.noise
    else:
        data = datasets.load(name, cache)
        people, films = _cut(data.ratings, draw)
        stars, noise = _fitted(data.ratings, people, films)
    return World(stars, noise, data.low, data.high, _known(data.ratings, people, films, known_each, draw))


def _cut(ratings: Ratings, draw: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the people and the films that take part, in order."""
    people = draw.permutation(ratings.n_users)[:MOST_PEOPLE]
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    films = np.argsort(-counts, kind="stable")[:MOST_FILMS]
    return np.sort(people), np.sort(films)


def _fitted(ratings: Ratings, people: NDArray[np.intp], films: NDArray[np.intp]) -> tuple[Doubles, float]:
    """Expected stars [U, I] as `als` sees them, and how far its ratings lie from them."""
    model = als.fit(ratings)
    noise = float(np.std(model.predict(ratings.users, ratings.items) - ratings.stars))
    grid = np.meshgrid(people, films, indexing="ij")
    stars = model.predict(grid[0].ravel(), grid[1].ravel())
    return stars.reshape(len(people), len(films)).astype(np.float64), noise


def _known(
    ratings: Ratings,
    people: NDArray[np.intp],
    films: NDArray[np.intp],
    each: int,
    draw: np.random.Generator,
) -> Doubles:
    """Random ratings [U, I] of the data set itself, at most `each` per person."""
    person = np.full(ratings.n_users, -1)
    person[people] = np.arange(len(people))
    film = np.full(ratings.n_items, -1)
    film[films] = np.arange(len(films))
    rows, columns = person[ratings.users], film[ratings.items]
    inside = draw.permutation(np.flatnonzero((rows >= 0) & (columns >= 0)))
    inside = inside[np.argsort(rows[inside], kind="stable")]  # people together, random inside
    place = np.arange(len(inside)) - np.searchsorted(rows[inside], rows[inside])
    chosen = inside[place < each]
    table = np.full((len(people), len(films)), np.nan)
    table[rows[chosen], columns[chosen]] = ratings.stars[chosen]
    return table
