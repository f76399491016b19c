"""The model that makes personal lists: trained on all ratings, one row per film, kept as a checkpoint.

Letters: U users, I films, K factors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender import posterior
from recommender.als import Als
from recommender.checkpoint import FactorModel, save
from recommender.config import ConfigError, TrainConfig, range_of, recipe
from recommender.events import Event, Finished
from recommender.fitting import fit as fit_any
from recommender.lists_audience import Audience, fit_audience
from recommender.lists_audience import save as save_audience
from recommender.posterior import Posterior
from recommender.ratings import Dataset, Ratings

if TYPE_CHECKING:
    from recommender.training import Trainer

MODELS = ("dot-bias", "als")
"""Kept as a FactorModel: linear in a person's vector and bias, so that anybody can be folded in."""

SERVED = (*MODELS, "best")
"""All models that can be kept and served; `best` is kept as a Posterior."""

DOT_RIDGE = 5.0
"""Fold-in strength of dot-bias: of 2.5, 3.5, 5 and 7 the best for 190 people of MovieLens 100K whom the model
had not seen: mean squared error 1.01, 0.90 and 0.84 after 5, 20 and 50 ratings (at 2.5: 1.02, 0.91, 0.85)."""

KEEP_USERS = 10_000
"""Up to so many users, their vectors are kept in the checkpoint, too."""


