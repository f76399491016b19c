"""K-fold: judge one recipe on k random folds and on the latest ratings; spread, and the difference.

Settings
    k         number of folds, 2 to 10 (5); the split by time holds out the latest 1/k
    recipe    "fast" or "lesson": how each model is trained ("fast")

The folds are shuffled by 42 + seed (at seed 0 and k = 5 the usual ones of this program). All models start
alike. Mean squared errors are in stars squared.

Series: "random fold" against its number, "mean so far", "guessing the mean"; "latest ratings", a line.

Table: one row per held-out part: part, ratings to learn from, held out, MSE, MSE of always guessing the mean
of the training ratings, share of held-out ratings by viewers without a training rating in %.

Measured
    k, mean, sd, lowest, highest   of the random folds; sd with n - 1
    time, time_mean                MSE on the latest ratings, of the model and of the mean
    time_new                       share of the latest ratings that come from new viewers, in %
    random_new                     the same for the random folds, on average
    time_known                     MSE on the latest ratings of viewers who are known (null if there are none)
    time_against_random            "higher" than every random fold, "lower" than every one, or "same"
    time_against_mean              "worse" or "better" than always guessing the mean
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.config import TrainConfig, range_of, recipe
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import choice, only, whole
from recommender.ratings import Ratings, Split, kfold, time_split
from recommender.training import Trainer

FOLD_SEED = 42


@dataclass(frozen=True)
class Score:
    """One model on one held-out part; errors in stars squared."""

    part: str
    n_train: int
    n_held: int
    mse: float
    mse_mean: float
    """of always guessing the mean of the training ratings"""
    new: float
    """held-out ratings by viewers without a training rating, in %"""
    mse_known: float | None
    """over the other held-out ratings; None if there are none"""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train once for each part. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("k", "recipe"))
    k, kind = whole(settings, "k", 5, 2, 10), choice(settings, "recipe", "fast", ("fast", "lesson"))
    return _run(spec, k, kind, cache, cancelled)


def _run(
    spec: Mapping[str, Any], k: int, kind: str, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "k-fold", "data": name, "k": k, "recipe": kind, "seed": seed})
    data = datasets.load(name, cache)
    if data.ratings.times is None:
        yield Failed(f"{name} carries no times, so it cannot be split by time; choose another data set")
        return
    config = recipe(kind, "dot-bias", {"seed": seed, **range_of(data.low, data.high)})
    parts = {
        f"random fold {i}": split for i, split in enumerate(kfold(len(data.ratings), k, FOLD_SEED + seed), 1)
    }
    parts["latest ratings"] = time_split(data.ratings, 1 / k)
    curves, scores = Curves(seed), list[Score]()
    for number, (part, split) in enumerate(parts.items(), 1):
        if number <= k:
            yield curves.add("guessing the mean", number, mean_error(data.ratings, split))
        try:
            score = judge(config, part, data.ratings, split, cancelled)
        except FloatingPointError as error:
            yield Failed(f"{part}: {error}")
            return
        if score is None:
            yield Cancelled()
            return
        scores.append(score)
        yield from _points(curves, scores, k)
        yield Progress(number / len(parts), part)
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": [_bars(scores)],
            "table": _table(scores),
            "measured": measured(scores),
            "seconds": time.perf_counter() - began,
        }
    )


def judge(
    config: TrainConfig, part: str, ratings: Ratings, split: Split, cancelled: Callable[[], bool]
) -> Score | None:
    """Train on one side of the split, measure on the other; None if it was cancelled."""
    train, held = ratings.take(split.train), ratings.take(split.valid)
    trainer = Trainer(config, train)
    while not trainer.done:
        if cancelled():
            return None
        trainer.step()
    stars = held.stars.astype(np.float64)
    squares = (trainer.predict(held.users, held.items, held.times) - stars) ** 2  # [N]
    known = np.bincount(train.users, minlength=train.n_users)[held.users] > 0  # [N]
    return Score(
        part,
        len(train),
        len(held),
        float(squares.mean()),
        mean_error(ratings, split),
        float(100 * (1 - known.mean())),
        float(squares[known].mean()) if known.any() else None,
    )


def mean_error(ratings: Ratings, split: Split) -> float:
    """Mean squared error of always guessing the mean of the training ratings."""
    train, held = (ratings.stars[index].astype(np.float64) for index in (split.train, split.valid))
    return float(np.mean((train.mean() - held) ** 2))


def _points(curves: Curves, scores: list[Score], k: int) -> Iterator[Event]:
    """The points of the newest score: a random fold's, or the line of the latest ratings."""
    number, newest = len(scores), scores[-1]
    if number > k:
        yield curves.add("latest ratings", 1, newest.mse)
        yield curves.add("latest ratings", k, newest.mse)
        return
    yield curves.add("random fold", number, newest.mse)
    yield curves.add("mean so far", number, float(np.mean([score.mse for score in scores])))


def measured(scores: list[Score]) -> dict[str, float | str | None]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    *folds, latest = scores
    errors = [fold.mse for fold in folds]
    against = "higher" if latest.mse > max(errors) else "lower" if latest.mse < min(errors) else "same"
    return {
        "k": len(folds),
        "mean": float(np.mean(errors)),
        "sd": float(np.std(errors, ddof=1)),
        "lowest": min(errors),
        "highest": max(errors),
        "time": latest.mse,
        "time_mean": latest.mse_mean,
        "time_new": latest.new,
        "random_new": float(np.mean([fold.new for fold in folds])),
        "time_known": latest.mse_known,
        "time_against_random": against,
        "time_against_mean": "worse" if latest.mse > latest.mse_mean else "better",
    }


def _bars(scores: list[Score]) -> charts.Chart:
    found = measured(scores)
    *folds, latest = scores
    values = {
        "random folds": float(np.mean([fold.mse for fold in folds])),
        "latest ratings": latest.mse,
        "latest, always the mean": latest.mse_mean,
    }
    spread = {"random folds": (min(fold.mse for fold in folds), max(fold.mse for fold in folds))}
    says = (
        f"{found['k']} random folds: {found['lowest']:.3f} to {found['highest']:.3f} stars²; "
        f"the latest ratings: {latest.mse:.3f}"
    )
    return charts.bars("error on held-out ratings", says, values, "mean squared error, stars²", spread)


def _table(scores: list[Score]) -> dict[str, Any]:
    columns = ["part", "learnt from", "held out", "MSE", "MSE of the mean", "% by new viewers"]
    rows = [(s.part, s.n_train, s.n_held, s.mse, s.mse_mean, s.new) for s in scores]
    return {"columns": columns, "rows": rows}
