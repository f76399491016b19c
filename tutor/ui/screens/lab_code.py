"""An experiment as a few lines of Python, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.highlight import highlight
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp


class Code(ModalScreen[None]):
    """Shows code; y copies it."""

    BINDINGS = [("escape,k,q", "dismiss", "back"), ("y,c", "copy", "copy")]
    DEFAULT_CSS = """
    Code {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 100;
            max-width: 100%;
            height: auto;
            max-height: 94%;
            padding: 0 1;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
        & Static { width: auto; min-width: 100%; }
    }
    """

    def __init__(self, title: str, lines: str) -> None:
        super().__init__()
        self._heading = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Write the code on one page."""
        page = VerticalScroll(Static(highlight(self._lines, language="python")))
        page.border_title = f"{self._heading} in {len(self._lines.splitlines())} lines"
        page.border_subtitle = "y copy · esc back"
        yield page

    def action_copy(self) -> None:
        """Copy all of it."""
        cast("TutorApp", self.app).copy(self._lines + "\n")
