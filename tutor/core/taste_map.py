"""The taste map: films and the learner in two dimensions, and which taste a rating moved.

The axes are the principal axes of the film vectors of `dot-bias`, weighted by how well films are known; an
axis is named by the films at its ends. The learner is the fold-in vector, turned the same way. NumPy only.
Letters: I films, K factors, F films that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tutor.core.film_lists import film_of
from tutor.core.film_records import Axis, Moved, Spot, TasteMap
from tutor.core.movies import Movies

if TYPE_CHECKING:
    from recommender.checkpoint import FactorModel

Doubles = NDArray[np.float64]

SHOWN = 60
"""Films on the map beside the learner's own."""
ENDS = 3
"""Films that name each end of an axis."""
WELL_KNOWN = 200
"""An axis is named by films among so many of the best known."""
AXES = 8
"""Tastes that a rating may be said to have moved."""


def taste_map(movies: Movies, shown: int = SHOWN) -> TasteMap:
    """Where the learner and films stand. Raises `NoModel`."""
    model, counts, titles = _parts(movies)
    films = movies.catalogue().films
    centre, axes = _axes(model, counts)
    places = (model.item_factors - centre) @ axes[:2].T  # [I, 2]
    stars = movies.stars()
    order = [row for row in np.argsort(-counts, kind="stable") if model.film_ids[row] in films]
    rated = [row for row in order if model.film_ids[row] in stars]
    chosen = [*rated, *(row for row in order[: shown + len(rated)] if model.film_ids[row] not in stars)]
    spots = tuple(
        Spot(
            **film_of(films[model.film_ids[row]], stars).model_dump(),
            x=round(float(places[row, 0]), 4), y=round(float(places[row, 1]), 4),
        )
        for row in chosen[: shown + len(rated)]
    )  # fmt: skip
    person = movies.learner_vector()
    vector = (
        np.asarray(person.vector, dtype=np.float64) if hasattr(person, "vector") else np.zeros(len(centre))
    )
    here = axes[:2] @ (vector - model.anybody[:-1])
    scale = float(np.abs(places[chosen]).max(initial=1e-9)) / max(1e-9, float(np.abs(here).max()))
    here = here * min(1.0, scale)
    return TasteMap(
        spots=spots, x=round(float(here[0]), 4), y=round(float(here[1]), 4),
        axes=tuple(_named(axis, model, centre, counts, titles) for axis in axes[:2]),
    )  # fmt: skip


def moved_by(movies: Movies, film: str) -> Moved | None:
    """Which taste the rating of a film moved most: the learner with it against the learner without it.

    None where the film is not rated, or the model does not know it. Raises `NoModel`.
    """
    model, counts, titles = _parts(movies)
    stars = movies.stars()
    if film not in stars or film not in model.film_ids:
        return None
    without = {one: value for one, value in stars.items() if one != film}
    now, before = movies.learner_vector(stars), movies.learner_vector(without)
    centre, axes = _axes(model, counts)
    spread = np.std((model.item_factors - centre) @ axes.T, axis=0)  # [AXES]
    steps = axes @ (now.vector - before.vector) * spread  # raw score of a film one spread out
    at = int(np.argmax(np.abs(steps)))
    sign = 1.0 if steps[at] >= 0 else -1.0
    axis = _named(axes[at] * sign, model, centre, counts, titles)
    slope = (model.high - model.low) / 4 if model.link == "sigmoid" else 1.0
    return Moved(
        film=film, number=at + 1, towards=axis.high, away=axis.low,
        stars=round(float(abs(steps[at])) * slope, 3), bias=round(float(now.bias - before.bias) * slope, 3),
    )  # fmt: skip


def _parts(movies: Movies) -> tuple[FactorModel, NDArray[np.intp], list[str]]:
    """The model of vectors, ratings of each of its films [I], their titles."""
    model = movies.factor_model()
    catalogue = movies.catalogue()
    counts = np.array([catalogue.counts.get(film, 0) for film in model.film_ids], dtype=np.intp)
    titles = [catalogue.films[film].title if film in catalogue.films else film for film in model.film_ids]
    return model, counts, titles


def _axes(model: FactorModel, counts: NDArray[np.intp]) -> tuple[Doubles, Doubles]:
    """Centre [K] of the films and their principal axes [AXES, K], the longest first."""
    vectors = model.item_factors.astype(np.float64)
    weight = np.sqrt(counts.astype(np.float64))[:, None]
    centre = (vectors * weight).sum(axis=0) / max(float(weight.sum()), 1e-9)
    apart = (vectors - centre) * np.sqrt(weight)
    _, turns = np.linalg.eigh(apart.T @ apart)
    axes = turns.T[::-1][:AXES]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return centre, np.asarray(axes * signs[:, None])


def _named(
    axis: Doubles, model: FactorModel, centre: Doubles, counts: NDArray[np.intp], titles: Sequence[str]
) -> Axis:
    """An axis by the well known films at its ends."""
    known = np.argsort(-counts, kind="stable")[:WELL_KNOWN]
    order = known[np.argsort((model.item_factors[known] - centre) @ axis, kind="stable")]
    return Axis(
        low=tuple(titles[row] for row in order[:ENDS]), high=tuple(titles[row] for row in order[::-1][:ENDS])
    )
