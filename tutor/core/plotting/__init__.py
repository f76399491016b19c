"""Plots and charts as lines of text: curves and arrows on braille dots; bars, histograms, heat maps, maps.

`draw` lays a `Plot` out for any size and says for every cell which ink it has, so that a screen
can colour it and a pipe can print it as it is; `draw_chart` does so for a chart. Series differ by
name, by dash, thickness or marker, and only then by ink. `summary` and `chart_words` say in words
what the picture shows.
"""

from __future__ import annotations

import textwrap

from tutor.core.plotting.bars import bar_lines, meter, thin_meter
from tutor.core.plotting.braille import EMPTY
from tutor.core.plotting.charts import Chart, chart_words, draw_chart
from tutor.core.plotting.layout import paint
from tutor.core.plotting.parts import AXIS, COLD, FAINT, HEAT, INKS, LEVELS, WORDS, Curve, Drawing, Plot
from tutor.core.plotting.scales import number
from tutor.core.plotting.words import summary

__all__ = [
    "AXIS",
    "COLD",
    "EMPTY",
    "FAINT",
    "HEAT",
    "INKS",
    "LEVELS",
    "WORDS",
    "Chart",
    "Curve",
    "Drawing",
    "Plot",
    "bar_lines",
    "chart_words",
    "draw",
    "draw_chart",
    "meter",
    "number",
    "summary",
    "thin_meter",
]

_SMALLEST = (16, 5)


def draw(plot: Plot, width: int, height: int) -> Drawing:
    """Lay a plot out on `width` x `height` cells. Where that is too small for axes, say it in words."""
    drawing = Drawing(max(0, width), max(0, height))
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        for row, line in enumerate(textwrap.wrap(summary(plot), max(1, width))[:height]):
            drawing.put(0, row, line)
        return drawing
    if not any(curve.finite for curve in plot.curves):
        drawing.put(max(0, (width - 13) // 2), height // 2, "no points yet")
        return drawing
    paint(plot, drawing)
    return drawing
