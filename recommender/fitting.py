"""Any model by name, one way to fit it: events, and at the end something that predicts.

Letters: N ratings, B predictions, I films.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.als import Als, sweep_until
from recommender.config import ConfigError, TrainConfig
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.limits import refusal
from recommender.models import NAMES, SAMPLED, SOLVED, baselines
from recommender.ratings import Dataset, Ratings

ALS_SWEEPS = 12


class Predictor(Protocol):
    """What every fitted model can do."""

    def predict(self, users: Any, items: Any, times: Any = None) -> NDArray[np.float32]:
        """Predicted stars [B] for user rows [B] and film rows [B], rated at `times` [B] in seconds."""


def fit(
    config: TrainConfig,
    train: Ratings,
    valid: Ratings | None = None,
    data: Dataset | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Fit the model that `config` names. Finished carries a Predictor; else Failed or Cancelled.

    Raises ConfigError for an unknown name.
    """
    if config.model not in NAMES:
        raise ConfigError(f"unknown model {config.model!r}; there are {', '.join(NAMES)}")
    if (words := refusal(config.model, len(train))) is not None:
        return iter((Started({"model": config.model, "seed": config.seed}), Failed(words)))
    if config.model in SOLVED:
        return _solve(config, train, valid, cancelled)
    if config.model in SAMPLED:
        from recommender.bayes import fit_named  # torch, as below

        return fit_named(config, train, valid, data, cancelled)
    from recommender.training import train as train_by_steps  # torch: seconds, and the others do without

    return train_by_steps(config, train, valid, cancelled, data)


def _solve(
    config: TrainConfig, train: Ratings, valid: Ratings | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began = time.perf_counter()
    yield Started({"model": config.model, "seed": config.seed})
    try:
        model = _solver(config, train)
    except ValueError as error:
        yield Failed(str(error))
        return
    if isinstance(model, Als):
        for done in sweep_until(model, ALS_SWEEPS, cancelled):
            yield Progress(done / ALS_SWEEPS, f"sweep {done}/{ALS_SWEEPS}")
    if cancelled():
        yield Cancelled()
        return
    seconds = time.perf_counter() - began
    train_mse, valid_mse = mse(model, train), None if valid is None else mse(model, valid)
    result: dict[str, Any] = {
        "train_mse": train_mse,
        "valid_mse": valid_mse,
        "valid_rmse": None if valid_mse is None else math.sqrt(valid_mse),
        "seconds": seconds,
        "epochs": [],
    }
    yield Finished(result, model)


def _solver(config: TrainConfig, train: Ratings) -> Predictor:
    """The model that `config` names; all but als are ready. ValueError for no ratings, or too many films."""
    if not len(train):
        raise ValueError("there are no ratings to learn from")
    makers: dict[str, Callable[[], Predictor]] = {
        "mean": lambda: baselines.Mean(train),
        "biases": lambda: baselines.Biases(train),
        "popularity": lambda: baselines.Popularity(train),
        "item-knn": lambda: baselines.ItemKNN(train),
        "als": lambda: Als(train, seed=config.seed),
    }
    return makers[config.model]()


def mse(model: Predictor, ratings: Ratings) -> float:
    """Mean squared error in stars squared; nan for no ratings."""
    if not len(ratings):
        return math.nan
    miss = model.predict(ratings.users, ratings.items, ratings.times) - ratings.stars  # [N]
    return float(np.mean(np.square(miss, dtype=np.float64)))
