"""People whom a model has not met: some viewers are held out whole, and become newcomers by and by.

A newcomer's ratings fall into parts: `first` are given one after the other, in a random order, `aside` answer
a questionnaire, and the error is measured on `test`, which is never shown. All of it is drawn from the seed.
Letters: P newcomers, K factors, D = K + 1, n ratings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.als import Als
from recommender.ratings import Ratings

Doubles = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Newcomer:
    """One held-out viewer: film rows and stars of each part."""

    row: int
    first: Rows
    first_stars: Doubles
    aside: Rows
    aside_stars: Doubles
    test: Rows
    test_stars: Doubles


def newcomers(ratings: Ratings, n: int, first: int, aside: int, seed: int) -> list[Newcomer]:
    """Up to n people, but at most a quarter of those with enough ratings: as many to test as are shown.

    Empty where nobody has enough.
    """
    least = 2 * first + aside
    draw = np.random.default_rng([seed, 41])
    able = np.flatnonzero(np.bincount(ratings.users, minlength=ratings.n_users) >= least)
    found = []
    for row in np.sort(draw.permutation(able)[: min(n, len(able) // 4)]).tolist():
        mine = draw.permutation(np.flatnonzero(ratings.users == row))
        items, stars = ratings.items[mine].astype(np.intp), ratings.stars[mine].astype(np.float64)
        parts = [slice(0, first), slice(first, first + aside), slice(first + aside, None)]
        cut = [(items[part], stars[part]) for part in parts]
        found.append(Newcomer(row, *cut[0], *cut[1], *cut[2]))
    return found


def without(ratings: Ratings, people: list[Newcomer]) -> Ratings:
    """All ratings but theirs, over the same rows."""
    return ratings.take(~np.isin(ratings.users, [person.row for person in people]))


def fold(als: Als, films: Rows, stars: Doubles) -> Doubles:
    """Vector and bias [D] of a person from ratings of films [n]: the user step of the solver, films fixed.

    Zeros without ratings: the film's bias and the mean speak alone.
    """
    others = als.films[films].copy()  # [n, D]
    target = stars - als.mean - others[:, -1]
    others[:, -1] = 1
    return np.asarray(np.linalg.solve(others.T @ others + np.diag(als.ridges), others.T @ target))


def stars_of(als: Als, person: Doubles, films: Rows) -> Doubles:
    """Predicted stars [n] of a person (vector, bias) [D] for films [n]."""
    table = als.films[films]
    return np.asarray(als.mean + table[:, :-1] @ person[:-1] + person[-1] + table[:, -1])


def error(als: Als, person: Doubles, newcomer: Newcomer, low: float, high: float) -> float:
    """Mean squared error in stars² on the newcomer's test ratings, predictions cut to the scale."""
    told = np.clip(stars_of(als, person, newcomer.test), low, high)
    return float(np.mean((told - newcomer.test_stars) ** 2))
