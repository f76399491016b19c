"""The simulator's recommender: alternating least squares with all people (or films) solved for at once.

The equations are those of `recommender.als`, on a dense [U, I] table, with one addition that models made for
lists have: a pair nobody rated counts a little, as a rating of `missing_stars`. With `missing_weight` 0 the
two are the same. What is never shown is never rated, and so looks poor: this is the way a loop closes.
Letters: U people, I films, K factors, D = K + 1.
Source: Steck 2010, "Training and testing of recommender systems on data missing not at random".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class ModelSettings:
    """What decides a fit."""

    factors: int = 6
    reg: float = 12.0
    """Strength of the ridge on vectors."""
    bias_reg: float = 3.0
    """Strength of the ridge on biases."""
    sweeps: int = 4
    missing_weight: float = 0.2
    """How much an unrated pair counts, where a rated one counts 1."""
    missing_stars: float = -3.0
    """What an unrated pair is taken for, in stars from the mean rating."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """Predicted stars of every pair [U, I], not cut to the scale, and the films' vectors [I, K]."""

    stars: Doubles
    film_vectors: Doubles


def fit(stars: Doubles, start: Doubles, settings: ModelSettings) -> Fitted:
    """Fit to `stars` [U, I], nan where unrated, from film vectors `start` [I, K].

    Raises ValueError if there are no ratings.
    """
    rated = np.isfinite(stars)
    if not rated.any():
        raise ValueError("there are no ratings to learn from")
    mean = float(stars[rated].mean())
    left = np.where(rated, stars - mean, settings.missing_stars)  # [U, I]
    weight = np.where(rated, 1.0, settings.missing_weight)  # [U, I]
    ridge = np.diag([settings.reg] * settings.factors + [settings.bias_reg])  # [D, D]
    films = np.column_stack([start, np.zeros(len(start))])  # [I, D] = (v, bi)
    for _ in range(settings.sweeps):
        people = _solve(films, weight, left, ridge)
        films = _solve(people, weight.T, left.T, ridge)
    taste = people[:, :-1] @ films[:, :-1].T  # [U, I]
    return Fitted(mean + taste + people[:, -1:] + films[:, -1], films[:, :-1])


def _solve(fixed: Doubles, weight: Doubles, left: Doubles, ridge: Doubles) -> Doubles:
    """Weighted ridge regressions of all n rows at once: (vector, bias) [n, D] from the other side [m, D]."""
    width = fixed.shape[1]
    inputs = np.column_stack([fixed[:, :-1], np.ones(len(fixed))])  # [m, D]
    squares = (inputs[:, :, None] * inputs[:, None, :]).reshape(len(fixed), -1)  # [m, D * D]
    grams = (weight @ squares).reshape(-1, width, width) + ridge  # [n, D, D]
    targets = (weight * (left - fixed[:, -1])) @ inputs  # [n, D]
    return np.asarray(np.linalg.solve(grams, targets[:, :, None])[:, :, 0])
