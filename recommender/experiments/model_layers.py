"""Model layers: what print(model) shows of the lecture's models, and how many numbers each part learns.

Settings
    factors   length of the vectors of the dot product, 1 to 200 (50)
    hidden    width of the net's hidden layer, 1 to 500 (100)

The models are built for the data's viewers and films. The print-outs are print(model) as Python gives it.
Series: "dot product with biases": numbers it learns, against the number of factors, up to `factors`.
Table: one row per tensor of both models: model, name, shape, numbers. Bars: numbers of each tensor.

Measured
    users, films, factors     sizes of the data and of the vectors
    dot, net                  numbers that the dot product with biases and the net learn
    per_row                   numbers of the dot product for each viewer or film
    net_tables, net_layers    numbers of the net's two tables and of its layers
    share_tables              share of the net's numbers that sits in the tables, in %
    rule      how the count of the dot product comes about: "with-bias" ((users + films) times (factors + 1)),
              "vectors" (times factors), "cells" (users times films) or "other"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from torch import nn

from recommender.events import Cancelled, Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import count, print_out, seeded
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, finished, world_of
from recommender.models.dot import DotProductBias
from recommender.models.nets import CollabNN

POINTS = 10


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Build, print, count. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("factors", "hidden"))
    factors, hidden = whole(settings, "factors", 50, 1, 200), whole(settings, "hidden", 100, 1, 500)
    return _run(spec, factors, hidden, cache, cancelled)


def _run(
    spec: Mapping[str, Any], factors: int, hidden: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "model-layers", "factors": factors, "hidden": hidden, "seed": curves.seed})
    world = world_of(spec, cache)
    dot, net = build(world, factors, hidden)
    shown = [_printed(model) for model in (dot, net)]
    for chart in shown:
        yield Chart(chart)
    for turn in range(1, POINTS + 1):
        if cancelled():
            yield Cancelled()
            return
        width = max(1, factors * turn // POINTS)
        yield curves.add("dot product with biases", width, count(build(world, width, 1)[0]))
    rows = [
        (type(model).__name__, name, str(list(tensor.shape)), tensor.numel())
        for model in (dot, net)
        for name, tensor in model.named_parameters()
    ]
    found = measured(world, dot, net, factors)
    says = f"{found['dot']:,} numbers in the dot product, {found['net']:,} in the net"
    shown.append(charts.bars("numbers by tensor", says, {f"{row[0]} {row[1]}": row[3] for row in rows}))
    yield Chart(shown[-1])
    yield finished(began, curves, ["model", "name", "shape", "numbers"], rows, found, shown)


def build(world: World, factors: int, hidden: int) -> tuple[DotProductBias, CollabNN]:
    """Both models, untrained, for the world's viewers and films."""
    sizes, scale = (world.train.n_users, world.train.n_items), (world.scale["low"], world.scale["high"])
    with seeded(world.seed):
        return DotProductBias(*sizes, factors, scale), CollabNN(*sizes, hidden, scale)


def _printed(model: nn.Module) -> charts.Chart:
    name = type(model).__name__
    return print_out(
        f"print({name})", f"{name} learns {count(model):,} numbers", f">>> print(model)\n{model}"
    )


def measured(world: World, dot: DotProductBias, net: CollabNN, factors: int) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    users, films = world.train.n_users, world.train.n_items
    layers = count(net.layers)
    return {
        "users": users,
        "films": films,
        "factors": factors,
        "dot": count(dot),
        "per_row": count(dot) / (users + films),
        "net": count(net),
        "net_layers": layers,
        "net_tables": count(net) - layers,
        "share_tables": 100 * (count(net) - layers) / count(net),
        "rule": rule(count(dot), users, films, factors),
    }


def rule(numbers: int, users: int, films: int, factors: int) -> str:
    """By which product a count comes about, in a word."""
    rules = {
        (users + films) * (factors + 1): "with-bias",
        (users + films) * factors: "vectors",
        users * films: "cells",
    }
    return rules.get(numbers, "other")
