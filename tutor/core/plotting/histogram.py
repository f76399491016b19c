"""How often values fall into bins: one panel for each group, on one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.core.plotting.parts import AXIS, INKS, Drawing
from tutor.core.plotting.scales import Axis, decimals

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_TALLEST = 12
"""Rows of a panel at most."""
_LEFT = 1


def draw_histogram(chart: Mapping[str, Any], width: int, height: int) -> Drawing:
    """Panels below each other; each has its own scale, which its heading tells by the tallest bar."""
    groups = list(chart["groups"])
    edges = [float(edge) for edge in chart["edges"]]
    room = height - 2
    shown = groups[: max(1, min(len(groups), room // 2))]
    rows = min(_TALLEST, room // len(shown))
    missing = len(groups) - len(shown)
    drawing = Drawing(width, rows * len(shown) + 2)
    columns = width - _LEFT
    for place, group in enumerate(shown):
        counts = [int(count) for count in group["counts"]]
        _panel(drawing, place * rows, rows, str(group["name"]), counts, columns, place % INKS)
    if missing:
        text = f"… and {missing} more"
        drawing.put(width - len(text), 0, text, AXIS)
    _axis(drawing, edges, columns, str(chart.get("x_label", "")))
    return drawing


def _panel(
    drawing: Drawing, top: int, rows: int, name: str, counts: Sequence[int], columns: int, ink: int
) -> None:
    """A heading and the bars below it, to an eighth of a row; what is not 0 shows at least a trace."""
    most = max(counts, default=0)
    drawing.put(0, top, f"{name}  ", ink)
    drawing.put(len(name) + 2, top, f"{sum(counts):,} values, tallest bar {most:,}", AXIS)
    if not most:
        return
    for column in range(columns):
        count = _count_at(counts, column, columns)
        size = max(1, round(count / most * (rows - 1) * 8)) if count else 0
        for up in range(rows - 1):
            if part := min(8, max(0, size - 8 * up)):
                drawing.put(_LEFT + column, top + rows - 1 - up, _EIGHTHS[part], ink)


def _count_at(counts: Sequence[int], column: int, columns: int) -> int:
    """The count of the bin over a column; where bins are narrower than a column, the largest of them."""
    first = column * len(counts) // columns
    last = max(first + 1, (column + 1) * len(counts) // columns)
    return max(counts[first:last])


def _axis(drawing: Drawing, edges: Sequence[float], columns: int, label: str) -> None:
    bottom = drawing.height - 2
    drawing.put(0, bottom, "└" + "─" * columns, AXIS)
    label = label[:columns]
    end = _LEFT + columns - len(label) - (1 if label else 0)
    drawing.put(_LEFT + columns - len(label), bottom + 1, label)
    axis = (
        Axis(edges[0], edges[-1], columns) if edges[-1] > edges[0] else Axis(edges[0], edges[0] + 1, columns)
    )
    marks = axis.ticks(max(2, columns // 11))
    used = 0
    for mark in marks:
        column = _LEFT + axis.dot(mark)
        text = f"{mark:,.{decimals(marks)}f}"
        start = max(0, min(column - len(text) // 2, drawing.width - len(text)))
        if start >= used and start + len(text) <= end:
            drawing.put(column, bottom, "┬", AXIS)
            drawing.put(start, bottom + 1, text, AXIS)
            used = start + len(text) + 1
