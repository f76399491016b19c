"""A list of one-line rows with a cursor: columns are laid out for the width there is."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.ui.commands import bindings

R = TypeVar("R")


class Cell(NamedTuple):
    """A piece of a row: its text, exactly as wide as it shall be, and what it is."""

    text: str
    kind: str = ""
    """"" for plain text, else "muted", "strong", "accent", "good" or "bad"."""


def fitted(text: str, width: int) -> str:
    """Fill or cut a text to `width` cells; a cut one ends with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


class RowList(ScrollView, Generic[R], can_focus=True):
    """Shows `rows`; a subclass says in `cells` how one looks.

    The row under the cursor has a sign in front, and a background while the list has the focus.
    """

    BINDINGS = bindings(None, "list")
    COMPONENT_CLASSES = {f"rows--{kind}" for kind in ("cursor", "muted", "strong", "accent", "good", "bad")}
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .rows--muted { color: $text-muted; }
        & > .rows--strong { text-style: bold; }
        & > .rows--accent { color: $text-primary; }
        & > .rows--good { color: $text-success; }
        & > .rows--bad { color: $text-error; }
        & > .rows--cursor { text-style: bold; }
        &:focus > .rows--cursor { background: $primary 30%; text-style: bold; }
    }
    """

    rows: reactive[tuple[R, ...]] = reactive(())
    cursor: reactive[int] = reactive(0)
    empty: reactive[str] = reactive("")
    """What to say where there are no rows; may have several lines."""

    class Highlighted(Message):
        """The cursor is on another row, or the row under it changed."""

        def __init__(self, list: RowList[Any]) -> None:
            super().__init__()
            self.list = list

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.list

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def cells(self, row: R, width: int) -> list[Cell]:
        """Lay one row out on `width` cells."""
        raise NotImplementedError

    # --- what changes --------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        """Stay on the list."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_rows(self) -> None:
        """Take up new rows; the cursor keeps its place."""
        self.virtual_size = Size(0, max(1, len(self.rows)))
        self.cursor = self.validate_cursor(self.cursor)
        self.refresh()
        self.post_message(self.Highlighted(self))

    def watch_cursor(self) -> None:
        """Bring the cursor's row into view."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Highlighted(self))

    def action_cursor(self, step: int) -> None:
        """Move by some rows."""
        self.cursor += step

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        place = event.get_content_offset(self)
        if place is not None:
            self.cursor = place.y + self.scroll_offset.y

    def _wrapped(self, width: int) -> list[str]:
        return [line for text in self.empty.split("\n") for line in wrap(text, max(1, width))]

    # --- drawing -------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One row, the word for no rows, or nothing."""
        width, index = self.scrollable_content_region.width, y + self.scroll_offset.y
        if index >= len(self.rows):
            muted = self.get_component_rich_style("rows--muted")
            words = [] if self.rows else self._wrapped(width - 3)
            text = words[y] if y < len(words) else ""
            return Strip([Segment(fitted(f"  {text}", width), muted)], width)
        here = index == self.cursor
        over = self.get_component_rich_style("rows--cursor", partial=True) if here else None
        pieces = [Segment("▸ " if here else "  ", self.rich_style)]
        for text, kind in self.cells(self.rows[index], max(0, width - 2)):
            pieces.append(
                Segment(text, self.get_component_rich_style(f"rows--{kind}") if kind else self.rich_style)
            )
        strip = Strip(pieces).adjust_cell_length(width, self.rich_style)
        return strip.apply_style(over) if over else strip
