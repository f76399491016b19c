"""The two lines above the transcript: which question is open, and its wording."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class QuestionBar(Widget):
    """Number, title and wording; where the list of questions is folded away, a ▾ that opens it."""

    COMPONENT_CLASSES = {"bar--title", "bar--prompt"}
    DEFAULT_CSS = """
    QuestionBar {
        height: auto;
        max-height: 3;
        padding: 0 2;
        background: $surface;
        & > .bar--title { color: $primary; text-style: bold; }
        & > .bar--prompt { color: $text-muted; }
    }
    """
    ALLOW_SELECT = False

    number: reactive[str] = reactive("")
    """`Q7`, or `T1` for a topic."""
    title: reactive[str] = reactive("")
    wording: reactive[str] = reactive("")
    folded: reactive[bool] = reactive(False)
    """Whether the list of questions is out of sight."""

    class Pressed(Message):
        """The learner wants the list of questions."""

    def on_click(self, _event: events.Click) -> None:
        """Open the list."""
        self.post_message(self.Pressed())

    def render(self) -> RenderResult:
        """Write the title above the wording; where room is short, the wording is cut to one line."""
        joint = " ▾ " if self.folded else " · "
        head = Content.styled(f"{self.number}{joint}{self.title}", self.get_visual_style("bar--title"))
        tail = Content.styled(self.wording.replace("`", ""), self.get_visual_style("bar--prompt"))
        if self.folded:
            tail = tail.truncate(max(1, self.content_size.width), ellipsis=True)
        return Content.assemble(head, "\n", tail)
