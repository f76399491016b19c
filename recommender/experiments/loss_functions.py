"""Loss functions: one net, trained on squares, on absolute differences, and on classes with cross-entropy.

The net is the lecture's: vectors side by side, Linear, ReLU, Linear. For squares (MSE) and absolute
differences (MAE) it has one output in the range of the scale; for cross-entropy it has one output per mark of
the scale, and two guesses can be made of their probabilities p: the expected star (sum of mark times p) and
the likeliest star (the mark with the largest p).

Settings
    epochs    passes over the ratings, 1 to 15 (5)
    width     width of the hidden layer, 1 to 300 (100)

Series: "squares", "absolute" and "cross-entropy" (expected star): mean squared error on held-out ratings in
stars squared, against epochs.
Table: one row per guess: trained on, guess, MSE, MAE in stars, accuracy in % (guess rounded to a mark).
Charts: bars of the MSE; what PyTorch says to cross-entropy on one output; and, for the learner, the
probabilities of the marks of a film that many rated and the learner did not.

Measured
    mse_squares, mse_absolute, mse_expected, mse_likeliest     as in the table; so with mae_ and acc_
    better     of expected and likeliest star, the guess with the lower MSE ("equal" within CLEAR)
    best_mse, best_mae, best_acc     the guess with the best value
    one_output                       what PyTorch said to cross-entropy on one output
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import LARGE_LR, large_batch, outcome, print_out, seeded, session
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import CLEAR, World, finished, race, world_of
from recommender.models.classifier import StarClassifier
from recommender.models.nets import CollabNN
from recommender.training import Trainer, columns

SQUARES, ABSOLUTE, CLASSES = "squares", "absolute", "cross-entropy"
Row = tuple[str, str, float, float, float]


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train the three. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "width"))
    epochs, width = whole(settings, "epochs", 5, 1, 15), whole(settings, "width", 100, 1, 300)
    return _run(spec, epochs, width, cache, cancelled)


class AbsoluteNN(CollabNN):
    """The lecture's net, trained on absolute differences."""

    def loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Mean absolute error, and the mean squared error, of the pairs `x` [B, 2] with stars `y` [B]."""
        stars = self(x)  # [B]
        return nn.functional.l1_loss(stars, y), nn.functional.mse_loss(stars.detach(), y)


def _run(
    spec: Mapping[str, Any], epochs: int, width: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "loss-functions", "epochs": epochs, "width": width, "seed": curves.seed})
    world = world_of(spec, cache, learner=True)
    said = one_output()
    shown = [print_out("cross-entropy on one output", said["one"], said["all"])]
    yield Chart(shown[0])
    lanes = models(world, epochs, width)
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    marks = cast(StarClassifier, lanes[CLASSES].model).marks.numpy()  # [C]
    rows = []
    for (trained, name), guess in guesses(world, lanes).items():
        rows.append((trained, name, *judged(guess, world.valid.stars, marks)))
    found = measured(rows) | {"one_output": said["one"]}
    says = f"expected star {found['mse_expected']:.3f}, likeliest star {found['mse_likeliest']:.3f}"
    shown.append(charts.bars("MSE on unseen ratings", says, {_short(row): row[2] for row in rows}, "stars²"))
    shown += _learner(world, lanes[CLASSES])
    heads = ["trained on", "guess", "MSE", "MAE", "accuracy %"]
    yield finished(began, curves, heads, rows, found, shown)


def models(world: World, epochs: int, width: int) -> dict[str, Trainer]:
    """One trainer per loss, from the same recipe."""
    changes: dict[str, Any] = {"epochs": epochs, "batch_size": large_batch(len(world.train)), "lr": LARGE_LR}
    scale = (world.scale["low"], world.scale["high"])
    sizes, marks = (world.train.n_users, world.train.n_items), sorted(set(world.train.stars.tolist()))
    makers: dict[str, Callable[[], nn.Module]] = {
        SQUARES: lambda: CollabNN(*sizes, width, scale),
        ABSOLUTE: lambda: AbsoluteNN(*sizes, width, scale),
        CLASSES: lambda: StarClassifier(*sizes, marks, width),
    }
    lanes = {}
    for name, make in makers.items():
        with seeded(world.seed):
            built = make()
        lanes[name] = world.trainer("nn", built, **changes)
    return lanes


def guesses(world: World, lanes: Mapping[str, Trainer]) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Guessed stars [N] of the held-out ratings, by what the net was trained on and the kind of guess."""
    valid = world.valid
    net = cast(StarClassifier, lanes[CLASSES].model)
    with torch.no_grad():
        likeliest = net.marks[net.logits(columns(valid.users, valid.items)).argmax(dim=1)].numpy()  # [N]
    return {
        (SQUARES, "output"): lanes[SQUARES].predict(valid.users, valid.items),
        (ABSOLUTE, "output"): lanes[ABSOLUTE].predict(valid.users, valid.items),
        (CLASSES, "expected star"): lanes[CLASSES].predict(valid.users, valid.items),
        (CLASSES, "likeliest star"): likeliest,
    }


