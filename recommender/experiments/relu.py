"""ReLU: the lecture's net with and without the ReLU between its two linear layers.

Two linear layers in a row are one linear layer, and on vectors side by side that is a number of the viewer
plus a number of the film: no taste for one film more than for another. The measure of that is the contrast

    s(a, x) - s(a, y) - s(b, x) + s(b, y)        s: score before the sigmoid; a, b viewers; x, y films

which is 0 for any sum of two such numbers.

Settings
    epochs    passes over the ratings, 1 to 15 (5)
    width     width of the hidden layer, 1 to 300 (100)

Four models learn from the same ratings in large batches: the net with ReLU, the net without, biases only (a
viewer's and a film's number, nothing else), and the dot product with biases.

Series: each model's mean squared error on held-out ratings in stars squared, against epochs.
Table: one row per model: model, valid MSE, mean size of the contrast, largest contrast (QUADS of them).

Measured
    mse_relu, mse_without, mse_biases, mse_dot     valid MSE at the end
    contrast_relu, contrast_without                mean size of the contrast
    largest_without                                its largest size without ReLU
    equals     whose valid MSE the net without ReLU comes nearest to: "biases", "dot" or "relu"
    distance   how far it is from that, in stars squared
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from recommender.events import Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import LARGE_LR, large_batch, seeded
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, end_of, finished, race, world_of
from recommender.models.nets import CollabNN
from recommender.training import Trainer

RELU, WITHOUT, BIASES, DOT = "net with ReLU", "net without", "biases only", "dot product"
KEYS = {RELU: "relu", BIASES: "biases", DOT: "dot"}
QUADS = 2000
"""Pairs of viewers and pairs of films of which the contrast is taken."""
DOT_RECIPE: dict[str, Any] = {"batch_size": 512, "lr": 0.01, "wd": 0.4}
"""Few large steps: they pull as far, over a run, as 0.1 does with the lecture's many small ones."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train the four. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "width"))
    epochs, width = whole(settings, "epochs", 5, 1, 15), whole(settings, "width", 100, 1, 300)
    return _run(spec, epochs, width, cache, cancelled)


def _run(
    spec: Mapping[str, Any], epochs: int, width: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "relu", "epochs": epochs, "width": width, "seed": curves.seed})
    world = world_of(spec, cache)
    lanes = models(world, epochs, width)
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    rows = [(name, end_of(lane), *_contrast(world, lane)) for name, lane in lanes.items()]
    found = measured(rows)
    says = f"{found['contrast_relu']:.2g} with ReLU, {found['contrast_without']:.1g} without"
    shown = charts.bars("mean size of the contrast", says, {row[0]: row[2] for row in rows}, "score")
    columns = ["model", "valid MSE", "mean contrast", "largest contrast"]
    yield finished(began, curves, columns, rows, found, [shown])


def models(world: World, epochs: int, width: int) -> dict[str, Trainer]:
    """The four models, ready to train."""
    changes: dict[str, Any] = {"epochs": epochs, "batch_size": large_batch(len(world.train)), "lr": LARGE_LR}
    nets = []
    for _ in range(2):
        with seeded(world.seed):  # both begin with the same numbers
            scale = (world.scale["low"], world.scale["high"])
            nets.append(CollabNN(world.train.n_users, world.train.n_items, width, scale))
    nets[1].layers[1] = nn.Identity()
    net, straight = (world.trainer("nn", built, **changes) for built in nets)
    biases = world.trainer("dot-bias", factors=1, wd=0.01, freeze=("user_factors", "film_factors"), **changes)
    with torch.no_grad():
        for name in ("user_factors", "film_factors"):
            biases.model.get_parameter(f"{name}.weight").zero_()
    return {
        RELU: net,
        WITHOUT: straight,
        BIASES: biases,
        DOT: world.trainer("dot-bias", **DOT_RECIPE, epochs=epochs),
    }


def _contrast(world: World, trainer: Trainer) -> tuple[float, float]:
    """Mean and largest size of the contrast of a model."""
    with seeded(world.seed):
        viewers = torch.randint(world.train.n_users, (2, QUADS))  # a and b
        films = torch.randint(world.train.n_items, (2, QUADS))  # x and y
    size = contrast(lambda x: scores(trainer.model, x), viewers, films).abs()  # [QUADS]
    return float(size.mean()), float(size.max())


def contrast(score: Callable[[Tensor], Tensor], viewers: Tensor, films: Tensor) -> Tensor:
    """s(a, x) - s(a, y) - s(b, x) + s(b, y) for viewers [2, Q] and films [2, Q] -> [Q]."""
    ax, ay, bx, by = (score(torch.stack([u, f], dim=1)) for u in viewers for f in films)
    return ax - ay - bx + by


def scores(model: nn.Module, x: Tensor) -> Tensor:
    """Scores before the sigmoid [B] in double precision, for the pairs `x` [B, 2]."""
    with torch.no_grad():
        model.double()
        y_range, model.y_range = model.y_range, None  # type: ignore[assignment]
        score: Tensor = model(x)
        model.y_range = y_range
        model.float()
    return score


def measured(rows: list[tuple[str, float, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    error = {row[0]: row[1] for row in rows}
    size = {row[0]: row[2:] for row in rows}
    nearest = min(KEYS, key=lambda name: abs(error[name] - error[WITHOUT]))
    found: dict[str, float | str] = {f"mse_{key}": error[name] for name, key in KEYS.items()}
    return found | {
        "mse_without": error[WITHOUT],
        "contrast_relu": size[RELU][0],
        "contrast_without": size[WITHOUT][0],
        "largest_without": size[WITHOUT][1],
        "equals": KEYS[nearest],
        "distance": abs(error[nearest] - error[WITHOUT]),
    }
