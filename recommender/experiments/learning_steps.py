"""Learning steps: from first guesses that are all alike to guesses that fit, step by step.

Settings
    epochs    passes over the ratings, 1 to 20 (5)
    factors   length of the vectors, 1 to 200 (50)

The model is the lecture's dot product with biases and weight decay. Series, mean squared error in stars
squared against steps (a step learns from 64 ratings): "train" (running error of the batches), "valid"
(held-out ratings). The heat map "guesses" holds the predicted stars of the most active viewers for the most
rated films, and changes while the model trains; with the learner's ratings their row is the first.

Table: one row per look: step, epoch, valid MSE, spread of the guesses (standard deviation on the held-out
ratings, in stars).

Measured
    start, first_epoch, end         valid MSE before the first step, after one epoch, after the last step
    share_first                     share of the whole gain that is there after one epoch, in %
    spread_start, spread_end        spread of the guesses, in stars
    first_guess                     the mean of the guesses before the first step, in stars
    steps                           number of steps
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommender.events import Cancelled, Chart, Event, Failed, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.learner import LEARNER
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import Steps, World, finished, world_of
from recommender.training import Trainer

EARLY = (10, 30, 100, 200)
"""Steps of the first looks; then there are PER_EPOCH in each epoch."""
PER_EPOCH = 4
SHOWN = 8
"""Viewers and films in the map of guesses."""
Look = tuple[int, float, float, float]
"""Step, epoch, valid MSE, spread of the guesses."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train once, and look along the way. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "factors"))
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 1, 200),
    }
    return _run(spec, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any], changes: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "learning-steps", "seed": curves.seed, **changes})
    world = world_of(spec, cache, learner=True)
    trainer, looks = world.trainer("dot-bias", **changes), list[Look]()
    first_guess = float(trainer.predict(world.valid.users, world.valid.items).mean())
    if not (yield from _learn(trainer, world, curves, looks, cancelled)):
        return
    columns = ["step", "epoch", "valid MSE", "spread of the guesses"]
    found = {**measured(looks), "first_guess": first_guess}
    yield finished(began, curves, columns, looks, found, [guesses(world, trainer)])


def _learn(
    trainer: Trainer, world: World, curves: Curves, looks: list[Look], cancelled: Callable[[], bool]
) -> Steps:
    """Train to the end with looks along the way; False after Failed or Cancelled."""
    rounds = range(1, trainer.config.epochs * PER_EPOCH + 1)
    stops = {0, *EARLY, *(trainer.n_batches * i // PER_EPOCH for i in rounds)}
    for stop in sorted(step for step in stops if step <= trainer.n_steps):
        try:
            while trainer.steps_done < stop and not cancelled():
                trainer.step()
        except FloatingPointError as error:
            yield Failed(str(error))
            return False
        if cancelled():
            yield Cancelled()
            return False
        miss, spread = _look(trainer, world)
        epoch = stop / trainer.n_batches
        looks.append((stop, epoch, miss, spread))
        yield curves.add("valid", stop, miss)
        if stop:
            yield curves.add("train", stop, trainer.smooth.value)
        yield Chart(guesses(world, trainer))
        yield Progress(stop / trainer.n_steps, f"step {stop}")
    return True


def _look(trainer: Trainer, world: World) -> tuple[float, float]:
    """Mean squared error, and standard deviation of the guesses, on the held-out ratings."""
    guess = trainer.predict(world.valid.users, world.valid.items).astype(np.float64)  # [V]
    return float(np.mean((guess - world.valid.stars) ** 2)), float(guess.std())


def measured(looks: list[Look]) -> dict[str, float | str]:
    """The numbers that a sentence about the run may use; names as in the module's docstring."""
    start, end = looks[0], looks[-1]
    one = next(look for look in looks if look[1] >= 1)
    gain = start[2] - end[2]
    return {
        "start": start[2],
        "first_epoch": one[2],
        "end": end[2],
        "share_first": 100 * (start[2] - one[2]) / gain if gain else 0.0,
        "spread_start": start[3],
        "spread_end": end[3],
        "steps": end[0],
    }


def guesses(world: World, trainer: Trainer) -> charts.Chart:
    """Predicted stars of the most active viewers (the learner first) for the most rated films."""
    ratings = world.ratings
    users = np.argsort(-np.bincount(ratings.users, minlength=ratings.n_users), kind="stable")[:SHOWN]
    if world.row is not None:
        users = np.concatenate([[world.row], users[users != world.row]])[:SHOWN]
    films = np.argsort(-np.bincount(ratings.items, minlength=ratings.n_items), kind="stable")[:SHOWN]
    pairs = np.repeat(users, len(films)), np.tile(films, len(users))
    stars = trainer.predict(*pairs).reshape(len(users), len(films))
    names = [ratings.user_ids[user] for user in users]
    rows = [name if name == LEARNER else f"viewer {name}" for name in names]
    titles = [world.data.items.titles[film] for film in films]
    says = (
        f"After {trainer.steps_done} steps the guesses go from {stars.min():.2f} to {stars.max():.2f} stars"
    )
    return charts.heat("guesses", says, rows, titles, stars, "stars")
