"""Experiments: named families of runs on the real recommender, each an iterator of events.

A spec is a mapping:

    family      one of `FAMILIES`
    data        name of a data set ("planted" if absent)
    seed        whole number (0 if absent)
    settings    what to vary; each family documents its own
    ratings     the learner's ratings {film id: stars}, or null
    checkpoint  path of a trained model, or null

A run ends with Finished, whose result holds `series` [{"name", "x", "y", "seed"}], `table` {"columns",
"rows"}, `measured` {name: number or text} and `seconds`; or with Failed or Cancelled.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from recommender.events import Event

FAMILIES = {
    "dot-product": "recommender.experiments.dot_product",
    "weight-decay": "recommender.experiments.weight_decay",
}
"""Module of each family; it is imported when the family is run."""

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
    module = importlib.import_module(FAMILIES[family])
    return cast(Iterator[Event], module.run(spec, cache, cancelled))
