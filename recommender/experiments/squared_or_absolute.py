"""Squared or absolute error: the best single guess under each, and the same model trained with each.

Settings
    low_votes   how many of five people give 1 star; the others give 5: 1 to 4 (1)
    epochs      passes over the ratings, 1 to 10 (5)
    factors     length of the vectors, 1 to 100 (50)

Series against one guess for all five people: "squared" and "absolute", the mean error of that guess.
The histogram "misses" shows by how many stars the two trained models miss on the held-out ratings.

Table: one row per training loss: trained with, MSE, MAE, RMSE, median miss, guesses within half a star in %.

Measured
    squared_best, absolute_best     the guess with the lowest mean squared, mean absolute error for the five
    mean, median                    of the five
    absolute_word                   "mean" or "median", whichever absolute_best equals; else "neither"
    mse_squared, mae_squared        of the model trained with squared errors
    mse_absolute, mae_absolute      of the model trained with absolute errors
    wins                            "each-its-own" if each model is better by the error it was trained with,
                                    "squared" or "absolute" if one is better by both, else "swapped"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.events import Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, finished, race, world_of
from recommender.models.dot import DotProductBias
from recommender.training import Trainer

VOTERS, WORST, TOP = 5, 1.0, 5.0
GRID = 81
"""Guesses from WORST to TOP, 0.05 stars apart."""


class Absolute(DotProductBias):
    """The lecture's model with the mean absolute error as its loss."""

    def loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Mean absolute error of a batch, and its mean squared error."""
        stars = self(x)  # [B]
        return nn.functional.l1_loss(stars, y), nn.functional.mse_loss(stars.detach(), y)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Guess, then train with both. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("low_votes", "epochs", "factors"))
    low_votes = whole(settings, "low_votes", 1, 1, VOTERS - 1)
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 10),
        "factors": whole(settings, "factors", 50, 1, 100),
    }
    return _run(spec, low_votes, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    low_votes: int,
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "squared-or-absolute", "low_votes": low_votes, "seed": curves.seed, **changes})
    votes = np.array([WORST] * low_votes + [TOP] * (VOTERS - low_votes))  # [5]
    for guess in np.linspace(WORST, TOP, GRID):
        yield curves.add("squared", float(guess), float(np.mean((votes - guess) ** 2)))
        yield curves.add("absolute", float(guess), float(np.mean(np.abs(votes - guess))))
    world = world_of(spec, cache)
    lanes = _lanes(world, changes)
    if not (yield from race(lanes, curves, cancelled, show=())):
        return
    misses = {name: _misses(lane, world) for name, lane in lanes.items()}
    rows = [(name, *_row(miss)) for name, miss in misses.items()]
    columns = ["trained with", "MSE", "MAE", "RMSE", "median miss", "within half a star %"]
    says = ", ".join(f"{name}: {row[-1]:.0f} % within half a star" for name, *row in rows)
    shown = charts.histogram("misses", says, misses, "guess - rating, stars", bins=24)
    yield finished(began, curves, columns, rows, measured(votes, curves, rows), [shown])


def _lanes(world: World, changes: Mapping[str, Any]) -> dict[str, Trainer]:
    """Two trainers with the same first numbers and the same batches."""
    low, high = world.scale["low"], world.scale["high"]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(world.seed)
        size = (world.ratings.n_users, world.ratings.n_items, changes["factors"])
        absolute = Absolute(*size, (low, high))
    return {
        "squared": world.trainer("dot-bias", **changes),
        "absolute": world.trainer("dot-bias", absolute, fast=False, **changes),
    }


def _misses(trainer: Trainer, world: World) -> NDArray[np.float64]:
    """Guess less rating on the held-out ratings [V]."""
    guess = trainer.predict(world.valid.users, world.valid.items).astype(np.float64)
    return guess - world.valid.stars


def _row(miss: NDArray[np.float64]) -> tuple[float, ...]:
    mse, size = float(np.mean(miss**2)), np.abs(miss)  # [V]
    near = 100 * float(np.mean(size <= 0.5))
    return mse, float(size.mean()), float(np.sqrt(mse)), float(np.median(size)), near


def measured(
    votes: NDArray[np.float64], curves: Curves, rows: list[tuple[Any, ...]]
) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    lowest = {}
    for loss in ("squared", "absolute"):
        guesses, errors = curves.points[loss]
        lowest[loss] = guesses[int(np.argmin(errors))]
    mean, median = float(votes.mean()), float(np.median(votes))
    is_mean, is_median = (abs(lowest["absolute"] - middle) < 0.025 for middle in (mean, median))
    word = "mean" if is_mean else "median" if is_median else "neither"  # never one number for these votes
    (_, mse_squared, mae_squared, *_), (_, mse_absolute, mae_absolute, *_) = rows
    wins = {
        (True, True): "each-its-own",
        (True, False): "squared",
        (False, True): "absolute",
        (False, False): "swapped",
    }[mse_squared <= mse_absolute, mae_absolute < mae_squared]
    return {
        "squared_best": lowest["squared"],
        "absolute_best": lowest["absolute"],
        "mean": mean,
        "median": median,
        "absolute_word": word,
        "mse_squared": mse_squared,
        "mae_squared": mae_squared,
        "mse_absolute": mse_absolute,
        "mae_absolute": mae_absolute,
        "wins": wins,
    }
