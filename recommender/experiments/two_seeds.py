"""Two seeds: one model solved from two random starts. Do its predictions agree, do its factors?

Both starts are solved by alternating least squares on the same ratings. The penalty of vectors depends on
their lengths only, so the solution is settled up to a rotation: every factor of one start may be a mixture
of all factors of the other.

Settings
    factors   length of the vectors, 2 to 20 (4)
    sweeps    times that all users and all films are solved for, 2 to 40 (20)
    factor    which factor the scatter shows, 1 to `factors` (1)

Series, against sweeps: "predictions" (correlation of the two starts' predicted stars on held-out ratings),
"factors as they are" (mean absolute correlation of same-numbered film factors) and "factors rotated" (the
same after one orthogonal turn of all film vectors, chosen by Procrustes' method; Schönemann 1966).
Films with fewer than LEAST ratings are left out of factors: their vectors are close to 0.

Table: one row per factor: factor, correlation as it is, correlation rotated, its best match, correlation with
that. Charts: one factor of both starts before and after the turn, predictions of both starts.

Measured
    predictions, before, after    the series at the end
    first_before                  correlation of factor 1 of the two starts, with its sign
    straight                      which of "predictions" and "factors" correlates at least STRAIGHT without a
                                  turn: "predictions", "factors", "both" or "none"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.als import Als
from recommender.events import Cancelled, Chart, Event, Finished, Progress, Started
from recommender.experiments import SpecError, charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.ratings import Ratings, book_split

Doubles = NDArray[np.float64]

LEAST = 20
STRAIGHT = 0.9
"""From this correlation on the points of a scatter lie along a line for the eye."""
SHOWN = 300
"""Points of a scatter at most."""
NEXT_SEED = 100
"""The second start has the first one's seed and so many more: no two runs of several seeds share one."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Solve twice and compare. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("factors", "sweeps", "factor"))
    factors = whole(settings, "factors", 4, 2, 20)
    sweeps = whole(settings, "sweeps", 20, 2, 40)
    factor = whole(settings, "factor", 1, 1, 20)
    if factor > factors:
        raise SpecError(f"factor must be from 1 to {factors} (factors), not {factor}")
    return _run(spec, factors, sweeps, factor, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    factors: int,
    sweeps: int,
    factor: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "two-seeds", "data": name, "factors": factors, "sweeps": sweeps, "seed": seed})
    data = datasets.load(name, cache)
    split = book_split(data.ratings)
    train, valid = data.ratings.take(split.train), data.ratings.take(split.valid)
    well_known = np.bincount(train.items, minlength=train.n_items) >= LEAST  # [I]
    pair = [Als(train, factors, seed=seed + offset) for offset in (0, NEXT_SEED)]
    curves = Curves(seed)
    for sweep in range(1, sweeps + 1):
        for als in pair:
            als.sweep(cancelled)
            if cancelled():
                yield Cancelled()
                return
        for series, value in agreement(pair[0], pair[1], valid, well_known).items():
            yield curves.add(series, sweep, value)
        yield Progress(sweep / sweeps, f"sweep {sweep}/{sweeps}")
    titles = [title for title, kept in zip(data.items.titles, well_known, strict=True) if kept]
    shown = _charts(pair, valid, well_known, titles, factor - 1)
    for chart in shown:
        yield Chart(chart)
    one, other = (als.films[well_known, :-1] for als in pair)
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(one, other),
            "measured": measured(agreement(pair[0], pair[1], valid, well_known), one, other),
            "seconds": time.perf_counter() - began,
        }
    )


def agreement(one: Als, other: Als, valid: Ratings, films: NDArray[np.bool_]) -> dict[str, float]:
    """The three correlations of two solved models; `films` [I] are those whose factors count."""
    a, b = one.films[films, :-1], other.films[films, :-1]  # [n, K]
    stars = [als.predict(valid.users, valid.items) for als in (one, other)]
    return {
        "predictions": correlation(stars[0], stars[1]),
        "factors as they are": float(np.mean(np.abs(same_numbered(a, b)))),
        "factors rotated": float(np.mean(np.abs(same_numbered(a @ turn_onto(a, b), b)))),
    }


def turn_onto(a: Doubles, b: Doubles) -> Doubles:
    """The orthogonal matrix R [K, K] with the least |a R - b|², for a, b [n, K]. Source: Schönemann 1966."""
    left, _, right = np.linalg.svd(a.T @ b)
    return np.asarray(left @ right)


def same_numbered(a: Doubles, b: Doubles) -> Doubles:
    """Correlation of column k of a with column k of b, for each k [K]."""
    return np.array([correlation(a[:, k], b[:, k]) for k in range(a.shape[1])])


def correlation(x: NDArray[Any], y: NDArray[Any]) -> float:
    """Pearson's correlation; 0 where one of the two does not vary."""
    x, y = x - x.mean(dtype=np.float64), y - y.mean(dtype=np.float64)
    size = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float((x * y).sum()) / size if size > 0 else 0.0


def measured(found: Mapping[str, float], one: Doubles, other: Doubles) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    predictions, before = found["predictions"], found["factors as they are"]
    straight = {(True, True): "both", (True, False): "predictions", (False, True): "factors"}
    return {
        "predictions": predictions,
        "before": before,
        "after": found["factors rotated"],
        "first_before": float(same_numbered(one, other)[0]),
        "straight": straight.get((predictions >= STRAIGHT, before >= STRAIGHT), "none"),
    }


def _table(one: Doubles, other: Doubles) -> dict[str, Any]:
    """A row for each factor of the first start."""
    plain, turned = same_numbered(one, other), same_numbered(one @ turn_onto(one, other), other)
    rows = []
    for k in range(one.shape[1]):
        with_each = [correlation(one[:, k], other[:, j]) for j in range(other.shape[1])]
        best = int(np.argmax(np.abs(with_each)))
        rows.append((k + 1, float(plain[k]), float(turned[k]), best + 1, with_each[best]))
    return {"columns": ["factor", "as it is", "rotated", "most like", "correlation with that"], "rows": rows}


def _charts(
    pair: list[Als], valid: Ratings, films: NDArray[np.bool_], titles: list[str], k: int
) -> list[charts.Chart]:
    """Factor k of both starts before and after the turn, and the predictions of both."""
    one, other = (als.films[films, :-1] for als in pair)  # [n, K]
    turned = one @ turn_onto(one, other)
    shown = []
    for title, first in ((f"factor {k + 1} as it is", one), (f"factor {k + 1} after one turn", turned)):
        spots = [(titles[i], first[i, k], other[i, k], "film") for i in range(min(SHOWN, len(titles)))]
        says = f"each film's factor {k + 1}: correlation {correlation(first[:, k], other[:, k]):.2f}"
        shown.append(charts.scatter(title, says, spots, "first start", "second start"))
    stars = [als.predict(valid.users, valid.items)[:SHOWN] for als in pair]
    pairs = [("", float(a), float(b), "rating") for a, b in zip(*stars, strict=True)]
    says = f"predicted stars of the two starts: correlation {correlation(*stars):.2f}"
    return [*shown, charts.scatter("predictions", says, pairs, "first start, stars", "second start, stars")]
