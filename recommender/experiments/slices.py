"""Slices: three ways to take something out of a batch, and the shape of each.

Settings
    rows      pairs of the batch, 3 to 8 (3); with 2 a row and a column would have one shape

The batch `x` [rows, 2] holds the first pairs of viewer row and film row of the data set.
Chart and table: the print-out. There are no series.

Measured
    column       shape of x[:, 0] in a word: "flat" [rows], "column" [rows, 1], "row" [2], else "other"
    shape_column, shape_row, shape_kept    shapes of x[:, 0], x[0] and x[:, 0:1] as text
    rows
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.events import Event
from recommender.experiments.printout import Entry, Measured, play
from recommender.experiments.settings import only, whole

PIECES = ("x", "x.shape", "x[:, 0]", "x[:, 0].shape", "x[0]", "x[0].shape", "x[:, 0:1]", "x[:, 0:1].shape")


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Slice a batch. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("rows",))
    return _run(spec, whole(settings, "rows", 3, 3, 8), cache, cancelled)


def _run(
    spec: Mapping[str, Any], rows: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    import torch  # seconds, and the settings are checked without it

    name = str(spec.get("data") or "planted")
    ratings = datasets.load(name, cache).ratings
    pairs = np.stack([ratings.users[:rows], ratings.items[:rows]], axis=1).astype(np.int64)  # [rows, 2]
    config = {"family": "slices", "data": name, "rows": rows}
    yield from play(config, PIECES, {"x": torch.from_numpy(pairs)}, measured, cancelled)


def measured(entries: Sequence[Entry]) -> Measured:
    """The words that a sentence about the run may use; names as in the module's docstring."""
    shape = {entry.source: tuple(entry.value) for entry in entries if entry.source.endswith(".shape")}
    rows, width = shape["x.shape"]
    words = {(rows,): "flat", (rows, 1): "column", (width,): "row"}
    return {
        "column": words.get(shape["x[:, 0].shape"], "other"),
        "shape_column": str(list(shape["x[:, 0].shape"])),
        "shape_row": str(list(shape["x[0].shape"])),
        "shape_kept": str(list(shape["x[:, 0:1].shape"])),
        "rows": rows,
    }
