"""The penalty: what weight decay weighs against each other, the error and the sum of the squared weights.

Settings
    wd        list of up to 8 strengths from 0 to 10 (0, 0.01, 0.1, 0.3, 1)
    epochs    passes over the ratings, 1 to 20 (5)
    factors   length of the vectors, 1 to 200 (50)

Series against wd: "error" (on the training ratings) and "sum of squares", each as a share of its own highest
value, so that both fit one chart. While the models train, the bars "sum of squares" grow.

Table: one row per strength: wd, train MSE, sum of squares, wd x sum of squares, valid MSE. The product is
what the equation loss + wd * sum of squares adds; the training here shrinks each weight by lr * wd per step
instead (AdamW), which is why so large a product does not drown the error.

Measured
    squares_lowest, squares_highest, error_lowest, error_highest     at the lowest and the highest wd
    squares_direction, error_direction      against wd: "rises", "falls", "stays" or "neither"
    result      "squares-fall" if the squares fall and the error rises, "error-falls" if it is the other way
                round, "both-fall", "both-rise", else "neither"
    kept        the squares at the highest wd, in % of those at the lowest
    crossing    the wd where the two lines of the chart meet (between two strengths, on a straight line);
                the highest wd where they do not
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves, direction
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.sweeps import end_of, finished, race, sum_of_squares, world_of
from recommender.training import Trainer

STRENGTHS = (0.0, 0.01, 0.1, 0.3, 1.0)
WORDS = {
    ("falls", "rises"): "squares-fall",
    ("falls", "falls"): "both-fall",
    ("rises", "rises"): "both-rise",
    ("rises", "falls"): "error-falls",
}


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train with each strength. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("wd", "epochs", "factors"))
    strengths = numbers(settings, "wd", STRENGTHS, 0, 10, 8)
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 1, 200),
    }
    return _run(spec, strengths, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    strengths: tuple[float, ...],
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "penalty", "wd": strengths, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    lanes = {f"wd {wd:g}": world.trainer("dot-bias", wd=wd, **changes) for wd in strengths}
    squares = {name: sum_of_squares(lane) for name, lane in lanes.items()}
    yield Chart(_bars(squares))

    def look(name: str, trainer: Trainer) -> list[Event]:
        squares[name] = sum_of_squares(trainer)
        return [Chart(_bars(squares))]

    if not (yield from race(lanes, curves, cancelled, show=(), after=look)):
        return
    errors = [lane.mse(world.train) for lane in lanes.values()]
    sums = list(squares.values())
    for wd, error, total in zip(strengths, errors, sums, strict=True):
        yield curves.add("error", wd, error / max(errors))
        yield curves.add("sum of squares", wd, total / max(sums))
    rows = [
        (wd, error, total, wd * total, end_of(lane))
        for wd, error, total, lane in zip(strengths, errors, sums, lanes.values(), strict=True)
    ]
    columns = ["wd", "train MSE", "sum of squares", "wd x sum of squares", "valid MSE"]
    yield finished(began, curves, columns, rows, measured(curves, errors, sums), [_bars(squares)])


def measured(curves: Curves, errors: list[float], sums: list[float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    ways = direction(sums, slack=1e-9), direction(errors, slack=0.003)
    return {
        "squares_lowest": sums[0],
        "squares_highest": sums[-1],
        "error_lowest": errors[0],
        "error_highest": errors[-1],
        "squares_direction": ways[0],
        "error_direction": ways[1],
        "result": WORDS.get(ways, "neither"),
        "kept": 100 * sums[-1] / sums[0],
        "crossing": crossing(*curves.points["error"], curves.points["sum of squares"][1]),
    }


def crossing(x: list[float], one: list[float], other: list[float]) -> float:
    """Where the line `one` first meets `other`, straight between the points; the last x if never."""
    gaps = [a - b for a, b in zip(one, other, strict=True)]
    for (x0, g0), (x1, g1) in pairwise(zip(x, gaps, strict=True)):
        if g0 <= 0 <= g1 and g1 > g0:
            return x0 - g0 * (x1 - x0) / (g1 - g0)
    return x[-1]


def _bars(squares: Mapping[str, float]) -> charts.Chart:
    first, last = next(iter(squares)), list(squares)[-1]
    says = (
        f"The squares of all weights add up to {squares[first]:.0f} at {first}, {squares[last]:.0f} at {last}"
    )
    return charts.bars("sum of squares", says, squares, "sum of squared weights")
