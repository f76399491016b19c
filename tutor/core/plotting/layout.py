"""Where the parts of a plot go: axes, ticks, names of series, point labels, and the dots themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.core.plotting.braille import EMPTY, Grid
from tutor.core.plotting.parts import AXIS, Curve, Drawing, Look, Plot, looks
from tutor.core.plotting.scales import Axis, decimals, number

_DIRECT_FROM = 56
"""Width in cells from which names stand at the ends of their lines instead of in a legend."""


@dataclass(frozen=True)
class Area:
    """The inner area in cells, and its two axes in dots."""

    left: int
    top: int
    columns: int
    rows: int
    x: Axis
    y: Axis

    def place(self, x: float, y: float) -> tuple[int, int]:
        """The dot of a point, counted from the upper left."""
        return self.x.dot(x), self.y.dots - 1 - self.y.dot(y)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Column and row on the drawing."""
        across, down = self.place(x, y)
        return self.left + across // 2, self.top + down // 4


def paint(plot: Plot, drawing: Drawing) -> Area:
    """Draw everything; the drawing is large enough for axes and the plot has at least one point."""
    drawn = [
        (curve, look) for curve, look in zip(plot.curves, looks(plot.curves), strict=True) if curve.finite
    ]
    shown = [(curve, look) for curve, look in drawn if not curve.behind]
    direct = _direct_labels(shown, drawing)
    top = 1 if direct else _legend(plot, shown, drawing)
    if plot.y_label:
        drawing.put(0, 0, plot.y_label)
    right = max((len(text) for text in direct), default=-1) + 1
    area = _area(plot, drawing, top, right)
    _axes(plot, area, drawing)
    grid = Grid(area.columns, area.rows)
    behind = [(curve, look) for curve, look in drawn if curve.behind]
    for turn, (curve, look) in enumerate([*behind, *shown]):
        _DRAWERS[curve.kind](curve, look, area, grid, turn)
    for row in range(area.rows):
        for column, ink in enumerate(grid.inks[row]):
            if ink != EMPTY:
                drawing.put(area.left + column, area.top + row, grid.character(column, row), ink)
    _markers(shown, area, drawing)
    _end_labels(shown, direct, area, drawing)
    return area


# --- the frame -----------------------------------------------------------------------------


