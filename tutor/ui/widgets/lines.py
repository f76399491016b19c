"""One line of the dialogue as a widget: the tutor's as Markdown, the learner's own words as they are."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, Static

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from textual.events import Mount

_SIGNS = re.compile(r"\n(?=[✓○●·▸→✗]|\d+  )")
"""A point's sign or a number in a list opens a line of its own; Markdown would run the lines together."""

_LONGEST = 1200
"""Characters of the learner's that the transcript shows; all of them are kept."""


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


class TutorLine(Markdown):
    """What the tutor says, with its name in the margin and a small label below.

    The blocks are composed with the widget, not loaded after it, so that the first frame holds them.
    """

    DEFAULT_CSS = """
    TutorLine {
        padding: 0;
        color: $foreground;
        border-bottom: blank $background;
        border-subtitle-align: right;
        border-subtitle-color: $text-muted;
        & > .line--name { color: $primary; text-style: bold; }
        &.line > MarkdownBlock { margin: 0 0 1 8; }
        &.line > MarkdownBlock:last-child { margin: 0 0 0 8; }
    }
    """
    COMPONENT_CLASSES = {"line--name"}

    def __init__(self, text: str, label: str | None = None, *, earlier: bool = False) -> None:
        super().__init__(parser_factory=_parser, open_links=False)
        self._markdown = text
        self.add_class("line")
        self.set_class(earlier, "-earlier")
        if label:
            self.border_subtitle = Content(label)

    def compose(self) -> ComposeResult:
        """Turn the text into blocks."""
        yield from self._build_from_source(_SIGNS.sub("  \n", self._markdown))

    async def _on_mount(self, event: Mount) -> None:  # type: ignore[override]  # as Markdown does
        """Keep the base class from parsing again."""
        event.prevent_default()

    def render(self) -> RenderResult:
        """Write the name into the margin that the blocks leave free."""
        return Content.styled("Tutor", self.get_visual_style("line--name"))


class YourLine(Widget):
    """What the learner wrote, word for word."""

    DEFAULT_CSS = """
    YourLine {
        height: auto;
        margin: 0 0 1 0;
        & > .line--name { color: $accent; text-style: bold; }
        & > Static {
            margin: 0 0 0 8;
            padding: 0 1;
            background: $surface;
            border-left: outer $accent;
        }
    }
    """
    COMPONENT_CLASSES = {"line--name"}

    def __init__(self, text: str, *, earlier: bool = False) -> None:
        super().__init__(classes="line")
        self.set_class(earlier, "-earlier")
        self.source = text

    def compose(self) -> ComposeResult:
        """Quote the words; a very long text is shown in part."""
        shown = self.source
        if len(shown) > _LONGEST:
            shown = f"{shown[:_LONGEST].rstrip()} … ({len(self.source):,} characters, all kept)"
        yield Static(Content(shown))

    def render(self) -> RenderResult:
        """Write the name into the margin."""
        return Content.styled("You", self.get_visual_style("line--name"))
