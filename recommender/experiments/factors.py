"""Number of factors: the same model with vectors of several lengths.

Settings
    factors   list of up to 8 lengths from 1 to 300 (1, 5, 20, 50, 200)
    wd        weight decay, 0 to 10 (0.1)
    epochs    passes over the ratings, 1 to 20 (5)

Series "K factors": held-out ratings, mean squared error in stars squared against epochs.

Table: one row per length: factors, weights of the model, train MSE, valid MSE, effective rank of U·Vᵀ.

Measured (K as in the table)
    train_K, valid_K              numbers as in the table
    best                          the best K, as text
    best_valid, fewest_valid, most_valid      valid MSE of the best, of the fewest and of the most factors
    fewest_train, most_train      train MSE of the fewest and of the most factors
    shape                         validation against K: "falls", "rises" or "valley" ("flat" for one length)
    train_direction               training error against K: "rises", "falls", "stays" or "neither"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from recommender.events import Event, Started
from recommender.experiments import SpecError
from recommender.experiments.curves import Curves, direction, shape
from recommender.experiments.settings import number, numbers, only, whole
from recommender.experiments.sweeps import end_of, finished, race, world_of
from recommender.experiments.weight_decay import effective_rank
from recommender.training import Trainer, tables_of

LENGTHS = (1, 5, 20, 50, 200)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train with each length. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("factors", "wd", "epochs"))
    lengths = numbers(settings, "factors", LENGTHS, 1, 300, 8)
    if any(length != int(length) for length in lengths):
        raise SpecError("factors must be whole numbers")
    changes = {"wd": number(settings, "wd", 0.1, 0, 10), "epochs": whole(settings, "epochs", 5, 1, 20)}
    return _run(spec, tuple(int(length) for length in lengths), changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    lengths: tuple[int, ...],
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "factors", "factors": lengths, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    lanes = {
        f"{k} factor{'s' if k > 1 else ''}": world.trainer("dot-bias", factors=k, **changes) for k in lengths
    }
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    rows = [
        (k, _size(lane), lane.mse(world.train), end_of(lane), effective_rank(*tables_of(lane.model)[:2]))
        for k, lane in zip(lengths, lanes.values(), strict=True)
    ]
    columns = ["factors", "weights", "train MSE", "valid MSE", "effective rank"]
    yield finished(began, curves, columns, rows, measured(rows))


def _size(trainer: Trainer) -> int:
    return sum(p.numel() for p in trainer.model.parameters())


def measured(rows: list[tuple[int, int, float, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {}
    for k, _, train, valid, _ in rows:
        found |= {f"train_{k}": train, f"valid_{k}": valid}
    best = min(rows, key=lambda row: row[3])
    found |= {"best": f"{best[0]}", "best_valid": best[3]}
    found |= {"fewest_valid": rows[0][3], "most_valid": rows[-1][3]}
    found |= {"fewest_train": rows[0][2], "most_train": rows[-1][2]}
    found["shape"] = shape([row[3] for row in rows])
    found["train_direction"] = direction([row[2] for row in rows], slack=0.003)
    return found
