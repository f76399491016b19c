"""The lists of one round, with or without a remedy. Letters: U people, I films, K factors, n places.

Sources: Carbonell, Goldstein 1998 (MMR); Abdollahpouri, Burke, Mobasher 2019 (popularity in re-ranking).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.simulation_measures import Lists
from recommender.simulation_model import Fitted

Doubles = NDArray[np.float64]

STRENGTHS = {"none": 0.0, "explore": 0.3, "penalty": 0.6, "mmr": 0.5}
"""The remedies and their usual strengths."""
_MMR_POOL = 60  # MMR chooses among so many of the best films


@dataclass(frozen=True)
class Remedy:
    """A way to make lists. `strength`: what it means depends on the remedy (see `lists`)."""

    name: str
    strength: float


def lists(
    fitted: Fitted,
    shut: NDArray[np.bool_],
    times_rated: NDArray[np.integer],
    remedy: Remedy,
    n: int,
    draw: np.random.Generator,
) -> Lists:
    """The n films for each person [U, n], best first, none of which is `shut` [U, I] for them.

    explore: each place is with this chance a random film instead. penalty: so many stars off per unit of
    ln(1 + ratings of the film). mmr: this share of what decides is unlikeness to the films above.
    """
    scores = np.where(shut, -np.inf, fitted.stars)  # [U, I]
    if remedy.name == "penalty":
        scores -= remedy.strength * np.log1p(times_rated)
    if remedy.name == "mmr":
        return _mmr(scores, fitted.film_vectors, remedy.strength, n)
    if remedy.name == "explore":
        return _explore(scores, remedy.strength, n, draw)
    return _best(scores, n)


def _best(scores: Doubles, n: int) -> Lists:
    """Columns of the n highest scores of each row, highest first; of equals the lower column first."""
    top = np.sort(np.argpartition(-scores, n - 1, axis=1)[:, :n], axis=1)
    order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)


def _explore(scores: Doubles, share: float, n: int, draw: np.random.Generator) -> Lists:
    """Best lists in which each place is, with chance `share`, a random film not otherwise on the list."""
    top = _best(scores, n)
    chance = draw.random(scores.shape)
    chance[~np.isfinite(scores)] = -1
    np.put_along_axis(chance, top, -1, axis=1)
    other = _best(chance, n)
    there_is = np.take_along_axis(chance, other, axis=1) >= 0
    return np.where(there_is & (draw.random(top.shape) < share), other, top)


def _mmr(scores: Doubles, vectors: Doubles, share: float, n: int) -> Lists:
    """Maximal marginal relevance: each place to the film with the best (1 - share) score - share likeness.

    Likeness: the highest cosine of the vectors to a film further up, and never below 0. Scores run from 0 to
    1 in each pool.
    """
    pool = _best(scores, min(_MMR_POOL, scores.shape[1]))  # [U, P]
    worth = np.take_along_axis(scores, pool, axis=1)
    closed = ~np.isfinite(worth)
    lowest = np.where(closed, np.inf, worth).min(axis=1, keepdims=True)
    worth = np.where(closed, lowest, worth)
    worth = (worth - lowest) / np.maximum(worth[:, :1] - lowest, 1e-12)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)
    cosines = (unit @ unit.T).clip(0)  # [I, I]
    likeness = np.zeros(pool.shape)
    people = np.arange(len(pool))
    chosen = np.zeros((len(pool), n), dtype=np.intp)
    for place in range(n):
        gain = np.where(closed, -np.inf, (1 - share) * worth - share * likeness)
        best = np.argmax(gain, axis=1)  # [U]
        chosen[:, place] = pool[people, best]
        closed[people, best] = True
        closer = cosines[chosen[:, place][:, None], pool]
        likeness = closer if place == 0 else np.maximum(likeness, closer)
    return chosen
