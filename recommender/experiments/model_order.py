"""Which model wins on star ratings: the dot product with biases, two nets, and a net without its bend.

Settings
    epochs       passes over the ratings, 1 to 10 (5)
    batch_size   ratings in one step, 64 to 1024 (256; the lecture's own is 64, and takes four times as long)

Models as in the lecture: "dot + bias" (weight decay 0.1), "EmbeddingNN" (embeddings side by side, layers of
100 and 50, batch norm, 0.1), "CollabNN" (one layer of 100, 0.01), and "CollabNN, no ReLU". Series of the same
names: held-out ratings, mean squared error in stars squared against epochs.

Table: one row per model: model, weight decay, weights, train MSE, valid MSE.

Measured
    dot, deep, net, straight      valid MSE of the four, in the order above
    best                          "dot-product", "deep-net" or "straight-net": the kind of the best model
    best_net                      the better of the two nets, as text; `best_net_valid` its valid MSE
    lead                          best_net_valid less dot
    bend                          what the ReLU of CollabNN is worth: straight less net
    order                         the four names from best to worst, as text
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from recommender.events import Chart, Event, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, best_of, end_of, finished, race, world_of
from recommender.models.nets import CollabNN
from recommender.training import Trainer

DOT, DEEP, NET, STRAIGHT = "dot + bias", "EmbeddingNN", "CollabNN", "CollabNN, no ReLU"
KINDS = {DOT: "dot-product", DEEP: "deep-net", NET: "deep-net", STRAIGHT: "straight-net"}
SHORT = {DOT: "dot", DEEP: "deep", NET: "net", STRAIGHT: "straight"}


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train each model. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "batch_size"))
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 10),
        "batch_size": whole(settings, "batch_size", 256, 64, 1024),
    }
    return _run(spec, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any], changes: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "model-order", "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    lanes, starts = dict[str, Trainer](), dict[str, float]()
    for name, make in _makers(world, changes).items():
        lanes[name] = make()
        starts[name] = lanes[name].mse(world.valid)
        says = f"{name} starts {starts[name]:.2f} stars² away on average"
        yield Chart(charts.bars("error before training", says, starts, "mean squared error, stars²"))
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    ends = {name: end_of(lane) for name, lane in lanes.items()}
    rows = []
    for name, lane in lanes.items():
        rows.append((name, lane.config.wd, _size(lane), lane.mse(world.train), ends[name]))
        yield Progress(1.0, f"{name}: the error on its own ratings")
    found = measured(ends)
    says = f"From best to worst: {found['order']}"
    shown = charts.bars("error by model", says, ends, "mean squared error, stars²")
    columns = ["model", "weight decay", "weights", "train MSE", "valid MSE"]
    yield finished(began, curves, columns, rows, found, [shown])


def _makers(world: World, changes: Mapping[str, Any]) -> dict[str, Callable[[], Trainer]]:
    """How to make each trainer: the first net of a process takes a while, and the first chart should not."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(world.seed)
        sizes = (world.ratings.n_users, world.ratings.n_items)
        straight = CollabNN(*sizes, 100, (world.scale["low"], world.scale["high"]))
    straight.layers[1] = nn.Identity()
    return {
        DOT: lambda: world.trainer("dot-bias", **changes),
        DEEP: lambda: world.trainer("nn-embedding", **changes),
        NET: lambda: world.trainer("nn", **changes),
        STRAIGHT: lambda: world.trainer("nn", straight, **changes),
    }


def _size(trainer: Trainer) -> int:
    return sum(p.numel() for p in trainer.model.parameters())


def measured(ends: Mapping[str, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {SHORT[name]: end for name, end in ends.items()}
    best_net = best_of({name: ends[name] for name in (DEEP, NET)})
    return found | {
        "best": KINDS[best_of(ends)],
        "best_net": best_net,
        "best_net_valid": ends[best_net],
        "lead": ends[best_net] - ends[DOT],
        "bend": ends[STRAIGHT] - ends[NET],
        "order": ", ".join(sorted(ends, key=lambda name: ends[name])),
    }
