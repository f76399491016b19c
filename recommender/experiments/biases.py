"""Biases: how far the mean, a number per viewer, a number per film and both get without any taste.

Settings
    epochs    passes of the factor models over the ratings, 1 to 20 (5)
    factors   length of their vectors, 1 to 200 (50)
    wd        their weight decay, 0 to 1 (0.1)

The offsets are averages of what is left of the ratings, damped by 5 ratings at 0. Series, mean squared error
on the held-out ratings in stars squared, against epochs: "none", "viewer", "film", "both" (straight lines:
they do not learn in steps), "factors only", "both + factors".

Table: one row per model: model, MSE, RMSE in stars, gain over the mean, share of the whole gain in %; with
the learner's ratings also `your stars` for one film.

Measured
    none, viewer, film, both, factors, all      MSE as in the table
    share        share of the gain from "none" to "both + factors" that "both" has, in %
    best_single  "viewer" or "film": which offset alone takes off more
    your_offset  with the learner's ratings: how many stars the learner gives above the mean, films' offsets
                 taken out (damped); else 0
    you          a sentence on it; empty without the learner's ratings
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.events import Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import number, only, whole
from recommender.experiments.sweeps import World, end_of, finished, race, world_of
from recommender.models.baselines import Biases, damped_means
from recommender.ratings import Ratings
from recommender.training import Trainer

DAMPING = 5.0
FACTORS, ALL = "factors only", "both + factors"
Offsets = dict[str, tuple[float, NDArray[np.float64], NDArray[np.float64]]]
"""Name: mean, offset of each viewer [U], offset of each film [I]."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Average, then train. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("epochs", "factors", "wd"))
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 1, 200),
        "wd": number(settings, "wd", 0.1, 0, 1),
    }
    return _run(spec, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any], changes: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "biases", "seed": curves.seed, **changes})
    world = world_of(spec, cache, learner=True)
    offsets = offsets_of(world.train)
    errors = {}
    for name, (mean, users, films) in offsets.items():
        guess = mean + users[world.valid.users] + films[world.valid.items]  # [V]
        errors[name] = float(np.mean((guess - world.valid.stars) ** 2))
        for epoch in (1.0, float(changes["epochs"])):
            yield curves.add(name, epoch, errors[name])
    lanes = {
        FACTORS: world.trainer("dot-range", **changes),
        ALL: world.trainer("dot-bias", **changes),
    }
    if not (yield from race(lanes, curves, cancelled, show=("valid",), begin=1.0)):
        return
    errors |= {name: end_of(lane) for name, lane in lanes.items()}
    whole_gain = errors["none"] - errors[ALL]
    columns = ["model", "MSE", "RMSE", "gain", "% of the whole gain"]
    rows: list[tuple[Any, ...]] = [
        (name, mse, math.sqrt(mse), errors["none"] - mse, _share(errors["none"] - mse, whole_gain))
        for name, mse in errors.items()
    ]
    shown = [_bars(errors)]
    if (pair := world.film_for_learner()) is not None:
        stars = _your_stars(offsets, lanes, *pair)
        columns, rows = [*columns, "your stars"], [(*row, stars[row[0]]) for row in rows]
        title = world.data.items.titles[pair[1]]
        says = f"Your predicted stars for {title}: {stars['none']:.1f} by the mean, {stars[ALL]:.1f} by {ALL}"
        shown.append(charts.bars(f"your stars for {title}", says, stars, "predicted stars"))
    found = measured(errors) | _about_learner(world, offsets)
    yield finished(began, curves, columns, rows, found, shown)


def offsets_of(train: Ratings) -> Offsets:
    """Offsets of the four models without taste; "both" takes out the films' first."""
    both = Biases(train, DAMPING)
    left = train.stars - both.mean  # [N]
    viewers = damped_means(train.users, left, train.n_users, DAMPING)  # [U]
    no_viewer, no_film = np.zeros(train.n_users), np.zeros(train.n_items)
    return {
        "none": (both.mean, no_viewer, no_film),
        "viewer": (both.mean, viewers, no_film),
        "film": (both.mean, no_viewer, both.items),
        "both": (both.mean, both.users, both.items),
    }


def _share(gain: float, whole_gain: float) -> float:
    return 100 * gain / whole_gain if whole_gain > 0 else 0.0


def measured(errors: Mapping[str, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {name: errors[name] for name in ("none", "viewer", "film", "both")}
    found |= {"factors": errors[FACTORS], "all": errors[ALL]}
    found["share"] = _share(errors["none"] - errors["both"], errors["none"] - errors[ALL])
    found["best_single"] = "viewer" if errors["viewer"] < errors["film"] else "film"
    return found


def _about_learner(world: World, offsets: Offsets) -> dict[str, float | str]:
    if world.row is None:
        return {"your_offset": 0.0, "you": ""}
    viewers = offsets["both"][1]  # [U]
    own = float(viewers[world.row])
    below = 100 * float(np.mean(np.delete(viewers, world.row) < own))
    way = "above" if own >= 0 else "below"
    says = f" You rate {abs(own):.2f} stars {way} what your films get: more than {below:.0f} % of viewers."
    return {"your_offset": own, "you": says}


def _your_stars(offsets: Offsets, lanes: Mapping[str, Trainer], row: int, film: int) -> dict[str, float]:
    """The learner's predicted stars for a film, model by model."""
    stars = {name: float(mean + users[row] + films[film]) for name, (mean, users, films) in offsets.items()}
    return stars | {name: float(lane.predict([row], [film])[0]) for name, lane in lanes.items()}


def _bars(errors: Mapping[str, float]) -> charts.Chart:
    says = f"From {errors['none']:.3f} (mean) over {errors['both']:.3f} (both) to {errors[ALL]:.3f} stars²"
    return charts.bars("error by model", says, errors, "mean squared error, stars²")
