"""Crosstab: viewers in rows, films in columns, stars in cells; how full is it, and where?

Settings
    size      rows and columns of the shown pieces, 4 to 30 (15)

Two pieces of the table are shown as heat maps: viewers and films drawn at random (among those with a rating
at all), and the dense corner: the most active viewers and the most rated films. The learner is one more row
of the dense corner.

Series: "filled": share of filled cells in %, against the number of rows and columns of the dense corner,
from 1 up to all films or viewers.

Table: one row per piece: piece, rows, columns, ratings, filled %.

Measured
    overall, dense, random       share of filled cells in %: whole table, dense corner, random piece
    users, films, ratings        size of the whole table
    dense_ratings, dense_cells   ratings and cells of the dense corner
    twice                        pairs of viewer and title that occur more than once
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.events import Cancelled, Chart, Event, Finished, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.learner import LEARNER, with_learner
from recommender.experiments.settings import only, whole
from recommender.ratings import Dataset, Ratings

Rows = NDArray[np.intp]

RANDOM, DENSE = "random piece", "dense corner"
SIZES = (1, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 700, 1000)
"""Sizes of the dense corner that the curve shows."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Cut the pieces and count. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("size",))
    return _run(spec, whole(settings, "size", 15, 4, 30), cache, cancelled)


def _run(
    spec: Mapping[str, Any], size: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "crosstab", "data": name, "size": size, "seed": seed})
    data = datasets.load(name, cache)
    ratings, row = with_learner(data, spec.get("ratings"))
    viewers, films = by_count(data.ratings.users), by_count(data.ratings.items)
    draw = np.random.default_rng(seed)
    some = [np.sort(draw.choice(rows, min(size, len(rows)), replace=False)) for rows in (viewers, films)]
    pieces = {RANDOM: (some[0], some[1]), DENSE: (viewers[:size], films[:size])}
    tables = {title: piece(data.ratings, *rows) for title, rows in pieces.items()}
    shown = []
    for title, rows in pieces.items():
        shown.append(_heat(title, data, ratings, *rows, None if title == RANDOM else row))
        yield Chart(shown[-1])
    curves = Curves(seed)
    for count in [size for size in SIZES if size <= max(len(viewers), len(films))]:
        if cancelled():
            yield Cancelled()
            return
        yield curves.add("filled", count, filled(piece(data.ratings, viewers[:count], films[:count])))
    whole_table = data.ratings
    overall = 100 * len(cells_of(whole_table)) / (whole_table.n_users * whole_table.n_items)
    rows_of_table: list[tuple[Any, ...]] = [
        ("whole table", whole_table.n_users, whole_table.n_items, len(whole_table), overall)
    ]
    rows_of_table += [(t, *table.shape, rated(table), filled(table)) for t, table in tables.items()]
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": {"columns": ["piece", "rows", "columns", "ratings", "filled %"], "rows": rows_of_table},
            "measured": measured(data, tables, overall),
            "seconds": time.perf_counter() - began,
        }
    )


def by_count(rows: NDArray[np.int32]) -> Rows:
    """Rows with a rating, the one with most of them first; of equals the lower row first."""
    counts = np.bincount(rows)
    order = np.argsort(-counts, kind="stable")
    return order[counts[order] > 0]


def piece(ratings: Ratings, viewers: Rows, films: Rows) -> NDArray[np.float32]:
    """The stars of some viewers for some films [viewers, films]; nan where a cell is blank."""
    place_of_viewer, place_of_film = np.full(ratings.n_users, -1), np.full(ratings.n_items, -1)
    place_of_viewer[viewers], place_of_film[films] = np.arange(len(viewers)), np.arange(len(films))
    at = place_of_viewer[ratings.users], place_of_film[ratings.items]  # [N] each
    inside = (at[0] >= 0) & (at[1] >= 0)
    table = np.full((len(viewers), len(films)), np.nan, dtype=np.float32)
    table[at[0][inside], at[1][inside]] = ratings.stars[inside]
    return table


def rated(table: NDArray[np.float32]) -> int:
    """How many cells are filled."""
    return int(np.isfinite(table).sum())


def filled(table: NDArray[np.float32]) -> float:
    """Share of the cells that are filled, in %."""
    return 100 * rated(table) / table.size


def cells_of(ratings: Ratings) -> NDArray[np.int64]:
    """The filled cells of the table, each once, as row * columns + column."""
    return np.unique(ratings.users.astype(np.int64) * ratings.n_items + ratings.items)


def titles_rated_twice(data: Dataset) -> int:
    """Pairs of viewer and title with more than one rating: a title may have two ids."""
    numbers = {title: number for number, title in enumerate(dict.fromkeys(data.items.film_ids))}
    title_of = np.array([numbers[film] for film in data.items.film_ids], dtype=np.int64)  # [I]
    pairs = data.ratings.users.astype(np.int64) * len(numbers) + title_of[data.ratings.items]  # [N]
    return int((np.unique(pairs, return_counts=True)[1] > 1).sum())


def measured(
    data: Dataset, tables: Mapping[str, NDArray[np.float32]], overall: float
) -> dict[str, float | str]:
    """The numbers that a sentence about the run may use; names as in the module's docstring."""
    dense = tables[DENSE]
    return {
        "overall": overall,
        "dense": filled(dense),
        "random": filled(tables[RANDOM]),
        "users": data.ratings.n_users,
        "films": data.ratings.n_items,
        "ratings": len(data.ratings),
        "dense_ratings": rated(dense),
        "dense_cells": dense.size,
        "twice": titles_rated_twice(data),
    }


def _heat(
    title: str, data: Dataset, ratings: Ratings, viewers: Rows, films: Rows, learner: int | None
) -> charts.Chart:
    """A piece of the table as colours, with the learner as a last row where there is one."""
    share = filled(piece(ratings, viewers, films))
    says = f"{len(viewers)} viewers and {len(films)} films: {share:.0f} % of the cells are filled"
    if learner is not None:
        viewers = np.append(viewers, learner)
        says += f"; the last row is {LEARNER}, row {learner + 1} of the ratings"
    names = [ratings.user_ids[row] for row in viewers]
    return charts.heat(
        title,
        says,
        names,
        [data.items.titles[film] for film in films],
        piece(ratings, viewers, films),
        "stars",
    )
