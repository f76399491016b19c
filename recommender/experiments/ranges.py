"""Range: the same model without a sigmoid, and with one whose top lies at or a little over the highest star.

Settings
    over      list of up to 5 distances of the top from the highest star, 0 to 5 stars (0, 0.5, 1)
    model     "dot-bias" or "dot" (no biases) ("dot-bias")
    wd        weight decay, 0 to 1 (0.1)
    epochs    passes over the ratings, 1 to 20 (5)

Every range starts at 0 stars on a scale that ends at 5, as in the lecture. Series "no range", "0 to 5.5":
held-out ratings, mean squared error in stars squared against epochs, from the first epoch on; the errors
before training are the chart "error before training", the guesses at the end the histogram "last guesses".

Table: one row per range: range, valid MSE before training, after one epoch, at the end, share of the last
guesses outside the scale in %.

Measured
    start_none, start_range     valid MSE before training, without a range and in the first of the ranges
    end_none, end_range         at the end, without a range and in the best of the ranges
    best_range                  the range that ended best, as text
    spread_ranges               the highest less the lowest end among the ranges
    outside_none                share of last guesses outside the scale without a range, in %
    effect                      "helps" if the best range ends more than 0.005 below no range, "hurts" if that
                                far above it, else "hardly"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import choice, number, numbers, only, whole
from recommender.experiments.sweeps import CLEAR, World, best_of, end_of, epoch_ends, finished, race, world_of
from recommender.models.dot import DotProduct, DotProductBias
from recommender.training import Trainer

OVER = (0.0, 0.5, 1.0)
NONE = "no range"
FACTORS = 50


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train with each range. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("over", "model", "wd", "epochs"))
    over = numbers(settings, "over", OVER, 0, 5, 5)
    model = choice(settings, "model", "dot-bias", ("dot-bias", "dot"))
    changes = {
        "wd": number(settings, "wd", 0.1, 0, 1),
        "epochs": whole(settings, "epochs", 5, 1, 20),
    }
    return _run(spec, over, model, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    over: tuple[float, ...],
    model: str,
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "range", "model": model, "over": over, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    lanes, starts = dict[str, Trainer](), dict[str, float]()
    for name, lane in _lanes(world, over, model, changes):
        lanes[name], starts[name] = lane, lane.mse(world.valid)
        says = f"Without a range the first guesses miss by {starts[NONE]:.2f} stars² on average"
        before = charts.bars("error before training", says, starts, "mean squared error, stars²")
        yield Chart(before)
    if not (yield from race(lanes, curves, cancelled, show=("valid",), begin=1.0)):
        return
    guesses = {name: lane.predict(world.valid.users, world.valid.items) for name, lane in lanes.items()}
    low, high = world.data.low, world.data.high
    outside = {name: 100 * float(np.mean((g < low) | (g > high))) for name, g in guesses.items()}
    ends = {name: end_of(lane) for name, lane in lanes.items()}
    rows = [(name, starts[name], epoch_ends(curves, name)[0], ends[name], outside[name]) for name in lanes]
    says = f"Without a range {outside[NONE]:.1f} % of the guesses lie outside {low:g} to {high:g} stars"
    last = charts.histogram("last guesses", says, guesses, "stars", bins=24)
    columns = ["range", "valid MSE before", "after 1 epoch", "at the end", "outside the scale %"]
    found = measured(starts, ends) | {"outside_none": outside[NONE]}
    yield finished(began, curves, columns, rows, found, [before, last])


def _lanes(
    world: World, over: tuple[float, ...], model: str, changes: Mapping[str, Any]
) -> Iterator[tuple[str, Trainer]]:
    """Names and trainers, the one without a range first; each is made when it is asked for."""
    kind = DotProductBias if model == "dot-bias" else DotProduct
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(world.seed)
        bare = kind(world.ratings.n_users, world.ratings.n_items, FACTORS, None)
    yield NONE, world.trainer(model, bare, factors=FACTORS, **changes)
    ranged = model if model == "dot-bias" else "dot-range"
    low = world.scale["low"]
    for distance in over:
        high = world.data.high + distance
        yield f"{low:g} to {high:g}", world.trainer(ranged, high=high, factors=FACTORS, **changes)


def measured(starts: Mapping[str, float], ends: Mapping[str, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    ranged = {name: end for name, end in ends.items() if name != NONE}
    best = best_of(ranged)
    gain = ends[NONE] - ranged[best]
    return {
        "start_none": starts[NONE],
        "start_range": starts[next(iter(ranged))],
        "end_none": ends[NONE],
        "end_range": ranged[best],
        "best_range": best,
        "spread_ranges": max(ranged.values()) - min(ranged.values()),
        "effect": "helps" if gain > CLEAR else "hurts" if gain < -CLEAR else "hardly",
    }
