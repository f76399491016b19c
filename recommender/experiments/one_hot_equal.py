"""One-hot and lookup: one layer written in two ways, trained side by side from the same table.

The first model looks films and viewers up, E[i]. The second makes a one-hot row of each id and multiplies it
by the same table: onehot(i) @ E. Both see the same batches and take the same steps of plain gradient descent.

Settings
    steps    1 to 500 (200)
    lr       learning rate, 0.01 to 20 (5)
    batch    ratings in a step, 1 to 256 (64)

The model is a dot product with biases (the last column of each table) and 10 factors, in the range of the
scale. Series, against steps: "lookup" and "one-hot", squared error of the batches, a running average.

Table: one row per compared thing: thing, after how many steps, largest difference, largest value.

Measured
    gap_outputs, gap_gradients    largest difference of predictions [B] and gradients in the first step
    gap_step, gap_end             largest difference of the tables after one step and after all steps
    moved                         how far the number that moved furthest is from its start
    loss_lookup, loss_onehot      running averages of the error at the end
    apart    tables at the end: "same" (differ by at most SAME of what they moved), "close" (at most CLOSE of
             it) or "far"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from recommender.events import Cancelled, Event, Progress, Started
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import seeded, tensors_of
from recommender.experiments.settings import number, only, whole
from recommender.experiments.sweeps import finished, world_of
from recommender.models.dot import sigmoid_range
from recommender.training import Smooth

FACTORS = 10
SAME, CLOSE = 1e-4, 0.1
EVERY = 4
"""Steps between two points of a curve."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train both ways. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("steps", "lr", "batch"))
    steps, lr = whole(settings, "steps", 200, 1, 500), number(settings, "lr", 5, 0.01, 20)
    return _run(spec, steps, lr, whole(settings, "batch", 64, 1, 256), cache, cancelled)


class Tables:
    """A viewers' and a film's table [n, K + 1]; `pick` is the way in which rows come out of them."""

    def __init__(self, sizes: tuple[int, int], scale: tuple[float, float], seed: int):
        self.scale = scale
        with seeded(seed):
            self.tables = [nn.Parameter(0.01 * torch.randn(size, FACTORS + 1)) for size in sizes]
        self.start = [table.detach().clone() for table in self.tables]
        self.smooth = Smooth()

    def pick(self, table: Tensor, rows: Tensor) -> Tensor:
        """The rows [B] of a table [n, K + 1] -> [B, K + 1]."""
        return table[rows]

    def outputs(self, users: Tensor, films: Tensor) -> Tensor:
        """Predicted stars [B]."""
        u, v = (self.pick(table, rows) for table, rows in zip(self.tables, (users, films), strict=True))
        score = (u[:, 1:] * v[:, 1:]).sum(dim=1) + u[:, 0] + v[:, 0]  # [B, K + 1] -> [B]
        return sigmoid_range(score, *self.scale)

    def step(self, users: Tensor, films: Tensor, stars: Tensor, lr: float) -> tuple[Tensor, list[Tensor]]:
        """One step downhill. Returns the outputs [B] and the gradients of both tables before it."""
        outputs = self.outputs(users, films)
        loss = nn.functional.mse_loss(outputs, stars)
        gradients = torch.autograd.grad(loss, self.tables)
        self.smooth.add(float(loss.detach()))
        with torch.no_grad():
            for table, gradient in zip(self.tables, gradients, strict=True):
                table.sub_(gradient, alpha=lr)
        return outputs.detach(), list(gradients)

    def moved(self) -> float:
        """The longest way that a number of the tables has gone."""
        return gap(self.tables, self.start)


class OneHotTables(Tables):
    """The same with a product instead of a lookup."""

    def pick(self, table: Tensor, rows: Tensor) -> Tensor:
        """One-hot rows [B, n] @ table [n, K + 1] -> [B, K + 1]."""
        return nn.functional.one_hot(rows, len(table)).float() @ table


def gap(some: list[Tensor] | list[nn.Parameter], others: list[Tensor] | list[nn.Parameter]) -> float:
    """The largest difference between two lists of tensors of the same shapes."""
    with torch.no_grad():
        return max(float((a - b).abs().max()) for a, b in zip(some, others, strict=True))


def _run(
    spec: Mapping[str, Any],
    steps: int,
    lr: float,
    batch: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "one-hot-equal", "steps": steps, "lr": lr, "batch": batch, "seed": curves.seed})
    world = world_of(spec, cache)
    users, films, stars = tensors_of(world.train)  # [N] each
    with seeded(curves.seed):
        order = torch.randint(len(stars), (steps, batch))  # [steps, B]
    sizes, scale = (world.train.n_users, world.train.n_items), (world.scale["low"], world.scale["high"])
    pair = {"lookup": Tables(sizes, scale, curves.seed), "one-hot": OneHotTables(sizes, scale, curves.seed)}
    found: dict[str, float | str] = {}
    rows: list[tuple[str, int, float, float]] = []
    for step, chosen in enumerate(order, 1):
        if cancelled():
            yield Cancelled()
            return
        (out, grads), (out_hot, grads_hot) = (
            model.step(users[chosen], films[chosen], stars[chosen], lr) for model in pair.values()
        )
        if step == 1:
            rows = [
                ("predictions", step, gap([out], [out_hot]), float(out.abs().max())),
                ("gradients", step, gap(grads, grads_hot), max(float(g.abs().max()) for g in grads)),
                ("tables", step, *_tables(pair)),
            ]
        if step % EVERY == 1 or step == steps:
            for name, model in pair.items():
                yield curves.add(name, step, model.smooth.value)
            yield Progress(step / steps, f"step {step}")
    rows.append(("tables", steps, *_tables(pair)))
    names = ("gap_outputs", "gap_gradients", "gap_step", "gap_end")
    found = {name: row[2] for name, row in zip(names, rows, strict=True)}
    moved = pair["lookup"].moved()
    found |= {"moved": moved, "apart": apart(float(rows[-1][2]), moved)}
    found |= {"loss_lookup": pair["lookup"].smooth.value, "loss_onehot": pair["one-hot"].smooth.value}
    columns = ["compared", "after steps", "largest difference", "largest value"]
    yield finished(began, curves, columns, rows, found)


def _tables(pair: Mapping[str, Tables]) -> tuple[float, float]:
    """How far the tables of both ways differ, and their largest number."""
    one, other = (model.tables for model in pair.values())
    return gap(one, other), max(float(table.detach().abs().max()) for table in one)


def apart(difference: float, moved: float) -> str:
    """How far two trained tables are apart, in a word; `moved` is how far training has brought them."""
    if difference <= SAME * moved:
        return "same"
    return "close" if difference <= CLOSE * moved else "far"
