"""Merge: how many rows come out, by the kind of join, with one key missing and one key repeated.

Settings
    how       "inner", "left", "right" or "outer": the join that the print-out shows ("inner")
    copies    how often the repeated film stands in the table of films, 1 to 4 (2)

Four ratings, whose films are 10, 20, 30 and 40. The table of films lacks 40, has 50, which nobody rated, and
holds 20 `copies` times. Part two merges the data set's own ratings with its titles, after the most rated film
was entered once more.

Chart: the print-out; bars of the rows by kind of join. There are no series.
Table: the lines of the print-out.

Measured
    rows_in                       4
    rows_inner, rows_left, rows_right, rows_outer    rows that came out
    inner                         "more", "same" or "fewer" rows than ratings
    lost, doubled                 ratings whose film is lost in the inner join; rows beyond one per rating
    validate                      error of validate="many_to_one", or "none"
    set_in, set_out, set_extra    ratings of the set before and after, and the difference
    how, copies                   as set
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.events import Event
from recommender.experiments import charts
from recommender.experiments.printout import Entry, Measured, play
from recommender.experiments.settings import choice, only, whole

JOINS = ("inner", "left", "right", "outer")
RATED = (10, 20, 30, 40)
VALIDATE = 'ratings.merge(films, validate="many_to_one")'
SET_IN, SET_OUT = "len(all_ratings)", 'len(all_ratings.merge(all_films, on="film"))'


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Merge in all ways. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("how", "copies"))
    how, copies = choice(settings, "how", "inner", JOINS), whole(settings, "copies", 2, 1, 4)
    return _run(str(spec.get("data") or "planted"), how, copies, cache, cancelled)


def _run(
    name: str, how: str, copies: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    def measure(entries: Sequence[Entry]) -> Measured:
        return {**measured(entries), "how": how, "copies": copies}

    pieces = (
        "ratings",
        "films",
        f'ratings.merge(films, how="{how}")',
        *(_rows(join) for join in JOINS),
        VALIDATE,
        SET_IN,
        SET_OUT,
    )
    config = {"family": "merge", "data": name, "how": how, "copies": copies}
    yield from play(config, pieces, tables(name, copies, cache), measure, cancelled, _bars)


def _rows(join: str) -> str:
    return f'len(ratings.merge(films, how="{join}"))'


def tables(name: str, copies: int, cache: Path | None) -> dict[str, Any]:
    """The four tables that are merged, as pandas has them."""
    import pandas as pd  # a second, and the settings are checked without it

    films = [10, *[20] * copies, 30, 50]
    titles = ["Alien", *(f"Brazil ({number})" for number in range(1, copies + 1)), "Casablanca", "Dumbo"]
    data = datasets.load(name, cache)
    rows = np.arange(len(data.items))
    often = int(np.argmax(np.bincount(data.ratings.items)))
    again = np.append(rows, often)
    return {
        "ratings": pd.DataFrame({"viewer": [1, 1, 2, 3], "film": list(RATED), "stars": [5, 3, 4, 2]}),
        "films": pd.DataFrame({"film": films, "title": titles}),
        "all_ratings": pd.DataFrame({"film": data.ratings.items, "stars": data.ratings.stars}),
        "all_films": pd.DataFrame({"film": again, "title": [data.items.titles[row] for row in again]}),
    }


def measured(entries: Sequence[Entry]) -> Measured:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    value = {entry.source: entry.value for entry in entries}
    rows = {join: int(value[_rows(join)]) for join in JOINS}
    validate = next(entry for entry in entries if entry.source == VALIDATE)
    known = {int(film) for film in value["films"]["film"]}
    lost = sum(film not in known for film in RATED)
    inner, rated = rows["inner"], len(RATED)
    return {
        "rows_in": rated,
        **{f"rows_{join}": count for join, count in rows.items()},
        "inner": "same" if inner == rated else "more" if inner > rated else "fewer",
        "lost": lost,
        "doubled": inner - (rated - lost),
        "validate": validate.error or "none",
        "set_in": int(value[SET_IN]),
        "set_out": int(value[SET_OUT]),
        "set_extra": int(value[SET_OUT]) - int(value[SET_IN]),
    }


def _bars(entries: Sequence[Entry]) -> list[charts.Chart]:
    found = measured(entries)
    values = {join: float(found[f"rows_{join}"]) for join in JOINS}
    says = (
        f"{found['rows_in']} ratings: " + ", ".join(f"{join} {values[join]:.0f}" for join in JOINS) + " rows"
    )
    return [charts.bars("rows that come out", says, values, "rows")]
