"""Charts that are no curves over time, as plain data: what a run shows beside its series.

Each has `kind`, `title` (its name: a later chart with the same title replaces it) and `says`, one line that
says the same in words. NumPy arrays become lists.

    scatter     x_label, y_label, points [{"name", "x", "y", "group"}]; few names are shown, the rest are dots
    bars        y_label, bars [{"name", "value", "low", "high"}]; low and high are null without a spread
    histogram   x_label, edges [n + 1], groups [{"name", "counts" [n]}]
    heat        rows [labels], columns [labels], values [[number or null]], unit
    text        text: a print-out in lines of at most 76 characters
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Chart = dict[str, Any]
Spot = tuple[str, float, float, str]
"""Name, x, y and group of a point."""


def scatter(title: str, says: str, points: Iterable[Spot], x_label: str = "", y_label: str = "") -> Chart:
    """Points with names; the group decides the marker."""
    spots = [{"name": name, "x": float(x), "y": float(y), "group": group} for name, x, y, group in points]
    return _chart("scatter", title, says, points=spots, x_label=x_label, y_label=y_label)


def bars(
    title: str,
    says: str,
    values: Mapping[str, float],
    y_label: str = "",
    spread: Mapping[str, tuple[float, float]] | None = None,
) -> Chart:
    """One bar for each name, with the low and high end of its spread where known."""
    rows = []
    for name, value in values.items():
        low, high = (spread or {}).get(name, (None, None))
        rows.append({"name": name, "value": float(value), "low": low, "high": high})
    return _chart("bars", title, says, bars=rows, y_label=y_label)


def histogram(
    title: str, says: str, groups: Mapping[str, ArrayLike], x_label: str = "", bins: int = 20
) -> Chart:
    """How often values fall into each of `bins` equal bins, for one or more groups of values."""
    arrays = {name: np.asarray(values, dtype=np.float64).ravel() for name, values in groups.items()}
    together = np.concatenate(list(arrays.values()))
    edges = np.histogram_bin_edges(together[np.isfinite(together)], bins=bins)
    counted = [{"name": name, "counts": np.histogram(a, edges)[0].tolist()} for name, a in arrays.items()]
    return _chart("histogram", title, says, edges=edges.tolist(), groups=counted, x_label=x_label)


def heat(
    title: str, says: str, rows: Sequence[str], columns: Sequence[str], values: ArrayLike, unit: str = ""
) -> Chart:
    """A table of numbers as colours; NaN is a blank cell."""
    cells = np.asarray(values, dtype=np.float64)  # [rows, columns]
    shown = [[float(cell) if np.isfinite(cell) else None for cell in row] for row in cells]
    return _chart("heat", title, says, rows=list(rows), columns=list(columns), values=shown, unit=unit)


def text(title: str, says: str, lines: str) -> Chart:
    """A print-out."""
    return _chart("text", title, says, text=lines)


def _chart(kind: str, title: str, says: str, **parts: Any) -> Chart:
    return {"kind": kind, "title": title, "says": says, **parts}
