"""Blanks of the crosstab: skip them, or write a number of stars into each; what does the model guess then?

Settings
    fill      stars that are written into every blank, 0 to 5 (0)
    passes    passes over the filled table, 1 to 5 (1); it has many more cells than there are ratings

One fifth of the ratings is held out (the book's split at seed 0) and blank in both tables. Both models are
dot products with biases, trained by the same quick recipe. Of a table with more than MOST_USERS rows or
MOST_ITEMS columns the busiest are taken.

Series: "blanks skipped" and "blanks filled": mean squared error on the held-out ratings, stars squared,
against the share of the training that is done, in %.

Table, one row per way: blanks, cells it learnt from, mean guess on the held-out ratings, mean guess on all
cells, MSE on the held-out ratings.

Measured
    true_mean                             mean of the held-out ratings
    mean_skipped, mean_filled             mean guess for them
    all_skipped, all_filled               mean guess over all cells of the table
    mse_skipped, mse_filled, mse_mean     on the held-out ratings; of always guessing the mean
    blank_share                           blanks among the cells of the training table, in %
    fill                                  as set
    better                                "skipped" or "filled", by the error on the held-out ratings
"""

from __future__ import annotations

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
from recommender.experiments.settings import number, only, whole
from recommender.ratings import Ratings, book_split
from recommender.training import Floats, Trainer

