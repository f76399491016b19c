"""What families that train the same model several times share: the data, the lanes of a race, the ending.

A lane is a trainer with a name. All lanes of a race learn from the book's split; their errors grow as curves
against epochs, mean squared error in stars squared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Event, Failed, Finished, Progress
from recommender.experiments.charts import Chart
from recommender.experiments.curves import Curves
from recommender.experiments.learner import with_learner
from recommender.models.dot import DotProductBias
from recommender.ratings import Dataset, Ratings, book_split
from recommender.training import Trainer, tables_of

FIRST_STEPS = 20
"""Steps of the first stretch: the first point is there at once."""
STRETCHES = 5
"""Points of each training curve in one epoch; the held-out error is measured at every second of them."""
CLEAR = 0.005
"""Stars squared: less is within what another seed changes."""

Steps = Generator[Event, None, bool]
"""Events of some work; what it returns says whether all of it was done."""


@dataclass(frozen=True, eq=False)
class World:
    """Ratings to learn from and those held out; `row` is the learner's, all of whose ratings are known."""

    data: Dataset
    ratings: Ratings
    train: Ratings
    valid: Ratings
    row: int | None
    seed: int

    @property
    def scale(self) -> dict[str, float]:
        """Settings `low` and `high` of the sigmoid's range."""
        return range_of(self.data.low, self.data.high)

    def trainer(self, model: str, built: nn.Module | None = None, **changes: Any) -> Trainer:
        """The lecture's recipe for `model` (or for `built`, trained as `model` is), with changes."""
        config = recipe("lesson", model, {"seed": self.seed, **self.scale, **changes})
        return Trainer(config, self.train, self.valid, built, self.data)

    def dot_bias(self, y_range: tuple[float, float] | None, factors: int) -> DotProductBias:
        """An untrained dot product with biases, drawn as the recipe draws it, with any range or none."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return DotProductBias(self.ratings.n_users, self.ratings.n_items, factors, y_range)

    def film_for_learner(self) -> tuple[int, int] | None:
        """The learner's row, and that of the film that most others rated and the learner did not."""
        if self.row is None:
            return None
        counts = np.bincount(self.ratings.items, minlength=self.ratings.n_items)  # [I]
        counts[self.ratings.items[self.ratings.users == self.row]] = 0
        return self.row, int(np.argmax(counts))


def world_of(spec: Mapping[str, Any], cache: Path | None, learner: bool = False) -> World:
    """The spec's data on the book's split; with `learner` the learner's ratings are learnt from, too."""
    data = datasets.load(str(spec.get("data") or "planted"), cache)
    split = book_split(data.ratings)
    ratings, row = with_learner(data, spec.get("ratings") if learner else None)
    own = np.arange(len(data.ratings), len(ratings))  # numbers of the learner's ratings
    train = ratings.take(np.concatenate([split.train, own]))
    return World(data, ratings, train, ratings.take(split.valid), row, int(spec.get("seed") or 0))


def race(
    lanes: Mapping[str, Trainer],
    curves: Curves,
    cancelled: Callable[[], bool],
    *,
    overlay: bool = True,
    show: Sequence[str] = ("train", "valid"),
    begin: float = 0.0,
    after: Callable[[str, Trainer], Iterable[Event]] = lambda name, trainer: (),
) -> Steps:
    """Train all lanes to their ends; False after Failed or Cancelled, which it has yielded.

    `overlay`: side by side, or else one lane after the other. `show`: the curves "NAME train" (running error
    of the batches) and "NAME valid"; a single kind of curve is called NAME. `begin`: the epoch of the first
    point. `after` adds events after each stretch of a lane.
    """
    total = sum(trainer.n_steps for trainer in lanes.values())
    for name, stop in turns(lanes, overlay):
        trainer = lanes[name]
        try:
            while trainer.steps_done < stop and not cancelled():
                trainer.step()
        except FloatingPointError as error:
            yield Failed(f"{name}: {error}")
            return False
        if cancelled():
            yield Cancelled()
            return False
        epoch = trainer.steps_done / trainer.n_batches
        if epoch >= begin:
            yield from points(name, trainer, stop, curves, show)
        yield from after(name, trainer)
        done = sum(lane.steps_done for lane in lanes.values()) / total
        yield Progress(done, f"{name}: epoch {epoch:.1f}")
    return True


def turns(lanes: Mapping[str, Trainer], overlay: bool) -> list[tuple[str, int]]:
    """Whose turn it is, and up to which step."""
    plan = []
    for place, (name, trainer) in enumerate(lanes.items()):
        stops = [trainer.n_batches * i // STRETCHES for i in range(trainer.config.epochs * STRETCHES + 1)]
        stops[0] = min(FIRST_STEPS, stops[1])
        plan += [((turn if overlay else place, place, turn), name, stop) for turn, stop in enumerate(stops)]
    return [(name, stop) for _, name, stop in sorted(plan)]


def points(
    name: str, trainer: Trainer, stop: int, curves: Curves, show: Sequence[str]
) -> Generator[Event, None, None]:
    """The next points of a lane's curves at step `stop`."""
    epoch = trainer.steps_done / trainer.n_batches
    series = {kind: name if len(show) == 1 else f"{name} {kind}" for kind in show}
    if "train" in series:
        yield curves.add(series["train"], epoch, trainer.smooth.value)
    turn = stop * STRETCHES // trainer.n_batches
    due = turn % 2 == 1 or stop % trainer.n_batches == 0 or trainer.done
    if "valid" in series and trainer.valid is not None and (due or (turn == 0 and len(show) == 1)):
        yield curves.add(series["valid"], epoch, trainer.mse(trainer.valid))


def finished(
    began: float,
    curves: Curves,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    measured: Mapping[str, float | str],
    charts: Iterable[Chart] = (),
) -> Finished:
    """The ending of a family; `began` is what `time.perf_counter()` said at its start."""
    return Finished(
        {
            "series": curves.to_list(),
            "charts": list(charts),
            "table": {"columns": list(columns), "rows": [tuple(row) for row in rows]},
            "measured": dict(measured),
            "seconds": time.perf_counter() - began,
        }
    )


def epoch_ends(curves: Curves, series: str) -> list[float]:
    """The values of a curve at the end of each epoch."""
    return [y for x, y in zip(*curves.points[series], strict=True) if x >= 1 and x == int(x)]


def end_of(trainer: Trainer) -> float:
    """Mean squared error on the held-out ratings."""
    assert trainer.valid is not None  # every lane has some
    return trainer.mse(trainer.valid)


def best_of(errors: Mapping[str, float]) -> str:
    """The name with the lowest error; the first of equals."""
    return min(errors, key=lambda name: errors[name])


def sum_of_squares(trainer: Trainer) -> float:
    """Sum of the squares of all numbers that a model learns."""
    with torch.no_grad():
        return float(sum(p.double().square().sum() for p in trainer.model.parameters()))


def learner_says(world: World, trainer: Trainer) -> str:
    """One sentence on the learner's bias, with a blank before it; empty without a learner."""
    if world.row is None:
        return ""
    biases = tables_of(trainer.model)[2]  # [U]
    own = float(biases[world.row])
    below = 100 * float(np.mean(np.delete(biases, world.row) < own))
    place = f"higher than that of {below:.0f} % of viewers"
    return f" You are row {world.row + 1}: your bias is {own:+.2f}, {place}."
