"""Your ratings: the learner as one more row of the table, and what each rating did to that row.

The model is solved by alternating least squares on all ratings, with the learner's behind them. Without
LEAST ratings of films that the data set knows, a viewer with a middling number of ratings stands in, drawn
from the seed; the charts and `person` say so.

What a rating moved is found by leaving it out: vector and bias are solved for once more from the other
ratings, the films' fixed, and the predictions for all well-known films are compared. The pull is the penalty
on the person's vector and bias (weight decay): their row is solved for with several strengths.

Settings
    pull      list of up to 8 strengths from 0.01 to 10000 (0.1, 1, 5, 12, 50, 200, 1000)
    factors   length of the vectors, 2 to 30 (10)

Series, stars, against the pull: "away from everybody" (root mean square of what the row adds to the films'
own level, over well-known films that the person has not rated) and "miss on own ratings" (root mean square).

Table: one row per rating, the one that moved most first: film, stars, guess without it, moved (mean absolute
change of the predictions, in stars), bias moved, film moved most. Charts: the ratings (bars), what each moved
(bars), the nearest people by cosine and the best films (bars), bias and vector (text).

Measured
    person                "learner" or "viewer"
    row, ratings          the row, counted from 1, and its number of ratings
    bias, length          the row's bias in stars, the length of its vector
    nearest, nearest_cosine    row (counted from 1) of the nearest person with LEAST ratings or more
    top_film, top_stars   the best film that the person has not rated
    mover, mover_moved, mover_surprise    the rating that moved most, by how much, and how far off the guess
                          without it was, all in stars
    away_least, away_most, miss_least, miss_most    the series at the weakest and the strongest pull
    moved_by              what goes with the movement most, by rank correlation over the ratings: "surprise"
                          (distance of the stars from the guess without them), "stars" or "fame" (the film's
                          number of ratings)
    surprise_rank, stars_rank, fame_rank            these correlations
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.als import Als, sweep_until
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.neighbours import nearest
from recommender.experiments.one_row import (
    LEAST,
    Moves,
    Person,
    added,
    leave_out,
    level,
    moved_by,
    person_of,
    solve,
)
from recommender.experiments.settings import numbers, only, whole
from recommender.ratings import Dataset, Ratings

Doubles = NDArray[np.float64]
Rows = NDArray[np.intp]

PULLS = (0.1, 1.0, 5.0, 12.0, 50.0, 200.0, 1000.0)
SWEEPS = 8
KNOWN = 20
"""A film with so many ratings is well known."""
LISTED = 8


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Solve with the learner's row, then take it apart. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("pull", "factors"))
    pulls = numbers(settings, "pull", PULLS, 0.01, 10000, 8)
    return _run(spec, pulls, whole(settings, "factors", 10, 2, 30), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    pulls: tuple[float, ...],
    factors: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "your-ratings", "data": name, "pull": pulls, "factors": factors, "seed": seed})
    data = datasets.load(name, cache)
    ratings, person = person_of(data, spec.get("ratings"), seed)
    if person is None:
        yield Failed(f"nobody in {data.label} has {LEAST} ratings; rate {LEAST} films of it first")
        return
    yield Chart(_own(data, person))
    als = Als(ratings, factors, seed=seed)
    for sweep in sweep_until(als, SWEEPS, cancelled):
        yield Progress(sweep / (SWEEPS + 1), f"row {person.row + 1} among {ratings.n_users}: sweep {sweep}")
    if cancelled():
        yield Cancelled()
        return
    yield from _result(data, als, ratings, person, pulls, began)


def _result(
    data: Dataset, als: Als, ratings: Ratings, person: Person, pulls: tuple[float, ...], began: float
) -> Iterator[Event]:
    """Solve with each pull and without each rating; then the end."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    known = np.flatnonzero(counts >= min(KNOWN, int(counts.max())))
    new = np.setdiff1d(known, person.films)
    new = new if len(new) else known
    curves = Curves(als.seed)
    for pull in pulls:
        row = solve(als, person.films, person.stars, pull / als.reg)
        yield curves.add("away from everybody", pull, _rms(added(als, row, new)))
        yield curves.add("miss on own ratings", pull, _rms(level(als, row, person.films) - person.stars))
    moves = leave_out(als, person, known)
    shown = [_own(data, person), _moved(data, person, moves), *_near(data, als, ratings, person, new)]
    yield from (Chart(chart) for chart in shown)
    ends: dict[str, float] = {}
    for short, series in (("away", "away from everybody"), ("miss", "miss on own ratings")):
        ends |= {f"{short}_least": curves.points[series][1][0], f"{short}_most": curves.points[series][1][-1]}
    told = {**_row_facts(data, als, ratings, person, new), **moved_by(person, moves, counts), **ends}
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(data, person, moves, known),
            "measured": {**told, "mover": data.items.titles[person.films[int(moves.moved.argmax())]]},
            "seconds": time.perf_counter() - began,
        }
    )


