"""Every key with its meaning and its twin on the command line, made from the registry."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.ui.commands import PLACES, Command, Where, commands_of, keys_name

_INTRODUCTION = (
    "Type an answer and press enter: a guess is useful. Everything is saved as it happens. "
    "Hold shift and drag to select text with the mouse."
)
WIDTH, FRAME, KEYS = 96, 7, 8
"""Cells: the page, its border, padding and scrollbar, the column of keys."""
_FOCUS = {"transcript": "in the transcript", "map": "in the list of questions", "list": "in a list"}


class Help(ModalScreen[None]):
    """F1: one page, the place one is in first."""

    BINDINGS = [
        ("escape,f1,q", "dismiss", "back"),
        ("j", "scroll(1)", "down"),
        ("k", "scroll(-1)", "up"),
    ]
    DEFAULT_CSS = """
    Help {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 96;
            max-width: 100%;
            height: 90%;
            padding: 1 2;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
    }
    """

    def __init__(self, here: Where | None) -> None:
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        """Write the page as one text."""
        page = VerticalScroll(Static(Content("\n").join(self._lines())))
        page.border_title = "Help"
        page.border_subtitle = "esc back"
        yield page

    def action_scroll(self, direction: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False)

    def _lines(self) -> Iterator[Content]:
        yield Content(_INTRODUCTION)
        others = [place for place in (*PLACES, "code") if place != self._here]
        for place in (*([self._here] if self._here else []), None, *others):
            commands = list(commands_of(place))
            if commands:
                yield Content("")
                yield Content.styled(PLACES.get(place, "Code") if place else "Everywhere", "bold $primary")
                yield from map(self._line, commands)

    def _line(self, one: Command) -> Content:
        where = f" ({_FOCUS[one.focus]})" if one.focus in _FOCUS else ""
        meaning = f"  {one.help[:-1]}{where}."
        beside = KEYS + len(meaning) + 3 + len(one.cli or "") <= min(WIDTH, self.app.size.width) - FRAME
        gap = "   " if beside else f"\n{'':{KEYS + 2}}"
        return Content.assemble(
            (f"{keys_name(one):>{KEYS}}", "bold $accent"),
            meaning,
            (f"{gap}{one.cli}" if one.cli else "", "$foreground 55%"),
        )
