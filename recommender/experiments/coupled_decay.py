"""Coupled or decoupled: the same weight decay inside Adam's gradient (L2), or apart from it (AdamW).

Settings
    wd        strength of both, 0.001 to 1 (0.1)
    coupled   list of up to 6 other strengths for the coupled form, 0.000001 to 1 (0.00001, 0.0001, 0.001)
    epochs    passes over the ratings, 1 to 20 (5)

Series "decoupled WD", "coupled WD": held-out ratings, mean squared error in stars squared against epochs.
With plain SGD the two forms are one: SGD_STEPS steps of both, from the same numbers on the same ratings, are
compared before the race.

Table: one row per lane: form, weight decay, train MSE, valid MSE, sum of squares of all weights.

Measured
    decoupled, coupled          valid MSE of both at the strength wd
    wd                          that strength, as text
    best_coupled                the lowest valid MSE of the coupled form
    best_coupled_wd             its strength, as text
    sgd_gap                     largest difference of a weight between the two forms under plain SGD
    sgd_moved                   largest change of a weight in those steps, to compare with
    result                      "same" if both at wd end within 0.005 of each other, else "coupled-worse" or
                                "decoupled-worse"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import number, numbers, only, whole
from recommender.experiments.sweeps import (
    CLEAR,
    World,
    best_of,
    end_of,
    finished,
    race,
    sum_of_squares,
    world_of,
)
from recommender.steps import loss_of
from recommender.training import columns as pairs_of

COUPLED = (1e-5, 1e-4, 1e-3)
SGD_STEPS, SGD_RATINGS, SGD_LR = 30, 64, 5.0
"""Plain SGD for the comparison: steps, ratings (the first of training), learning rate."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train with both forms. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("wd", "coupled", "epochs"))
    wd = number(settings, "wd", 0.1, 1e-3, 1)
    coupled = numbers(settings, "coupled", COUPLED, 1e-6, 1, 6)
    epochs = whole(settings, "epochs", 5, 1, 20)
    return _run(spec, wd, coupled, epochs, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    wd: float,
    coupled: tuple[float, ...],
    epochs: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "coupled-decay", "wd": wd, "coupled": coupled, "epochs": epochs})
    world = world_of(spec, cache)
    gap, moved = sgd_gap(world, wd)
    says = f"Under plain SGD the two forms differ by {gap:.1g} where weights moved by {moved:.1g}"
    sgd = charts.bars(
        "plain SGD", says, {"weights moved by": moved, "forms differ by": gap}, "largest change"
    )
    yield Chart(sgd)
    plan = [("decoupled", wd)] + [("coupled", strength) for strength in sorted({*coupled, wd}, reverse=True)]
    lanes = {
        f"{form} {strength:g}": world.trainer(
            "dot-bias", wd=strength, decoupled=form == "decoupled", epochs=epochs
        )
        for form, strength in plan
    }
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    ends = {name: end_of(lane) for name, lane in lanes.items()}
    rows = [
        (form, strength, lane.mse(world.train), ends[name], sum_of_squares(lane))
        for (form, strength), (name, lane) in zip(plan, lanes.items(), strict=True)
    ]
    found = measured(ends, wd) | {"sgd_gap": gap, "sgd_moved": moved}
    columns = ["form", "weight decay", "train MSE", "valid MSE", "sum of squares"]
    yield finished(began, curves, columns, rows, found, [sgd])


def sgd_gap(world: World, wd: float) -> tuple[float, float]:
    """Largest difference between the two forms after a few plain SGD steps, and the largest change.

    Coupled: p <- p - lr (g + wd p). Decoupled: p <- (1 - lr wd) p - lr g.
    """
    ends, lr = [], min(SGD_LR, 0.5 / wd)
    x = pairs_of(world.train.users[:SGD_RATINGS], world.train.items[:SGD_RATINGS])  # [B, 2]
    y = torch.tensor(world.train.stars[:SGD_RATINGS])  # [B]
    for decoupled in (False, True):
        model = world.dot_bias((world.scale["low"], world.scale["high"]), 8)
        first = [p.detach().clone() for p in model.parameters()]
        for _ in range(SGD_STEPS):
            model.zero_grad()
            loss_of(model, x, y)[0].backward()  # type: ignore[no-untyped-call]
            with torch.no_grad():
                for p in model.parameters():
                    assert p.grad is not None  # all tables take part
                    change = p.grad if decoupled else p.grad + wd * p
                    p.mul_(1 - lr * wd if decoupled else 1).sub_(lr * change)
        ends.append([p.detach() for p in model.parameters()])
    return _largest(*ends), _largest(first, ends[1])


def _largest(some: list[Tensor], others: list[Tensor]) -> float:
    return max(float((a - b).abs().max()) for a, b in zip(some, others, strict=True))


def measured(ends: Mapping[str, float], wd: float) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    apart, inside = ends[f"decoupled {wd:g}"], ends[f"coupled {wd:g}"]
    coupled = {name.split()[1]: end for name, end in ends.items() if name.startswith("coupled")}
    best = best_of(coupled)
    result = (
        "same" if abs(inside - apart) <= CLEAR else "coupled-worse" if inside > apart else "decoupled-worse"
    )
    return {
        "decoupled": apart,
        "coupled": inside,
        "wd": f"{wd:g}",
        "best_coupled": coupled[best],
        "best_coupled_wd": best,
        "result": result,
    }
