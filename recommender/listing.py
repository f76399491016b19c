"""A personal list as plain data: titles, predicted stars with their interval, and the reason for each.

Whatever kind of model is served, a person is folded in, films are ranked and a prediction is taken apart
by the functions here. NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets, foldin, lists, lists_audience, posterior, posterior_fold, ranking
from recommender.checkpoint import CheckpointError, FactorModel, load
from recommender.foldin import Folded
from recommender.lists import Knobs, Ranked
from recommender.lists_audience import Audience
from recommender.posterior import Posterior
from recommender.posterior_fold import FoldedDraws
from recommender.ranking import Why

Served = FactorModel | Posterior
Someone = Folded | FoldedDraws
Rows = NDArray[np.intp]
Floats = NDArray[np.float32]
Ends = tuple[Floats, Floats] | None
"""Low and high ends [B] of the 90 % interval of a rating, if the model knows them."""


def load_served(path: Path) -> Served:
    """The checkpoint of whichever kind. Raises CheckpointError."""
    return posterior.load(path) if posterior.is_posterior(path) else load(path)


def load_audience(path: Path, model: Served) -> Audience | None:
    """The audience at `path`; None if there is none for these films, so that stars alone sort the list."""
    try:
        audience = lists_audience.load(path)
    except CheckpointError:
        return None
    return audience if audience.n_items == model.n_items else None


def fold(model: Served, rows: Sequence[int] | Rows, stars: Sequence[float]) -> Someone:
    """The person who gave `stars` [n] to the films in `rows` [n]. Raises ValueError as the fold-ins do."""
    if isinstance(model, Posterior):
        return posterior_fold.fold_in(model, rows, stars)
    return foldin.fold_in(model, rows, stars)


def ranked(
    model: Served,
    audience: Audience | None,
    person: Someone,
    n: int,
    exclude_rows: Sequence[int] | Rows = (),
    knobs: Knobs | None = None,
    assumed: Sequence[int] | Rows = (),
) -> Ranked:
    """The n films of most worth for the person; without an audience those with most predicted stars.

    Rated films and those in `exclude_rows` are left out, but not films that are `assumed` to be liked.
    """
    if audience is not None:
        return lists.personal(model, audience, person, n, exclude_rows, knobs, assumed)
    rated = np.setdiff1d(person.rows, np.asarray(assumed, dtype=np.intp))
    gone = np.concatenate([rated, np.asarray(exclude_rows, dtype=np.intp)])
    if isinstance(model, Posterior):
        assert isinstance(person, FoldedDraws)
        rows = posterior_fold.top_n(model, person, max(0, n), gone)
    else:
        assert isinstance(person, Folded)
        rows = ranking.top_n(model, person, max(0, n), gone)
    stars = predict(model, person, rows)[0]
    return Ranked(rows, stars, stars, np.zeros(len(rows), np.float32))


def predict(model: Served, person: Someone, rows: Sequence[int] | Rows) -> tuple[Floats, Ends]:
    """Predicted stars [B] of the films in `rows` [B], and the 90 % interval of the person's rating."""
    if not len(rows):
        nothing = np.zeros(0, np.float32)
        return nothing, (nothing, nothing) if isinstance(model, Posterior) else None
    if isinstance(model, Posterior):
        assert isinstance(person, FoldedDraws)
        told = posterior_fold.forecast(model, person, rows)
        return told.predicted, (told.low, told.high)
    assert isinstance(person, Folded)
    return ranking.predict(model, person, rows), None


def why(model: Served, person: Someone, row: int) -> Why:
    """The prediction for the film in `row`, taken apart."""
    if isinstance(model, Posterior):
        assert isinstance(person, FoldedDraws)
        return posterior_fold.why(model, person, row)
    assert isinstance(person, Folded)
    return ranking.why(model, person, row)


def similar(model: Served, row: int, n: int) -> Rows:
    """Rows of the n films whose vectors point most alike, the film itself left out. Raises IndexError."""
    if isinstance(model, Posterior):
        return posterior_fold.similar(model, row, n)
    return ranking.similar(model, row, n)


def personal_list(
    model: Served,
    stars: Mapping[int, float],
    n: int,
    cache: Path | None = None,
    audience: Audience | None = None,
    knobs: Knobs | None = None,
) -> list[dict[str, Any]]:
    """The n best films for a person who gave `stars` {row: stars}, best first, with a reason each.

    `low` and `high` are null for a point model, which knows no interval. What only the data set knows
    (genres, keys, a proper title) is null or the film id where that data set is not on this machine.
    """
    films = _films(model, cache)
    person = fold(model, list(stars), list(stars.values()))
    found = ranked(model, audience, person, n, knobs=knobs)
    predicted, ends = predict(model, person, found.rows)
    return [
        {
            "rank": at + 1,
            **_film(model, films, int(row)),
            "predicted": float(predicted[at]),
            "low": None if ends is None else float(ends[0][at]),
            "high": None if ends is None else float(ends[1][at]),
            "why": _reason(model, films, why(model, person, int(row))),
            "diversity_cost": float(found.diversity_cost[at]),
        }
        for at, row in enumerate(found.rows)
    ]


def _films(model: Served, cache: Path | None) -> dict[str, dict[str, Any]]:
    """What the data set says of each film id; empty where it is not here."""
    try:
        items = datasets.load(model.data_name, cache).items
    except datasets.DataError:
        return {}
    columns = zip(items.film_ids, items.titles, items.years, items.genres, items.keys, strict=True)
    return {
        film: {"title": title, "year": year or None, "genres": list(genres), "keys": dict(keys)}
        for film, title, year, genres, keys in columns
    }


def _film(model: Served, films: Mapping[str, dict[str, Any]], row: int) -> dict[str, Any]:
    film = model.film_ids[row]
    nothing = {"title": film, "year": None, "genres": None, "keys": None}
    return {"id": film, **films.get(film, nothing)}


def _reason(model: Served, films: Mapping[str, dict[str, Any]], reason: Why) -> dict[str, Any]:
    because = [
        {"id": model.film_ids[row], "title": _film(model, films, row)["title"], "stars": stars, "push": push}
        for row, stars, push in reason.because
    ]
    parts = ("mean", "user_bias", "item_bias", "taste", "clamp", "rest")
    return {**{name: getattr(reason, name) for name in parts}, "because": because}
