"""Worlds for the simulator: people whose true tastes are known, planted or fitted to real ratings.

Letters: U people, I films.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender import als, datasets
from recommender.datasets.planted import Size, planted_truth, planted_world, size_of
from recommender.ratings import Dataset, Ratings

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


def worlds(
    name: str,
    known_each: int,
    cache: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Callable[[int], World]:
    """What makes the world of a seed from the data set `name`; each has rated at most `known_each` films.

    "planted" and "planted:..." draw new people per seed (their own seed is added to it); of other sets the
    truth is what `als` makes of all ratings, fitted here, and the seed draws who takes part and what they
    have rated. Cancelled, the truth is half learnt: nothing may be told of such a world.
    Raises the errors of `datasets.load`, ValueError for a planted size that cannot be.
    """
    if name.split(":")[0] == "planted":
        size = size_of(name)
        return lambda seed: _planted(replace(size, seed=(size.seed + seed) % 2**32), seed, known_each)
    data = datasets.load(name, cache)
    model = als.fit(data.ratings, cancelled=cancelled)
    return lambda seed: _fitted(data, model, seed, known_each)


def _planted(size: Size, seed: int, known_each: int) -> World:
    draw = np.random.default_rng([seed, 1])
    data, truth = planted_world(size), planted_truth(size)
    people, films = _cut(data.ratings, draw)
    taste = truth.user_factors[people] @ truth.item_factors[films].T  # [U, I]
    stars = truth.mean + truth.user_bias[people, None] + truth.item_bias[films] + taste
    known = _known(data.ratings, people, films, known_each, draw)
    return World(stars, truth.noise, data.low, data.high, known)


def _fitted(data: Dataset, model: als.Als, seed: int, known_each: int) -> World:
    """Expected stars as `als` sees them; the noise is how far its ratings lie from them."""
    draw = np.random.default_rng([seed, 1])
    people, films = _cut(data.ratings, draw)
    noise = float(np.std(model.predict(data.ratings.users, data.ratings.items) - data.ratings.stars))
    users, items = np.meshgrid(people, films, indexing="ij")
    stars = model.predict(users.ravel(), items.ravel()).astype(np.float64).reshape(users.shape)
    known = _known(data.ratings, people, films, known_each, draw)
    return World(stars, noise, data.low, data.high, known)


def _cut(ratings: Ratings, draw: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the people and the films that take part, in order."""
    people = draw.permutation(ratings.n_users)[:MOST_PEOPLE]
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    films = np.argsort(-counts, kind="stable")[:MOST_FILMS]
    return np.sort(people), np.sort(films)


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
