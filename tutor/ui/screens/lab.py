"""Lab: choose an experiment, predict, run, and compare what was said with what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.widgets import Input

from tutor.core.errors import BadInput
from tutor.core.lab_results import read_prediction
from tutor.core.settings import read_settings
from tutor.core.vectors import pairs
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.lab_asks import Past, Saved, look_back, your_row
from tutor.ui.screens.lab_history import History
from tutor.ui.screens.lab_result import Result
from tutor.ui.screens.lab_trial import Mode, Trial, as_typed
from tutor.ui.widgets.experiments import Experiments, FilterInput
from tutor.ui.widgets.forecast import Forecast, NumberInput
from tutor.ui.widgets.gallery import Gallery
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome
from tutor.ui.widgets.setup import Setup
from tutor.ui.widgets.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.core.course_schema import ExperimentFile
    from tutor.core.lab_history import PastRun

STAGES_OF = {
    "filter": "list", "history": "list predict result", "back": "list predict result",
    "predict": "predict", "run": "predict", "next_seed": "predict", "overlay": "predict",
    "pause": "running", "step": "running", "stop": "running",
    "turn_chart": "running result", "larger": "running result", "code": "predict running result",
    "seen": "running result", "explain": "running result",
    "again": "result", "free": "result", "copy_token": "result", "save": "result",
}  # fmt: skip
"""The stages in which an action works."""


class Lab(Result):
    """The list of experiments, and the bench on which one of them is run."""

    PLACE = "lab"
    BINDINGS = bindings("lab")
    CSS_PATH = "lab.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._trials: dict[tuple[str, Mode], Trial] = {}
        self._wanted: str | None = None
        self._knobs: dict[str, str] = {}  # as they are to stand in the wanted experiment
        self._left: Trial | None = None
        """What free play or a look at the past leads back to."""

    def on_mount(self) -> None:
        """Begin with the list."""
        self._enter("list")
        self.query_one("#listing").border_title = "Experiments"
        self.bridge.ask(self, "lab-list", self.workspace.lab.experiments)
        self.bridge.ask(self, "lab-past", lambda: look_back(self.workspace.lab))

    def set_up(self, settings: Mapping[str, Any]) -> None:
        """Keep the knobs for the experiment that led here."""
        self._knobs = {name: as_typed(value) for name, value in settings.items()}

    def arrive(self, argument: str | None = None) -> None:
        """Open the experiment that led here; the learner may have rated films since the last visit."""
        self._wanted = argument
        self.bridge.ask(self, "lab-you", lambda: your_row(self.workspace))
        if argument and self._files:
            self._open_wanted()

    # --- what can be done now --------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each stage has its own keys."""
        if action not in STAGES_OF:
            return super().check_action(action, parameters)
        typing = isinstance(self.focused, Input)
        if self._stage not in STAGES_OF[action].split() or (typing and action != "back"):
            return False
        trial = self._trial
        if action == "back":
            return typing or self._stage != "list" or trial is not None
        if trial is None:
            return action in ("filter", "history")
        return self._fits(trial, action, parameters)

    def _fits(self, trial: Trial, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action has something to act on."""
        if action in ("predict", "seen"):
            number = int(str(parameters[0]))
            if action == "seen":
                return trial.wants_sight and number <= len(trial.sights)
            return trial.mode == "guided" and number <= len(trial.file.prediction.choices)
        return {
            "explain": trial.run is not None,
            "turn_chart": self.query_one(Gallery).count > 1,
            "larger": self._stage == "running" or not self._playful,
            "overlay": bool(trial.last and trial.last.series),
            "code": trial.file.code is not None,
            "free": trial.mode == "guided" and bool(trial.file.parameters),
            "copy_token": bool(trial.run and trial.run.token),
        }.get(action, True)

    # --- predicting and running --------------------------------------------------------------

    def action_predict(self, key: str) -> None:
        """Commit to a prediction; it can be changed until Run."""
        assert self._trial is not None
        self._predict(self._trial.file.prediction.choices[int(key) - 1].key)

    @on(Forecast.Typed)
    def _typed(self, message: Forecast.Typed) -> None:
        assert self._trial is not None
        try:
            self._predict(read_prediction(self._trial.file, message.text))
        except BadInput as error:
            self.query_one(Setup).say(str(error))
        else:
            self.query_one("#setup").focus()

    def _predict(self, said: str | float | None) -> None:
        assert self._trial is not None
        self._trial.chosen = said
        self.query_one(Setup).choose(said)
        self._show_ready()
        self._show_pictures()

    def action_next_seed(self) -> None:
        """Take other start values."""
        assert self._trial is not None
        self._trial.seed += 1
        self._show_ready()
        self._show_pictures()

    def action_overlay(self) -> None:
        """Keep the curves of the run before under the next ones, or not."""
        assert self._trial is not None
        self._trial.overlay = not self._trial.overlay
        self._show_ready()

    def action_run(self) -> None:
        """Run; without a prediction, say what is missing."""
        trial, setup = self._trial, self.query_one(Setup)
        if trial is None or not trial.ready:
            self._show_ready()
            self.app.bell()
            return
        try:
            settings = read_settings(trial.file, setup.values)
        except BadInput as error:
            setup.say(str(error))
            return
        lab, name = self.workspace.lab, trial.file.name
        chosen: dict[str, Any] = {"settings": settings, "seed": trial.seed, "prediction": trial.chosen}
        if self.bridge.start(self, "lab", lambda cancelled: lab.run(name, **chosen, cancelled=cancelled)):
            trial.begin()
            self._progress, self._paused = "Starting …  x cancels", False
            self.query_one(Gallery).begin()
            self._enter("running")
            self._show_pictures()
            self._show_ready()

    def action_stop(self) -> None:
        """Stop the run."""
        self._progress = "Stopping …"
        self._show_reading()
        self.bridge.cancel("lab")

    def action_pause(self) -> None:
        """Hold the run, or let it go on."""
        lab = self.workspace.lab
        if lab.resume() if self._paused else lab.pause():  # a run in this process is over in a moment
            self._paused = not self._paused
            self._progress = "Paused. space goes on, . one step, x cancels" if self._paused else "Going on …"
            self._show_reading()

    def action_step(self) -> None:
        """Let the run go on to its next point."""
        if self.workspace.lab.step():
            self._paused = True
            self._progress = "One step. . the next, space goes on, x cancels"
            self._show_reading()

    # --- going on, and back -----------------------------------------------------------------

    def action_again(self) -> None:
        """Go back to the start; the old curves can lie under the next ones."""
        trial = self._trial
        assert trial is not None
        if trial.mode == "guided":
            trial.rewind()
            self.query_one(Setup).choose(None)
            self._enter("predict")
            self._show_all()
            return
        if trial.mode == "free":
            trial.rewind()
        else:
            trial = Trial(trial.file, seed=trial.seed, typed=trial.typed, last=trial.run)
            self._trials[trial.file.name, "guided"] = trial
        self._take(trial)

    def action_free(self) -> None:
        """Try other settings beside the guided run."""
        guided = self._trial
        assert guided is not None
        self._leave()
        self._left = guided
        free = self._trials.get((guided.file.name, "free"))
        if free is None:
            free = self._trials[guided.file.name, "free"] = guided.free()
        self._take(free)

    def action_back(self) -> None:
        """Leave a text field; from free play go to the guided run, from the bench to the list, and back."""
        trial = self._trial
        if isinstance(self.focused, FilterInput):
            self.focused.value = ""
            self.action_to_list()
        elif isinstance(self.focused, KnobInput | NumberInput):
            self.query_one("#setup").focus()
        elif self.has_class("-large"):
            self.remove_class("-large")
        elif self._stage == "list":
            self._enter("result" if trial and trial.run else "predict")
            self._show_all()
        elif trial and trial.mode != "guided" and self._left is not None:
            self._take(self._left)
        else:
            self._leave()
            self._enter("list")

    # --- opening ---------------------------------------------------------------------------

    @on(Experiments.Chosen)
    def _chosen(self, message: Experiments.Chosen) -> None:
        self._open(message.experiment)

    def _open_wanted(self) -> None:
        (wanted, knobs), self._wanted, self._knobs = (self._wanted, self._knobs), None, {}
        for file in self._files:
            if file.name == wanted and self._stage == "running":
                self.app.notify(f"A run goes on here; x cancels it. {file.title} opens after it.")
            elif file.name == wanted:
                self.query_one(Experiments).go_to(file.name)
                self._open(file, knobs)

    def _open(self, file: ExperimentFile, knobs: Mapping[str, str] | None = None) -> None:
        """Put the guided run of an experiment on the bench, as it was left or with knobs as wished."""
        key: tuple[str, Mode] = (file.name, "guided")
        trial = self._trials.setdefault(key, Trial(file))
        if knobs:
            trial = self._trials[key] = Trial(file, typed={**trial.typed, **knobs}, last=trial.run)
        self._take(trial)
        if self._playful:
            self.bridge.ask(self, "lab-vectors", lambda: pairs(self.workspace))

    def _open_past(self, past: PastRun | None) -> None:
        """Look at a stored run; None where none was chosen."""
        file = next((one for one in self._files if past and one.name == past.experiment), None)
        if past and file and past.result:
            if self._trial and self._trial.mode == "guided":
                self._left = self._trial
            self._take(Trial.of_past(file, past))

    # --- what comes back ---------------------------------------------------------------------

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take what was asked for."""
        value = message.value
        if message.channel == "lab-vectors":
            self.query_one(Vectors).pairs = tuple(value)
        elif message.channel == "lab-list":
            self._files = tuple(value)
            self._list()
            self._open_wanted()
        elif isinstance(value, Past):
            self.query_one(Experiments).done = value.finished
            self.query_one(Outcome).rate = value.rate
        elif message.channel == "lab-you":
            self._you = value
            if self._trial and self._trial.file.uses_ratings:
                self.query_one(Setup).notice(value)
        elif message.channel == "lab-history":
            self.app.push_screen(History(tuple(value), self._files), self._open_past)
        elif isinstance(value, Saved):
            self.app.notify(f"Saved: {value.path}", markup=False)

    def _finished(self, trial: Trial) -> None:
        """Keep what was seen before the last seed came in, and count the predictions."""
        self._keep_sight(trial)
        self.bridge.ask(self, "lab-past", lambda: look_back(self.workspace.lab))
