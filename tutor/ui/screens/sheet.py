"""A sheet over a place: a frame with a title, its keys below, esc to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace
    from tutor.ui.app import TutorApp
    from tutor.ui.bridge import Bridge


class Sheet(ModalScreen[None]):
    """A subclass sets `SHEET_TITLE` and `KEYS` and fills in `compose_sheet`."""

    SHEET_TITLE: ClassVar[str] = ""
    KEYS: ClassVar[str] = "esc back"
    """The keys in words, for the lower edge."""
    BINDINGS = [("escape", "dismiss", "back")]
    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        background: $background 60%;
        & > #sheet {
            width: 100;
            max-width: 100%;
            height: 90%;
            padding: 0 1;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
    }
    """

    def compose(self) -> ComposeResult:
        """Frame what the subclass yields."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = self.SHEET_TITLE
            sheet.border_subtitle = self.KEYS
            yield from self.compose_sheet()

    def compose_sheet(self) -> ComposeResult:
        """Yield what stands in the frame."""
        raise NotImplementedError

    @property
    def workspace(self) -> Workspace:
        """Everything the core offers."""
        return cast("TutorApp", self.app).workspace

    @property
    def bridge(self) -> Bridge:
        """Runs work beside the screen."""
        return cast("TutorApp", self.app).bridge
