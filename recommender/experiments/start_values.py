"""Start values: the same model trained from first numbers of several sizes, zero among them.

Settings
    spread    list of up to 6 standard deviations of the first numbers, 0 to 3 (0, 0.01, 0.1, 1)
    epochs    passes over the ratings, 1 to 20 (5)
    factors   length of the vectors, 1 to 200 (50)

The model is the lecture's dot product with biases and weight decay. Series "start S": held-out ratings, mean
squared error in stars squared against epochs. The histogram "first guesses" is there before any training.

Table: one row per start: start, share of first guesses outside 1 star around the range's middle in %, valid
MSE before training, after one epoch, at the end, effective rank of the scores U·Vᵀ (0 where they are all 0).

Measured (S as in the table, "0.01")
    first_S, one_S, end_S     valid MSE before training, after one epoch, at the end
    far_S                     share of far first guesses, in %
    best_start                the best S, as text
    best                      "zero" if that is 0, else "smallest" or "largest" of the others, else "between"
    best_end, worst_end       the lowest and the highest valid MSE at the end
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.sweeps import World, best_of, end_of, epoch_ends, finished, race, world_of
from recommender.experiments.weight_decay import effective_rank
from recommender.training import Trainer, tables_of

SPREADS = (0.0, 0.01, 0.1, 1.0)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train from each start. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("spread", "epochs", "factors"))
    spreads = numbers(settings, "spread", SPREADS, 0, 3, 6)
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 1, 200),
    }
    return _run(spec, spreads, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    spreads: tuple[float, ...],
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "start-values", "spread": spreads, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    lanes, first = dict[str, Trainer](), dict[str, NDArray[np.float32]]()
    for spread in spreads:
        name = f"start {spread:g}"
        lanes[name] = _lane(world, spread, changes)
        first[name] = lanes[name].predict(world.valid.users, world.valid.items)
        shown, far = first_guesses(first, sum(world.scale.values()) / 2)
        yield Chart(shown)
    starts = {name: float(np.mean((guess - world.valid.stars) ** 2)) for name, guess in first.items()}
    if not (yield from race(lanes, curves, cancelled, show=("valid",), begin=1.0)):
        return
    ones = {name: epoch_ends(curves, name)[0] for name in lanes}
    ends = {name: end_of(lane) for name, lane in lanes.items()}
    rows = [
        (spread, far[name], starts[name], ones[name], ends[name], _rank(lanes[name]))
        for spread, name in zip(spreads, lanes, strict=True)
    ]
    columns = ["start", "far first guesses %", "valid MSE before", "after 1 epoch", "at the end", "rank"]
    yield finished(began, curves, columns, rows, measured(rows), [shown])


def first_guesses(
    first: Mapping[str, NDArray[np.float32]], middle: float
) -> tuple[charts.Chart, dict[str, float]]:
    """The histogram of the first guesses, and how many % of them lie more than 1 star from the middle."""
    far = {name: 100 * float(np.mean(np.abs(guess - middle) > 1)) for name, guess in first.items()}
    most = max(far, key=lambda name: far[name])
    says = f"{most}: {far[most]:.0f} % of the first guesses lie more than 1 star from {middle:g} stars"
    return charts.histogram("first guesses", says, first, "stars", bins=22), far


def _lane(world: World, spread: float, changes: Mapping[str, Any]) -> Trainer:
    """A trainer whose first numbers have this standard deviation; 0: all of them are 0."""
    if spread > 0:
        return world.trainer("dot-bias", init_std=spread, **changes)
    trainer = world.trainer("dot-bias", **changes)
    with torch.no_grad():
        for parameter in trainer.model.parameters():
            parameter.zero_()
    return trainer


def _rank(trainer: Trainer) -> float:
    users, films, _, _ = tables_of(trainer.model)
    return effective_rank(users, films) if np.any(users) and np.any(films) else 0.0


def measured(rows: list[tuple[float, float, float, float, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {}
    for spread, far, start, one, end, _ in rows:
        for name, value in (("far", far), ("first", start), ("one", one), ("end", end)):
            found[f"{name}_{spread:g}"] = value
    ends = {f"{row[0]:g}": row[4] for row in rows}
    best = best_of(ends)
    others = [f"{row[0]:g}" for row in rows if row[0] > 0]
    words = {"0": "zero"} | dict.fromkeys(others, "between")
    if others:
        words |= {others[-1]: "largest", others[0]: "smallest"}
    found |= {"best_start": best, "best": words[best], "best_end": ends[best]}
    found["worst_end"] = max(ends.values())
    return found
