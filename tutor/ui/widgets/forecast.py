"""What the learner commits to before a run: a choice, or a number that is sketched on its range."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from tutor.core.course_schema import Prediction
from tutor.ui.commands import bindings

Said = str | float
_SKETCH = 28
"""Cells of the line on which a number is sketched."""


class NumberInput(Input):
    """The number, as typed."""

    BINDINGS = bindings("lab", "number")

    def on_mount(self) -> None:
        """Take the focus where nothing is predicted yet."""
        if not self.value:
            self.focus()


class Forecast(Vertical):
    """Shows the prediction that is asked for and what was said."""

    DEFAULT_CSS = """
    Forecast {
        height: auto;
        & > .ask { text-style: bold; }
        & > .choice, & > .typed { height: auto; }
        & .number { width: 4; color: $text-accent; text-style: bold; }
        & .text { width: 1fr; }
        & .-chosen .text { text-style: bold; }
        & NumberInput { width: 14; border: none; height: 1; padding: 0 1; background: $surface; }
        & NumberInput:focus { background: $primary 25%; }
        & .range { width: 1fr; padding: 0 1; color: $text-muted; }
        & .sketch { color: $text-accent; }
    }
    """

    prediction: reactive[Prediction | None] = reactive(None, recompose=True)
    chosen: reactive[Said | None] = reactive(None)
    """Key of the choice, or the number."""

    class Typed(Message):
        """A number was typed and sent, unread."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        """The question, then a numbered line for each choice, or a field and its range."""
        asked = self.prediction
        if asked is None:
            return
        yield Static(asked.ask, classes="ask", markup=False)
        if asked.is_number:
            with Horizontal(classes="typed"):
                yield NumberInput("" if self.chosen is None else f"{self.chosen:g}", placeholder="number")
                yield Static(_range(asked), classes="range", markup=False)
            yield Static(sketch(asked, self.chosen), classes="sketch", markup=False)
        for place, choice in enumerate(asked.choices, 1):
            here = choice.key == self.chosen
            with Horizontal(classes=f"choice {'-chosen' if here else ''}", name=choice.key):
                yield Static(f"{'▸' if here else ' '} {place}", classes="number", name=str(place))
                yield Static(choice.text, classes="text", markup=False)

    @on(Input.Submitted)
    def _typed(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Typed(message.value))

    def watch_chosen(self) -> None:
        """Mark the choice with a sign in front, or the number on its line."""
        for row in self.query(".choice"):
            here = row.name == self.chosen
            row.set_class(here, "-chosen")
            number = row.query_one(".number", Static)
            number.update(f"{'▸' if here else ' '} {number.name}")
        if self.prediction is not None:
            for line in self.query(".sketch").results(Static):
                line.update(sketch(self.prediction, self.chosen))


def sketch(asked: Prediction, said: Said | None) -> str:
    """The range as a line with a mark where the number lies: `0 ├────●─────┤ 5 stars`."""
    low, high = asked.low or 0.0, asked.high or 0.0
    line = ["─"] * _SKETCH
    if isinstance(said, (int, float)):
        share = (said - low) / ((high - low) or 1.0)
        line[min(_SKETCH - 1, max(0, round(share * (_SKETCH - 1))))] = "●"
    return f"{low:g} ├{''.join(line)}┤ {high:g} {asked.unit}".rstrip()


def _range(asked: Prediction) -> str:
    unit = f" {asked.unit}" if asked.unit else ""
    return f"{asked.low:g} to {asked.high:g}{unit}; {asked.near:g} off still counts"
