"""Metadata: a net that knows the years and genres of films, or ages and jobs of viewers, beside the ids.

Two nets learn from the same ratings; one gets the facts, the other has the same inputs with nothing in them.
A random tenth of all films is kept out of training altogether: these are new films for both nets.

Settings
    facts     "films" (year, genres), "viewers" (age, gender, job) or "both" ("both")
    epochs    passes over the ratings, 1 to 15 (3)

Times of ratings are left out: they are facts of another kind.

Series: "without" and "with": mean squared error in stars squared on held-out ratings of known films (the
book's split), against epochs.
Table: one row per net: net, valid MSE of known films, MSE of new films.

Measured
    known_without, known_with, known_gain    MSE of known films, and how far facts lower it, in %
    new_without, new_with, new_gain          the same of new films
    new_films, new_ratings                   how many films are new, and how many ratings they have
    helps     where facts lower the error by more than STEP of it: "both", "known", "new" or "none"
    more      where they lower it further: "known" or "new"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.config import recipe
from recommender.events import Event, Failed, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import LARGE_LR, large_batch
from recommender.experiments.settings import choice, only, whole
from recommender.experiments.sweeps import World, end_of, finished, race, world_of
from recommender.ratings import Dataset, Ratings
from recommender.training import Trainer

KEPT_OUT = 0.1
STEP = 0.01


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train both nets. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("facts", "epochs"))
    facts = choice(settings, "facts", "both", ("both", "films", "viewers"))
    return _run(spec, facts, whole(settings, "epochs", 3, 1, 15), cache, cancelled)


def _run(
    spec: Mapping[str, Any], facts: str, epochs: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "metadata", "facts": facts, "epochs": epochs, "seed": curves.seed})
    world = world_of(spec, cache)
    told = told_of(world.data, facts)
    if not knows(told):
        yield Failed(f"{world.data.name} has no facts on {facts if facts != 'both' else 'films or viewers'}")
        return
    new = new_films(world)
    train, valid, unseen = parts(world, new)
    changes = {"seed": world.seed, "epochs": epochs, "batch_size": large_batch(len(train)), "lr": LARGE_LR}
    config = recipe("lesson", "hybrid", {**changes, **world.scale})
    lanes = {
        name: Trainer(config, train, valid, data=data)
        for name, data in (("without", told_of(world.data, "none")), ("with", told))
    }
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    rows = [(f"{name} facts", end_of(lane), lane.mse(unseen)) for name, lane in lanes.items()]
    found = measured(rows) | {"new_films": int(new.sum()), "new_ratings": len(unseen)}
    says = f"facts take {found['known_gain']:.1f} % off for known films, {found['new_gain']:.1f} % for new"
    heights = {f"known, {name}": known for name, known, _ in rows}
    heights |= {f"new, {name}": unknown for name, _, unknown in rows}
    shown = charts.bars("MSE of known and of new films", says, heights, "stars²")
    yield finished(began, curves, ["net", "MSE of known films", "MSE of new films"], rows, found, [shown])


def told_of(data: Dataset, facts: str) -> Dataset:
    """The data set with the facts that the net may know; it has the same viewers and films."""
    items, users = data.items, data.users
    if facts in ("none", "viewers"):
        items = replace(items, years=(0,) * len(items), genres=((),) * len(items))
    return replace(data, items=items, users=None if facts in ("none", "films") else users)


def knows(data: Dataset) -> bool:
    """Whether there is any fact in a data set."""
    return data.users is not None or any(data.items.years) or any(data.items.genres)


def new_films(world: World) -> NDArray[np.bool_]:
    """Which films are kept out of training [I]."""
    draw, films = np.random.default_rng(world.seed), world.ratings.n_items
    new = np.zeros(films, dtype=np.bool_)
    new[draw.choice(films, max(1, int(KEPT_OUT * films)), replace=False)] = True
    return new


def parts(world: World, new: NDArray[np.bool_]) -> tuple[Ratings, Ratings, Ratings]:
    """Ratings without their times: to learn from, held out of known films, all of new films."""
    train, valid, every = (replace(r, times=None) for r in (world.train, world.valid, world.ratings))
    return train.take(~new[train.items]), valid.take(~new[valid.items]), every.take(new[every.items])


def measured(rows: list[tuple[str, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    (_, known_without, new_without), (_, known_with, new_with) = rows
    known, new = 1 - known_with / known_without, 1 - new_with / new_without
    words = {(True, True): "both", (True, False): "known", (False, True): "new", (False, False): "none"}
    return {
        "known_without": known_without,
        "known_with": known_with,
        "known_gain": 100 * known,
        "new_without": new_without,
        "new_with": new_with,
        "new_gain": 100 * new,
        "helps": words[known > STEP, new > STEP],
        "more": "known" if known > new else "new",
    }
