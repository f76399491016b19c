"""The left side of the bench: what an experiment is for, the prediction, the controls."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from tutor.core.course_schema import ExperimentFile
from tutor.ui.widgets.experiments import served_by
from tutor.ui.widgets.forecast import Forecast
from tutor.ui.widgets.knobs import Knobs


class Setup(VerticalScroll, can_focus=True):
    """Shows the experiment it was given by `take`; knows what was chosen and typed."""

    DEFAULT_CSS = """
    Setup {
        scrollbar-size-vertical: 1;
        & > #goal { color: $text-muted; height: auto; margin-bottom: 1; }
        & > #ready { height: auto; margin: 1 0; text-style: bold; }
        & > #controls { height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Goal, prediction, state of the lock, controls."""
        yield Static(id="goal", markup=False)
        yield Forecast()
        yield Static(id="ready", markup=False)
        yield Vertical(id="controls")

    def take(self, experiment: ExperimentFile) -> None:
        """Begin with an experiment; nothing is chosen."""
        self.border_title, self.border_subtitle = experiment.title, f"serves {served_by(experiment)}"
        self.query_one("#goal", Static).update(experiment.goal)
        forecast = self.query_one(Forecast)
        forecast.prediction, forecast.chosen = experiment.prediction, None
        controls = self.query_one("#controls", Vertical)
        controls.remove_children()
        controls.mount(Knobs(experiment.parameters))

    @property
    def chosen(self) -> str | None:
        """Key of the prediction that was chosen."""
        return self.query_one(Forecast).chosen

    def choose(self, key: str | None) -> None:
        """Mark a prediction, or none."""
        self.query_one(Forecast).chosen = key

    @property
    def values(self) -> dict[str, str]:
        """What is typed into the controls, unread."""
        return self.query_one(Knobs).values

    def say(self, text: str) -> None:
        """Say how it stands: locked, ready, running, what went wrong."""
        self.query_one("#ready", Static).update(text)
