"""What the learner commits to before a run: the question and its choices."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widgets import Static

from tutor.core.course_schema import Prediction


class Forecast(Vertical):
    """Shows the prediction that is asked for and the choice that was made."""

    DEFAULT_CSS = """
    Forecast {
        height: auto;
        & > .ask { text-style: bold; }
        & > .choice { height: auto; }
        & .number { width: 4; color: $text-accent; text-style: bold; }
        & .text { width: 1fr; }
        & .-chosen .text { text-style: bold; }
    }
    """

    prediction: reactive[Prediction | None] = reactive(None, recompose=True)
    chosen: reactive[str | None] = reactive(None)
    """Key of the choice."""

    def compose(self) -> ComposeResult:
        """The question, then a numbered line for each choice."""
        if self.prediction is None:
            return
        yield Static(self.prediction.ask, classes="ask", markup=False)
        for place, choice in enumerate(self.prediction.choices, 1):
            with Horizontal(classes="choice", name=choice.key):
                yield Static(f"  {place}", classes="number", name=str(place))
                yield Static(choice.text, classes="text", markup=False)

    def watch_chosen(self) -> None:
        """Mark the choice with a sign in front."""
        for row in self.query(".choice"):
            here = row.name == self.chosen
            row.set_class(here, "-chosen")
            number = row.query_one(".number", Static)
            number.update(f"{'▸' if here else ' '} {number.name}")
