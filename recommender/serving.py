"""The model that makes personal lists: trained on all ratings, one row per film, kept as a checkpoint.

Letters: U users, I films, K factors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommender.checkpoint import FactorModel, Floats, save
from recommender.config import ConfigError, range_of, recipe
from recommender.events import Cancelled, Event, Finished, Progress, Started
from recommender.ratings import Dataset, Ratings

MODELS = ("dot-bias", "als")
"""Models that can be served: linear in a person's vector and bias, so that anybody can be folded in."""

DOT_RIDGE = 5.0
"""Fold-in strength of dot-bias. Of 0.05 to 12, the best for 190 people of MovieLens 100K whom the model had
not seen: mean squared error 1.01, 0.90 and 0.83 after 5, 20 and 50 ratings (at 0.4: 1.12, 1.00, 0.92)."""

KEEP_USERS = 10_000
"""Up to so many users, their vectors are kept in the checkpoint, too."""

ALS = {"factors": 10, "reg": 12.0, "sweeps": 12}
"""Settings of the served `als`."""


def one_row_per_film(data: Dataset) -> tuple[Ratings, tuple[str, ...]]:
    """The ratings with rows that name one film joined, and the film id of each row.

    A joined row keeps the item id of the row that was rated most.
    """
    old, film_ids = data.ratings, tuple(dict.fromkeys(data.items.film_ids))
    place = {film: row for row, film in enumerate(film_ids)}
    to_new = np.array([place[film] for film in data.items.film_ids], dtype=np.int32)  # [I]
    counts = np.bincount(old.items, minlength=old.n_items)  # [I]
    names = [""] * len(film_ids)
    for row in np.argsort(counts, kind="stable"):  # the most rated comes last and stays
        names[to_new[row]] = old.item_ids[row]
    return Ratings(old.users, to_new[old.items], old.stars, old.times, old.user_ids, tuple(names)), film_ids


def fit(
    data: Dataset,
    model: str = "dot-bias",
    recipe_name: str = "fast",
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train `model` on all ratings of `data`. Finished carries the FactorModel; else Failed or Cancelled.

    Raises ConfigError for a model that cannot be served or an unknown recipe.
    """
    makers = {"dot-bias": _fit_dot, "als": _fit_als}
    if model not in makers:
        raise ConfigError(f"{model!r} cannot be served; there are {', '.join(MODELS)}")
    ratings, film_ids = one_row_per_film(data)
    about = {
        "film_ids": film_ids,
        "item_ids": ratings.item_ids,
        "data_name": data.name,
        "data_hash": data.ratings.fingerprint,
    }
    return makers[model](data, ratings, about, recipe_name, seed, cancelled)


def fit_and_save(events: Iterator[Event], out: Path) -> Iterator[Event]:
    """Pass the events of `fit` on; write the checkpoint to `out` before the Finished event is seen."""
    for event in events:
        if isinstance(event, Finished):
            save(event.model, out)
            event = Finished({**event.result, "path": str(out)}, event.model)
        yield event


def _kept(users: Floats, biases: Floats) -> dict[str, Any]:
    """The fields of a checkpoint for user vectors [U, K] and biases [U], if they are few enough."""
    return {"user_factors": users, "user_bias": biases} if len(users) <= KEEP_USERS else {}


def _fit_dot(
    data: Dataset,
    ratings: Ratings,
    about: Mapping[str, Any],
    recipe_name: str,
    seed: int,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    from recommender.training import Trainer, tables_of  # torch: seconds, and als does without

    config = recipe(recipe_name, "dot-bias", {"seed": seed, **range_of(data.low, data.high)})
    trainer = Trainer(config, ratings)
    for event in trainer.run(cancelled):
        if not isinstance(event, Finished):
            yield event
            continue
        users, films, user_bias, film_bias = tables_of(trainer.model)
        known = np.bincount(ratings.users, minlength=ratings.n_users) > 0  # [U]
        metrics = {"train_mse": event.result["train_mse"], "n_ratings": len(ratings)}
        model = FactorModel(
            kind="dot-bias",
            link="sigmoid",
            low=config.low,
            high=config.high,
            offset=0.0,
            item_factors=films,
            item_bias=film_bias,
            ridge=DOT_RIDGE,
            prior=np.append(users[known].mean(0), user_bias[known].mean()).astype(np.float32),
            config=config.to_dict(),
            metrics=metrics,
            **_kept(users, user_bias),
            **about,
        )
        yield Finished({"model": "dot-bias", "seconds": event.result["seconds"], **metrics}, model)


def _fit_als(
    data: Dataset,
    ratings: Ratings,
    about: Mapping[str, Any],
    recipe_name: str,
    seed: int,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    from recommender.als import Als, sweep_until

    began, sweeps = time.perf_counter(), int(ALS["sweeps"])
    als = Als(ratings, int(ALS["factors"]), ALS["reg"], seed=seed)
    yield Started({"model": "als", "seed": seed, **ALS})
    for done in sweep_until(als, sweeps, cancelled):
        yield Progress(done / sweeps, f"sweep {done}/{sweeps}")
    if cancelled():
        yield Cancelled()
        return
    miss = als.predict(ratings.users, ratings.items) - ratings.stars
    metrics = {"train_mse": float(np.mean(miss**2)), "n_ratings": len(ratings)}
    seconds = time.perf_counter() - began
    model = FactorModel(
        kind="als",
        link="clip",
        low=data.low,
        high=data.high,
        offset=als.mean,
        item_factors=als.films[:, :-1].astype(np.float32),
        item_bias=als.films[:, -1].astype(np.float32),
        ridge=als.reg,
        bias_ridge=als.bias_reg,
        config={"model": "als", "seed": seed, **ALS},
        metrics=metrics,
        **_kept(als.users[:, :-1].astype(np.float32), als.users[:, -1].astype(np.float32)),
        **about,
    )
    yield Finished({"model": "als", "seconds": seconds, **metrics}, model)
