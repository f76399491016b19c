"""Models without a gradient: what any recommender has to beat. NumPy only.

Letters: N ratings, B predictions, U users, I films, k neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.ratings import Ratings

Rows = NDArray[np.integer]
Floats = NDArray[np.float32]


class Mean:
    """stars = the mean of all ratings."""

    def __init__(self, train: Ratings):
        self.mean = float(np.mean(train.stars, dtype=np.float64))

    def predict(self, users: Rows, items: Rows, times: Rows | None = None) -> Floats:
        """Predicted stars [B]."""
        return np.full(len(items), self.mean, dtype=np.float32)


class Biases:
    """stars = mean + bi + bu: how much better films are than the mean, then how much more generous users are.

    Offsets are damped: n ratings count as n, and `damping` ratings of offset 0 are added.
    Source: Koren 2010, "Factor in the neighbors"; damping as in LensKit.
    """

    def __init__(self, train: Ratings, damping: float = 5.0):
        self.mean = float(np.mean(train.stars, dtype=np.float64))
        left = train.stars - self.mean  # [N]
        self.items = damped_means(train.items, left, train.n_items, damping)  # [I]
        left = left - self.items[train.items]
        self.users = damped_means(train.users, left, train.n_users, damping)  # [U]

    def predict(self, users: Rows, items: Rows, times: Rows | None = None) -> Floats:
        """Predicted stars [B]."""
        return np.asarray(self.mean + self.items[items] + self.users[users], dtype=np.float32)


class Popularity:
    """Ranks films by how many people rated them; predicts a film's damped mean."""

    def __init__(self, train: Ratings, damping: float = 5.0):
        self.counts = np.bincount(train.items, minlength=train.n_items)  # [I]
        self.mean = float(np.mean(train.stars, dtype=np.float64))
        self.items = damped_means(train.items, train.stars - self.mean, train.n_items, damping)  # [I]

    def predict(self, users: Rows, items: Rows, times: Rows | None = None) -> Floats:
        """Predicted stars [B]."""
        return np.asarray(self.mean + self.items[items], dtype=np.float32)

    def rank(self, user: int) -> Floats:
        """What films are sorted by [I]: the number of their ratings."""
        return self.counts.astype(np.float32)


class ItemKNN:
    """stars = biases + weighted mean of what is left of the user's ratings of the k most similar films.

    Similarity is the cosine of what the biases leave of the films' ratings, times n / (n + shrink) where n
    people rated both. Source: Sarwar, Karypis, Konstan, Riedl 2001; shrinkage as in Koren 2010.
    """

    MOST_FILMS = 30_000
    MOST_PAIRS = 1_000_000_000  # users times films: two tables of 4 GB

    def __init__(self, train: Ratings, k: int = 30, shrink: float = 60.0):
        if train.n_items > self.MOST_FILMS:
            raise ValueError(
                f"item-knn keeps a table of films times films: {train.n_items} films are too many for it "
                f"(at most {self.MOST_FILMS})"
            )
        if train.n_users * train.n_items > self.MOST_PAIRS:
            raise ValueError(
                f"item-knn keeps a table of users times films: {train.n_users} times {train.n_items} are too "
                f"many for it (at most {self.MOST_PAIRS})"
            )
        self.k = k
        self.biases = Biases(train)
        left = train.stars - self.biases.predict(train.users, train.items)  # [N]
        table = np.zeros((train.n_users, train.n_items), dtype=np.float32)  # [U, I]
        table[train.users, train.items] = left
        seen = np.zeros_like(table)
        seen[train.users, train.items] = 1
        lengths = np.maximum(np.linalg.norm(table, axis=0), 1e-9)  # [I]
        together = seen.T @ seen  # [I, I] people who rated both
        self.similar = (table.T @ table) / np.outer(lengths, lengths) * (together / (together + shrink))
        np.fill_diagonal(self.similar, 0)
        self.left = table
        order = np.argsort(train.users, kind="stable")
        self.rated = np.split(
            train.items[order], np.cumsum(np.bincount(train.users, minlength=train.n_users))[:-1]
        )

    def predict(self, users: Rows, items: Rows, times: Rows | None = None) -> Floats:
        """Predicted stars [B]."""
        users, items = np.asarray(users), np.asarray(items)
        stars = self.biases.predict(users, items)  # [B]
        for user in np.unique(users):
            mine = np.flatnonzero(users == user)  # numbers of this user's predictions
            stars[mine] += self._from_neighbours(int(user), items[mine])
        return stars

    def _from_neighbours(self, user: int, items: Rows) -> Floats:
        """Weighted mean over the k most similar films that the user rated; 0 where there is none."""
        rated = np.unique(self.rated[user])  # [R]
        weights = np.maximum(self.similar[np.ix_(items, rated)], 0)  # [B, R]; unlike films say nothing
        if len(rated) > self.k:
            least = np.partition(weights, len(rated) - self.k, axis=1)[:, [len(rated) - self.k]]  # [B, 1]
            weights = np.where(weights >= least, weights, 0)
        total = weights.sum(axis=1)  # [B]
        return np.asarray((weights @ self.left[user, rated]) / np.maximum(total, 1e-9), dtype=np.float32)


def damped_means(rows: Rows, values: NDArray[np.floating], n: int, damping: float) -> NDArray[np.float64]:
    """Sum of the values of each row 0..n-1 over (their count + damping) [n]."""
    sums = np.bincount(rows, weights=values, minlength=n)
    counts = np.bincount(rows, minlength=n) + damping
    return np.asarray(np.divide(sums, counts, out=np.zeros(n), where=counts > 0))
