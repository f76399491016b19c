"""A personal list as plain data: titles, predicted stars, and the reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recommender import datasets
from recommender.checkpoint import FactorModel
from recommender.foldin import fold_in
from recommender.ranking import Why, predict, top_n, why


def personal_list(
    model: FactorModel, stars: Mapping[int, float], n: int, cache: Path | None = None
) -> list[dict[str, Any]]:
    """The n best films for a person who gave `stars` {row: stars}, best first, with a reason each.

    `low` and `high` are null: a point model knows no interval. What only the data set knows (genres, keys, a
    proper title) is null or the film id where that data set is not on this machine.
    """
    person = fold_in(model, list(stars), list(stars.values()))
    rows = top_n(model, person, n)
    films = _films(model, cache)
    predicted = predict(model, person, rows)
    return [
        {
            "rank": rank,
            **_film(model, films, int(row)),
            "predicted": float(value),
            "low": None,
            "high": None,
            "why": _reason(model, films, why(model, person, int(row))),
            "diversity_cost": None,
        }
        for rank, (row, value) in enumerate(zip(rows, predicted, strict=True), 1)
    ]


def _films(model: FactorModel, cache: Path | None) -> dict[str, dict[str, Any]]:
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


def _film(model: FactorModel, films: Mapping[str, dict[str, Any]], row: int) -> dict[str, Any]:
    film = model.film_ids[row]
    nothing = {"title": film, "year": None, "genres": None, "keys": None}
    return {"id": film, **films.get(film, nothing)}


def _reason(model: FactorModel, films: Mapping[str, dict[str, Any]], reason: Why) -> dict[str, Any]:
    because = [
        {"id": model.film_ids[row], "title": _film(model, films, row)["title"], "stars": stars, "push": push}
        for row, stars, push in reason.because
    ]
    parts = ("mean", "user_bias", "item_bias", "taste", "clamp", "rest")
    return {**{name: getattr(reason, name) for name in parts}, "because": because}
