"""Time drift: ratings that move with the years, and a net with and without the time as one more input.

The ratings are made up, whatever the data set: 300 viewers, 150 films, 9,000 ratings in stars 1 to 5 over
three years. The true score is 3.2 + viewer's and film's offset (sd 0.4 each) + taste · film (3 factors,
entries of sd 0.4) + noise (sd 0.5) + drift * (t - 1/2), where t runs from 0 to 1 over the three years.

Settings
    drift    list of up to 4 strengths, -2 to 2 stars (0, 1.2)
    epochs   passes over the ratings, 1 to 30 (10)

The model is the net that takes facts beside ids (weekday and elapsed time; other facts there are none here).
"without" is the same net on the same ratings with their times removed. A random fifth is held out.

Series: "drift D without" and "drift D with": held-out mean squared error in stars squared, against epochs.
Table: one row per drift: drift, valid MSE without and with the time, change in %, MSE of the mean.
Chart: mean stars of the ratings by half-year, for each drift.

Measured (of the drift furthest from 0; D as in the table)
    drift, mse_without, mse_with, gain     the drift, both errors, and how far the time lowers the error, in %
    gain_D                                 gain of each drift
    time    what the time does to the error: "lower" or "higher" (by more than STEP of it), else "same"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender.config import recipe
from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.sweeps import end_of, finished, race
from recommender.ratings import Ratings, random_split
from recommender.training import Trainer

USERS, FILMS, COUNT = 300, 150, 9_000
FIRST, YEARS, YEAR = 1_600_000_000, 3, 365 * 86_400  # seconds
STEP = 0.05
RECIPE: dict[str, Any] = {"batch_size": 128, "lr": 0.02, "wd": 0.3}


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Make the worlds and train in them. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("drift", "epochs"))
    drifts = numbers(settings, "drift", (0.0, 1.2), -2, 2, 4)
    return _run(int(spec.get("seed") or 0), drifts, whole(settings, "epochs", 10, 1, 30), cancelled)


def _run(seed: int, drifts: tuple[float, ...], epochs: int, cancelled: Callable[[], bool]) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(seed)
    yield Started({"family": "time-drift", "drift": drifts, "epochs": epochs, "seed": seed})
    worlds = {drift: world(drift, seed) for drift in drifts}
    shown = _means(worlds)
    yield Chart(shown)
    lanes = {
        f"drift {drift:g} {name}": lane
        for drift, ratings in worlds.items()
        for name, lane in pair(ratings, seed, epochs).items()
    }
    if not (yield from race(lanes, curves, cancelled, show=("valid",))):
        return
    rows = []
    for drift in drifts:
        without, with_time = (lanes[f"drift {drift:g} {name}"] for name in ("without", "with"))
        assert without.valid is not None  # given by pair
        mean = float(np.var(without.valid.stars, dtype=np.float64))
        errors = end_of(without), end_of(with_time)
        rows.append((drift, *errors, 100 * (errors[1] / errors[0] - 1), mean))
    columns = ["drift, stars", "MSE without time", "MSE with time", "change %", "MSE of the mean"]
    yield finished(began, curves, columns, rows, measured(rows), [shown])


def world(drift: float, seed: int) -> Ratings:
    """The made-up ratings; the same viewers, films, times and noise for each drift."""
    draw = np.random.default_rng(seed)
    tastes, films = draw.normal(0, 0.4, (USERS, 3)), draw.normal(0, 0.4, (FILMS, 3))
    user_offsets, film_offsets = draw.normal(0, 0.4, USERS), draw.normal(0, 0.4, FILMS)
    users, items = np.divmod(draw.choice(USERS * FILMS, COUNT, replace=False), FILMS)  # [N] each
    t, noise = draw.random(COUNT), draw.normal(0, 0.5, COUNT)  # [N] each
    score = 3.2 + user_offsets[users] + film_offsets[items] + (tastes[users] * films[items]).sum(axis=1)
    stars = np.clip(np.rint(score + noise + drift * (t - 0.5)), 1, 5)
    return Ratings(
        users.astype(np.int32),
        items.astype(np.int32),
        stars.astype(np.float32),
        FIRST + (t * YEARS * YEAR).astype(np.int64),
        tuple(map(str, range(USERS))),
        tuple(map(str, range(FILMS))),
    )


def pair(ratings: Ratings, seed: int, epochs: int) -> dict[str, Trainer]:
    """The net without and with the times of the same ratings."""
    config = recipe("lesson", "hybrid", {"seed": seed, "epochs": epochs, **RECIPE})
    split = random_split(ratings)
    lanes = {}
    for name, some in (("without", replace(ratings, times=None)), ("with", ratings)):
        lanes[name] = Trainer(config, some.take(split.train), some.take(split.valid))
    return lanes


def _means(worlds: Mapping[float, Ratings]) -> charts.Chart:
    """Mean stars by half-year."""
    bars: dict[str, float] = {}
    ends = []
    for drift, ratings in worlds.items():
        assert ratings.times is not None  # given by world
        half = (ratings.times - FIRST) * 2 // YEAR  # [N] 0, 1 ...
        means = [float(ratings.stars[half == part].mean()) for part in range(2 * YEARS)]
        bars |= {f"drift {drift:g}, half-year {part + 1}": mean for part, mean in enumerate(means)}
        ends.append(f"drift {drift:g}: from {means[0]:.2f} to {means[-1]:.2f} stars")
    return charts.bars("mean stars by half-year", "; ".join(ends), bars, "stars")


def measured(rows: list[tuple[float, float, float, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {f"gain_{row[0]:g}": -row[3] for row in rows}
    drift, without, with_time, change, _ = max(rows, key=lambda row: abs(row[0]))
    word = "same" if abs(change) <= 100 * STEP else "lower" if change < 0 else "higher"
    found |= {"drift": drift, "mse_without": without, "mse_with": with_time, "gain": -change}
    return found | {"time": word}
