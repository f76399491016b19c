"""A sitting looked back on, to read, to copy and to save."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Markdown

from tutor.core.events import Failed
from tutor.core.practice import utc_now
from tutor.core.recap import recap
from tutor.core.recap_text import markdown
from tutor.ui.bridge import Bridge
from tutor.ui.screens.sheet import Sheet

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp


class Recap(Sheet):
    """The last sitting as Markdown."""

    SHEET_TITLE = "Recap"
    KEYS = "s save as Markdown  y copy  j k scroll  esc back"
    BINDINGS = [
        ("s", "save", "save"),
        ("y,c", "copy", "copy"),
        ("j,down", "scroll(1)", "down"),
        ("k,up", "scroll(-1)", "up"),
        ("f12,q", "dismiss", "back"),
    ]
    DEFAULT_CSS = """
    Recap {
        & VerticalScroll { scrollbar-size-vertical: 1; }
        & Markdown { background: $surface; padding: 0 1; margin: 0; }
        & MarkdownH1 { margin: 0 0 1 0; content-align: left middle; }
        & MarkdownH2 { margin: 1 0 0 0; }
        & MarkdownH3 { margin: 1 0 0 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        """The recap; empty until it is there, or where there is nothing to look back on."""

    def compose_sheet(self) -> ComposeResult:
        """The page, filled once the recap is there."""
        with VerticalScroll():
            yield Markdown("Looking back …")

    def on_mount(self) -> None:
        """Gather it beside the screen."""
        self.bridge.ask(self, "recap", lambda: recap(self.workspace, utc_now()))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show the recap, or where it was saved."""
        if message.channel == "recap-saved":
            self.notify(f"Saved: {message.value}", markup=False)
            return
        text = markdown(message.value)
        self._text = "" if message.value.is_empty else text
        self.query_one(Markdown).update(text)

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say why it is not there, or could not be saved."""
        if isinstance(message.event, Failed):
            self.notify(message.event.message, severity="warning", markup=False)

    def action_save(self) -> None:
        """Write it into a new file of the learner's folder."""
        text, folder = self._text, self.workspace.paths.home / "exports"
        if text:
            self.bridge.ask(self, "recap-saved", lambda: save(text, folder))

    def action_copy(self) -> None:
        """Copy all of it."""
        if self._text:
            cast("TutorApp", self.app).copy(self._text)

    def action_scroll(self, direction: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False)


def save(text: str, folder: Path) -> Path:
    """Write the recap into a file named after the day; one that is there is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"recap-{date.today().isoformat()}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.md" for number in count(1))
    path = next(folder / name for name in names if not (folder / name).exists())
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
