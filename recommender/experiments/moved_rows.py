"""Moved rows: which rows of the viewers' table does one step of plain gradient descent change?

Two models with the same first numbers learn from the same batches; one has weight decay. A row has moved once
one of its numbers is another one than at the start.

Settings
    batch    ratings in a step, 1 to 2048 (64)
    wd       weight decay of the second model, 0 to 1 (0.1)
    lr       learning rate, 0.001 to 1 (0.1)
    steps    how many steps, 1 to 200 (40)

The model is the lecture's dot product with biases, 50 factors; a step is torch.optim.SGD on the mean squared
error. The learner is the last row.

Series, against steps: "plain SGD" and "with weight decay" (viewers' rows that have moved so far), "viewers in
the batches so far". Two scatters show all viewers' rows after the first step: row number, distance moved.

Table: one row per table and way: table, way, rows, different ids in the batch, rows moved by the first step.

Measured
    rows, batch, distinct        rows of the viewers' table, ratings of the first batch, viewers in it
    moved, moved_decay           viewers' rows that the first step moved, without and with weight decay
    films, films_distinct, films_moved    the same of the films' table, without weight decay
    seen, moved_end              viewers in all batches, rows moved by all steps without weight decay
    which                        which rows the first step moved, without decay: "distinct" (exactly those of
                                 the batch's viewers), "all", "none" or "other"
    which_decay                  the same with weight decay
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.events import Cancelled, Chart, Event, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import seeded, tensors_of
from recommender.experiments.settings import number, only, whole
from recommender.experiments.sweeps import World, finished, world_of

FACTORS = 50
PLAIN, DECAY = "plain SGD", "with weight decay"
Moves = NDArray[np.float64]
"""How far each row of a table has moved since the start."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Step and look. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("batch", "wd", "lr", "steps"))
    batch = whole(settings, "batch", 64, 1, 2048)
    wd = number(settings, "wd", 0.1, 0, 1)
    lr = number(settings, "lr", 0.1, 0.001, 1)
    return _run(spec, batch, wd, lr, whole(settings, "steps", 40, 1, 200), cache, cancelled)


class Walker:
    """A model that walks downhill, and where its rows began."""

    def __init__(self, world: World, lr: float, wd: float):
        self.model = world.dot_bias((world.scale["low"], world.scale["high"]), FACTORS)
        self.optimiser = torch.optim.SGD(self.model.parameters(), lr=lr, weight_decay=wd)
        self.start = [table.clone() for table in self._tables()]

    def _tables(self) -> tuple[Tensor, Tensor]:
        return self.model.user_factors.weight.detach(), self.model.film_factors.weight.detach()

    def step(self, x: Tensor, stars: Tensor) -> None:
        """One step on the pairs `x` [B, 2] with `stars` [B]."""
        self.optimiser.zero_grad()
        torch.nn.functional.mse_loss(self.model(x), stars).backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()

    def moves(self) -> tuple[Moves, Moves]:
        """How far the rows of users [U] and films [I] have moved; exactly 0 where no number has changed."""
        users, films = (
            (now.double() - then.double()).norm(dim=1).numpy()
            for now, then in zip(self._tables(), self.start, strict=True)
        )
        return users, films


def _run(
    spec: Mapping[str, Any],
    batch: int,
    wd: float,
    lr: float,
    steps: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "moved-rows", "batch": batch, "wd": wd, "lr": lr, "seed": curves.seed})
    world = world_of(spec, cache, learner=True)
    users, films, stars = tensors_of(world.train)  # [N] each
    with seeded(curves.seed):
        order = torch.randint(len(stars), (steps, min(batch, len(stars))))  # [steps, B]
    walkers = {PLAIN: Walker(world, lr, 0.0), DECAY: Walker(world, lr, wd)}
    shown, first = [], {}
    for step, chosen in enumerate(order, 1):
        if cancelled():
            yield Cancelled()
            return
        for name, walker in walkers.items():
            walker.step(torch.stack([users[chosen], films[chosen]], dim=1), stars[chosen])
            moved = walker.moves()
            yield curves.add(name, step, float(np.count_nonzero(moved[0])))
            if step == 1:
                first[name] = moved
                shown.append(_scatter(world, name, moved[0], users[chosen].numpy()))
                yield Chart(shown[-1])
        seen = len(np.unique(users[order[:step]].numpy()))
        yield curves.add("viewers in the batches so far", step, seen)
        yield Progress(step / steps, f"step {step}")
    ids = [np.unique(table[order[0]].numpy()) for table in (users, films)]
    rows = [
        (what, name, len(first[name][place]), len(ids[place]), int(np.count_nonzero(first[name][place])))
        for place, what in enumerate(("viewers", "films"))
        for name in walkers
    ]
    columns = ["table", "way", "rows", "different ids in the batch", "rows moved"]
    found = measured(ids, first) | {"batch": order.shape[1], "seen": seen}
    found["moved_end"] = int(curves.points[PLAIN][1][-1])
    yield finished(began, curves, columns, rows, found, shown)


def _scatter(world: World, name: str, moved: Moves, batch: NDArray[np.int64]) -> charts.Chart:
    """All viewers' rows: number against distance moved."""
    inside = set(batch.tolist())
    spots = []
    for row, far in enumerate(moved):
        label = "you" if row == world.row else ""
        spots.append((label, row + 1, float(far), "in the batch" if row in inside else "not in the batch"))
    count = int(np.count_nonzero(moved))
    says = f"one step {name}: {count} of {len(moved)} viewers' rows moved, {len(inside)} were in the batch"
    if world.row is not None:
        there = "was in the batch" if world.row in inside else "was not in the batch"
        did = "moved" if moved[world.row] else "did not move"
        says += f"; yours, row {world.row + 1}, {there} and {did}"
    return charts.scatter(f"first step, {name}", says, spots, "row of the viewers' table", "distance moved")


def measured(
    ids: list[NDArray[np.int64]], first: Mapping[str, tuple[Moves, Moves]]
) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    (users, films), (users_decay, _) = first[PLAIN], first[DECAY]
    return {
        "rows": len(users),
        "distinct": len(ids[0]),
        "moved": int(np.count_nonzero(users)),
        "moved_decay": int(np.count_nonzero(users_decay)),
        "films": len(films),
        "films_distinct": len(ids[1]),
        "films_moved": int(np.count_nonzero(films)),
        "which": which(users, ids[0]),
        "which_decay": which(users_decay, ids[0]),
    }


def which(moved: Moves, ids: NDArray[np.int64]) -> str:
    """Which rows moved, in a word: exactly those of `ids`, all, none, or other ones."""
    rows = np.flatnonzero(moved)
    if np.array_equal(rows, ids):
        return "distinct"
    return {0: "none", len(moved): "all"}.get(len(rows), "other")