def judged(
    guess: NDArray[np.float32], stars: NDArray[np.float32], marks: NDArray[np.float32]
) -> tuple[float, float, float]:
    """MSE, MAE and share of hits in % once each guess is rounded to the nearest mark."""
    miss = guess.astype(np.float64) - stars  # [N]
    nearest = marks[np.abs(guess[:, None] - marks).argmin(axis=1)]  # [N, C] -> [N]
    return float(np.mean(miss**2)), float(np.mean(np.abs(miss))), 100 * float(np.mean(nearest == stars))


def one_output() -> dict[str, str]:
    """What PyTorch says when a net with one output meets cross-entropy: in one line, and as a session."""
    logits, stars = torch.zeros(3, 1), torch.tensor([4, 0, 2])  # stars 5, 1, 3 as classes 0 to 4
    tried = {
        "cross_entropy(torch.zeros(3, 5), torch.tensor([4, 0, 2]))": outcome(
            lambda: nn.functional.cross_entropy(torch.zeros(3, 5), stars)
        ),
        "cross_entropy(torch.zeros(3, 1), torch.tensor([4, 0, 2]))": outcome(
            lambda: nn.functional.cross_entropy(logits, stars)
        ),
    }
    error, message = list(tried.values())[-1]
    return {"one": f"{error}: {message}" if error else message, "all": session(tried)}


def _learner(world: World, trainer: Trainer) -> list[charts.Chart]:
    """The probabilities of the marks for the learner and a film; nothing without a learner."""
    pair = world.film_for_learner()
    if pair is None:
        return []
    net = cast(StarClassifier, trainer.model)
    with torch.no_grad():
        shares = net.logits(columns([pair[0]], [pair[1]])).softmax(dim=1)[0].tolist()  # [C]
    title = world.data.items.titles[pair[1]]
    values = {f"{mark:g} stars": share for mark, share in zip(net.marks.tolist(), shares, strict=True)}
    likeliest = max(values, key=lambda mark: values[mark])
    expected = sum(mark * share for mark, share in zip(net.marks.tolist(), shares, strict=True))
    says = f"you are row {pair[0] + 1}: likeliest {likeliest}, expected {expected:.2f} stars"
    return [charts.bars(f"what you would give {title}", says, values, "probability")]


def _short(row: Row) -> str:
    return row[0] if row[1] == "output" else row[1]


def measured(rows: list[Row]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    by_name = {_short(row).removesuffix(" star"): row[2:] for row in rows}
    found: dict[str, float | str] = {}
    for place, kind in enumerate(("mse", "mae", "acc")):
        values = {name: row[place] for name, row in by_name.items()}
        found |= {f"{kind}_{name}": value for name, value in values.items()}
        best = max if kind == "acc" else min
        found[f"best_{kind}"] = best(values, key=lambda name: values[name])
    gap = by_name["likeliest"][0] - by_name["expected"][0]
    found["better"] = "equal" if abs(gap) <= CLEAR else "expected" if gap > 0 else "likeliest"
    return found
