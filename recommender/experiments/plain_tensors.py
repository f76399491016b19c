"""Plain tensors: the same model with its tables as nn.Parameter, or as tensors that PyTorch does not list.

Both models are dot products with biases from the same first numbers, and both have one registered number `a`
that is added to each score. Each optimiser is given `model.parameters()`. Autograd fills the gradient of a
plain tensor with requires_grad as well; the optimiser never hears of it.

Settings
    epochs    passes over the ratings, 1 to 10 (3)
    factors   length of the vectors, 1 to 50 (10)

Series: "Parameter" and "plain tensor", held-out mean squared error in stars squared against epochs.
Table: one row per model: model, what parameters() lists, numbers listed, largest move of the tables, largest
gradient of the tables in the last batch, valid MSE.
The print-out is what named_parameters() of both models gives.

Measured
    mse_parameter, mse_plain, mse_start    valid MSE at the end, and before training
    mse_constant                           that of the best single guess for all held-out ratings
    listed_parameter, listed_plain         how many tensors parameters() lists
    moved_plain, gradient_plain            largest move and largest gradient of the plain tables
    fate    the plain model's end: "same" (gains at least SAME of what the other gains beyond the best single
            guess), "constant" (its tables did not move: only one number for all can fit), "error" or "other"
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recommender.events import Cancelled, Chart, Event, Failed, Progress, Started
from recommender.experiments.charts import Chart as Shown
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import count, print_out, seeded
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, end_of, finished, world_of
from recommender.models.dot import sigmoid_range
from recommender.training import Trainer

SAME = 0.5
TABLES = ("users", "films", "user_bias", "film_bias")


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train both. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "factors"))
    epochs, factors = whole(settings, "epochs", 3, 1, 10), whole(settings, "factors", 10, 1, 50)
    return _run(spec, epochs, factors, cache, cancelled)


class Model(nn.Module):
    """stars = sigmoid_range(u · v + biases + a); only `a` is registered unless `registered` is true."""

    users: Tensor
    films: Tensor
    user_bias: Tensor
    film_bias: Tensor

    def __init__(self, sizes: tuple[int, int], factors: int, scale: tuple[float, float], registered: bool):
        super().__init__()
        self.scale = scale
        self.a = nn.Parameter(torch.zeros(1))
        n_users, n_films = sizes
        shapes = ((n_users, factors), (n_films, factors), (n_users,), (n_films,))
        for name, shape in zip(TABLES, shapes, strict=True):
            numbers = torch.empty(shape).normal_(0, 0.01)
            setattr(self, name, nn.Parameter(numbers) if registered else numbers.requires_grad_())
        self.start = [table.detach().clone() for table in self.own_tables()]

    def own_tables(self) -> list[Tensor]:
        """The four tables, registered or not."""
        return [getattr(self, name) for name in TABLES]

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users, films = x[:, 0], x[:, 1]  # [B] each
        score = (self.users[users] * self.films[films]).sum(dim=1)  # [B, K] -> [B]
        score = score + self.user_bias[users] + self.film_bias[films] + self.a  # [B]
        return sigmoid_range(score, *self.scale)

    def moved(self) -> float:
        """The longest way that a number of the tables has gone since the start."""
        pairs = zip(self.own_tables(), self.start, strict=True)
        return max(float((table.detach() - first).abs().max()) for table, first in pairs)

    def gradient(self) -> float:
        """The largest number in the tables' gradients."""
        return max(0.0 if t.grad is None else float(t.grad.abs().max()) for t in self.own_tables())


def _run(
    spec: Mapping[str, Any], epochs: int, factors: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "plain-tensors", "epochs": epochs, "factors": factors, "seed": curves.seed})
    world = world_of(spec, cache)
    models = {name: _model(world, factors, name == "Parameter") for name in ("Parameter", "plain tensor")}
    shown = listing(models)
    yield Chart(shown)
    lanes = {
        name: world.trainer("dot-bias", model, epochs=epochs, factors=factors, batch_size=512, lr=0.02)
        for name, model in models.items()
    }
    start = {name: end_of(lane) for name, lane in lanes.items()}
    for name in lanes:
        yield curves.add(name, 0, start[name])
    every = max(1, lanes["Parameter"].n_batches // 4)
    while not all(lane.done for lane in lanes.values()):
        for name, lane in lanes.items():
            for _ in range(min(every, lane.n_steps - lane.steps_done)):
                if cancelled():
                    yield Cancelled()
                    return
                try:
                    _step(lane, models[name])
                except FloatingPointError as error:
                    yield Failed(f"{name}: {error}")
                    return
            yield curves.add(name, lane.steps_done / lane.n_batches, end_of(lane))
        yield Progress(lane.steps_done / lane.n_steps)
    rows = [_row(name, models[name], lane) for name, lane in lanes.items()]
    columns = ["model", "listed", "numbers listed", "tables moved by", "tables' gradient", "valid MSE"]
    found = measured(rows, float(np.var(world.valid.stars, dtype=np.float64))) | {
        "mse_start": start["Parameter"]
    }
    yield finished(began, curves, columns, rows, found, [shown])


def _model(world: World, factors: int, registered: bool) -> Model:
    scale = (world.scale["low"], world.scale["high"])
    with seeded(world.seed):
        return Model((world.train.n_users, world.train.n_items), factors, scale, registered)


def _step(lane: Trainer, model: Model) -> None:
    """One step; the gradients of plain tensors are cleared by hand first, as nobody else knows them."""
    for table in model.own_tables():
        table.grad = None
    lane.step()


def listing(models: Mapping[str, Model]) -> Shown:
    """What named_parameters() of the models gives."""
    lines = []
    for name, model in models.items():
        lines.append(f"{name}: [name for name, _ in model.named_parameters()]")
        lines.append(str([listed for listed, _ in model.named_parameters()]))
    says = ", ".join(f"{name}: {len(list(model.parameters()))} listed" for name, model in models.items())
    return print_out("what named_parameters() gives", says, "\n".join(lines))


def _row(name: str, model: Model, lane: Trainer) -> tuple[str, int, int, float, float, float]:
    listed = len(list(model.parameters()))
    return name, listed, count(model), model.moved(), model.gradient(), end_of(lane)


def measured(
    rows: list[tuple[str, int, int, float, float, float]], constant: float
) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    own, plain = rows
    return {
        "mse_parameter": own[5],
        "mse_plain": plain[5],
        "mse_constant": constant,
        "listed_parameter": own[1],
        "listed_plain": plain[1],
        "moved_plain": plain[3],
        "gradient_plain": plain[4],
        "fate": fate(own[5], plain[5], constant, plain[3]),
    }


def fate(own: float, plain: float, constant: float, moved: float) -> str:
    """What became of the model with plain tensors, in a word."""
    if not math.isfinite(plain):
        return "error"
    if constant - plain >= SAME * (constant - own) > 0:
        return "same"
    return "constant" if moved == 0 else "other"
