"""The left side of the bench: what an experiment is for, the prediction, the controls."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from tutor.core.course_schema import ExperimentFile
from tutor.ui.widgets.experiments import served_by
from tutor.ui.widgets.forecast import Forecast, Said
from tutor.ui.widgets.knobs import Knobs


class Setup(VerticalScroll, can_focus=True):
    """Shows the experiment it was given by `take`; knows what was chosen and typed."""

    DEFAULT_CSS = """
    Setup {
        scrollbar-size-vertical: 1;
        & > #goal, & > #stops, & > #you { color: $text-muted; height: auto; }
        & > #you { color: $text-accent; display: none; margin-bottom: 1; }
        & > #stops { margin-bottom: 1; }
        & > #ready { height: auto; margin: 1 0; text-style: bold; }
        & > #controls { height: auto; }
        &.-free Forecast { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """Goal, prediction, state of the lock, controls."""
        yield Static(id="goal", markup=False)
        yield Static(id="stops", markup=False)
        yield Static(id="you", markup=False)
        yield Forecast()
        yield Static(id="ready", markup=False)
        yield Vertical(id="controls")

    def take(
        self, experiment: ExperimentFile, *, chosen: Said | None, typed: Mapping[str, str], mode: str
    ) -> None:
        """Show an experiment as it was left; `mode` is "guided", "free" or "past"."""
        what = {"free": " · free play", "past": " · run of the past"}.get(mode, "")
        self.border_title = f"{experiment.title}{what}"
        self.border_subtitle = f"serves {served_by(experiment)}"
        self.set_class(mode == "free", "-free")
        self.query_one("#goal", Static).update(experiment.goal)
        self.query_one("#stops", Static).update(_stops(experiment))
        self.notice("")
        forecast = self.query_one(Forecast)
        forecast.set_reactive(Forecast.chosen, chosen)
        if forecast.prediction is experiment.prediction:
            forecast.watch_chosen()
        forecast.prediction = experiment.prediction
        controls = self.query_one("#controls", Vertical)
        controls.remove_children()
        controls.mount(Knobs(experiment.parameters, typed))
        self.scroll_home(animate=False)

    @property
    def chosen(self) -> Said | None:
        """The prediction that was made."""
        return self.query_one(Forecast).chosen

    def choose(self, said: Said | None) -> None:
        """Mark a prediction, or none."""
        self.query_one(Forecast).chosen = said

    @property
    def values(self) -> dict[str, str]:
        """What is typed into the controls, unread."""
        return self.query_one(Knobs).values if self.query(Knobs) else {}

    def say(self, text: str) -> None:
        """Say how it stands: locked, ready, running, what went wrong."""
        self.query_one("#ready", Static).update(text)

    def notice(self, text: str) -> None:
        """Say what the learner's own ratings have to do with it."""
        you = self.query_one("#you", Static)
        you.update(text)
        you.display = bool(text)


def _stops(experiment: ExperimentFile) -> str:
    """When the run ends."""
    seeds = f", one result for each of {experiment.seeds} seeds" if experiment.seeds > 1 else ""
    return f"It stops by itself, after {experiment.budget_s:g} s at most{seeds}."
