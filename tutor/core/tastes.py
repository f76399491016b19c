"""Eight groups of taste: films that the same people watch, to choose from before anything is rated.

The best known films are grouped by the directions of their audience (spherical k-means: Dhillon, Modha 2001).
A group is named by the genres that it has more of than the others, and by its best known films.
Source of the idea: Chang, Harper, Terveen 2015, "Using Groups of Items for Preference Elicitation".
Letters: B films that are grouped, G groups, K directions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.lists_audience import Audience
from tutor.store.ratings import FilmRow

Floats = NDArray[np.float32]

GROUPS, CHOSEN = 8, 3
"""So many are shown; so many make a first list."""
KNOWN = 240
"""At most so many films are grouped, the best known ones."""
STANDING_FOR = 6
"""Films of a group that stand for it in the arithmetic."""
STARS = 4.5
"""What a chosen group counts as: this for each of the films that stand for it."""
_RESTARTS, _ROUNDS = 8, 30


@dataclass(frozen=True)
class Taste:
    """A group of films that the same people watch."""

    id: str
    """Slug of its name; stays while the data set stays."""
    name: str
    films: tuple[FilmRow, ...]
    """Those that stand for it, the best known first."""


def tastes(audience: Audience, films: Sequence[FilmRow | None]) -> list[Taste]:
    """Eight groups (fewer where there are too few films), the largest audience first.

    `films` [I] are the rows of `audience`; None for one that is not shown.
    """
    shown = np.array([row for row in range(audience.n_items) if films[row] is not None], dtype=np.intp)
    rows = shown[np.argsort(-audience.counts[shown], kind="stable")][:KNOWN]
    if len(rows) < 2 * GROUPS:
        return []
    vectors = _own_directions(audience, rows)
    group = _grouped(vectors)  # [B]
    counts = audience.counts[rows].astype(np.float64)
    genres = [films[row].genres for row in rows]
    made: dict[str, Taste] = {}
    for number in sorted(range(GROUPS), key=lambda one: -counts[group == one].sum()):
        members = np.flatnonzero(group == number)
        centre = vectors[members].mean(axis=0)
        typical = vectors[members] @ centre / max(float(np.linalg.norm(centre)), 1e-9)
        order = np.argsort(-(typical * np.log1p(counts[members])), kind="stable")[:STANDING_FOR]
        chosen = [films[rows[members[at]]] for at in order]
        standing = tuple(film for film in chosen if film is not None)
        name = _name(genres, standing, set(made))
        made[name] = Taste(name.casefold().replace(" ", "-").replace(",", ""), name, standing)
    return list(made.values())


def _own_directions(audience: Audience, rows: NDArray[np.intp]) -> Floats:
    """Directions [B, K] with what all well known films share taken away: what is left tells them apart."""
    vectors = audience.directions(rows)
    apart = vectors - vectors.mean(axis=0)
    return np.asarray(
        apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )


def _grouped(vectors: Floats) -> NDArray[np.intp]:
    """Group [B] of each vector: the best of some starts, deterministic."""
    best, value = np.zeros(len(vectors), np.intp), -np.inf
    for start in range(_RESTARTS):
        group, close = _one_start(vectors, np.random.default_rng([8, start]))
        sizes = np.bincount(group, minlength=GROUPS)
        close -= 0.02 * len(vectors) * float(sizes.min() < 6)  # groups too small to choose from
        if close > value:
            best, value = group, close
    return best


def _one_start(vectors: Floats, rng: np.random.Generator) -> tuple[NDArray[np.intp], float]:
    centres = [vectors[rng.integers(len(vectors))]]
    while len(centres) < GROUPS:  # far from what is there (k-means++: Arthur, Vassilvitskii 2007)
        far = np.clip(1 - (vectors @ np.array(centres).T).max(axis=1), 0, None).astype(np.float64) ** 2
        centres.append(vectors[rng.choice(len(vectors), p=far / far.sum())])
    middle = np.array(centres)
    for _ in range(_ROUNDS):
        group = (vectors @ middle.T).argmax(axis=1)
        sums = np.stack([vectors[group == one].sum(axis=0) for one in range(GROUPS)])
        middle = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    close = vectors @ middle.T
    return close.argmax(axis=1), float(close.max(axis=1).sum())


def _name(all_genres: Sequence[Sequence[str]], standing: Sequence[FilmRow], taken: set[str]) -> str:
    """The two genres that the films have most beyond the usual share, as a name that no other group has."""
    everywhere = Counter(genre for film in all_genres for genre in film)
    inside = Counter(genre for film in standing for genre in film.genres)
    share = len(standing) / len(all_genres)
    beyond = sorted(inside, key=lambda one: (share * everywhere[one] - inside[one], one))
    for first, second in ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3)):
        if second < len(beyond) and (name := f"{beyond[first]}, {beyond[second]}") not in taken:
            return name
    return f"{beyond[0] if beyond else 'Mixed'} {len(taken) + 1}"
