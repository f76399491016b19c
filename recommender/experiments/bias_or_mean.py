"""Bias or mean: rank films by their learned bias and by their mean rating; do the two lists agree?

Settings
    gather    list of up to 5 strengths from 0 to 3: how much generous viewers keep to group A (0, 1, 2)
    epochs    passes over the ratings of the set, 1 to 20 (5)

Part one is a small world of its own, whatever the data set, since there the true quality is known (`World`).
Part two is the data set: the lecture's model is trained on all of its ratings. A film's bias in part one is
centred: b + v · mean of all u, what the model says of the film before anything is known of the viewer.

Series: "mean" and "bias": rank correlation (Spearman) with the true quality, against gather.

Charts: a scatter of the set's films, bias against mean rating; print-outs of the top ten by each.
Table: one row per strength: gather, rank correlation of the mean, of the bias; group A's lead in each list,
in places of 100.

Measured
    mean_lowest, mean_highest, bias_lowest, bias_highest    rank correlations at the ends of the gather list
    suffers        which ranking lost over 0.05 more than the other: "mean", "bias"; else "both" if both
                   lost over 0.05, or "neither"
    alike          rank correlation of bias and mean over the films of the set
    same_ten       films that are in both top tens
    most_by_mean   most ratings of any film in the top ten by mean
    fewest_by_bias fewest ratings of any film in the top ten by bias
    your_bias      the learner's bias (absent without ratings), before the sigmoid
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.learner import with_learner
from recommender.experiments.settings import numbers, only, whole
from recommender.ratings import Dataset, Ratings
from recommender.training import Trainer, tables_of

Doubles = NDArray[np.float64]

WORLD_EPOCHS = 20
TOP = 10


@dataclass(frozen=True, eq=False)
class World:
    """400 viewers, 100 films, 8000 ratings; half of the films are group A.

        stars = round(3.3 + quality + generosity + taste · kind + noise), cut to 1..5

    Standard deviations in stars: quality 0.5, generosity 0.6, taste (2 factors) 0.4 each, noise 0.6.
    A viewer rates a film with a chance in proportion to exp(gather · generosity / 0.6) in group A, and to
    exp(-gather · generosity / 0.6) outside it. On average both groups are of the same quality.
    """

    ratings: Ratings
    quality: Doubles  # [I], stars
    group_a: NDArray[np.bool_]  # [I]


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Rank in both ways. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("gather", "epochs"))
    gather = numbers(settings, "gather", (0.0, 1.0, 2.0), 0, 3, 5)
    return _run(spec, gather, whole(settings, "epochs", 5, 1, 20), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    gather: tuple[float, ...],
    epochs: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "bias-or-mean", "data": name, "gather": gather, "epochs": epochs, "seed": seed})
    curves, rows = Curves(seed), list[tuple[float, ...]]()
    data = datasets.load(name, cache)
    ratings, row = with_learner(data, spec.get("ratings"))
    real = Trainer(recipe("lesson", "dot-bias", {"epochs": epochs, **_own(data, seed)}), ratings)
    try:
        yield from _worlds(gather, seed, curves, rows, cancelled)
        yield from _learn(real, cancelled, 0.6)
    except FloatingPointError as error:
        yield Failed(str(error))
        return
    if not real.done or cancelled():
        yield Cancelled()
        return
    columns = ["gather", "mean: rank corr.", "bias: rank corr.", "mean: A's lead", "bias: A's lead"]
    found, shown = _of_the_set(data, real, row)
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": {"columns": columns, "rows": rows},
            "measured": {**_of_the_world(rows), **found},
            "seconds": time.perf_counter() - began,
        }
    )


def _worlds(
    gather: tuple[float, ...],
    seed: int,
    curves: Curves,
    rows: list[tuple[float, ...]],
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    """Rank the films of the world at each strength; adds to the curves and to the rows of the table."""
    for done, strength in enumerate(gather):
        here = world(strength, seed)
        mean = mean_stars(here.ratings)
        yield curves.add("mean", strength, rank_correlation(mean, here.quality))
        changes = {"epochs": WORLD_EPOCHS, "factors": 5, "seed": seed}
        trainer = Trainer(recipe("lesson", "dot-bias", changes), here.ratings)
        yield from _learn(trainer, cancelled, 0.6 * done / len(gather))
        if cancelled():
            return
        bias = centred_bias(trainer)
        yield curves.add("bias", strength, rank_correlation(bias, here.quality))
        rows.append(_row(here, strength, mean, bias))


def _own(data: Dataset, seed: int) -> dict[str, Any]:
    return {"seed": seed, **range_of(data.low, data.high)}


def _learn(trainer: Trainer, cancelled: Callable[[], bool], before: float) -> Iterator[Event]:
    """Train to the end; stops early when it is cancelled. `before` is the share of the run that is done."""
    while not trainer.done and not cancelled():
        trainer.step()
        if trainer.steps_done % 500 == 0:
            yield Progress(before, f"step {trainer.steps_done} of {trainer.n_steps}")


# --- part one: the world -----------------------------------------------------------------------


def world(gather: float, seed: int, users: int = 400, items: int = 100, n: int = 8000) -> World:
    """The world at one strength of gathering; the same seed gives the same viewers and films at each."""
    draw = np.random.default_rng(seed)
    quality, generosity = draw.normal(0, 0.5, items), draw.normal(0, 0.6, users)
    group_a = draw.permutation(items) < items // 2
    quality -= np.where(group_a, quality[group_a].mean(), quality[~group_a].mean())
    taste, kind = draw.normal(0, 0.4, (users, 2)), draw.normal(0, 1, (items, 2))
    noise = draw.normal(0, 0.6, (users, items))
    leaning = gather * np.outer(generosity / 0.6, np.where(group_a, 1.0, -1.0))  # [U, I]
    order = np.argsort(-(leaning + draw.gumbel(size=(users, items))), axis=1)  # drawn without putting back
    each = n // users
    rows, films = np.repeat(np.arange(users), each), order[:, :each].ravel()
    exact = 3.3 + quality + generosity[:, None] + taste @ kind.T + noise  # [U, I]
    stars = np.clip(np.rint(exact), 1, 5).astype(np.float32)[rows, films]
    names = tuple(map(str, range(users))), tuple(map(str, range(items)))
    return World(
        Ratings(rows.astype(np.int32), films.astype(np.int32), stars, None, *names), quality, group_a
    )


def mean_stars(ratings: Ratings) -> Doubles:
    """Mean rating of each film [I]; nan for a film without one."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    sums = np.bincount(ratings.items, weights=ratings.stars, minlength=ratings.n_items)
    return np.asarray(np.divide(sums, counts, out=np.full(ratings.n_items, np.nan), where=counts > 0))


