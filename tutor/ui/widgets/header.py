"""The line above every place: where one can go, and the learner's figures."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from tutor.ui.commands import PLACES, Where
from tutor.ui.facts import Facts


class Header(Widget):
    """Places on the left, figures or a passing note on the right; both sides can be clicked."""

    COMPONENT_CLASSES = {"header--name", "header--place", "header--current", "header--note"}
    DEFAULT_CSS = """
    Header {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text-muted;
        & > .header--name { color: $primary; text-style: bold; }
        & > .header--place { color: $foreground; }
        & > .header--current { background: $primary; color: $background; text-style: bold; }
        & > .header--note { color: $accent; }
    }
    """
    ALLOW_SELECT = False

    facts: reactive[Facts] = reactive(Facts())
    note: reactive[str] = reactive("")
    """Takes the place of the figures while something is fetched or trained."""

    def __init__(self, place: Where) -> None:
        super().__init__()
        self._place = place

    def on_mount(self) -> None:
        """Follow the app's figures."""
        self.watch(self.app, "facts", self._take_facts)
        self.watch(self.app, "note", self._take_note)

    def _take_facts(self, facts: Facts) -> None:
        self.facts = facts

    def _take_note(self, note: str) -> None:
        self.note = note

    async def on_click(self, event: events.Click) -> None:
        """Go to the place under the mouse."""
        place = event.style.meta.get("go")
        if place:
            await self.run_action(f"app.go('{place}')")

    def render(self) -> RenderResult:
        """Fill the line with the fullest wording that fits."""
        width = self.content_size.width
        for left, right in self._wordings():
            gap = width - left.cell_length - right.cell_length
            if gap >= 1:
                return Content.assemble(left, " " * gap, right)
        return left

    def _wordings(self) -> Iterator[tuple[Content, Content]]:
        facts = self.facts
        figures = f"{facts.time}{facts.due} due · {facts.done}/{facts.written}"
        long = self._right(self.note or f"{figures} · {facts.data}")
        short = self._right(self.note or f"{figures} · {facts.short_data}")
        name = Content.assemble(("Tutor", self.get_visual_style("header--name")), " ")
        yield Content.assemble(name, self._places(3)), long
        yield Content.assemble(name, self._places(2)), long
        yield self._places(1), short
        yield self._places(1), self._right(f"{facts.time}{facts.due} due")
        yield self._places(1), self._right(f"{facts.due} due")
        yield self._places(0), Content("")

    def _places(self, gap: int) -> Content:
        parts = []
        for number, (place, name) in enumerate(PLACES.items(), 1):
            kind = "header--current" if place == self._place else "header--place"
            style = self.get_visual_style(kind) + Style.from_meta({"go": place})
            text = f" {number} {name} " if gap else f"{number} "
            parts.append(Content.styled(text, style))
        return Content(" " * max(0, gap - 2)).join(parts)

    def _right(self, text: str) -> Content:
        style = self.get_visual_style("header--note") if self.note else Style()
        return Content.styled(text, style + Style.from_meta({"go": "progress"}))
