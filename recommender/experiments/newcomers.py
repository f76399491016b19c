"""Newcomers: ways to place somebody who has just signed up, against waiting for their first ratings.

Viewers are held out whole (see `strangers`) and the model is solved on all others. What is said of a newcomer
without a rating of theirs:

    biases only          the film's bias: everybody's vector and bias are 0
    mean embedding       the mean of all users' vectors and biases
    most central user    the user whose vector and bias lie nearest to that mean
    sign-up data         vector and bias predicted from age, gender and job, where the data set knows them
    questionnaire        vector and bias predicted from answers: "how many stars do you give to ...?" for the
                         commonest genres

The last two are ridge regressions on the vectors of the other users: a model of a table predicts the
embedding. A newcomer's answers are their own mean stars per genre over ASIDE ratings that are used for
nothing else, rounded to half stars; a genre without a rating among these is answered with the mean of the
others. "fold-in" finds vector and bias from the first ratings.

Settings
    questions   genres that are asked about, 1 to 12 (6)
    people      newcomers, 10 to 300 (150)
    factors     length of the vectors, 2 to 30 (10)

Series, mean squared error on the newcomers' other ratings, stars², against the number of ratings known:
"fold-in", and a straight line for each of the others.

Table: one row per way: way, MSE, low and high end of its 95 % interval over people.

Measured
    biases, mean, central, signup, questionnaire    errors without a rating (signup: biases where unknown)
    fold_1, fold_2, ... fold_20                     errors of fold-in
    best                                            the best way without a rating, by name
    passes                                          known ratings at which fold-in first beats the
                                                    questionnaire; 0 if at once, 99 if not with 20
    when                                            the same as a word: "once" (0 or 1), "few" (2 to 5),
                                                    "many" (10 or 20), "never"
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
from recommender.experiments.settings import only, whole
from recommender.experiments.strangers import Newcomer, error, fold, newcomers, without
from recommender.ratings import Dataset, Ratings, Users

Doubles = NDArray[np.float64]

FIRST, ASIDE = 20, 20
KNOWN = (0, 1, 2, 3, 5, 10, 20)
SWEEPS = 8
RIDGE = 30.0
"""Strength of the ridge in the models of sign-up data and answers."""
GLANCE = 30
"""Newcomers of the first chart, which is there early."""
FOLD = "fold-in"


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Hold out, solve, try each way. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("questions", "people", "factors"))
    questions, people = whole(settings, "questions", 6, 1, 12), whole(settings, "people", 150, 10, 300)
    return _run(spec, questions, people, whole(settings, "factors", 10, 2, 30), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    questions: int,
    n_people: int,
    factors: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "newcomers", "data": name, "questions": questions, "seed": seed})
    data = datasets.load(name, cache)
    people = newcomers(data.ratings, n_people, FIRST, ASIDE, seed)
    if not people:
        yield Failed(f"nobody in {data.label} has {2 * FIRST + ASIDE} ratings, so nobody can be held out")
        return
    train = without(data.ratings, people)
    als, curves = Als(train, factors, seed=seed), Curves(seed)
    genres = asked_genres(data, questions)
    for sweep in sweep_until(als, SWEEPS, cancelled):
        if sweep == 1:
            few = people[:GLANCE]
            yield Chart(_bars({"biases only": _errors(als, few, [np.zeros(factors + 1)] * len(few), data)}))
        yield Progress(sweep / (SWEEPS + 1), f"without the newcomers: sweep {sweep}/{SWEEPS}")
    if cancelled():
        yield Cancelled()
        return
    answers = table_of_answers(train, data, genres, seed)
    placed = placements(als, train, data, people, answers, genres)
    yield from _result(als, data, people, placed, curves, began)


def _result(
    als: Als,
    data: Dataset,
    people: list[Newcomer],
    placed: Mapping[str, list[Doubles]],
    curves: Curves,
    began: float,
) -> Iterator[Event]:
    """The error of each way and of fold-in, and the end."""
    found = {way: _errors(als, people, persons, data) for way, persons in placed.items()}
    folded: dict[int, Doubles] = {}
    for n in KNOWN:
        persons = [fold(als, one.first[:n], one.first_stars[:n]) for one in people]
        folded[n] = _errors(als, people, persons, data)
        yield curves.add(FOLD, n, float(folded[n].mean()))
    for way, each in found.items():
        for x in (0, FIRST):
            yield curves.add(way, x, float(each.mean()))
    told = {**found, **{f"{FOLD}, {n} known": folded[n] for n in KNOWN if n}}
    chart = _bars(told)
    yield Chart(chart)
    plain = {way: float(each.mean()) for way, each in found.items()}
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": [chart],
            "table": _table(told),
            "measured": measured(plain, {n: float(each.mean()) for n, each in folded.items()}),
            "seconds": time.perf_counter() - began,
        }
    )


def placements(
    als: Als, train: Ratings, data: Dataset, people: list[Newcomer], answers: Doubles, genres: list[str]
) -> dict[str, list[Doubles]]:
    """Vector and bias [D] of each newcomer, for each way that needs no rating. `answers` [U, Q]."""
    known = np.flatnonzero(np.bincount(train.users, minlength=train.n_users))  # [n]
    table = als.users[known]  # [n, D]
    middle = table.mean(axis=0)
    central = table[int(np.linalg.norm(table - middle, axis=1).argmin())]
    ways = {
        "biases only": [np.zeros(table.shape[1])] * len(people),
        "mean embedding": [middle] * len(people),
        "most central user": [central] * len(people),
    }
    rows = np.array([one.row for one in people])
    if data.users is not None:
        facts = sign_up(data.users)  # [U, F]
        ways["sign-up data"] = list(predicted(facts[known], table, facts[rows]))
    told = np.array([answer(one.aside, one.aside_stars, data, genres) for one in people])  # [P, Q]
    ways["questionnaire"] = list(predicted(answers[known], table, told))
    return ways


def predicted(inputs: Doubles, table: Doubles, asked: Doubles) -> Doubles:
    """Ridge regression of `table` [n, D] on `inputs` [n, F]; what it says to `asked` [P, F]: [P, D]."""
    centre, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-9)
    x, goal = (inputs - centre) / spread, table.mean(axis=0)
    weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (table - goal))  # [F, D]
    return np.asarray(goal + (asked - centre) / spread @ weights)


def sign_up(users: Users) -> Doubles:
    """What people say of themselves [U, F]: age in years, its square, gender, one column per job."""
    ages = np.array(users.ages, dtype=np.float64)
    ages[ages == 0] = ages[ages > 0].mean() if (ages > 0).any() else 0.0
    jobs = sorted(set(users.occupations))
    women = np.array(users.genders) == "F"
    columns = [ages, (ages - ages.mean()) ** 2, women]
    columns += [np.array(users.occupations) == job for job in jobs]
    return np.column_stack(columns).astype(np.float64)


def asked_genres(data: Dataset, n: int) -> list[str]:
    """The n genres with most ratings."""
    counts = np.bincount(data.ratings.items, minlength=data.ratings.n_items)
    total: dict[str, int] = {}
    for genres, count in zip(data.items.genres, counts.tolist(), strict=True):
        for genre in genres:
            total[genre] = total.get(genre, 0) + count
    return sorted(total, key=lambda genre: (-total[genre], genre))[:n]


def answer(films: NDArray[np.intp], stars: Doubles, data: Dataset, genres: list[str]) -> Doubles:
    """Answers to "how many stars do you give to ...?" for each genre [Q], in half stars."""
    told = []
    for genre in genres:
        has = np.array([genre in data.items.genres[film] for film in films], dtype=bool)
        told.append(float(stars[has].mean()) if has.any() else np.nan)
    given = np.array(told)
    middle = stars.mean() if len(stars) else (data.low + data.high) / 2
    return np.asarray(np.round(np.where(np.isnan(given), middle, given) * 2) / 2)


def table_of_answers(train: Ratings, data: Dataset, genres: list[str], seed: int) -> Doubles:
    """The same answers by all users [U, Q], each from up to ASIDE of their ratings, drawn at random."""
    order = np.random.default_rng([seed, 43]).permutation(len(train))
    order = order[np.argsort(train.users[order], kind="stable")]  # people together, random inside
    place = np.arange(len(order)) - np.searchsorted(train.users[order], train.users[order])
    chosen = order[place < ASIDE]
    users, films = train.users[chosen], train.items[chosen]
    stars = train.stars[chosen].astype(np.float64)
    sums, counts = (np.bincount(users, w, train.n_users) for w in (stars, None))
    middle = np.where(counts > 0, sums / np.maximum(counts, 1), stars.mean())  # [U]
    columns = []
    for genre in genres:
        has = np.array([genre in some for some in data.items.genres])[films]
        sums, counts = (np.bincount(users[has], w, train.n_users) for w in (stars[has], None))
        columns.append(np.where(counts > 0, sums / np.maximum(counts, 1), middle))
    return np.asarray(np.round(np.column_stack(columns) * 2) / 2)


def _errors(als: Als, people: list[Newcomer], persons: list[Doubles], data: Dataset) -> Doubles:
    """Mean squared error of each newcomer [P], stars²."""
    pairs = zip(people, persons, strict=True)
    return np.array([error(als, person, one, data.low, data.high) for one, person in pairs])


def measured(found: Mapping[str, float], folded: Mapping[int, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    passes = next((n for n in folded if folded[n] < found["questionnaire"]), 99)
    return {
        "biases": found["biases only"],
        "mean": found["mean embedding"],
        "central": found["most central user"],
        "signup": found.get("sign-up data", found["biases only"]),
        "questionnaire": found["questionnaire"],
        **{f"fold_{n}": value for n, value in folded.items() if n},
        "best": min(found, key=lambda way: found[way]),
        "passes": passes,
        "when": "once" if passes <= 1 else "few" if passes <= 5 else "many" if passes <= FIRST else "never",
    }


def spread_of(each: Doubles) -> tuple[float, float, float]:
    """Mean and the ends of its 95 % interval over people (normal)."""
    mean, half = float(each.mean()), 1.96 * float(each.std() / np.sqrt(len(each)))
    return mean, mean - half, mean + half


def _table(found: Mapping[str, Doubles]) -> dict[str, Any]:
    return {"columns": ["way", "MSE", "low", "high"], "rows": [(w, *spread_of(e)) for w, e in found.items()]}


def _bars(found: Mapping[str, Doubles]) -> charts.Chart:
    ends = {way: spread_of(each) for way, each in found.items()}
    best = min(ends, key=lambda way: ends[way][0])
    says = f"least error for newcomers: {best}, {ends[best][0]:.2f} stars²"
    values = {way: one[0] for way, one in ends.items()}
    spread = {way: one[1:] for way, one in ends.items()}
    return charts.bars("ways to place a newcomer", says, values, "mean squared error, stars²", spread)