def _rms(values: Doubles) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _nearest_people(als: Als, ratings: Ratings, person: Person) -> Rows:
    enough = np.bincount(ratings.users, minlength=ratings.n_users) >= LEAST
    return nearest(als.users[:, :-1], person.row, enough, LISTED)


def _cosine(a: Doubles, b: Doubles) -> float:
    return float(a @ b) / max(float(np.linalg.norm(a)) * float(np.linalg.norm(b)), 1e-12)


def _row_facts(data: Dataset, als: Als, ratings: Ratings, person: Person, new: Rows) -> dict[str, Any]:
    row = solve(als, person.films, person.stars)
    near = int(_nearest_people(als, ratings, person)[0])
    told = np.clip(level(als, row, new), data.low, data.high)
    return {
        "person": person.kind,
        "row": person.row + 1,
        "ratings": len(person.films),
        "bias": float(row[-1]),
        "length": float(np.linalg.norm(row[:-1])),
        "nearest": near + 1,
        "nearest_cosine": _cosine(als.users[person.row, :-1], als.users[near, :-1]),
        "top_film": data.items.titles[new[int(told.argmax())]],
        "top_stars": float(told.max()),
    }


def _own(data: Dataset, person: Person) -> charts.Chart:
    values = {data.items.titles[film]: float(s) for film, s in zip(person.films, person.stars, strict=True)}
    who = "You are" if person.kind == "learner" else "There are no ratings of yours here; this is"
    says = f"{who} row {person.row + 1} with {len(person.films)} ratings"
    return charts.bars("the row's ratings", says, dict(list(values.items())[: 2 * LISTED]), "stars")


def _moved(data: Dataset, person: Person, moves: Moves) -> charts.Chart:
    order = np.argsort(-moves.moved, kind="stable")[:LISTED]
    values = {
        f"{data.items.titles[person.films[at]]} ({person.stars[at]:g})": float(moves.moved[at])
        for at in order
    }
    says = f"{next(iter(values))} moved {person.whose} predictions most: {moves.moved.max():.3f} stars a film"
    return charts.bars("what each rating moved", says, values, "mean change, stars")


def _near(data: Dataset, als: Als, ratings: Ratings, person: Person, new: Rows) -> Iterator[charts.Chart]:
    """The nearest people, the best films, and the row itself."""
    people = _nearest_people(als, ratings, person)
    cosines = {f"row {one + 1}": _cosine(als.users[person.row, :-1], als.users[one, :-1]) for one in people}
    says = f"{person.whose} nearest: {', '.join(list(cosines)[:3])}, by the direction of their vectors"
    yield charts.bars("nearest people", says, cosines, "cosine")
    row = solve(als, person.films, person.stars)
    told = np.clip(level(als, row, new), data.low, data.high)
    best = np.argsort(-told, kind="stable")[:LISTED]
    films = {data.items.titles[new[at]]: float(told[at]) for at in best}
    yield charts.bars("best films", f"{person.whose} best: {next(iter(films))}", films, "predicted stars")
    entries = " ".join(f"{value:+.2f}" for value in row[:7])
    lines = f"row {person.row + 1}\nbias   {row[-1]:+.2f} stars\nvector {entries} ...\n"
    yield charts.text("the row in the model", f"{person.whose} bias is {row[-1]:+.2f} stars", lines)


def _table(data: Dataset, person: Person, moves: Moves, known: Rows) -> dict[str, Any]:
    titles = data.items.titles
    rows = [
        (
            titles[person.films[at]],
            float(person.stars[at]),
            float(moves.guess[at]),
            float(moves.moved[at]),
            float(moves.bias[at]),
            titles[known[moves.most[at]]],
        )
        for at in np.argsort(-moves.moved, kind="stable")
    ]
    columns = ["film", "stars", "guess without it", "moved", "bias moved", "film moved most"]
    return {"columns": columns, "rows": rows}
