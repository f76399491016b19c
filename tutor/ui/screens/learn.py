"""Learn: the tutor asks, the learner answers."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place


class Learn(Place):
    """The chat with its question map."""

    PLACE = "learn"
    BINDINGS = bindings("learn")

    def compose_body(self) -> ComposeResult:
        """Lay out map, transcript and prompt."""
        yield Static("Learn")
