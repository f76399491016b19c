"""The yardstick of the start: an app of Textual's own widgets, as many as Learn has, showing fixed text."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Markdown, OptionList, Static, TextArea

LINES = (
    "Welcome to the bare app.",
    "Here is a plan.",
    "This question is on the screen.",
)


class BareApp(App[None]):
    """Header, question list, bar, three messages, prompt, footer."""

    CSS = (
        "Horizontal { height: 1fr; } #questions { width: 34; } #chat { width: 1fr; } TextArea { height: 4; }"
    )

    def compose(self) -> ComposeResult:
        """Lay out what Learn lays out."""
        yield Static("Bare")
        with Horizontal():
            with Vertical(id="questions"):
                yield OptionList(*(f"Question {number}" for number in range(44)))
                yield Static("legend")
            with Vertical(id="chat"):
                yield Static("bar")
                with VerticalScroll():
                    yield from map(Markdown, LINES)
                yield TextArea()
        yield Static("footer")


if __name__ == "__main__":
    BareApp().run()
