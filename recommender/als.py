"""Alternating least squares: users and films are solved for in turn, each by exact ridge regressions.

    stars ≈ mean + bu + bi + u · v,   cut to the range of the scale

With the films fixed, each user's (u, bu) is a ridge regression of what is left of their ratings on (v, 1);
then it is the films' turn. A new person is one more such regression: fold-in with the same strength is exact.
Letters: N ratings, U users, I films, K factors, D = K + 1. Needs NumPy only.
Source: Zhou, Wilkinson, Schreiber, Pan 2008, with a constant strength where theirs grows with the count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.padding import Gatherer, Group, padded_groups
from recommender.ratings import Ratings

Doubles = NDArray[np.float64]


@dataclass(eq=False)
class Als:
    """The solver and its state. `sweep()` solves for all users, then for all films; usable after each."""

    ratings: Ratings
    factors: int = 10
    reg: float = 12.0
    """Strength of the ridge on vectors."""
    bias_reg: float = 3.0
    """Strength of the ridge on biases."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Start with small random film vectors and no biases."""
        if not len(self.ratings):
            raise ValueError("there are no ratings to learn from")
        draw, ratings = np.random.default_rng(self.seed), self.ratings
        self.mean = float(ratings.stars.mean(dtype=np.float64))
        self.ridges = np.full(self.factors + 1, self.reg)  # [D]
        self.ridges[-1] = self.bias_reg
        left = ratings.stars - np.float32(self.mean)  # [N]
        sizes = ratings.n_users, ratings.n_items
        self.by_user = padded_groups(ratings.users, ratings.items, *sizes, left)
        self.by_film = padded_groups(ratings.items, ratings.users, *sizes[::-1], left)
        self.users = np.zeros((ratings.n_users, self.factors + 1))  # [U, D] = (u, bu)
        self.films = np.zeros((ratings.n_items, self.factors + 1))  # [I, D] = (v, bi)
        self.films[:, :-1] = draw.normal(0, 1 / np.sqrt(self.factors), (ratings.n_items, self.factors))

    def sweep(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Solve for all users with the films fixed, then for all films with the users fixed.

        Cancelled, it stops half-way: of use only after a whole sweep.
        """
        _solve_side(self.users, self.films, self.by_user, self.ridges, cancelled)
        _solve_side(self.films, self.users, self.by_film, self.ridges, cancelled)

    def predict(
        self, users: NDArray[np.integer], items: NDArray[np.integer], times: object = None
    ) -> NDArray[np.float32]:
        """Predicted stars [B] for user rows [B] and film rows [B], not cut to any range."""
        u, v = self.users[users], self.films[items]  # [B, D] each
        return np.asarray(self.mean + (u[:, :-1] * v[:, :-1]).sum(1) + u[:, -1] + v[:, -1], dtype=np.float32)


def fit(
    ratings: Ratings,
    factors: int = 10,
    reg: float = 12.0,
    sweeps: int = 12,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Als:
    """Solve `sweeps` times, fewer when cancelled. Raises ValueError if there are no ratings."""
    als = Als(ratings, factors, reg, seed=seed)
    for _ in sweep_until(als, sweeps, cancelled):
        pass
    return als


def sweep_until(als: Als, sweeps: int, cancelled: Callable[[], bool]) -> Iterator[int]:
    """Sweep, yielding the number of sweeps done after each; stop early, within a sweep, when cancelled."""
    for done in range(1, sweeps + 1):
        if cancelled():
            return
        als.sweep(cancelled)
        if cancelled():
            return
        yield done


def _solve_side(
    solved: Doubles, fixed: Doubles, groups: list[Group], ridges: Doubles, cancelled: Callable[[], bool]
) -> None:
    """Ridge regression for each row of `solved` [n, D]: its (vector, bias) from its ratings.

    A row without a rating becomes 0. Cancelled, it leaves out the groups that are left.
    """
    table = np.zeros((len(fixed) + 1, fixed.shape[1] + 1), np.float32)  # (vector, 1, bias); last: padding
    table[:-1, :-2], table[:-1, -2], table[:-1, -1] = fixed[:, :-1], 1, fixed[:, -1]
    solved[:] = 0
    gather = Gatherer(table)
    for group in groups:
        if cancelled():
            return
        cells = gather(group)  # [B, L, D + 1]
        target = group.values - cells[..., -1]  # [B, L] stars without the mean and the other side's bias
        features = cells[..., :-1]  # [B, L, D]
        across = features.transpose(0, 2, 1)
        gram = across @ features + np.diag(ridges)  # [B, D, D], doubles from here on
        solved[group.rows] = np.linalg.solve(gram, across @ target[..., None])[..., 0]
