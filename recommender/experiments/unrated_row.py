"""Unrated row: what weight decay alone does to a row that no rating ever asks for.

The vocabulary gets one more viewer, who rated nothing. Their row is never in a batch, so its gradient is 0 at
each step; a step t of AdamW then does nothing but w <- w (1 - lr_t * wd). Over all steps that is very nearly

    length = start * exp(-wd * sum of lr_t)        Source: Loshchilov, Hutter 2019, "Decoupled weight decay"

Settings
    wd       list of up to 6 strengths, 0 to 2 (0.01, 0.1)
    steps    about how many steps, 50 to 20,000 (6250); rounded to whole epochs
    lr       highest learning rate of the one cycle, 0.001 to 0.1 (0.005)

The model is the lecture's dot product with biases, 10 factors.
Beside the unrated row a rated one is watched: the learner's, or that of a viewer with a middling number of
ratings.

Series, against steps, in % of the row's length at the start: "unrated, wd W" for each strength, and
"formula, wd W" for the strongest.

Table: one row per strength: wd, unrated row left in %, formula in %, rated row in %, viewer of the rated row.

Measured (of the strongest decay; W as in the table)
    left, formula, rated     what is left of the unrated row, by the formula, and of the rated row, in %
    left_wd_W                what is left of the unrated row with each strength
    wd, steps, sum_lr        the strength, steps done, sum of their learning rates
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.config import TrainConfig, one_cycle, recipe
from recommender.events import Cancelled, Event, Progress, Started
from recommender.experiments.curves import Curves
from recommender.experiments.settings import number, numbers, only, whole
from recommender.experiments.sweeps import World, finished, world_of
from recommender.ratings import Ratings
from recommender.training import Trainer, tables_of

Doubles = NDArray[np.float64]

FACTORS = 10
NOBODY = "rated nothing"
"""Id of the viewer without ratings."""
POINTS = 60
"""Points of a curve, about."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train and watch the row. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("wd", "steps", "lr"))
    strengths = numbers(settings, "wd", (0.01, 0.1), 0, 2, 6)
    lr = number(settings, "lr", 0.005, 0.001, 0.1)
    return _run(spec, strengths, whole(settings, "steps", 6250, 50, 20_000), lr, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    strengths: tuple[float, ...],
    steps: int,
    lr: float,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "unrated-row", "wd": strengths, "steps": steps, "lr": lr, "seed": curves.seed})
    world = world_of(spec, cache, learner=True)
    train = with_nobody(world.train)
    epochs = max(1, round(steps / max(1, len(train) // 64)))
    scale: dict[str, Any] = {**world.scale, "seed": curves.seed}
    lanes = [
        Trainer(replace(recipe("lesson"), wd=wd, epochs=epochs, lr=lr, factors=FACTORS, **scale), train)
        for wd in strengths
    ]
    unrated, rated, sums = train.n_users - 1, _rated(world), learning_rates(lanes[0].config, lanes[0].n_steps)
    start = [lengths(lane)[[unrated, rated]] for lane in lanes]
    every = max(1, lanes[0].n_steps // POINTS)
    for step in range(every, lanes[0].n_steps + every, every):
        for wd, lane, first in zip(strengths, lanes, start, strict=True):
            while lane.steps_done < min(step, lane.n_steps):
                if cancelled():
                    yield Cancelled()
                    return
                lane.step()
            left = 100 * lengths(lane)[unrated] / first[0]
            yield curves.add(f"unrated, wd {wd:g}", lane.steps_done, float(left))
        done = lanes[0].steps_done
        yield curves.add(f"formula, wd {strengths[-1]:g}", done, formula(strengths[-1], sums[done - 1]))
        yield Progress(done / lanes[0].n_steps, f"step {done}")
    rows = []
    for wd, lane, first in zip(strengths, lanes, start, strict=True):
        left = 100 * lengths(lane)[[unrated, rated]] / first
        rows.append((wd, float(left[0]), formula(wd, sums[-1]), float(left[1]), _name(world, rated)))
    columns = ["wd", "unrated row left %", "formula %", "rated row %", "rated row is"]
    found = measured(rows) | {"steps": lanes[0].n_steps, "sum_lr": float(sums[-1])}
    yield finished(began, curves, columns, rows, found)


def with_nobody(ratings: Ratings) -> Ratings:
    """The same ratings over a vocabulary with one viewer more, the last, who has none."""
    users, items = ratings.users, ratings.items
    return Ratings(users, items, ratings.stars, ratings.times, (*ratings.user_ids, NOBODY), ratings.item_ids)


def learning_rates(config: TrainConfig, steps: int) -> Doubles:
    """Sum of the learning rates of the first 1, 2 ... steps of the cycle [steps]."""
    return np.cumsum([one_cycle(config, step / steps)[0] for step in range(steps)])


def formula(wd: float, sum_lr: float) -> float:
    """What decay leaves of a length, in %."""
    return 100 * math.exp(-wd * float(sum_lr))


def lengths(trainer: Trainer) -> Doubles:
    """Lengths of the viewers' vectors [U]."""
    users = tables_of(trainer.model)[0].astype(np.float64)  # [U, K]
    return np.asarray(np.sqrt((users * users).sum(axis=1)))


def _rated(world: World) -> int:
    """The learner's row, or that of the viewer whose number of ratings is the middle one."""
    if world.row is not None:
        return world.row
    counts = np.bincount(world.train.users, minlength=world.train.n_users)
    return int(np.argsort(counts, kind="stable")[len(counts) // 2])


def _name(world: World, row: int) -> str:
    count = int(np.count_nonzero(world.train.users == row))
    return f"{'you, ' if row == world.row else ''}row {row + 1}, {count} ratings"


def measured(rows: list[tuple[float, float, float, float, str]]) -> dict[str, float | str]:
    """The numbers that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {f"left_wd_{row[0]:g}": row[1] for row in rows}
    wd, left, expected, rated, _ = rows[-1]
    return found | {"wd": wd, "left": left, "formula": expected, "rated": rated}
