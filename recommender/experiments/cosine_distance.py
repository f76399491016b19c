"""Cosine, distance and dot product: drag a vector and see which of the three moves; then let each pick films.

Settings
    stretch   list of up to 12 factors from 0.1 to 20: b at so many times its length (0.5, 1, 2, 5, 10)
    turn      list of up to 37 angles from 0 to 180 degrees: b turned away from a (0, 30 ... 180)

Part one is plane geometry, a = b = [1, 1] at the start. Part two takes the film vectors of a model that is
trained on the data set, and asks for the five nearest of the most rated films by each measure.

Series: "cosine (stretch)", "distance (stretch)", "dot (stretch)" against the factor; "... (turn)" against the
angle. Chart: length of each film's vector against its number of ratings.
Table: one row per move: move, amount, cosine, distance, dot product.

Measured
    stays                 which of "cosine", "distance", "dot" is the same at all factors ("none", "several")
    cosine_ten, distance_ten, dot_ten    [10, 10] against [1, 1]
    unit_gap              largest |distance² - (2 - 2 cosine)| over all turns of unit vectors
    same_unit             share of film pairs in the lists of cosine and of distance at length 1, in % (of 5)
    same_distance, same_dot    the same for cosine and plain distance, cosine and dot product
    length_count          correlation of a vector's length with the logarithm of its number of ratings
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Event, Failed, Finished, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves, direction
from recommender.experiments.geometry import cosine, dot, length, stretch, turn
from recommender.experiments.settings import numbers, only
from recommender.ratings import Dataset
from recommender.training import Trainer, tables_of

Doubles = NDArray[np.float64]

STRETCH = (0.5, 1.0, 2.0, 5.0, 10.0)
TURN = tuple(float(angle) for angle in range(0, 181, 30))
A = np.array([1.0, 1.0])
MOST_RATED, NEAREST = 200, 5
"""Films that are compared, and the length of their lists."""
MEASURES = ("cosine", "distance", "dot")


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Drag, then look for neighbours. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("stretch", "turn"))
    factors = numbers(settings, "stretch", STRETCH, 0.1, 20, 12)
    return _run(spec, factors, numbers(settings, "turn", TURN, 0, 180, 37), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    factors: tuple[float, ...],
    angles: tuple[float, ...],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "cosine-distance", "data": name, "stretch": factors, "turn": angles})
    curves, rows = Curves(seed), list[tuple[str, float, float, float, float]]()
    moves = [("stretch", factor) for factor in factors] + [("turn", angle) for angle in angles]
    for move, amount in moves:
        b = stretch(A, amount) if move == "stretch" else turn(A, A, amount)
        values = compare(A, b)
        rows.append((move, amount, *values))
        for measure, value in zip(MEASURES, values, strict=True):
            yield curves.add(f"{measure} ({move})", amount, value)
    data = datasets.load(name, cache)
    changes = {"seed": seed, **range_of(data.low, data.high)}
    trainer = Trainer(recipe("fast", "dot-bias", changes), data.ratings)
    try:
        while not trainer.done and not cancelled():
            trainer.step()
    except FloatingPointError as error:
        yield Failed(str(error))
        return
    if cancelled():
        yield Cancelled()
        return
    found, shown = _films(data, tables_of(trainer.model)[1].astype(np.float64))
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": [shown],
            "table": {"columns": ["move", "amount", *MEASURES], "rows": rows},
            "measured": {**measured(rows, angles), **found},
            "seconds": time.perf_counter() - began,
        }
    )


def distance(a: Doubles, b: Doubles) -> float:
    """Root of the sum of squared differences."""
    return length(a - b)


def compare(a: Doubles, b: Doubles) -> tuple[float, float, float]:
    """Cosine, distance and dot product, rid of rounding errors."""
    return round(cosine(a, b), 12) + 0.0, round(distance(a, b), 12), round(dot(a, b), 12) + 0.0


def measured(
    rows: list[tuple[str, float, float, float, float]], angles: tuple[float, ...]
) -> dict[str, float | str]:
    """The numbers and words of part one; names as in the module's docstring."""
    columns = list(zip(*(row[2:] for row in rows if row[0] == "stretch"), strict=True))
    still = [name for name, c in zip(MEASURES, columns, strict=True) if direction(c, slack=1e-9) == "stays"]
    ten = dict(zip(MEASURES, compare(A, stretch(A, 10)), strict=True))
    unit = A / length(A)
    pairs = [compare(unit, turn(unit, unit, angle)) for angle in angles]
    return {
        "stays": still[0] if len(still) == 1 else "several" if still else "none",
        **{f"{name}_ten": value for name, value in ten.items()},
        "unit_gap": max(abs(apart**2 - (2 - 2 * alike)) for alike, apart, _ in pairs),
    }


# --- part two: the films -----------------------------------------------------------------------


def nearest(vectors: Doubles, measure: str, n: int = NEAREST) -> NDArray[np.intp]:
    """The n nearest others of each vector [F, n] by cosine, distance or dot product."""
    dots = vectors @ vectors.T  # [F, F]
    squares = np.diag(dots)
    scores = {
        "cosine": lambda: dots / np.sqrt(np.outer(squares, squares)),
        "distance": lambda: -(squares[:, None] + squares[None, :] - 2 * dots),
        "dot": lambda: dots.copy(),
    }[measure]()
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :n]


def overlap(a: NDArray[np.intp], b: NDArray[np.intp]) -> float:
    """Share of the entries of each row of a that are in the same row of b, in %."""
    return float(100 * np.mean([np.isin(one, other).mean() for one, other in zip(a, b, strict=True)]))


def _films(data: Dataset, vectors: Doubles) -> tuple[dict[str, float], charts.Chart]:
    """How far the lists of the measures agree, and length against number of ratings."""
    counts = np.bincount(data.ratings.items, minlength=len(data.items))  # [I]
    lengths = np.linalg.norm(vectors, axis=1)  # [I]
    known = np.flatnonzero(counts > 0)
    most = vectors[np.argsort(-counts, kind="stable")[:MOST_RATED]]  # [F, K]
    by_cosine = nearest(most, "cosine")
    unit = most / np.linalg.norm(most, axis=1, keepdims=True)
    found = {
        "same_unit": overlap(by_cosine, nearest(unit, "distance")),
        "same_distance": overlap(by_cosine, nearest(most, "distance")),
        "same_dot": overlap(by_cosine, nearest(most, "dot")),
        "length_count": float(np.corrcoef(lengths[known], np.log(counts[known]))[0, 1]),
    }
    spots = [
        (data.items.titles[i], math.log10(counts[i]), float(lengths[i]), "films") for i in known.tolist()
    ]
    says = f"Correlation of length with the logarithm of the ratings: {found['length_count']:.2f}"
    x_label = "number of ratings, power of ten"
    return found, charts.scatter("length of a film's vector", says, spots, x_label, "length")
