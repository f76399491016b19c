"""What a crowd says about films that may be asked about: how many know them, and who else knows them.

Letters: N ratings, U people, I films, C films that may be asked about, P directions, A films asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ratings import Ratings

Doubles = NDArray[np.float64]
Rows = NDArray[np.intp]

ASKABLE = 4096
"""At most so many films are asked about: the best known ones."""
PEOPLE = 4096
"""From at most so many people it is learnt which films are known together."""
DIRECTIONS = 32
POWER_STEPS = 4
UNSEEN_WEIGHT = 0.5
"""Weight of "not seen" among the answers in entropy0. Source: Rashid, Karypis, Riedl 2008."""
RAREST, SUREST = 1e-5, 0.99


@dataclass(frozen=True, eq=False)
class Crowd:
    """C films by how well they are known, and a linear model of who has seen what.

    Whether a person has seen the films is `share` + shared @ z + own noise, with z standard normal [P].
    """

    rows: Rows  # [C] their rows among all films, best known first
    counts: Doubles  # [C] people who rated each
    entropy: Doubles  # [C] of its stars, in nats
    entropy0: Doubles  # [C] of the answers to "how many stars?", of which one is "not seen"
    share: Doubles  # [C] part of the people who have seen it
    shared: Doubles  # [C, P]
    own: Doubles  # [C] variance that is the film's own

    @classmethod
    def of(cls, ratings: Ratings, seed: int = 0) -> Crowd:
        """Learn from ratings. People without any are left out. Raises ValueError if there are no ratings."""
        if not len(ratings):
            raise ValueError("there are no ratings to learn from")
        pairs = np.unique(ratings.users.astype(np.int64) * ratings.n_items + ratings.items)
        users, items = np.divmod(pairs, ratings.n_items)
        people, users = np.unique(users, return_inverse=True)
        counts = np.bincount(items, minlength=ratings.n_items)  # [I]
        rows = np.argsort(-counts, kind="stable")[:ASKABLE]
        share = counts[rows] / len(people)
        rng = np.random.default_rng(seed)
        chosen = np.sort(rng.permutation(len(people))[:PEOPLE])
        shared = _directions(_seen(users, items, chosen, rows), rng)
        own = np.maximum(share * (1 - share) - (shared**2).sum(axis=1), 0.01 * share + 1e-6)
        given, marks = _marks(ratings, rows)
        entropy = _entropy(given / np.maximum(given.sum(axis=1, keepdims=True), 1), np.ones(marks))
        answers = np.hstack([np.maximum(0, 1 - share)[:, None], _scaled(given, share)])
        weights = np.array([UNSEEN_WEIGHT] + [1.0] * marks)
        entropy0 = _entropy(answers, weights)
        return cls(rows, counts[rows].astype(np.float64), entropy, entropy0, share, shared, own)

    def chance(self, seen: Sequence[int], not_seen: Sequence[int]) -> Doubles:
        """Chance [C] that a person has seen each film, given film rows that they have and have not seen.

        The best linear guess: it rises for what is known to the same people, and falls after "not seen".
        Rows that are not among the C films are left out.
        """
        asked = np.array([*seen, *not_seen], dtype=np.intp)
        answers = np.repeat([1.0, 0.0], [len(seen), len(not_seen)])
        place = np.full(max(int(self.rows.max()), int(asked.max(initial=0))) + 1, -1)
        place[self.rows] = np.arange(len(self.rows))
        known = place[asked] >= 0
        at, answers = place[asked][known], answers[known]  # [A]
        felt = self.shared[at] / self.own[at][:, None]  # [A, P]
        precision = np.eye(self.shared.shape[1]) + self.shared[at].T @ felt
        z = np.linalg.solve(precision, felt.T @ (answers - self.share[at]))
        return np.clip(self.share + self.shared @ z, RAREST, SUREST)


def _seen(
    users: NDArray[np.int64], items: NDArray[np.int64], people: NDArray[np.int64], rows: Rows
) -> NDArray[np.float32]:
    """[len(people), C] of 0 and 1."""
    person = np.full(int(users.max()) + 1, -1)
    person[people] = np.arange(len(people))
    film = np.full(int(max(items.max(), rows.max())) + 1, -1)
    film[rows] = np.arange(len(rows))
    there = (person[users] >= 0) & (film[items] >= 0)
    seen = np.zeros((len(people), len(rows)), dtype=np.float32)
    seen[person[users[there]], film[items[there]]] = 1
    return seen


def _directions(seen: NDArray[np.float32], rng: np.random.Generator) -> Doubles:
    """The leading part [C, P] of the films' covariance, by subspace iteration (Halko et al. 2011)."""
    apart = seen - seen.mean(axis=0)
    width = min(DIRECTIONS, *apart.shape)
    basis = rng.standard_normal((apart.shape[1], width)).astype(np.float32)
    for _ in range(POWER_STEPS):
        basis = np.linalg.qr(apart.T @ (apart @ basis))[0]
    _, sizes, turn = np.linalg.svd(apart @ basis, full_matrices=False)
    return np.asarray((basis @ turn.T) * sizes / np.sqrt(len(seen)), dtype=np.float64)


def _marks(ratings: Ratings, rows: Rows) -> tuple[Doubles, int]:
    """How often each film got each number of stars [C, M], and M."""
    values, mark = np.unique(ratings.stars, return_inverse=True)
    cells = np.bincount(
        ratings.items.astype(np.int64) * len(values) + mark, minlength=ratings.n_items * len(values)
    )
    return cells.reshape(ratings.n_items, len(values))[rows].astype(np.float64), len(values)


def _scaled(given: Doubles, share: Doubles) -> Doubles:
    return np.asarray(given / np.maximum(given.sum(axis=1, keepdims=True), 1) * share[:, None])


def _entropy(chances: Doubles, weights: Doubles) -> Doubles:
    """Weighted entropy of each row, in nats."""
    logs = np.log(chances, out=np.zeros_like(chances), where=chances > 0)
    return np.asarray(-(chances * logs) @ weights / weights.sum())
