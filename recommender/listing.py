"""A personal list as plain data: titles, predicted stars, and the reason for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from recommender import datasets, posterior, posterior_fold
from recommender.checkpoint import FactorModel, load
from recommender.foldin import fold_in
from recommender.posterior import Posterior
from recommender.ranking import Why, predict, top_n, why

Served = FactorModel | Posterior
Answer = tuple[int, float, float | None, float | None, Why]
"""Film row, predicted stars, ends of the 90 % interval if the model knows one, and the reason."""


def load_served(path: Path) -> Served:
    """The checkpoint of whichever kind. Raises CheckpointError."""
    return posterior.load(path) if posterior.is_posterior(path) else load(path)


def personal_list(
    model: Served, stars: Mapping[int, float], n: int, cache: Path | None = None
) -> list[dict[str, Any]]:
    """The n best films for a person who gave `stars` {row: stars}, best first, with a reason each.

    `low` and `high` are null for a point model, which knows no interval. What only the data set knows
    (genres, keys, a proper title) is null or the film id where that data set is not on this machine.
    """
    films = _films(model, cache)
    return [
        {
            "rank": rank,
            **_film(model, films, row),
            "predicted": predicted,
            "low": low,
            "high": high,
            "why": _reason(model, films, reason),
            "diversity_cost": None,
        }
        for rank, (row, predicted, low, high, reason) in enumerate(_answers(model, stars, n), 1)
    ]


def _answers(model: Served, stars: Mapping[int, float], n: int) -> Iterator[Answer]:
    rows, given = list(stars), list(stars.values())
    if isinstance(model, Posterior):
        person = posterior_fold.fold_in(model, rows, given)
        top = posterior_fold.top_n(model, person, n)
        told = posterior_fold.forecast(model, person, top)
        for row, *three in zip(top, told.predicted, told.low, told.high, strict=True):
            predicted, low, high = map(float, three)
            yield int(row), predicted, low, high, posterior_fold.why(model, person, int(row))
        return
    folded = fold_in(model, rows, given)
    top = top_n(model, folded, n)
    for row, value in zip(top, predict(model, folded, top), strict=True):
        yield int(row), float(value), None, None, why(model, folded, int(row))


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