BOOK_SEED = 42
MOST_USERS, MOST_ITEMS = 1000, 2000
STRETCHES = 12
"""Points of each curve after the first."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train on both tables. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("fill", "passes"))
    fill, passes = number(settings, "fill", 0.0, 0, 5), whole(settings, "passes", 1, 1, 5)
    return _run(spec, fill, passes, cache, cancelled)


def _run(
    spec: Mapping[str, Any], fill: float, passes: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "blanks", "data": name, "fill": fill, "passes": passes, "seed": seed})
    data = datasets.load(name, cache)
    ratings = busiest(data.ratings, MOST_USERS, MOST_ITEMS)
    split = book_split(ratings, seed=BOOK_SEED + seed)
    known, held = ratings.take(split.train), ratings.take(split.valid)
    changes = {"seed": seed, **range_of(data.low, data.high)}
    curves, trainers = Curves(seed), {"skipped": Trainer(recipe("fast", "dot-bias", changes), known, held)}
    yield curves.add("blanks skipped", 0.0, trainers["skipped"].mse(held))
    every = filled(known, fill)
    yield Progress(0.0, f"{len(every):,} cells to learn from")
    trainers["filled"] = Trainer(recipe("fast", "dot-bias", {**changes, "epochs": passes}), every, held)
    yield curves.add("blanks filled", 0.0, trainers["filled"].mse(held))
    try:
        yield from _learn(trainers, held, curves, cancelled)
    except FloatingPointError as error:
        yield Failed(str(error))
        return
    if not all(trainer.done for trainer in trainers.values()):
        yield Cancelled()
        return
    guesses: dict[str, Floats] = {}
    for way, trainer in trainers.items():
        guesses[way] = _table(trainer)
        yield Progress(1.0, f"a guess for every cell, blanks {way}")
    columns = ["blanks", "cells", "mean guess, held out", "mean guess, all cells", "MSE, held out"]
    found = measured(guesses, known, held, fill)
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": [_histogram(guesses, held, found)],
            "table": {"columns": columns, "rows": _rows(trainers, found)},
            "measured": found,
            "seconds": time.perf_counter() - began,
        }
    )


def busiest(ratings: Ratings, users: int, items: int) -> Ratings:
    """The ratings by the most active users of the most rated films, rows numbered anew; all if they fit."""
    if ratings.n_users <= users and ratings.n_items <= items:
        return ratings
    rows = np.sort(np.argsort(-np.bincount(ratings.users, minlength=ratings.n_users), kind="stable")[:users])
    films = np.sort(np.argsort(-np.bincount(ratings.items, minlength=ratings.n_items), kind="stable")[:items])
    kept = np.isin(ratings.users, rows) & np.isin(ratings.items, films)
    return Ratings(
        np.searchsorted(rows, ratings.users[kept]).astype(np.int32),
        np.searchsorted(films, ratings.items[kept]).astype(np.int32),
        ratings.stars[kept],
        None if ratings.times is None else ratings.times[kept],
        tuple(ratings.user_ids[row] for row in rows),
        tuple(ratings.item_ids[row] for row in films),
    )


def filled(ratings: Ratings, fill: float) -> Ratings:
    """Every cell of the crosstab as a rating, row by row; a blank got `fill` stars."""
    table = np.full((ratings.n_users, ratings.n_items), fill, np.float32)  # [U, I]
    table[ratings.users, ratings.items] = ratings.stars
    users, items = np.indices(table.shape, dtype=np.int32).reshape(2, -1)  # [U * I] each
    return Ratings(users, items, table.ravel(), None, ratings.user_ids, ratings.item_ids)


def _learn(
    trainers: Mapping[str, Trainer], held: Ratings, curves: Curves, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """Train both side by side, with points along the way; stops early when it is cancelled."""
    for stretch in range(1, STRETCHES + 1):
        for way, trainer in trainers.items():
            stop = trainer.n_steps * stretch // STRETCHES
            while trainer.steps_done < stop:
                if cancelled():
                    return
                trainer.step()
            yield curves.add(f"blanks {way}", 100 * stretch / STRETCHES, trainer.mse(held))
        yield Progress(stretch / STRETCHES, f"{100 * stretch // STRETCHES} % of the training")


def _table(trainer: Trainer) -> Floats:
    """The guess in every cell [U, I]."""
    users, items = np.indices((trainer.train.n_users, trainer.train.n_items)).reshape(2, -1)
    return trainer.predict(users, items).reshape(trainer.train.n_users, -1)


def measured(
    guesses: Mapping[str, Floats], known: Ratings, held: Ratings, fill: float
) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    stars = held.stars.astype(np.float64)
    cells = known.n_users * known.n_items
    filled_cells = len(np.unique(known.users.astype(np.int64) * known.n_items + known.items))
    found: dict[str, float | str] = {
        "true_mean": float(stars.mean()),
        "mse_mean": float(np.mean((known.stars.mean(dtype=np.float64) - stars) ** 2)),
        "blank_share": 100 * (1 - filled_cells / cells),
        "fill": fill,
    }
    errors = {}
    for way, table in guesses.items():
        at = table[held.users, held.items].astype(np.float64)
        errors[way] = float(np.mean((at - stars) ** 2))
        found |= {f"mean_{way}": float(at.mean()), f"all_{way}": float(table.mean(dtype=np.float64))}
        found[f"mse_{way}"] = errors[way]
    return {**found, "better": min(errors, key=lambda way: errors[way])}


def _rows(trainers: Mapping[str, Trainer], found: Mapping[str, float | str]) -> list[tuple[Any, ...]]:
    names = {"skipped": "skipped", "filled": f"filled with {found['fill']:g}"}
    return [
        (names[way], len(trainer.train), found[f"mean_{way}"], found[f"all_{way}"], found[f"mse_{way}"])
        for way, trainer in trainers.items()
    ]


def _histogram(
    guesses: Mapping[str, Floats],
    held: Ratings,
    found: Mapping[str, float | str],
) -> charts.Chart:
    groups = {f"blanks {way}": table[held.users, held.items] for way, table in guesses.items()}
    says = (
        f"Held-out ratings average {found['true_mean']:.2f} stars; the guesses for them average "
        f"{found['mean_skipped']:.2f} where blanks were skipped, {found['mean_filled']:.2f} where filled"
    )
    return charts.histogram("guesses for held-out ratings", says, groups, "predicted stars", bins=22)
