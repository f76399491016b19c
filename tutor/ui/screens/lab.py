"""Lab: choose an experiment, predict, run, and compare what was said with what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from tutor.core.errors import BadInput
from tutor.core.events import Failed, RunFinished, RunStarted
from tutor.core.plotting import meter
from tutor.core.settings import read_settings
from tutor.core.vectors import pairs
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.experiments import Experiments, about
from tutor.ui.widgets.growing import Growing
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome
from tutor.ui.widgets.rows import RowList
from tutor.ui.widgets.setup import Setup
from tutor.ui.widgets.vectors import Vectors

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile

STAGE_OF = {
    "predict": "predict", "run": "predict", "next_seed": "predict",
    "stop": "running", "explain": "result", "again": "result",
}  # fmt: skip
"""The stage in which an action works."""
DONE = "Done. e explains, a predicts and runs again."
PLAY = "Now move the film's vector: ← → turn, ↑ ↓ stretch, f flips. a predicts again."
Stage = Literal["list", "predict", "running", "result"]


class Lab(Place):
    """The list of experiments, and the bench on which one of them is run."""

    PLACE = "lab"
    BINDINGS = bindings("lab")
    CSS_PATH = "lab.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[ExperimentFile, ...] = ()
        self._file: ExperimentFile | None = None
        self._wanted: str | None = None
        self._stage: Stage = "list"
        self._seed = 0
        self._curves = Growing()

    def compose_body(self) -> ComposeResult:
        """Lay out the list and the bench; one of them shows."""
        with Horizontal(id="browse"):
            yield Experiments(id="experiments", classes="pane")
            yield Static(id="about", classes="pane")
        with Horizontal(id="bench"):
            yield Setup(id="setup", classes="pane")
            with Vertical(id="stage"):
                with Vertical(id="plot", classes="pane"):
                    yield Chart(id="chart")
                    yield Vectors()
                    yield Static(id="reading", markup=False)
                with VerticalScroll(id="result", classes="pane", can_focus=True):
                    yield Outcome()

    def on_mount(self) -> None:
        """Begin with the list."""
        self._enter("list")
        self.query_one("#experiments").border_title = "Experiments"
        self.bridge.ask(self, "lab-list", self.workspace.lab.experiments)

    def arrive(self, argument: str | None = None) -> None:
        """Open the experiment that led here."""
        self._wanted = argument
        if argument and self._files:
            self._open_wanted()

    # --- what can be done now --------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each stage has its own keys."""
        if action == "back":
            return self._stage in ("predict", "result")
        if action not in STAGE_OF:
            return super().check_action(action, parameters)
        if self._stage != STAGE_OF[action] or isinstance(self.focused, Input):
            return False
        return action != "predict" or int(str(parameters[0])) <= self._choices

    @property
    def _playful(self) -> bool:
        """Whether the experiment's vectors can be moved by hand after the run."""
        return self._file is not None and self._file.family == "dot-product"

    @property
    def _choices(self) -> int:
        return len(self._file.prediction.choices) if self._file else 0

    def action_predict(self, key: str) -> None:
        """Commit to a prediction; it can be changed until Run."""
        assert self._file is not None
        self.query_one(Setup).choose(self._file.prediction.choices[int(key) - 1].key)
        self._show_ready()

    def action_next_seed(self) -> None:
        """Take other start values."""
        self._seed += 1
        self._show_ready()
        self._show_plot()

    def action_run(self) -> None:
        """Run; without a prediction, say what is missing."""
        file, prediction = self._file, self.query_one(Setup).chosen
        if file is None or prediction is None:
            self._show_ready()
            self.app.bell()
            return
        try:
            settings = read_settings(file, self.query_one(Setup).values)
        except BadInput as error:
            self.query_one(Setup).say(str(error))
            return
        lab = self.workspace.lab
        chosen: dict[str, Any] = {"settings": settings, "seed": self._seed, "prediction": prediction}
        if self.bridge.start(
            self, "lab", lambda cancelled: lab.run(file.name, **chosen, cancelled=cancelled)
        ):
            self._curves = Growing()
            self._enter("running")
            self._show_plot()
            self._read("Starting …  x cancels")
            self.query_one(Setup).say("Running …")

    def action_stop(self) -> None:
        """Stop the run."""
        self._read("Stopping …")
        self.bridge.cancel("lab")

    def action_explain(self) -> None:
        """Show or hide the explanation."""
        outcome = self.query_one(Outcome)
        outcome.explained = not outcome.explained

    def action_again(self) -> None:
        """Go back to the prediction; the old curves stay until the next run."""
        self.query_one(Setup).choose(None)
        self.query_one(Outcome).run = None
        self._enter("predict")
        self._show_ready()

    def action_back(self) -> None:
        """Leave a text field; from the bench go to the list."""
        if isinstance(self.focused, KnobInput):
            self.query_one("#setup").focus()
        else:
            self._enter("list")

    # --- opening ---------------------------------------------------------------------------

    @on(RowList.Highlighted, "#experiments")
    def _preview(self) -> None:
        file = self.query_one(Experiments).current
        if file is not None:
            pane = self.query_one("#about", Static)
            pane.border_title = file.title
            pane.update(about(file))

    @on(Experiments.Chosen)
    def _chosen(self, message: Experiments.Chosen) -> None:
        self._open(message.experiment)

    def _open_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        for place, file in enumerate(self._files):
            if file.name == wanted and self._stage != "running":
                self.query_one(Experiments).cursor = place
                self._open(file)

    def _open(self, file: ExperimentFile) -> None:
        if file is self._file:
            self._enter("result" if self.query_one(Outcome).run else "predict")
            return
        self._file, self._curves = file, Growing()
        outcome = self.query_one(Outcome)
        outcome.experiment, outcome.run, outcome.explained = file, None, False
        self.query_one(Setup).take(file)
        self._enter("predict")
        self._show_ready()
        self._show_plot()
        self._read(f"Claim to test: {file.claim}")
        if self._playful:
            self.bridge.ask(self, "lab-vectors", lambda: pairs(self.workspace))

    def _enter(self, stage: Stage) -> None:
        for name in ("list", "predict", "running", "result"):
            self.set_class(name == stage, f"-{name}")
        self._stage = stage
        self.set_class(self._playful, "-playful")
        playing = stage == "result" and self._playful
        self.query_one("#chart").display, self.query_one(Vectors).display = not playing, playing
        focus = {"list": "#experiments", "predict": "#setup", "running": "#plot", "result": "#result"}[stage]
        self.call_after_refresh(lambda: self.query_one("Vectors" if playing else focus).focus())
        self.refresh_bindings()

    # --- what a run says ---------------------------------------------------------------------

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take the list of experiments, or the vectors to play with."""
        if message.channel == "lab-vectors":
            self.query_one(Vectors).pairs = tuple(message.value)
            return
        self._files = tuple(message.value)
        self.query_one(Experiments).rows = self._files
        self._open_wanted()

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Let the curves grow."""
        self._curves.add(message.points)
        with self.app.batch_update():
            if message.points:
                self._show_plot()
            if (progress := message.progress) and progress.fraction is not None:
                share = progress.fraction
                self._read(f"{meter(share, 20)} {share:.0%}  {progress.note}  x cancels")

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Begin, end well, or say what went wrong."""
        event = message.event
        if isinstance(event, RunStarted):
            self._curves.epochs = event.config.get("epochs")
        elif isinstance(event, RunFinished):
            with self.app.batch_update():
                self._finish(event)
        elif message.ended:
            self._break_off(message.channel, event)

    def _break_off(self, channel: str, event: Any) -> None:
        words = event.message if isinstance(event, Failed) else "Cancelled. r runs it again."
        if channel == "lab":
            self._enter("predict")
            self.query_one(Setup).say(words)
        else:
            self.app.notify(words, severity="error", markup=False)

    def _finish(self, run: RunFinished) -> None:
        self._curves.finish(run)
        self._enter("result")
        self._show_plot()
        self._read("")
        outcome = self.query_one(Outcome)
        outcome.shown, outcome.with_table = self.query_one("#chart", Chart).summary, not self._playful
        outcome.explained, outcome.run = False, run
        self.query_one(Setup).say(PLAY if self._playful else DONE)
        self.query_one("#result").scroll_home(animate=False)

    # --- what is shown -----------------------------------------------------------------------

    def _show_plot(self) -> None:
        if self._file is None:
            return
        self.query_one("#chart", Chart).plot = self._curves.plot(self._file)
        pane = self.query_one("#plot")
        pane.border_title = f"{self.tutor.facts.data} · seed {self._seed}"
        said = self.query_one(Setup).chosen
        texts = {choice.key: choice.text for choice in self._file.prediction.choices}
        pane.border_subtitle = f"You said: {texts[said]}" if said else ""

    def _show_ready(self) -> None:
        keys = f"1-{self._choices}"
        if self.query_one(Setup).chosen is None:
            self.query_one(Setup).say(f"Run is locked until you predict: press {keys}.")
        else:
            self.query_one(Setup).say(
                f"Prediction set. r runs it with seed {self._seed} (s: other start values)."
            )

    def _read(self, text: str) -> None:
        reading = self.query_one("#reading", Static)
        reading.update(text)
        reading.display = bool(text)
