"""Charts that are no curves, drawn as text: scatter, bars, histogram, heat map, print-out.

A chart is plain data as `recommender.experiments.charts` describes it; `draw_chart` is to it what `draw`
is to a plot.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from tutor.core.plotting.bar_chart import draw_bars
from tutor.core.plotting.heat_map import draw_heat
from tutor.core.plotting.histogram import draw_histogram
from tutor.core.plotting.parts import Drawing
from tutor.core.plotting.scatter import draw_scatter

Chart = Mapping[str, Any]

_SMALLEST = (16, 4)


def draw_chart(chart: Chart, width: int, height: int) -> Drawing:
    """Lay a chart out on at most `width` x `height` cells; a print-out is as long as it is.

    Where there is too little room the chart is said in words. Raises ValueError for an unknown kind.
    """
    kind = str(chart["kind"])
    if kind == "text":
        return _print_out(chart, width)
    if kind not in _DRAWERS:
        raise ValueError(f"unknown kind of chart {kind!r}; there are {', '.join([*_DRAWERS, 'text'])}")
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        drawing = Drawing(max(0, width), max(0, height))
        for row, line in enumerate(textwrap.wrap(chart_words(chart), max(1, width))[:height]):
            drawing.put(0, row, line)
        return drawing
    return _DRAWERS[kind](chart, width, height)


def chart_words(chart: Chart) -> str:
    """What a chart shows, in one line."""
    says = str(chart["says"]).strip()
    return f"{chart['title']}: {says}" if says else str(chart["title"])


def _print_out(chart: Chart, width: int) -> Drawing:
    lines = str(chart["text"]).expandtabs(4).splitlines()
    drawing = Drawing(max(0, width), len(lines))
    for row, line in enumerate(lines):
        drawing.put(0, row, line if len(line) <= width else f"{line[: max(0, width - 1)]}…")
    return drawing


_DRAWERS: dict[str, Callable[[Chart, int, int], Drawing]] = {
    "scatter": draw_scatter,
    "bars": draw_bars,
    "histogram": draw_histogram,
    "heat": draw_heat,
}
