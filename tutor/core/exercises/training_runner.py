"""What the sandbox does to train a learner's DotProduct: the lecture's recipe, curves point by point.

A plain script beside `case_runner.py`: it imports nothing of the tutor. N ratings, I films.
Job: {"code", "name" of the class, "n_users", "n_films", "factors", "epochs", "batch", "lr", "wd", "seed",
"learner": row, "low", "high"}; in its folder ratings.npz: pairs [N, 2] and stars [N] of "train" and "valid".
Told: {"point": [series, epoch, loss]}, at last {"scores": [I stars]}, or {"raised": what broke}.

Loss: mean squared error in stars squared. AdamW with one cycle of the learning rate (Smith 2018), as in the
lecture; tables start at small random numbers, N(0, 0.05).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

# The sandbox loads these first, under these names.
import case_runner  # type: ignore[import-not-found]
import fastai_names  # type: ignore[import-not-found]

Tell = Callable[[Any], None]
START = 0.05
"""Standard deviation of the numbers that the tables start with."""
POINTS = 12
"""Points of the training curve in an epoch."""


class Diverged(Exception):
    """The loss is no number any more."""


def work(job: dict[str, Any], tell: Tell) -> None:
    """Train and tell; whatever the program raises is told with its line."""
    fastai_names.install()
    raised, printed = case_runner.quietly(lambda: train(job, tell))
    if raised:
        tell({"raised": raised, "printed": printed})


def train(job: dict[str, Any], tell: Tell) -> None:
    """The whole run."""
    np, torch = import_module("numpy"), import_module("torch")
    ratings = np.load("ratings.npz")
    parts = {
        part: (
            torch.from_numpy(ratings[f"{part}_pairs"]),  # [N, 2]
            torch.from_numpy(ratings[f"{part}_stars"]),  # [N]
        )
        for part in ("train", "valid")
    }
    torch.manual_seed(job["seed"])
    model = _model(job)
    (pairs, stars), (valid_pairs, valid_stars) = parts["train"], parts["valid"]
    steps = math.ceil(len(stars) / job["batch"])
    optimiser = torch.optim.AdamW(model.parameters(), lr=job["lr"], weight_decay=job["wd"])
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, job["lr"], job["epochs"] * steps)
    loss_of = torch.nn.functional.mse_loss
    seen, every = [], max(1, steps // POINTS)
    tell({"point": ["valid", 0.0, _loss(model, valid_pairs, valid_stars)]})
    for step, rows in _batches(len(stars), job):
        model.train()
        loss = loss_of(model(pairs[rows]), stars[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        cycle.step()
        seen.append(loss.detach())
        if step % every == 0:
            tell({"point": ["train", step / steps, _finite(torch.stack(seen).mean())]})
            seen = []
        if step % max(1, steps // 2) == 0 or step == job["epochs"] * steps:
            tell({"point": ["valid", step / steps, _loss(model, valid_pairs, valid_stars)]})
    tell({"scores": _scores(model, job, int(ratings["n_films"]))})


def _model(job: dict[str, Any]) -> Any:
    """The learner's class, made, its tables at small random numbers."""
    torch = import_module("torch")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(job["code"], "<code>", "exec"), namespace)
    model = namespace[job["name"]](job["n_users"], job["n_films"], job["factors"])
    draws = torch.Generator().manual_seed(job["seed"])
    with torch.no_grad():
        for table in sorted(model.parameters(), key=lambda one: tuple(one.shape)):
            table.copy_(torch.randn(table.shape, generator=draws) * START)
    return model


def _batches(n: int, job: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """The number of each step, from 1, and the ratings in it: in a new order every epoch."""
    torch = import_module("torch")
    draws, step = torch.Generator().manual_seed(job["seed"] + 1), 0
    for _ in range(job["epochs"]):
        for rows in torch.randperm(n, generator=draws).split(job["batch"]):
            step += 1
            yield step, rows


def _loss(model: Any, pairs: Any, stars: Any) -> float:
    torch = import_module("torch")
    model.eval()
    with torch.no_grad():
        return _finite(torch.nn.functional.mse_loss(model(pairs), stars))


def _finite(loss: Any) -> float:
    value = float(loss)
    if not math.isfinite(value):
        raise Diverged("the loss is no number any more; what does your forward do with large numbers?")
    return value


def _scores(model: Any, job: dict[str, Any], films: int) -> list[float]:
    """Stars that the learner would give each film, within the range of the ratings."""
    torch = import_module("torch")
    who = torch.full((films,), job["learner"])
    model.eval()
    with torch.no_grad():
        stars = model(torch.stack([who, torch.arange(films)], dim=1))
    return [round(_finite(one), 4) for one in stars.clamp(job["low"], job["high"])]
