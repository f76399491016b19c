"""New films: where to put a film that nobody has rated, against waiting for its first ratings.

Films are held out whole and the model is solved on all others. A film is to this model what a person is: the
family turns the table on its side and treats films as `strangers` does people. What is said of a new film
without a rating of it:

    nothing            vector and bias 0: the viewer's bias speaks alone
    random vector      drawn with the spread of the other films' vectors, bias 0
    mean film          the mean of the other films' vectors and biases
    most alike         the mean of the ALIKE films that share most genres (of equals: nearest in years)
    metadata           predicted from genres and years by ridge regression on the other films

"fold-in" finds vector and bias from the film's first ratings, the people's fixed.

Settings
    films     films held out, 10 to 200 (80)
    factors   length of the vectors, 2 to 30 (10)

Series, mean squared error on the held-out films' other ratings, stars² (each film counts the same), against
the number of ratings known: "fold-in", and a straight line for each of the others.

Table: one row per way: way, MSE, low and high end of its 95 % interval over films. Charts: the same as bars;
for some new films the stars that metadata foretell and those it got (bars).

Measured
    nothing, random, mean, alike, metadata    errors without a rating
    fold_1, fold_2, ... fold_20               errors of fold-in
    gone                                      share of the error of nothing that metadata take, in %
    best                                      the best way without a rating, by name
    winner                                    the same as a word: "nothing", "random", "mean", "metadata" (of
                                              the two ways that use genres and years)
    passes                                    known ratings at which fold-in first beats metadata; 0 if at
                                              once, 99 if not with 20
    when                                      "once" (0 or 1), "few" (2 to 5), "many" (10 or 20), "never"
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
from recommender.experiments.newcomers import KNOWN, predicted, spread_of
from recommender.experiments.settings import only, whole
from recommender.experiments.strangers import Newcomer, error, fold, newcomers, stars_of, without
from recommender.ratings import Dataset, Ratings

Doubles = NDArray[np.float64]

FIRST = 20
SWEEPS = 8
ALIKE = 10
GLANCE = 20
"""Films of the first chart, which is there early."""
LEAST = 5
"""Films with fewer ratings teach nothing about metadata."""
LISTED = 8
FOLD = "fold-in"


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Hold films out, solve, place them. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("films", "factors"))
    films, factors = whole(settings, "films", 80, 10, 200), whole(settings, "factors", 10, 2, 30)
    return _run(spec, films, factors, cache, cancelled)


def _run(
    spec: Mapping[str, Any], n_films: int, factors: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "new-films", "data": name, "films": n_films, "factors": factors, "seed": seed})
    data = datasets.load(name, cache)
    turned = on_its_side(data.ratings)
    films = newcomers(turned, n_films, FIRST, 0, seed)
    if not films:
        yield Failed(f"too few films of {data.label} have {2 * FIRST} ratings, so none can be held out")
        return
    als = Als(without(turned, films), factors, seed=seed)
    for sweep in sweep_until(als, SWEEPS, cancelled):
        if sweep == 1:
            nothing = [np.zeros(factors + 1)] * len(films[:GLANCE])
            yield Chart(_bars({"nothing": _errors(als, films[:GLANCE], nothing, data)}))
        yield Progress(sweep / (SWEEPS + 1), f"without the new films: sweep {sweep}/{SWEEPS}")
    if cancelled():
        yield Cancelled()
        return
    yield from _result(als, data, films, seed, began)


def _result(als: Als, data: Dataset, films: list[Newcomer], seed: int, began: float) -> Iterator[Event]:
    """The error of each way and of fold-in, and the end."""
    curves, placed = Curves(seed), placements(als, data, films, seed)
    found = {way: _errors(als, films, vectors, data) for way, vectors in placed.items()}
    folded: dict[int, Doubles] = {}
    for n in KNOWN:
        vectors = [fold(als, one.first[:n], one.first_stars[:n]) for one in films]
        folded[n] = _errors(als, films, vectors, data)
        yield curves.add(FOLD, n, float(folded[n].mean()))
    for way, each in found.items():
        for x in (0, FIRST):
            yield curves.add(way, x, float(each.mean()))
    told = {**found, **{f"{FOLD}, {n} known": folded[n] for n in KNOWN if n}}
    shown = [_bars(told), _titles(als, data, films, placed["metadata"])]
    yield from (Chart(chart) for chart in shown)
    rows = [(way, *spread_of(each)) for way, each in told.items()]
    plain = {way: float(each.mean()) for way, each in found.items()}
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": {"columns": ["way", "MSE", "low", "high"], "rows": rows},
            "measured": measured(plain, {n: float(each.mean()) for n, each in folded.items()}),
            "seconds": time.perf_counter() - began,
        }
    )


def on_its_side(ratings: Ratings) -> Ratings:
    """The same ratings with films as users and users as films."""
    return Ratings(
        ratings.items, ratings.users, ratings.stars, ratings.times, ratings.item_ids, ratings.user_ids
    )


def metadata(data: Dataset) -> Doubles:
    """What is known of each film before its first rating [I, F]: genres, year in decades, and its square."""
    genres = sorted({genre for some in data.items.genres for genre in some})
    has = np.array([[genre in some for genre in genres] for some in data.items.genres], dtype=np.float64)
    years = np.array(data.items.years, dtype=np.float64)
    years[years == 0] = np.median(years[years > 0]) if (years > 0).any() else 0.0
    decades = (years - years.mean()) / 10
    return np.column_stack([has, decades, decades**2])


def placements(als: Als, data: Dataset, films: list[Newcomer], seed: int) -> dict[str, list[Doubles]]:
    """Vector and bias [D] of each new film, for each way that needs no rating of it."""
    known = np.flatnonzero(np.bincount(als.ratings.users, minlength=als.ratings.n_users) >= LEAST)  # [n]
    table, facts = als.users[known], metadata(data)
    rows = np.array([one.row for one in films])
    drawn = np.random.default_rng([seed, 44]).normal(size=(len(films), table.shape[1])) * table.std(axis=0)
    drawn[:, -1] = 0
    return {
        "nothing": [np.zeros(table.shape[1])] * len(films),
        "random vector": list(drawn),
        "mean film": [table.mean(axis=0)] * len(films),
        "most alike": [table[alike(facts[known], facts[row])].mean(axis=0) for row in rows],
        "metadata": list(predicted(facts[known], table, facts[rows])),
    }


def alike(facts: Doubles, film: Doubles) -> NDArray[np.intp]:
    """Rows of the ALIKE films with most genres in common (Jaccard); of equals the nearest in years."""
    genres, own = facts[:, :-2] > 0, film[:-2] > 0
    both = (genres & own).sum(axis=1) / np.maximum((genres | own).sum(axis=1), 1)
    order: NDArray[np.intp] = np.lexsort((np.abs(facts[:, -2] - film[-2]), -both))
    return order[:ALIKE]


def _errors(als: Als, films: list[Newcomer], vectors: list[Doubles], data: Dataset) -> Doubles:
    """Mean squared error of each film [F], stars²."""
    pairs = zip(films, vectors, strict=True)
    return np.array([error(als, vector, one, data.low, data.high) for one, vector in pairs])


def measured(found: Mapping[str, float], folded: Mapping[int, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    passes = next((n for n in folded if folded[n] < found["metadata"]), 99)
    best = min(found, key=lambda way: found[way])
    return {
        "nothing": found["nothing"],
        "random": found["random vector"],
        "mean": found["mean film"],
        "alike": found["most alike"],
        "metadata": found["metadata"],
        **{f"fold_{n}": value for n, value in folded.items() if n},
        "gone": 100 * (1 - found["metadata"] / found["nothing"]) if found["nothing"] else 0.0,
        "best": best,
        "winner": {"random vector": "random", "mean film": "mean", "nothing": best}.get(best, "metadata"),
        "passes": passes,
        "when": "once" if passes <= 1 else "few" if passes <= 5 else "many" if passes <= FIRST else "never",
    }


def _bars(found: Mapping[str, Doubles]) -> charts.Chart:
    ends = {way: spread_of(each) for way, each in found.items()}
    best = min(ends, key=lambda way: ends[way][0])
    says = f"least error for new films: {best}, {ends[best][0]:.2f} stars²"
    values = {way: one[0] for way, one in ends.items()}
    spread = {way: one[1:] for way, one in ends.items()}
    return charts.bars("ways to place a new film", says, values, "mean squared error, stars²", spread)


def _titles(als: Als, data: Dataset, films: list[Newcomer], vectors: list[Doubles]) -> charts.Chart:
    """What metadata foretell on average for the best known new films, beside what they got."""
    order = sorted(range(len(films)), key=lambda at: -len(films[at].test))[: LISTED // 2]
    values: dict[str, float] = {}
    for at in order:
        one, title = films[at], data.items.titles[films[at].row]
        told = np.clip(stars_of(als, vectors[at], one.test), data.low, data.high)
        values[f"{title}: foretold"] = float(told.mean())
        values[f"{title}: got"] = float(one.test_stars.mean())
    first = data.items.titles[films[order[0]].row]
    says = f"mean stars of new films by genres and year, and in truth; {first} first"
    return charts.bars("new films, foretold", says, values, "mean stars")
