"""The list of questions over the transcript, where there is no room beside it."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.core.curriculum import Course, Entry
from tutor.ui.widgets.question_map import LEGEND, QuestionMap


class Questions(ModalScreen[Entry | None]):
    """Pick a question, or Escape."""

    BINDINGS = [("escape", "dismiss", "back")]
    DEFAULT_CSS = """
    Questions {
        align: left top;
        background: $background 50%;
        & > Vertical {
            width: 48;
            max-width: 100%;
            height: 100%;
            margin: 1 0;
            padding: 1 0 0 0;
            background: $surface;
            border-right: outer $primary;
        }
        #legend { height: 4; padding: 1 2; color: $text-muted; }
    }
    """

    def __init__(self, course: Course, current: str | None, states: Mapping[str, str]) -> None:
        super().__init__()
        self._course = course
        self._current = current
        self._states = states

    def compose(self) -> ComposeResult:
        """Lay out the list and what its signs mean."""
        with Vertical():
            yield QuestionMap(self._course.units, self._course.entries)
            yield Static(LEGEND, id="legend", markup=False)

    def on_mount(self) -> None:
        """Fill the list and begin at the open question."""
        questions = self.query_one(QuestionMap)
        questions.show(self._current, self._states)
        questions.focus()

    @on(QuestionMap.Opened)
    def _chosen(self, message: QuestionMap.Opened) -> None:
        self.dismiss(message.entry)
