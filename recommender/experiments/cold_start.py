"""Cold start: the error for newcomers against the number of their ratings that the model knows.

Some viewers are held out whole; the model is solved on all others. Then each newcomer gives ratings one after
the other (in ORDERS random orders, averaged), and after each step their vector and bias are found with the
films' fixed (fold-in). With none the model knows the films' biases and the mean of all only.

Settings
    known     list of up to 8 numbers of known ratings from 0 to 20 (0, 1, 2, 3, 5, 10, 20)
    people    newcomers, 10 to 300 (150)
    factors   length of the vectors, 2 to 30 (10)

Series: "newcomers", mean squared error on their other ratings in stars² (each newcomer counts the same)
against the number of known ratings; "untouched row", what the lecture's model says to a row that exists and
was never trained (the fast recipe), a straight line; "everyone else", the solved model's error on a tenth of
the others' ratings, which it was not shown.

Table: one row per number of known ratings: known, MSE, low and high end of its 95 % interval over people,
share of the first error that is gone in %.

With the learner's ratings a chart shows the learner's own error: each rating is guessed from the others that
came before it.

Measured
    error_none, error_most, most    at the lowest and the highest number of known ratings, and that number
    error_untouched                 of the untouched row
    error_others                    of everyone else
    untouched_stars                 mean stars that the untouched row predicts
    mean_stars                      mean of all ratings
    gone                            share of error_none that is gone at the end, in %
    early                           share of that fall which the first FEW ratings bring, in %
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
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.learner import with_learner
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.strangers import Newcomer, error, fold, newcomers, stars_of, without
from recommender.ratings import Dataset, Ratings, random_split
from recommender.training import Trainer

Doubles = NDArray[np.float64]

KNOWN = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
MOST = 20
FEW = 5
SWEEPS = 8
GLANCE = 30
"""Newcomers of the first chart, which is there early."""
ORDERS = 4
"""A newcomer's ratings come in so many random orders."""
LISTED = 12
"""Of the learner's ratings so many are shown, the last ones."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Hold out, solve, let them in. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("known", "people", "factors"))
    known = numbers(settings, "known", KNOWN, 0, MOST, 8)
    people, factors = whole(settings, "people", 150, 10, 300), whole(settings, "factors", 10, 2, 30)
    return _run(spec, tuple(int(n) for n in known), people, factors, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    known: tuple[int, ...],
    n_people: int,
    factors: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "cold-start", "data": name, "known": known, "people": n_people, "seed": seed})
    data = datasets.load(name, cache)
    people = newcomers(data.ratings, n_people, MOST, 0, seed)
    if not people:
        yield Failed(f"nobody in {data.label} has {2 * MOST} ratings, so nobody can be held out")
        return
    others = without(data.ratings, people)
    split = random_split(others, 0.1, seed)
    train, held = others.take(split.train), others.take(split.valid)
    als, curves = Als(train, factors, seed=seed), Curves(seed)
    found: dict[int, Doubles] = {}
    for sweep in sweep_until(als, SWEEPS, cancelled):
        if sweep in (1, SWEEPS):
            found = {}
            for n in known:
                found[n] = errors(als, people[: GLANCE if sweep == 1 else None], n, data)
                if sweep > 1:
                    yield Progress(0.6, f"newcomers with {n} ratings")
            yield Chart(_bars(found, {}))
        yield Progress(0.6 * sweep / SWEEPS, f"without the newcomers: sweep {sweep}/{SWEEPS}")
    for n in known if not cancelled() else ():
        yield curves.add("newcomers", n, float(found[n].mean()))
    trainer = Trainer(recipe("fast", "dot-bias", {"seed": seed, **range_of(data.low, data.high)}), train)
    while not trainer.done:
        if cancelled():
            yield Cancelled()
            return
        trainer.step()
    yield from _result(data, als, trainer, people, held, found, curves, spec.get("ratings"), began)


def _result(
    data: Dataset,
    als: Als,
    trainer: Trainer,
    people: list[Newcomer],
    held: Ratings,
    found: Mapping[int, Doubles],
    curves: Curves,
    ratings: Mapping[str, float] | None,
    began: float,
) -> Iterator[Event]:
    """The two other errors, the learner, and the end."""
    untouched, stars = _untouched(trainer, people)
    ends = {"untouched row": untouched, "everyone else": _mse(als, held, data)}
    for series, value in ends.items():
        for x in (0, max(*found, 1)):
            yield curves.add(series, x, value)
    shown = [_bars(found, ends), *_learner(als, data, ratings)]
    yield from (Chart(chart) for chart in shown)
    told = {
        **measured({n: float(each.mean()) for n, each in found.items()}),
        "error_untouched": untouched,
        "error_others": ends["everyone else"],
        "untouched_stars": stars,
        "mean_stars": als.mean,
    }
    table = {"columns": ["known", "MSE", "low", "high", "% gone"], "rows": _rows(found)}
    ending = {"series": curves.to_list(), "charts": shown, "table": table, "measured": told}
    yield Finished({**ending, "seconds": time.perf_counter() - began})


def _untouched(trainer: Trainer, people: list[Newcomer]) -> tuple[float, float]:
    """Mean squared error (each newcomer counts the same) and mean stars of rows without a rating."""
    told = [trainer.predict(np.full(len(one.test), one.row), one.test) for one in people]
    misses = [((guess - one.test_stars) ** 2).mean() for guess, one in zip(told, people, strict=True)]
    return float(np.mean(misses)), float(np.concatenate(told).mean())


def errors(als: Als, people: list[Newcomer], n: int, data: Dataset) -> Doubles:
    """Mean squared error of each newcomer [P] with n ratings known, in stars²; mean over ORDERS orders."""
    draw = np.random.default_rng([len(people), n])
    found = np.zeros(len(people))
    for place, one in enumerate(people):
        for _ in range(ORDERS):
            known = draw.permutation(len(one.first))[:n]
            person = fold(als, one.first[known], one.first_stars[known])
            found[place] += error(als, person, one, data.low, data.high) / ORDERS
    return found


def _mse(als: Als, held: Ratings, data: Dataset) -> float:
    told = np.clip(als.predict(held.users, held.items), data.low, data.high)
    return float(np.mean((told - held.stars).astype(np.float64) ** 2))


def _rows(found: Mapping[int, Doubles]) -> list[tuple[float, ...]]:
    """The table: mean error, its 95 % interval over people (normal), share of the first error gone."""
    first = next(iter(found.values())).mean()
    rows: list[tuple[float, ...]] = []
    for n, each in found.items():
        mean, half = float(each.mean()), 1.96 * float(each.std() / np.sqrt(len(each)))
        rows.append((n, mean, mean - half, mean + half, 100 * (1 - mean / float(first)) if first else 0.0))
    return rows


def measured(found: Mapping[int, float]) -> dict[str, float]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    least, most = min(found), max(found)
    fall = found[least] - found[most]
    few = [found[n] for n in found if n <= least + FEW]
    return {
        "error_none": found[least],
        "error_most": found[most],
        "most": most,
        "gone": 100 * fall / found[least] if found[least] else 0.0,
        "early": 100 * (found[least] - few[-1]) / fall if fall > 0 else 0.0,
    }


def _bars(found: Mapping[int, Doubles], ends: Mapping[str, float]) -> charts.Chart:
    values = {f"{n} known": float(each.mean()) for n, each in found.items()}
    spread = {f"{row[0]} known": (row[2], row[3]) for row in _rows(found)}
    first, last = next(iter(values)), list(values)[-1]
    says = f"mean squared error with {first}: {values[first]:.2f} stars², with {last}: {values[last]:.2f}"
    return charts.bars("error by known ratings", says, {**values, **ends}, "stars²", spread)


def _learner(als: Als, data: Dataset, ratings: Mapping[str, float] | None) -> list[charts.Chart]:
    """Each of the learner's own ratings, guessed from those before it."""
    longer, row = with_learner(data, ratings)
    if row is None:
        return []
    mine = np.flatnonzero(longer.users == row)
    films, stars = longer.items[mine].astype(np.intp), longer.stars[mine].astype(np.float64)
    told = [
        float(
            np.clip(stars_of(als, fold(als, films[:n], stars[:n]), films[n : n + 1])[0], data.low, data.high)
        )
        for n in range(len(films))
    ]
    miss = np.abs(np.array(told) - stars)
    last = list(range(max(0, len(films) - LISTED), len(films)))
    values = {f"{data.items.titles[films[n]]} (you: {stars[n]:g})": told[n] for n in last}
    says = (
        f"the guess for your first rating missed by {miss[0]:.1f} stars, for your last by {miss[-1]:.1f}; "
        f"on average by {miss.mean():.1f}"
    )
    return [charts.bars("your ratings, each guessed from those before it", says, values, "predicted stars")]
