"""Argsort: positions, values or ranks? A short list sorted both ways, then the films of the data set by it.

Settings
    values    list of 3 to 8 different numbers from -100 to 100 (0.5, -0.2, 0.3, 0.1)

Chart and table: the print-out; there are no series. The last lines sort the films with at least as many
ratings as the median film by their mean rating, and use the positions to look up titles.

Measured
    returns        what `t.argsort()` holds: "positions", "values" or "ranks" ("other" if none of these)
    ascending, descending, ranks    t.argsort(), t.argsort(descending=True) and the ranks from 0, as text
    best, worst    titles of the films with the highest and the lowest mean rating
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.events import Event
from recommender.experiments import SpecError
from recommender.experiments.printout import Entry, Measured, play
from recommender.experiments.settings import number, only

VALUES = (0.5, -0.2, 0.3, 0.1)
PIECES = (
    "t",
    "t.argsort()",
    "t[t.argsort()]",
    "t.argsort(descending=True)",
    "t.argsort().argsort()  # the rank of each",
    "best = stars.argsort(descending=True, stable=True)[:3]",
    "best",
    "[titles[i] for i in best]",
    "[titles[i] for i in stars.argsort(stable=True)[:3]]",
)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Sort. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("values",))
    given = settings.get("values", VALUES)
    if not isinstance(given, (list, tuple)) or not 3 <= len(given) <= 8 or len(set(given)) < len(given):
        raise SpecError("values takes 3 to 8 different numbers")
    return _run(spec, [number({"values": v}, "values", 0, -100, 100) for v in given], cache, cancelled)


def _run(
    spec: Mapping[str, Any], values: list[float], cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    import torch  # seconds, and the settings are checked without it

    name = str(spec.get("data") or "planted")
    data = datasets.load(name, cache)
    counts = np.bincount(data.ratings.items, minlength=len(data.items))  # [I]
    often = np.flatnonzero(counts >= max(1.0, float(np.median(counts))))
    sums = np.bincount(data.ratings.items, weights=data.ratings.stars, minlength=len(data.items))
    names = {
        "t": torch.tensor(values),
        "stars": torch.from_numpy(sums[often] / counts[often]),
        "titles": [data.items.titles[film] for film in often],
    }
    yield from play({"family": "argsort", "data": name, "values": values}, PIECES, names, measured, cancelled)


def measured(entries: Sequence[Entry]) -> Measured:
    """The words that a sentence about the run may use; names as in the module's docstring."""
    values, positions, _, descending, ranks = (entry.value.tolist() for entry in entries[:5])
    best, worst = entries[-2].value, entries[-1].value
    return {
        "returns": kind(values, positions),
        "ascending": str(positions),
        "descending": str(descending),
        "ranks": str(ranks),
        "best": best[0],
        "worst": worst[0],
    }


def kind(values: Sequence[float], result: Sequence[float]) -> str:
    """What a result is, by plain Python: sorted positions, sorted values, ranks, or something else."""
    positions = sorted(range(len(values)), key=lambda place: values[place])
    meanings = {
        "positions": positions,
        "values": sorted(values),
        "ranks": [positions.index(place) for place in range(len(values))],
    }
    return next((word for word, meant in meanings.items() if list(result) == meant), "other")