def _area(plot: Plot, drawing: Drawing, top: int, right: int) -> Area:
    """Fit the inner area between legend, ticks and names."""
    rows = drawing.height - top - 2
    points = [point for curve in plot.curves for point in curve.finite]
    kinds = {curve.kind for curve in plot.curves}
    ys = [y for _, y in points] + ([0.0] if "bars" in kinds else [])
    y = Axis.around(ys, rows * 4, limits=plot.y_limits, pad=0.0 if "bars" in kinds else 0.04)
    marks = y.ticks(max(2, rows // 4))
    left = max(len(f"{mark:,.{decimals(marks)}f}") for mark in marks) + 2
    columns = max(4, drawing.width - left - right)
    xs = [x for x, _ in points]
    pad = 0.0 if kinds == {"line"} else 0.05
    if "bars" in kinds and len(xs) > 1:
        pad = 0.5 / (len(set(xs)) - 1) if len(set(xs)) > 1 else pad
    x = Axis.around(xs, columns * 2, limits=plot.x_limits, pad=pad)
    return (
        _squared(Area(left, top, columns, rows, x, y))
        if plot.square
        else Area(left, top, columns, rows, x, y)
    )


def _squared(area: Area) -> Area:
    """Widen one axis around its middle until a unit has as many dots as on the other."""
    x, y = area.x, area.y
    unit = max((x.high - x.low) / x.dots, (y.high - y.low) / y.dots)
    wide, tall = unit * x.dots / 2, unit * y.dots / 2
    middle_x, middle_y = (x.low + x.high) / 2, (y.low + y.high) / 2
    return Area(
        area.left, area.top, area.columns, area.rows,
        Axis(middle_x - wide, middle_x + wide, x.dots), Axis(middle_y - tall, middle_y + tall, y.dots),
    )  # fmt: skip


def _axes(plot: Plot, area: Area, drawing: Drawing) -> None:
    bottom = area.top + area.rows
    marks = area.y.ticks(max(2, area.rows // 4))
    for row in range(area.top, bottom):
        drawing.put(area.left - 1, row, "│", AXIS)
    for mark in marks:
        row = area.cell(area.x.low, mark)[1]
        text = f"{mark:,.{decimals(marks)}f}"
        drawing.put(area.left - 2 - len(text) + 1, row, text + "┤", AXIS)
    drawing.put(area.left - 1, bottom, "└" + "─" * area.columns, AXIS)
    _x_ticks(plot, area, drawing, bottom)


def _x_ticks(plot: Plot, area: Area, drawing: Drawing, bottom: int) -> None:
    """Ticks from left to right; the label of the axis stands at the end, and ticks give way to it."""
    label = plot.x_label[: area.columns]
    end = area.left + area.columns
    last = end - len(label) - 1 if label else end
    drawing.put(end - len(label), bottom + 1, label)
    marks = area.x.ticks(max(2, area.columns // 11))
    used = 0
    for mark in marks:
        column = area.cell(mark, area.y.low)[0]
        text = f"{mark:,.{decimals(marks)}f}"
        start = max(0, column - len(text) // 2)
        if start >= used and start + len(text) <= last:
            drawing.put(column, bottom, "┬", AXIS)
            drawing.put(start, bottom + 1, text, AXIS)
            used = start + len(text) + 1


# --- names of the series ---------------------------------------------------------------------


def _legend(plot: Plot, shown: Sequence[tuple[Curve, Look]], drawing: Drawing) -> int:
    """Write names beside the label of the y axis, or in lines below it; return the first free row."""
    if not plot.legend:
        return int(bool(plot.y_label))
    entries = [(f"{look.sample(curve.kind)} {curve.name}", look.ink) for curve, look in shown]
    start = len(plot.y_label) + 3 if plot.y_label else 0
    length = sum(len(text) + 3 for text, _ in entries) - 3
    row, column = (
        (0, drawing.width - length) if start + length <= drawing.width else (1 if plot.y_label else 0, 0)
    )
    most = max(1, drawing.height // 4)
    for text, ink in entries:
        if column and column + len(text) > drawing.width:
            row, column = row + 1, 0
        if row > most:
            break
        drawing.put(column, row, text, ink)
        column += len(text) + 3
    return min(row, most) + 1


def _direct_labels(shown: Sequence[tuple[Curve, Look]], drawing: Drawing) -> list[str]:
    """Names with last values for the right margin; none where there is no room or no line."""
    if not shown or drawing.width < _DIRECT_FROM or len(shown) > drawing.height - 3:
        return []
    if any(curve.kind != "line" for curve, _ in shown):
        return []
    texts = [f"{look.sample('line')} {curve.name} {number(curve.finite[-1][1])}" for curve, look in shown]
    return texts if max(map(len, texts)) <= drawing.width // 3 else []


def _end_labels(
    shown: Sequence[tuple[Curve, Look]], texts: Sequence[str], area: Area, drawing: Drawing
) -> None:
    """Write each name at the height where its line ends, moved apart where lines end together."""
    ends = [area.cell(*curve.finite[-1])[1] for curve, _ in shown]
    order = sorted(range(len(texts)), key=lambda place: (ends[place], -shown[place][0].finite[-1][1]))
    rows: list[int] = []
    for place in order:
        rows.append(max(ends[place], rows[-1] + 1 if rows else area.top))
    limit = area.top + area.rows
    for i in reversed(range(len(rows))):
        limit = min(rows[i], limit - 1)
        rows[i] = limit
    for place, row in zip(order, rows, strict=True):
        drawing.put(area.left + area.columns + 1, row, texts[place], shown[place][1].ink)


# --- the dots ------------------------------------------------------------------------------


def _line(curve: Curve, look: Look, area: Area, grid: Grid, turn: int) -> None:
    del turn
    at = 0
    last: tuple[int, int] | None = None
    for x, y in _thinned(curve.finite, 2 * area.x.dots):
        dot = area.place(x, y)
        if last is None:
            grid.dot(*dot, look.ink)
        elif dot != last:
            if look.thick:
                grid.line((last[0], last[1] + 1), (dot[0], dot[1] + 1), look.ink, look.dash, at)
            at = grid.line(last, dot, look.ink, look.dash, at)
        last = dot


def _thinned(points: list[tuple[float, float]], most: int) -> Iterator[tuple[float, float]]:
    """Of a long series, the lowest and the highest point of each stretch, in their order."""
    stretch = len(points) // (most // 2) if len(points) > 2 * most else 1
    if stretch == 1:
        yield from points
        return
    for start in range(0, len(points), stretch):
        part = points[start : start + stretch]
        ends = {
            min(range(len(part)), key=lambda i: part[i][1]),
            max(range(len(part)), key=lambda i: part[i][1]),
        }
        yield from (part[i] for i in sorted(ends))
    yield points[-1]


def _bars(curve: Curve, look: Look, area: Area, grid: Grid, turn: int) -> None:
    """Bars as wide as the step between them: the first series filled, the others outlined."""
    points = sorted(curve.finite)
    steps = [right - left for (left, _), (right, _) in pairwise(points) if right > left]
    half = min(steps, default=area.x.high - area.x.low) / 2
    base = area.place(0, max(area.y.low, 0.0))[1]
    snap = 2 if area.x.dot(area.x.low + 2 * half) >= 6 else 1  # whole cells where bars are wide enough
    for x, y in points:
        left, top = area.place(x - half, y)
        right = area.place(x + half, y)[0]
        left, right = left // snap * snap, right // snap * snap - snap
        if y != 0:
            grid.box(left, max(left, right), min(top, base), max(top, base), look.ink, filled=turn == 0)


def _arrow(curve: Curve, look: Look, area: Area, grid: Grid, turn: int) -> None:
    del turn
    points = curve.finite
    grid.arrow(area.place(*points[0]), area.place(*points[-1]), look.ink)


def _dots(curve: Curve, look: Look, area: Area, grid: Grid, turn: int) -> None:
    del turn
    for x, y in curve.finite:
        grid.dot(*area.place(x, y), look.ink)


def _points(curve: Curve, look: Look, area: Area, grid: Grid, turn: int) -> None:
    """Markers are characters, not dots: `_markers` writes them over the grid."""


_DRAWERS = {"line": _line, "bars": _bars, "arrow": _arrow, "points": _points, "dots": _dots}


# --- markers and their labels ------------------------------------------------------------------


def _markers(shown: Sequence[tuple[Curve, Look]], area: Area, drawing: Drawing) -> None:
    """Write all markers first, then each label where it covers nothing; labels without room are left out."""
    wanted: list[tuple[int, int, str, int]] = []
    for curve, look in shown:
        points = curve.finite
        if curve.kind == "arrow":
            column, row = area.cell(*points[-1])
            wanted.append((column, row, curve.labels[0] if curve.labels else "", look.ink))
        elif curve.kind == "points":
            labels = [*curve.labels, *[""] * len(points)]
            for (x, y), label in zip(points, labels, strict=False):
                column, row = area.cell(x, y)
                if area.left <= column < drawing.width and area.top <= row < area.top + area.rows:
                    drawing.put(column, row, look.marker, look.ink)
                    wanted.append((column, row, label, look.ink))
    for column, row, label, ink in wanted:
        put_label(column, row, label, ink, area, drawing)


def put_label(column: int, row: int, label: str, ink: int, area: Area, drawing: Drawing) -> bool:
    """Try right, left, above, below, the corners, further off; a free cell each side keeps labels apart.

    Returns whether there was room.
    """
    if not label:
        return False
    size = len(label)
    middle = column - size // 2
    tries = [
        (column + 2, row), (column - size - 1, row), (middle, row - 1), (middle, row + 1),
        (column + 1, row - 1), (column + 1, row + 1), (column - size, row - 1), (column - size, row + 1),
        (column + 2, row + 1), (column + 2, row - 1), (middle, row - 2), (middle, row + 2),
    ]  # fmt: skip
    for x, y in tries:
        start = max(area.left, x - 1)
        room = min(size + 2, drawing.width - start)
        inside = area.left <= x and x + size <= drawing.width and area.top <= y < area.top + area.rows
        apart = not drawing.lettered(x - 2, y) and not drawing.lettered(x + size + 1, y)
        if inside and apart and drawing.free(start, y, room):
            drawing.put(x, y, label, ink)
            return True
    return False
