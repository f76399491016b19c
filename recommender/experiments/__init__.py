"""Experiments: named families of runs on the real recommender, each an iterator of events.

A spec is a mapping:

    family      one of `FAMILIES`
    data        name of a data set ("planted" if absent)
    seed        whole number (0 if absent)
    seeds       how many seeds, counted up from `seed` (1 if absent)
    settings    what to vary; each family documents its own
    ratings     the learner's ratings {film id: stars}, or null
    checkpoint  path of a trained model, or null

A run ends with Finished, whose result holds `series` [{"name", "x", "y", "seed"}], `charts` (see `charts`),
`table` {"columns", "rows"}, `measured` {name: number or text} and `seconds`; or with Failed or Cancelled.
Where values depend on the clock, `clocked` names them (series, columns, measured, chart titles): a repeated
run gives the same result but for these.

With several seeds each one ends with SeedFinished; the points of a later one carry its seed. The last event
is the first seed's Finished, with the `series` of all seeds and `by_seed` [{"seed", "measured"}].
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from recommender.events import ENDINGS, Cancelled, Event, Failed, Finished, Point, Progress, SeedFinished

_NAMES = (
    "argsort", "bias-or-mean", "biases", "blanks", "cold-start", "cosine-distance", "coupled-decay",
    "crosstab", "dot-product", "elicitation", "embedding-checks", "factors", "feedback-loops",
    "film-map", "hidden-cells", "k-fold", "learning-steps", "lecture-story", "loss-functions",
    "map-growing", "merge", "metadata", "model-layers", "model-order", "moved-rows", "neighbours",
    "new-films", "newcomers", "one-hot-cost", "one-hot-equal", "penalty", "plain-tensors", "range",
    "ranking-or-rmse", "relu", "slices", "squared-or-absolute", "star-arguments", "start-values",
    "time-drift", "two-instances", "two-seeds", "unrated-row", "weight-decay", "widths",
    "your-ratings",
)  # fmt: skip

FAMILIES = {name: f"recommender.experiments.{name.replace('-', '_')}" for name in _NAMES}
"""Module of each family; it is imported when the family is run."""
FAMILIES["range"] = "recommender.experiments.ranges"  # a module `range` would hide the built-in name in here

MOST_SEEDS = 10

IN_PROCESS = frozenset({"dot-product"})
"""Families that need NumPy only and may run in the process of an app."""


class SpecError(ValueError):
    """A spec that cannot be run; the message names what is wrong and what it may be."""


def run(
    spec: Mapping[str, Any], cache: Path | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Event]:
    """Run the experiment that `spec` describes. Raises SpecError for an unknown family or setting.

    `cache` is where prepared data sets are; None means the default place.
    """
    family = spec.get("family")
    if family not in FAMILIES:
        raise SpecError(f"unknown experiment family {family!r}; there are {', '.join(FAMILIES)}")
    first, seeds = int(spec.get("seed") or 0), spec.get("seeds") or 1
    if not isinstance(seeds, int) or not 1 <= seeds <= MOST_SEEDS:
        raise SpecError(f"seeds cannot be {seeds!r}; it is a whole number from 1 to {MOST_SEEDS}")
    module = importlib.import_module(FAMILIES[family])
    runs = [
        stoppable(cast(Iterator[Event], module.run({**spec, "seed": seed}, cache, cancelled)), cancelled)
        for seed in range(first, first + seeds)
    ]
    return runs[0] if seeds == 1 else _in_turn(runs, first, cancelled)


def stoppable(events: Iterator[Event], cancelled: Callable[[], bool]) -> Iterator[Event]:
    """The same events; after each one the run ends as cancelled when it should, wherever it stands."""
    for event in events:
        yield event
        if not isinstance(event, ENDINGS) and cancelled():
            yield Cancelled()
            return


def _in_turn(runs: list[Iterator[Event]], first: int, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """One seed after the other. A later seed that fails or is cancelled ends the run with those before it."""
    results: list[Mapping[str, Any]] = []
    for seed, events in enumerate(runs, first):
        for event in events:
            if isinstance(event, Finished):
                results.append(event.result)
                yield SeedFinished(seed, event.result)
            elif isinstance(event, (Cancelled, Failed)) and not results:
                yield event
                return
            elif isinstance(event, Progress):
                done = (len(results) + event.fraction) / len(runs)
                yield Progress(done, f"seed {seed}: {event.note}" if event.note else f"seed {seed}")
            elif isinstance(event, Point) or (not results and not isinstance(event, ENDINGS)):
                yield event
        if len(results) <= seed - first or cancelled():
            break
    yield Finished(
        {
            **results[0],
            "series": [one for result in results for one in result.get("series", ())],
            "by_seed": [
                {"seed": seed, "measured": result.get("measured", {})}
                for seed, result in enumerate(results, first)
            ],
            "seconds": sum(result.get("seconds", 0.0) for result in results),
        }
    )
