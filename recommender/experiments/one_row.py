"""One row of the table taken apart: a person's vector and bias, and what each of their ratings does to them.

Letters: n ratings of the person, K factors, D = K + 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.als import Als
from recommender.experiments.learner import with_learner
from recommender.experiments.two_seeds import correlation
from recommender.ratings import Dataset, Ratings

Doubles = NDArray[np.float64]
Rows = NDArray[np.intp]

LEAST = 3
"""Fewer ratings of the learner are no row worth looking at."""
STAND_IN = (20, 40)
"""Ratings of a viewer who may stand in, where there is one."""


@dataclass(frozen=True, eq=False)
class Person:
    """A row of the table with its ratings, in the order given."""

    row: int
    films: Rows
    stars: Doubles
    kind: str
    """"learner" or "viewer"."""

    @property
    def whose(self) -> str:
        """How the charts call the person's things."""
        return "your" if self.kind == "learner" else f"viewer {self.row + 1}'s"


def person_of(data: Dataset, given: Mapping[str, float] | None, seed: int) -> tuple[Ratings, Person | None]:
    """All ratings and the learner among them, or a viewer who stands in; None where nobody can."""
    ratings, row = with_learner(data, given)
    kind = "learner"
    if row is None or (ratings.users == row).sum() < LEAST:
        ratings, kind = data.ratings, "viewer"
        counts = np.bincount(ratings.users, minlength=ratings.n_users)
        able = np.flatnonzero((counts >= STAND_IN[0]) & (counts <= STAND_IN[1]))
        able = able if len(able) else np.flatnonzero(counts >= LEAST)
        if not len(able):
            return ratings, None
        row = int(np.random.default_rng([seed, 45]).choice(able))
    mine = np.flatnonzero(ratings.users == row)
    films, stars = ratings.items[mine].astype(np.intp), ratings.stars[mine].astype(np.float64)
    return ratings, Person(row, films, stars, kind)


def solve(als: Als, films: Rows, stars: Doubles, pull: float = 1.0) -> Doubles:
    """Vector and bias [D] of a row from its ratings, the films' fixed; `pull` times the usual penalty."""
    others = als.films[films].copy()  # [n, D]
    target = stars - als.mean - others[:, -1]
    others[:, -1] = 1
    return np.asarray(np.linalg.solve(others.T @ others + pull * np.diag(als.ridges), others.T @ target))


def added(als: Als, row: Doubles, films: Rows) -> Doubles:
    """What a row adds to the films' own level [n], in stars: its bias and u · v."""
    return np.asarray(als.films[films, :-1] @ row[:-1] + row[-1])


def level(als: Als, row: Doubles, films: Rows) -> Doubles:
    """Predicted stars [n], not cut to any range."""
    return np.asarray(als.mean + als.films[films, -1] + added(als, row, films))


@dataclass(frozen=True, eq=False)
class Moves:
    """What each rating [n] did, all in stars."""

    guess: Doubles  # what the others say about this film
    moved: Doubles  # mean absolute change of the predictions for well-known films
    bias: Doubles  # change of the row's bias
    most: Rows  # place of the film moved most, among the well-known ones


def leave_out(als: Als, person: Person, known: Rows) -> Moves:
    """Solve without each rating in turn, and compare."""
    whole_row = solve(als, person.films, person.stars)
    guess, moved, bias, most = [], [], [], []
    for at in range(len(person.films)):
        others = np.arange(len(person.films)) != at
        row = solve(als, person.films[others], person.stars[others])
        change = np.abs(added(als, whole_row, known) - added(als, row, known))  # [films]
        guess.append(float(level(als, row, person.films[at : at + 1])[0]))
        moved.append(float(change.mean()))
        bias.append(float(whole_row[-1] - row[-1]))
        most.append(int(change.argmax()))
    return Moves(np.array(guess), np.array(moved), np.array(bias), np.array(most, dtype=np.intp))


def moved_by(person: Person, moves: Moves, counts: NDArray[np.intp]) -> dict[str, float | str]:
    """What goes with the movement: rank correlations over the ratings, the largest of them as a word."""
    surprise = np.abs(person.stars - moves.guess)
    causes = {"surprise": surprise, "stars": person.stars, "fame": counts[person.films]}
    ranks = {name: correlation(_ranks(values), _ranks(moves.moved)) for name, values in causes.items()}
    first = int(moves.moved.argmax())
    return {
        "mover_moved": float(moves.moved[first]),
        "mover_surprise": float(surprise[first]),
        **{f"{name}_rank": value for name, value in ranks.items()},
        "moved_by": max(ranks, key=lambda name: ranks[name]),
    }


def _ranks(values: NDArray[Any]) -> Doubles:
    """Ranks [n] from 0; equal values share the mean of theirs."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return np.asarray(below + (equal - 1) / 2, dtype=np.float64)
