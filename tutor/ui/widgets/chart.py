"""A plot or a chart on the screen: `tutor.core.plotting` draws it, this colours it with the theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tutor.core.plotting import (
    AXIS,
    COLD,
    EMPTY,
    FAINT,
    HEAT,
    INKS,
    LEVELS,
    WORDS,
    Drawing,
    Plot,
    chart_words,
    draw,
    draw_chart,
    summary,
)

_PARTS = {
    AXIS: "chart--axis",
    WORDS: "chart--words",
    **{ink: f"chart--ink-{ink}" for ink in range(INKS)},
    **{FAINT + ink: f"chart--faint-{ink}" for ink in range(INKS)},
    **{HEAT + level: f"chart--heat-{level}" for level in range(LEVELS)},
    **{COLD + level: f"chart--cold-{level}" for level in range(LEVELS)},
}


class Chart(Widget):
    """Shows `plot`, a plot of curves or a chart; set it anew to redraw. `summary` says the same in words."""

    COMPONENT_CLASSES = set(_PARTS.values())
    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        & > .chart--axis { color: $text-muted; }
        & > .chart--words { color: $text-muted; }
        & > .chart--ink-0 { color: $text-primary; }
        & > .chart--ink-1 { color: $text-warning; }
        & > .chart--ink-2 { color: $text-success; }
        & > .chart--ink-3 { color: $text-error; }
        & > .chart--ink-4 { color: $text-secondary; }
        & > .chart--ink-5 { color: $text-accent; }
        & > .chart--faint-0 { color: $text-primary 60%; }
        & > .chart--faint-1 { color: $text-warning 60%; }
        & > .chart--faint-2 { color: $text-success 60%; }
        & > .chart--faint-3 { color: $text-error 60%; }
        & > .chart--faint-4 { color: $text-secondary 60%; }
        & > .chart--faint-5 { color: $text-accent 60%; }
        & > .chart--heat-0 { color: $text-primary 55%; }
        & > .chart--heat-1 { color: $text-primary 75%; }
        & > .chart--heat-2 { color: $text-primary; }
        & > .chart--heat-3 { color: $text-warning; }
        & > .chart--cold-0 { color: $text-error 55%; }
        & > .chart--cold-1 { color: $text-error 70%; }
        & > .chart--cold-2 { color: $text-error 85%; }
        & > .chart--cold-3 { color: $text-error; }
    }
    """

    plot: reactive[Plot | Mapping[str, Any]] = reactive(Plot())

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing: Drawing | None = None
        self._drawn: tuple[int, int] | None = None
        self._styles: dict[int, Style] = {}

    @property
    def summary(self) -> str:
        """What is shown, in one line."""
        return summary(self.plot) if isinstance(self.plot, Plot) else chart_words(self.plot)

    def watch_plot(self) -> None:
        """Draw anew; a print-out is as tall as it is long, everything else fills its place."""
        self._drawn = None
        text = None if isinstance(self.plot, Plot) else self.plot.get("text")
        self.styles.height = None if text is None else len(str(text).splitlines())

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, which is made once for each plot and size."""
        width, height = self.content_size
        if self._drawing is None or self._drawn != (width, height):
            drawn = draw if isinstance(self.plot, Plot) else draw_chart
            self._drawing = drawn(self.plot, width, height)  # type: ignore[arg-type]
            self._drawn = (width, height)
            self._styles.clear()
        if y >= self._drawing.height:
            return Strip.blank(width, self._style(EMPTY))
        return Strip([Segment(text, self._style(ink)) for ink, text in self._drawing.spans(y)], width)

    def _style(self, ink: int) -> Style:
        """The style of an ink, looked up once for each drawing."""
        if ink not in self._styles:
            part = _PARTS.get(ink)
            self._styles[ink] = self.get_component_rich_style(part) if part else self.rich_style
        return self._styles[ink]

    def notify_style_update(self) -> None:
        """Forget styles that another theme or focus may have changed."""
        super().notify_style_update()
        self._styles.clear()
