"""From a sampled chain to what is served: a posterior of the film side with calibrated intervals.

A shorter chain without some of the people calibrates them. Letters as in posterior.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.bayes import BayesModel, fit
from recommender.bayes_calibration import calibrated, people_to_calibrate
from recommender.bayes_config import BayesConfig, of_recipe
from recommender.events import Event, Failed, Finished, Progress
from recommender.limits import refusal
from recommender.posterior import BUCKETS, LEVELS, NORMAL_90, Posterior, screen_of
from recommender.ratings import Dataset, Items, Ratings

Floats = NDArray[np.float32]

DRAWS = 32
"""Draws that a posterior keeps."""
SHORT = 48
"""Sweeps of the chain that calibrates."""


def posterior_of(
    model: BayesModel,
    about: Mapping[str, Any],
    spread: Floats | None = None,
    metrics: Mapping[str, Any] | None = None,
    keep: Sequence[int] | None = None,
) -> Posterior:
    """The film side of a chain: DRAWS evenly spaced draws, or all if there are fewer.

    `about` holds film_ids, item_ids, data_name and data_hash; `spread` the calibrated widths, those of
    a normal distribution if there are none; `keep` the film rows that are served, by default all.
    """
    chosen = np.linspace(0, len(model.draws) - 1, min(DRAWS, len(model.draws))).round().astype(int)
    draws = [model.draws[i] for i in chosen]
    rows = np.arange(len(model.film_features.scores)) if keep is None else np.asarray(keep)
    films = np.stack([draw.films.vectors.numpy()[rows].astype(np.float16) for draw in draws], axis=1)
    mean_row = model.user_features.mean_row
    basis = model.user_features.basis[: len(mean_row)]  # [I, R]; what lies behind are the users' traits
    links = [(basis @ draw.users.link).numpy() for draw in draws]
    widths = np.full((len(BUCKETS), len(LEVELS) + 1, 2), NORMAL_90, dtype=np.float32)
    return Posterior(
        low=model.low,
        high=model.high,
        offset=model.mean,
        smoothing=model.config.smoothing,
        user_dof=model.config.user_dof,
        films=films,
        link=np.stack([link[rows].astype(np.float16) for link in links], axis=1),
        film_noise=np.stack([draw.films.noise.numpy()[rows].astype(np.float16) for draw in draws], axis=1),
        mean=np.stack([draw.users.mean.numpy() for draw in draws]),
        mean_link=np.stack([mean_row.numpy() @ link for link in links]),
        precision=np.stack([draw.users.precision.numpy() for draw in draws]),
        rating_precision=np.array([draw.precision for draw in draws], dtype=np.float32),
        spread=widths if spread is None else spread,
        config=asdict(model.config),
        metrics=metrics or {},
        **screen_of(films),
        **about,
    )


def fit_posterior(
    data: Dataset,
    ratings: Ratings,
    film_ids: tuple[str, ...],
    recipe_name: str = "lesson",
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Calibrate, then sample on all `ratings`, whose rows are the films `film_ids`.

    "fast" takes a third of the time. Finished carries the Posterior; else Failed or Cancelled.
    """
    if (words := refusal("best", len(ratings))) is not None:
        yield Failed(words)
        return
    config = of_recipe(recipe_name, seed)
    began = time.perf_counter()
    items = items_of(data, film_ids)
    about = {
        "film_ids": film_ids,
        "item_ids": ratings.item_ids,
        "data_name": data.name,
        "data_hash": data.ratings.fingerprint,
    }
    people = people_to_calibrate(ratings, seed)
    seen = ratings.take(~np.isin(ratings.users, people))
    spread, done = None, 0.0
    if len(people) and len(seen):
        done = SHORT / (SHORT + config.sweeps)
        first = _chain(data, seen, items, replace(config, sweeps=SHORT), cancelled)
        short = yield from _pass(first, 0, done)
        if short is None:
            return
        spread = calibrated(posterior_of(short, about), ratings, people, seed)
    model = yield from _pass(_chain(data, ratings, items, config, cancelled), done, 1)
    if model is not None:
        metrics = {"n_ratings": len(ratings), "calibrated_on": len(people)}
        posterior = posterior_of(model, about, spread, metrics)
        yield Finished({"model": "best", "seconds": time.perf_counter() - began, **metrics}, posterior)


def _chain(
    data: Dataset, ratings: Ratings, items: Items, config: BayesConfig, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    around = {"low": data.low, "high": data.high, "items": items, "users": data.users}
    return fit(ratings, config, cancelled=cancelled, **around)  # type: ignore[arg-type]


def _pass(events: Iterator[Event], start: float, end: float) -> Generator[Event, None, BayesModel | None]:
    """Pass events on as the part from `start` to `end` of a longer job; return the model, if there is one."""
    for event in events:
        if isinstance(event, Finished):
            model: BayesModel = event.model
            return model
        if isinstance(event, Progress):
            event = Progress(start + (end - start) * event.fraction, event.note)
        yield event
    return None


def items_of(data: Dataset, film_ids: tuple[str, ...]) -> Items:
    """What is known of each film id: the first of the data set's rows that have it."""
    rows = [data.items.rows_of[film][0] for film in film_ids]
    names = ("ids", "film_ids", "titles", "years", "genres", "directors", "keys")
    return Items(**{name: tuple(getattr(data.items, name)[row] for row in rows) for name in names})
