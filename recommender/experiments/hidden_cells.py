"""Hidden cells: cover some known ratings, and guess them from all the others, without a word on any film.

Settings
    hidden    share of the ratings that are covered, 0.05 to 0.8 (0.2)
    epochs    passes of the model over the open ratings, 1 to 20 (5)

The model is the lecture's dot product with biases and weight decay; the cells are the book's split at seed 0.
All of the learner's ratings are open: what is guessed of them is `your best blanks`.

Series, mean squared error on the hidden cells, stars squared, against epochs: "mean of all" and
"film's mean" (they do not learn: straight lines), "model".

Table: one row per way of guessing: guess, MSE, RMSE in stars, share of the mean's error that is gone in %.
The film's mean and the viewer's mean are damped: 5 ratings at the mean of all are added.

Measured
    mse_mean, mse_film, mse_viewer, mse_model, rmse_mean, rmse_model    as in the table
    gone_film, gone_viewer, gone_model    share of the mean's error that is gone, in %
    n_hidden                              number of hidden cells
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.learner import with_learner
from recommender.experiments.settings import number, only, whole
from recommender.models.baselines import damped_means
from recommender.ratings import Dataset, Ratings, book_split
from recommender.training import Trainer

BOOK_SEED = 42
DAMPING = 5.0
"""Ratings at the mean of all that are added to a film's or a viewer's own."""
STRETCHES = 4
"""Points of the model's curve in one epoch."""
KNOWN_FILM = 0.05
"""A film that this share of all viewers rated is worth guessing for the learner."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Cover, guess, compare. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("hidden", "epochs"))
    hidden = number(settings, "hidden", 0.2, 0.05, 0.8)
    epochs = whole(settings, "epochs", 5, 1, 20)
    return _run(spec, hidden, epochs, cache, cancelled)


def _run(
    spec: Mapping[str, Any], hidden: float, epochs: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "hidden-cells", "data": name, "hidden": hidden, "epochs": epochs, "seed": seed})
    data = datasets.load(name, cache)
    split = book_split(data.ratings, hidden, BOOK_SEED + seed)
    ratings, row = with_learner(data, spec.get("ratings"))
    own = np.arange(len(data.ratings), len(ratings))
    train, valid = ratings.take(np.concatenate([split.train, own])), ratings.take(split.valid)
    curves, guesses = Curves(seed), plain_guesses(train, valid)
    for epoch in (0.0, float(epochs)):
        yield curves.add("mean of all", epoch, guesses["mean of all"])
        yield curves.add("film's mean", epoch, guesses["film's mean"])
    changes = {"epochs": epochs, "seed": seed, **range_of(data.low, data.high)}
    trainer = Trainer(recipe("lesson", "dot-bias", changes), train, valid)
    try:
        yield from _learn(trainer, curves, cancelled)
    except FloatingPointError as error:
        yield Failed(str(error))
        return
    if not trainer.done:
        yield Cancelled()
        return
    guesses["model"] = trainer.mse(valid)
    shown = [_bars(guesses)] + ([] if row is None else [_blanks(trainer, ratings, data, row)])
    columns = ["guess", "MSE", "RMSE", "% of the mean's error gone"]
    rows = [(kind, mse, math.sqrt(mse), gone(mse, guesses)) for kind, mse in guesses.items()]
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": {"columns": columns, "rows": rows},
            "measured": measured(guesses, len(valid)),
            "seconds": time.perf_counter() - began,
        }
    )


def plain_guesses(train: Ratings, valid: Ratings) -> dict[str, float]:
    """Mean squared error, stars squared, of guessing a mean for each of the hidden ratings `valid`."""
    mean = float(np.mean(train.stars, dtype=np.float64))
    left = train.stars - mean  # [N]
    films = damped_means(train.items, left, train.n_items, DAMPING)  # [I]
    viewers = damped_means(train.users, left, train.n_users, DAMPING)  # [U]
    offsets = {
        "mean of all": np.zeros(len(valid)),
        "viewer's mean": viewers[valid.users],
        "film's mean": films[valid.items],
    }
    return {name: float(np.mean((mean + by - valid.stars) ** 2)) for name, by in offsets.items()}


def _learn(trainer: Trainer, curves: Curves, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train to the end, with points along the way; stops early when it is cancelled."""
    assert trainer.valid is not None  # given by _run
    yield curves.add("model", 0.0, trainer.mse(trainer.valid))
    stops = {trainer.n_steps * i // (trainer.config.epochs * STRETCHES) for i in range(1, 20 * STRETCHES + 1)}
    while not trainer.done:
        if cancelled():
            return
        trainer.step()
        if trainer.steps_done in stops:
            epoch = trainer.steps_done / trainer.n_batches
            yield curves.add("model", epoch, trainer.mse(trainer.valid))
            yield Progress(trainer.steps_done / trainer.n_steps, f"epoch {epoch:.1f}")


def gone(mse: float, guesses: Mapping[str, float]) -> float:
    """Share of the mean's error that is gone, in %."""
    whole_error = guesses["mean of all"]
    return 100 * (1 - mse / whole_error) if whole_error else 0.0


def measured(guesses: Mapping[str, float], n_hidden: int) -> dict[str, float]:
    """The numbers that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float] = {"n_hidden": n_hidden}
    short = {"mean": "mean of all", "viewer": "viewer's mean", "film": "film's mean", "model": "model"}
    for name, guess in short.items():
        found[f"mse_{name}"] = guesses[guess]
        if name != "mean":
            found[f"gone_{name}"] = gone(guesses[guess], guesses)
    found |= {f"rmse_{name}": math.sqrt(found[f"mse_{name}"]) for name in ("mean", "model")}
    return found


def _bars(guesses: Mapping[str, float]) -> charts.Chart:
    best = min(guesses, key=lambda name: guesses[name])
    says = f"{best} misses least: {guesses[best]:.3f} stars² against {guesses['mean of all']:.3f} of the mean"
    return charts.bars("error on the hidden cells", says, guesses, "mean squared error, stars²")


def _blanks(trainer: Trainer, ratings: Ratings, data: Dataset, row: int) -> charts.Chart:
    """The learner's own blanks that the model would fill highest, among films that many have rated."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)  # [I]
    blank = counts >= max(1.0, KNOWN_FILM * ratings.n_users)  # [I]
    blank[ratings.items[ratings.users == row]] = False
    films = np.flatnonzero(blank)
    stars = trainer.predict(np.full(len(films), row), films)
    best = np.argsort(-stars, kind="stable")[:8]
    values = {data.items.titles[films[i]]: float(stars[i]) for i in best}
    first = next(iter(values), "none")
    says = f"You are row {row + 1}. Of your blanks the model gives most stars to {first}"
    return charts.bars("your best blanks", says, values, "predicted stars")
