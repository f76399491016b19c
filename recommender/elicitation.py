"""Which film to ask a new person about next. NumPy only, a few milliseconds a question.

"Not seen" is an answer that costs a person nothing: it never counts as a rating, and `information` takes it
as a hint that films known to the same people are unknown, too.
Letters: I films, C films that may be asked about, S draws, K factors, D = K + 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.elicitation_crowd import Crowd
from recommender.posterior import Posterior
from recommender.posterior_fold import fold_in

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

STRATEGIES = ("random", "popular", "entropy0", "log-popularity x entropy", "information")
DRAWS = 8
"""Draws that weigh a question; more change the choice little."""


@dataclass(frozen=True)
class Answers:
    """What a person has said so far; film rows. A new record for each answer."""

    rated: Mapping[int, float] = field(default_factory=dict)
    """Stars of the films that were seen, in order of the answers."""
    not_seen: tuple[int, ...] = ()
    left_out: frozenset[int] = frozenset()
    """Films that are not to be asked about, for whatever reason."""

    def plus(self, row: int, stars: float | None) -> Answers:
        """With one more answer: stars, or None for "not seen"."""
        if stars is None:
            return replace(self, not_seen=(*self.not_seen, row))
        return replace(self, rated={**self.rated, row: stars})

    @property
    def closed(self) -> Rows:
        """Rows that are not asked about any more."""
        return np.array([*self.rated, *self.not_seen, *self.left_out], dtype=np.intp)


class Strategy(Protocol):
    """A way to choose questions; it keeps no state of its own."""

    def next_film(self, answers: Answers) -> int | None:
        """Row of the film to ask about; None if there is nothing left to ask."""
        ...


class Ranked:
    """Ask in one fixed order: by score, highest first."""

    def __init__(self, rows: Rows, scores: ArrayLike):
        """Film rows [C] and their scores [C]; equal scores keep the order of the rows."""
        self.order = rows[np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")]

    def next_film(self, answers: Answers) -> int | None:
        """The first that was not asked."""
        closed = set(answers.closed.tolist())
        return next((int(row) for row in self.order if int(row) not in closed), None)


class Information:
    """Ask where the answer is expected to tell most: chance that the film was seen · what stars would tell.

    Stars for film i shrink the variance of the forecast for film j, in one draw with covariance A⁻¹ of the
    person and f = (vector, 1) of a film, by

        (f_jᵀ A⁻¹ f_i)² / (f_iᵀ A⁻¹ f_i + noise variance of i)

    This is averaged over the films j that were not asked, by the chance that the person has seen them, and
    over draws. Greedy: one question ahead. Source: Gaussian A-optimal design, e.g. Chaloner, Verdinelli 1995.
    """

    def __init__(self, posterior: Posterior, crowd: Crowd):
        """The films of `crowd` are rows of `posterior`."""
        self.posterior, self.crowd = posterior, crowd
        n = posterior.n_draws
        self.draws = np.unique(np.linspace(0, n - 1, min(DRAWS, n)).round().astype(np.intp))
        taken = posterior.taken(posterior.films, crowd.rows)[:, self.draws]  # [C, S, D]
        self.films: Floats = np.ascontiguousarray(taken.transpose(1, 0, 2), dtype=np.float32)
        self.films[..., -1] = 1
        factors = posterior.taken(posterior.film_noise, crowd.rows)[:, self.draws].T.astype(np.float32)
        self.noise: Floats = np.float32(1) / (
            factors * posterior.rating_precision[self.draws, None]
        )  # [S, C]

    def next_film(self, answers: Answers) -> int | None:
        """The film of the highest `worth`."""
        worth = self.worth(answers)
        at = int(worth.argmax())
        return int(self.crowd.rows[at]) if worth[at] > 0 else None

    def worth(self, answers: Answers) -> Floats:
        """Expected fall of the mean variance of the forecasts [C], in stars²; 0 for what is closed."""
        folded = fold_in(self.posterior, list(answers.rated), list(answers.rated.values()))
        covariance = folded.covariance[self.draws].astype(np.float32)  # [S, D, D]
        chance = self.crowd.chance(list(answers.rated), answers.not_seen)
        chance[np.isin(self.crowd.rows, answers.closed)] = 0
        weight = (chance / max(chance.sum(), 1e-12)).astype(np.float32)  # [C]
        gram = (self.films * weight[:, None]).transpose(0, 2, 1) @ self.films  # [S, D, D]
        told = self.films @ covariance  # [S, C, D]
        doubt = (told * self.films).sum(axis=-1) + self.noise / folded.own  # [S, C]
        fall = ((told @ gram) * told).sum(axis=-1) / doubt  # [S, C]
        return np.asarray(chance * fall.mean(axis=0), dtype=np.float32)


def strategy(name: str, posterior: Posterior, crowd: Crowd, seed: int = 0, person: int = 0) -> Strategy:
    """The strategy of one of the names in STRATEGIES; `seed` and `person` decide the order of "random".

    Raises ValueError for another name.
    """
    if name == "information":
        return Information(posterior, crowd)
    scores = {
        "random": np.random.default_rng([seed, person]).random(len(crowd.rows)),
        "popular": crowd.counts,
        "entropy0": crowd.entropy0,
        "log-popularity x entropy": np.log1p(crowd.counts) * crowd.entropy,
    }
    if name not in scores:
        raise ValueError(f"unknown strategy {name!r}; there are {', '.join(STRATEGIES)}")
    return Ranked(crowd.rows, scores[name])
