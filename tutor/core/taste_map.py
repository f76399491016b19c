"""The taste map: films and the learner in two dimensions, and which taste a rating moved.

The axes are the principal axes of the film vectors of `dot-bias`, weighted by how well films are known; an
axis is named by the films at its ends. The learner is the fold-in vector, turned the same way. NumPy only.
Letters: I films, K factors, F films that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tutor.core.film_lists import film_of
from tutor.core.film_records import Axis, Moved, Spot, TasteMap
from tutor.core.movies import Movies

if TYPE_CHECKING:
    from recommender.checkpoint import FactorModel
    from tutor.core.catalogue import Catalogue

Doubles = NDArray[np.float64]

SHOWN = 60
"""Films on the map beside the learner's own."""
ENDS = 3
"""Films that name each end of an axis."""
WELL_KNOWN = 200
"""An axis is named by films among so many of the best known."""
AXES = 8
"""Tastes that a rating may be said to have moved."""


@dataclass(frozen=True, eq=False)
class Space:
    """The film vectors of a model in the directions in which films differ most."""

    model: FactorModel
    counts: NDArray[np.intp]
    """[I] ratings of each film"""
    titles: Sequence[str]
    places: Doubles
    """[I, AXES]"""
    axes: Doubles
    """[AXES, K]"""

    def axis(self, number: int, sign: float = 1.0) -> Axis:
        """An axis by the well known films at its ends; with sign -1 turned round."""
        known = np.argsort(-self.counts, kind="stable")[:WELL_KNOWN]
        order = known[np.argsort(sign * self.places[known, number], kind="stable")]
        low, high = ([self.titles[row] for row in rows[:ENDS]] for rows in (order, order[::-1]))
        return Axis(low=tuple(low), high=tuple(high))


def taste_map(movies: Movies, shown: int = SHOWN) -> TasteMap:
    """Where the learner and films stand. Raises `NoModel`."""
    space, films, stars = _space_of(movies), movies.catalogue().films, movies.stars()
    ids, places = space.model.film_ids, space.places
    order = [row for row in np.argsort(-space.counts, kind="stable").tolist() if ids[row] in films]
    rated = [row for row in order if ids[row] in stars]
    others = [row for row in order[: shown + len(rated)] if ids[row] not in stars]
    chosen = [*rated, *others][: shown + len(rated)]
    spots = tuple(
        Spot(
            **film_of(films[ids[row]], stars).model_dump(),
            x=round(float(places[row, 0]), 4), y=round(float(places[row, 1]), 4),
        )
        for row in chosen
    )  # fmt: skip
    here = space.axes[:2] @ (movies.learner_vector().vector - space.model.anybody[:-1])
    reach = float(np.abs(places[chosen, :2]).max(initial=1e-9))
    here = here * min(1.0, reach / max(1e-9, float(np.abs(here).max())))  # on the map, in the same direction
    return TasteMap(
        spots=spots, x=round(float(here[0]), 4), y=round(float(here[1]), 4),
        axes=(space.axis(0), space.axis(1)),
    )  # fmt: skip


def moved_by(movies: Movies, film: str) -> Moved | None:
    """Which taste the rating of a film moved most: the learner with it against the learner without it.

    None where the film is not rated, or the model does not know it. Raises `NoModel`.
    """
    space, stars = _space_of(movies), movies.stars()
    model = space.model
    if film not in stars or film not in model.film_ids:
        return None
    without = {one: value for one, value in stars.items() if one != film}
    now, before = movies.learner_vector(stars), movies.learner_vector(without)
    spread = space.places.std(axis=0)  # [AXES]
    steps = space.axes @ (now.vector - before.vector) * spread  # raw score of a film one spread out
    at = int(np.argmax(np.abs(steps)))
    axis = space.axis(at, 1.0 if steps[at] >= 0 else -1.0)
    return Moved(
        film=film, number=at + 1, towards=axis.high, away=axis.low,
        stars=round(float(abs(steps[at])) * model.slope, 3),
        bias=round(float(now.bias - before.bias) * model.slope, 3),
    )  # fmt: skip


def _space_of(movies: Movies) -> Space:
    return _space(movies.factor_model(), movies.catalogue())


@lru_cache(maxsize=1)
def _space(model: FactorModel, catalogue: Catalogue) -> Space:
    """The films of a model along their principal axes, the longest first; reckoned once for a model."""
    films = catalogue.films
    counts = np.array([catalogue.counts.get(film, 0) for film in model.film_ids], dtype=np.intp)
    titles = [films[film].title if film in films else film for film in model.film_ids]
    vectors = model.item_factors.astype(np.float64)
    weight = np.sqrt(counts.astype(np.float64))[:, None]
    apart = vectors - (vectors * weight).sum(axis=0) / max(float(weight.sum()), 1e-9)
    weighted = apart * np.sqrt(weight)
    _, turns = np.linalg.eigh(weighted.T @ weighted)
    axes = turns.T[::-1][:AXES]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    axes = axes * signs[:, None]
    return Space(model, counts, titles, apart @ axes.T, axes)
