"""What one-hot costs: bytes and time of one batch, by product and by lookup, as the vocabulary grows.

Settings
    vocabulary    list of up to 6 numbers of films, 10 to 200,000 (100, 1,000, 10,000, 100,000)
    batch         ids in a batch, 1 to 256 (64)
    width         numbers in a row of the table, 1 to 100 (50)

The batch is random ids; its bytes are those of what is given to the layer: float32 one-hot rows [B, n], or
the ids as 64-bit numbers [B]. The table [n, width] is in both layers and is not counted. Times are the middle
one of several repeats, forward only.

Series: "one-hot" and "lookup", kilobytes of a batch against the vocabulary. The bars are milliseconds.

Table: one row per vocabulary: films, one-hot bytes, lookup bytes, one-hot ms, lookup ms, how many times
longer the product takes, largest difference of the results.

Measured (first and last vocabulary: the smallest and the largest)
    bytes_onehot, bytes_lookup     bytes of a batch for the largest vocabulary
    growth_vocabulary, growth_onehot, growth_lookup    largest over smallest: films, bytes, bytes
    ms_onehot, ms_lookup, times    for the largest vocabulary; depend on the clock
    grows      which bytes grow with the vocabulary, by more than a tenth: "one-hot", "lookup", "both", "none"
    difference                     largest difference between the two results
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor

from recommender.events import Cancelled, Chart, Event, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import seeded
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.sweeps import finished

VOCABULARY = (100.0, 1_000.0, 10_000.0, 100_000.0)
REPEATS = 5
GROWS = 1.1
CLOCKED = ("one-hot ms", "lookup ms", "times longer", "ms_onehot", "ms_lookup", "times", "time of a batch")
"""What depends on the clock: columns, measured values, the chart."""

Row = tuple[int, int, int, float, float, float, float]


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Weigh and time both layers. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("vocabulary", "batch", "width"))
    sizes = sorted({int(size) for size in numbers(settings, "vocabulary", VOCABULARY, 10, 200_000, 6)})
    batch, width = whole(settings, "batch", 64, 1, 256), whole(settings, "width", 50, 1, 100)
    return _run(int(spec.get("seed") or 0), sizes, batch, width, cancelled)


def _run(
    seed: int, sizes: list[int], batch: int, width: int, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(seed)
    yield Started({"family": "one-hot-cost", "vocabulary": sizes, "batch": batch, "width": width})
    rows: list[Row] = []
    for size in sizes:
        if cancelled():
            yield Cancelled()
            return
        rows.append(weigh(size, batch, width, seed))
        yield curves.add("one-hot", size, rows[-1][1] / 1000)
        yield curves.add("lookup", size, rows[-1][2] / 1000)
        yield Progress(len(rows) / len(sizes), f"{size} films")
    found = measured(rows)
    shown = _bars(rows, found)
    yield Chart(shown)
    columns = ["films", "one-hot bytes", "lookup bytes", "one-hot ms", "lookup ms", "times longer"]
    ending = finished(began, curves, [*columns, "difference"], rows, found, [shown])
    yield Finished({**ending.result, "clocked": list(CLOCKED)})


def weigh(size: int, batch: int, width: int, seed: int) -> Row:
    """One row of the table, for `size` films."""
    with seeded(seed):
        table = torch.randn(size, width)  # [n, K]
        ids = torch.randint(size, (batch,))  # [B]
    onehot = torch.zeros(batch, size)  # [B, n]
    onehot[torch.arange(batch), ids] = 1
    slow, product = timed(lambda: onehot @ table)
    fast, looked_up = timed(lambda: table[ids])
    difference = float((product - looked_up).abs().max())
    return size, onehot.nbytes, ids.nbytes, slow, fast, slow / fast, difference


def timed(work: Callable[[], Tensor]) -> tuple[float, Tensor]:
    """Milliseconds that the work takes, the middle one of some repeats, and what came out."""
    result, took = work(), []
    for _ in range(REPEATS):
        began = time.perf_counter()
        result = work()
        took.append(1000 * (time.perf_counter() - began))
    return max(median(took), 1e-6), result


def _bars(rows: list[Row], found: Mapping[str, float | str]) -> charts.Chart:
    says = f"at {rows[-1][0]} films the product takes {found['times']:.0f} times as long as the lookup"
    values = {f"{way} {row[0]}": row[place] for row in rows for place, way in ((3, "one-hot"), (4, "lookup"))}
    return charts.bars("time of a batch", says, values, "milliseconds")


def measured(rows: list[Row]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    first, last = rows[0], rows[-1]
    onehot, lookup = last[1] / first[1], last[2] / first[2]
    words = {(True, True): "both", (True, False): "one-hot", (False, True): "lookup", (False, False): "none"}
    return {
        "films": last[0],
        "bytes_onehot": last[1],
        "bytes_lookup": last[2],
        "growth_vocabulary": last[0] / first[0],
        "growth_onehot": onehot,
        "growth_lookup": lookup,
        "ms_onehot": last[3],
        "ms_lookup": last[4],
        "times": last[5],
        "grows": words[onehot > GROWS, lookup > GROWS],
        "difference": max(row[6] for row in rows),
    }
