"""Points with names: clouds as dots, small groups as signs, and as many names as have room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from tutor.core.plotting.layout import Area, paint, put_label
from tutor.core.plotting.parts import WORDS, Curve, Drawing, Plot, looks

_CLOUD = 60
"""From so many points on, the largest group is drawn as dots."""
_LONGEST_NAME = 24
_CELLS_PER_NAME = 60
"""Free space that a name takes; more names than this allows would only be noise."""

_Spot = Mapping[str, Any]


def draw_scatter(chart: Mapping[str, Any], width: int, height: int) -> Drawing:
    """Draw all points, then name the outermost ones where a name covers nothing."""
    spots = [spot for spot in chart["points"] if spot["x"] is not None and spot["y"] is not None]
    drawing = Drawing(width, height)
    if not spots:
        drawing.put(max(0, (width - 9) // 2), height // 2, "no points")
        return drawing
    curves = _curves(spots)
    plot = Plot(curves, str(chart.get("x_label", "")), str(chart.get("y_label", "")))
    area = paint(plot, drawing)
    inks = {curve.name: (look.ink, look.marker) for curve, look in zip(curves, looks(curves), strict=True)}
    _name(spots, inks, area, drawing, width * height // _CELLS_PER_NAME)
    return drawing


def _curves(spots: Sequence[_Spot]) -> tuple[Curve, ...]:
    groups: dict[str, list[_Spot]] = {}
    for spot in spots:
        groups.setdefault(str(spot["group"]) or "points", []).append(spot)
    largest = max(groups, key=lambda name: len(groups[name]))
    cloud = largest if len(groups[largest]) >= _CLOUD else None
    return tuple(
        Curve(name, [s["x"] for s in own], [s["y"] for s in own], "dots" if name == cloud else "points")
        for name, own in groups.items()
    )


def _name(
    spots: Sequence[_Spot], inks: Mapping[str, tuple[int, str]], area: Area, drawing: Drawing, most: int
) -> None:
    """Mark and name points, small groups and those far from the middle first."""
    named = [spot for spot in spots if spot["name"]]
    if not named:
        return
    sizes: dict[str, int] = {}
    for spot in spots:
        sizes[str(spot["group"])] = sizes.get(str(spot["group"]), 0) + 1
    middle = (fmean(spot["x"] for spot in spots), fmean(spot["y"] for spot in spots))
    spans = (area.x.high - area.x.low or 1.0, area.y.high - area.y.low or 1.0)

    def rank(spot: _Spot) -> tuple[bool, float]:
        across, up = (spot["x"] - middle[0]) / spans[0], (spot["y"] - middle[1]) / spans[1]
        return sizes[str(spot["group"])] >= _CLOUD, -(across * across + up * up)

    written = 0
    for spot in sorted(named, key=rank):
        if written >= most:
            return
        column, row = area.cell(spot["x"], spot["y"])
        name = str(spot["name"])
        name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
        if put_label(column, row, name, WORDS, area, drawing):
            ink, marker = inks[str(spot["group"]) or "points"]
            drawing.put(column, row, marker, ink)
            written += 1
