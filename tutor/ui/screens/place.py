"""What the five places have in common: header above, footer below, a body between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.screen import Screen

from tutor.ui.commands import Where
from tutor.ui.widgets.footer import Footer
from tutor.ui.widgets.header import Header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from tutor.core.workspace import Workspace
    from tutor.ui.app import TutorApp
    from tutor.ui.bridge import Bridge


class Place(Screen[None]):
    """A top-level screen. A subclass sets `PLACE` and `BINDINGS` and fills in `compose_body`."""

    PLACE: ClassVar[Where]
    """Which of the five this is."""

    WIDE: ClassVar[int] = 100
    """Columns from which two columns stand side by side."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        width, height = self.app.size  # known already: no second pass of styles for the first frame
        self.add_class("-wide" if width >= self.WIDE else "-narrow", "-tall" if height >= 20 else "-short")

    def compose(self) -> ComposeResult:
        """Lay out header, body and footer."""
        yield Header(self.PLACE)
        yield from self.compose_body()
        yield Footer()

    def compose_body(self) -> ComposeResult:
        """Yield what stands between header and footer."""
        raise NotImplementedError

    def arrive(self, argument: str | None = None) -> None:
        """Take up what led here: Lab gets an experiment's name, Movies a search, Learn a question's id."""

    def set_up(self, settings: Mapping[str, Any]) -> None:
        """Take settings for what `arrive` is about to show: in the Lab the knobs of its experiment."""

    @property
    def tutor(self) -> TutorApp:
        """The app, by its own type."""
        return cast("TutorApp", self.app)

    @property
    def workspace(self) -> Workspace:
        """Everything the core offers."""
        return self.tutor.workspace

    @property
    def bridge(self) -> Bridge:
        """Runs work beside the screen."""
        return self.tutor.bridge