def fit(
    data: Dataset,
    model: str = "dot-bias",
    recipe_name: str = "fast",
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train `model` on all ratings of `data`. Finished carries what is served; else Failed or Cancelled.

    That is a FactorModel, or the Posterior of `best`.
    Raises ConfigError for a model that cannot be served or an unknown recipe.
    """
    if model == "best":
        from recommender.bayes_serving import fit_posterior  # torch

        return fit_posterior(data, *one_row_per_film(data), recipe_name, seed, cancelled)
    if model not in MODELS:
        raise ConfigError(f"{model!r} cannot be served; there are {', '.join(SERVED)}")
    config = recipe(recipe_name, model, {"seed": seed, **range_of(data.low, data.high)})
    return _fit(data, config, cancelled)


def _fit(data: Dataset, config: TrainConfig, cancelled: Callable[[], bool]) -> Iterator[Event]:
    ratings, film_ids = one_row_per_film(data)
    for event in fit_any(config, ratings, None, None, cancelled):
        if isinstance(event, Finished):
            about = {"model": config.model, "seconds": event.result["seconds"]}
            served = factor_model(event, data, config, ratings, film_ids)
            event = Finished({**about, **served.metrics}, served)
        yield event


def save_when_finished(
    events: Iterator[Event], out: Path, audience: Callable[[], Audience]
) -> Iterator[Event]:
    """Pass the events of `fit` on; write checkpoint and audience before the Finished event is seen.

    The checkpoint comes last: who finds it finds the audience, too.
    """
    for event in events:
        if isinstance(event, Finished):
            save_audience(audience(), audience_path(out))
            write = posterior.save if isinstance(event.model, Posterior) else save
            write(event.model, out)
            event = Finished({**event.result, "path": str(out)}, event.model)
        yield event


def audience_path(checkpoint: Path) -> Path:
    """Where the audience of a checkpoint lies: beside it."""
    return checkpoint.with_name(f"{checkpoint.stem}.audience{checkpoint.suffix}")


def audience_of(data: Dataset, ratings: Ratings | None = None, film_ids: Sequence[str] = ()) -> Audience:
    """Who rates what, for the rows of a checkpoint: of all of `data`, or of `ratings` with rows `film_ids`.

    Where two rows of `ratings` are one film, the one with more ratings is kept, as in the checkpoint.
    """
    if ratings is None:
        ratings, film_ids = one_row_per_film(data)
    year = dict(zip(data.items.film_ids, data.items.years, strict=True))
    whole = fit_audience(ratings, [year[film] for film in film_ids])
    keep = most_rated_rows(ratings, film_ids)
    parts = {name: getattr(whole, name)[keep] for name in ("factors", "counts", "years")}
    return replace(whole, **parts)


def one_row_per_film(data: Dataset) -> tuple[Ratings, tuple[str, ...]]:
    """The ratings with rows that name one film joined, and the film id of each row.

    A joined row keeps the item id of the row that was rated most.
    """
    old, film_ids = data.ratings, tuple(dict.fromkeys(data.items.film_ids))
    place = {film: row for row, film in enumerate(film_ids)}
    to_new = np.array([place[film] for film in data.items.film_ids], dtype=np.int32)  # [I]
    names = tuple(old.item_ids[row] for row in most_rated_rows(old, data.items.film_ids))
    return Ratings(old.users, to_new[old.items], old.stars, old.times, old.user_ids, names), film_ids


def most_rated_rows(ratings: Ratings, film_ids: Sequence[str]) -> list[int]:
    """For each film, in order of first appearance, its row with the most ratings."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)  # [I]
    chosen: dict[str, int] = {}
    for row, film in enumerate(film_ids):
        if film not in chosen or counts[row] > counts[chosen[film]]:
            chosen[film] = row
    return list(chosen.values())


def served_model(
    end: Finished, data: Dataset, config: TrainConfig, train: Ratings, film_ids: Sequence[str]
) -> FactorModel | Posterior:
    """What is kept of a finished fit on `train`, whose rows are the films `film_ids`.

    The intervals of this Posterior are not calibrated: that takes people whom `fit` leaves out.
    """
    if config.model != "best":
        return factor_model(end, data, config, train, film_ids)
    from recommender.bayes_serving import posterior_of  # torch is loaded already: it made the chain

    keep = most_rated_rows(train, film_ids)
    about = {
        "film_ids": tuple(film_ids[row] for row in keep),
        "item_ids": tuple(train.item_ids[row] for row in keep),
        "data_name": data.name,
        "data_hash": data.ratings.fingerprint,
    }
    metrics = {name: end.result[name] for name in ("train_mse", "valid_mse", "n_ratings")}
    return posterior_of(end.model, about, metrics=metrics, keep=keep)


def factor_model(
    end: Finished, data: Dataset, config: TrainConfig, train: Ratings, film_ids: Sequence[str]
) -> FactorModel:
    """The FactorModel of a finished fit of dot-bias or als on `train`, whose rows are the films `film_ids`.

    Where two rows are one film, the one with more ratings is kept.
    """
    make = _of_als if isinstance(end.model, Als) else _of_dot
    keep = most_rated_rows(train, film_ids)
    users, user_bias, items, item_bias, own = make(end.model, data, train)
    metrics = {name: end.result[name] for name in ("train_mse", "valid_mse")} | {"n_ratings": len(train)}
    kept_users = {"user_factors": users, "user_bias": user_bias} if len(users) <= KEEP_USERS else {}
    arrays = {"item_factors": items[keep], "item_bias": item_bias[keep], **kept_users}
    own |= {name: array.astype(np.float32) for name, array in arrays.items()}
    return FactorModel(
        kind=config.model,
        film_ids=tuple(film_ids[row] for row in keep),
        item_ids=tuple(train.item_ids[row] for row in keep),
        config=config.to_dict(),
        data_name=data.name,
        data_hash=data.ratings.fingerprint,
        metrics=metrics,
        **own,
    )


Parts = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]
"""User vectors [U, K] and biases [U], film vectors [I, K] and biases [I], and what else the model needs."""


def _of_als(als: Als, data: Dataset, train: Ratings) -> Parts:
    own = {"link": "clip", "low": data.low, "high": data.high, "offset": als.mean}
    own |= {"ridge": als.reg, "bias_ridge": als.bias_reg}
    return als.users[:, :-1], als.users[:, -1], als.films[:, :-1], als.films[:, -1], own


def _of_dot(trainer: Trainer, data: Dataset, train: Ratings) -> Parts:
    from recommender.training import tables_of  # torch is loaded already: it made the trainer

    users, films, user_bias, film_bias = tables_of(trainer.model)
    known = np.bincount(train.users, minlength=train.n_users) > 0  # [U]
    prior = np.append(users[known].mean(0), user_bias[known].mean()).astype(np.float32)
    low, high = trainer.config.low, trainer.config.high
    own = {"link": "sigmoid", "low": low, "high": high, "offset": 0.0, "ridge": DOT_RIDGE, "prior": prior}
    return users, user_bias, films, film_bias, own