def centred_bias(trainer: Trainer) -> Doubles:
    """Film bias + film vector · mean user vector [I]: only this sum is fixed by the ratings."""
    users, films, _, bias = tables_of(trainer.model)
    return np.asarray(bias + films @ users.mean(axis=0), dtype=np.float64)


def ranks(values: ArrayLike) -> Doubles:
    """Rank of each value from 1, the lowest; equals share the mean of their ranks."""
    _, group, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)  # rank of the last of each group of equals
    return np.asarray((last - (counts - 1) / 2)[group], dtype=np.float64)


def rank_correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Spearman's: the correlation of the ranks, over the pairs that are both known; from -1 to 1."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    return float(np.corrcoef(ranks(a[known]), ranks(b[known]))[0, 1])


def _row(here: World, gather: float, mean: Doubles, bias: Doubles) -> tuple[float, ...]:
    leads = [ranks(v)[here.group_a].mean() - ranks(v)[~here.group_a].mean() for v in (mean, bias)]
    correlations = (rank_correlation(mean, here.quality), rank_correlation(bias, here.quality))
    return (gather, *correlations, *(float(lead) for lead in leads))


def _of_the_world(rows: list[tuple[float, ...]]) -> dict[str, float | str]:
    first, last = rows[0], rows[-1]
    found = {"mean_lowest": first[1], "mean_highest": last[1]}
    return {**found, "bias_lowest": first[2], "bias_highest": last[2], "suffers": suffers(first, last)}


def suffers(first: tuple[float, ...], last: tuple[float, ...]) -> str:
    """Which ranking lost more from the first row to the last; the rule is in the module's docstring."""
    mean, bias = first[1] - last[1], first[2] - last[2]
    if abs(mean - bias) > 0.05 and max(mean, bias) > 0.05:
        return "mean" if mean > bias else "bias"
    return "both" if min(mean, bias) > 0.05 else "neither"


# --- part two: the data set --------------------------------------------------------------------


def _of_the_set(
    data: Dataset, trainer: Trainer, learner: int | None
) -> tuple[dict[str, float | str], list[charts.Chart]]:
    """Both lists of the set's films: their numbers and charts."""
    _, _, user_bias, bias = tables_of(trainer.model)
    mean, counts = mean_stars(data.ratings), np.bincount(data.ratings.items, minlength=len(data.items))
    known = np.flatnonzero(counts > 0)
    tops = {
        "mean": known[np.argsort(-mean[known], kind="stable")[:TOP]],
        "bias": known[np.argsort(-bias[known], kind="stable")[:TOP]],
    }
    found: dict[str, float | str] = {
        "alike": rank_correlation(mean[known], bias[known]),
        "same_ten": len(np.intersect1d(tops["mean"], tops["bias"])),
        "most_by_mean": int(counts[tops["mean"]].max()),
        "fewest_by_bias": int(counts[tops["bias"]].min()),
    }
    titles = data.items.titles
    marks = {film: f"top by {way}" for way, top in tops.items() for film in top.tolist()}
    spots = [(titles[f], mean[f], float(bias[f]), marks.get(f, "other films")) for f in known.tolist()]
    says = f"Rank correlation of bias and mean: {found['alike']:.2f}"
    shown = [charts.scatter("bias against mean rating", says, spots, "mean rating, stars", "bias")]
    for way, top in tops.items():
        lines = [
            f"{mean[f]:4.2f} stars {counts[f]:5d} ratings  {bias[f]:+.2f}  {titles[f][:40]}" for f in top
        ]
        says = f"Ratings of these ten films: {counts[top].min()} to {counts[top].max()} each"
        shown.append(charts.text(f"top ten by {way}", says, "\n".join(lines)))
    if learner is not None:
        found["your_bias"] = own = float(user_bias[learner])
        share = 100 * float((user_bias[:learner] < own).mean())
        says = (
            f"You are row {learner + 1}; your bias is {own:+.2f}, above that of {share:.0f} % of the viewers"
        )
        shown.append(charts.histogram("your bias", says, {"viewers": user_bias[:learner]}, "user bias"))
    return found, shown
