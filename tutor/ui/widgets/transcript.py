"""The dialogue so far: one widget per line, the newest always in view until one scrolls up."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.ui.commands import bindings
from tutor.ui.widgets.lines import TutorLine, YourLine

Line = TutorLine | YourLine


def line(role: str, text: str, label: str | None = None, *, earlier: bool = False) -> Line:
    """Make the widget for one message."""
    if role == "you":
        return YourLine(text, earlier=earlier)
    return TutorLine(text, label, earlier=earlier)


class Transcript(VerticalScroll):
    """A scrolling dialogue that stays at its end while lines are added."""

    BINDINGS = bindings("learn", "transcript")
    DEFAULT_CSS = """
    Transcript {
        padding: 1 2 0 2;
        & > .-earlier { opacity: 65%; }
        & > .note { margin: 0 0 1 8; color: $text-muted; text-style: italic; }
    }
    """

    class Copied(Message):
        """The learner wants this text in the clipboard."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_mount(self) -> None:
        """Stay at the end."""
        self.anchor()

    def add(self, role: str, text: str, label: str | None = None) -> None:
        """Append a message and show it."""
        self.mount(line(role, text, label))
        self.anchor()

    def note(self, text: str) -> None:
        """Append a small remark of the screen's own; it is not part of the dialogue."""
        self.mount(Static(Content(text), classes="note"))
        self.anchor()

    def put_before(self, lines: Iterable[Line]) -> None:
        """Add older messages above everything."""
        self.mount_all(lines, before=0 if self.children else None)

    def action_copy(self) -> None:
        """Copy the last message."""
        said = [child for child in self.children if isinstance(child, TutorLine | YourLine)]
        if said:
            self.post_message(self.Copied(said[-1].source))
