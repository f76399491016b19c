"""A plot on the screen: `tutor.core.plotting` draws it, this colours it with the theme."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tutor.core.plotting import AXIS, EMPTY, INKS, WORDS, Drawing, Plot, draw, summary

_PARTS = {AXIS: "chart--axis", WORDS: "chart--words"} | {ink: f"chart--ink-{ink}" for ink in range(INKS)}


class Chart(Widget):
    """Shows `plot`; set it to a new one to redraw. `summary` says the same in words."""

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
    }
    """

    plot: reactive[Plot] = reactive(Plot())

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing: Drawing | None = None
        self._styles: dict[int, Style] = {}

    @property
    def summary(self) -> str:
        """What the plot shows, in one line."""
        return summary(self.plot)

    def watch_plot(self) -> None:
        """Draw anew."""
        self._drawing = None

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, which is made once for each plot and size."""
        width, height = self.content_size
        if self._drawing is None or (self._drawing.width, self._drawing.height) != (width, height):
            self._drawing = draw(self.plot, width, height)
            self._styles.clear()
        if y >= height:
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
