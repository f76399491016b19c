"""The bench of the Lab: what it shows of a trial, and what a run says while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from tutor.core.events import Failed, RunFinished, RunStarted, SeedDone
from tutor.core.plotting import meter
from tutor.ui.bridge import Bridge
from tutor.ui.screens.lab_trial import Trial
from tutor.ui.screens.place import Place
from tutor.ui.widgets.experiments import Experiments, FilterInput
from tutor.ui.widgets.forecast import NumberInput
from tutor.ui.widgets.gallery import Gallery
from tutor.ui.widgets.outcome import Outcome
from tutor.ui.widgets.setup import Setup
from tutor.ui.widgets.vectors import Vectors

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile

LOOK = "Done. Say what you saw first; e skips that."
DONE = "Done. e explains, a predicts and runs again, p plays freely."
FREE = "Free play: r runs with these settings, without a prediction. esc comes back."
PLAY = "Now move the film's vector: ← → turn, ↑ ↓ stretch, f flips. a predicts again."
PAST = "A run of the past. a goes to its start, esc comes back."
Stage = Literal["list", "predict", "running", "result"]
_STAGES: tuple[Stage, ...] = ("list", "predict", "running", "result")


class Bench(Place):
    """Shows one trial at a time in the stage it is in."""

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[ExperimentFile, ...] = ()
        self._trial: Trial | None = None
        self._stage: Stage = "list"
        self._paused = False
        self._progress = ""
        self._you = ""

    def compose_body(self) -> ComposeResult:
        """Lay out the list and the bench; one of them shows."""
        with Horizontal(id="browse"):
            with Vertical(id="listing", classes="pane"):
                yield FilterInput(id="filter", placeholder="part of a title, Q7, a chapter", compact=True)
                yield Experiments(id="experiments")
            yield Static(id="about", classes="pane")
        with Horizontal(id="bench"):
            yield Setup(id="setup", classes="pane")
            with Vertical(id="stage"):
                with Vertical(id="plot", classes="pane"):
                    yield Gallery(id="gallery")
                    yield Vectors()
                    yield Static(id="reading", markup=False)
                with VerticalScroll(id="result", classes="pane", can_focus=True):
                    yield Outcome()

    # --- which stage ---------------------------------------------------------------------------

    @property
    def _playful(self) -> bool:
        """Whether the experiment's vectors can be moved by hand after the run."""
        return self._trial is not None and self._trial.file.family == "dot-product"

    def _enter(self, stage: Stage) -> None:
        stages = {f"-{name}": name == stage for name in _STAGES}
        self.update_classes({**stages, "-early": False, "-large": False, "-playful": self._playful})
        self._stage = stage
        playing = stage == "result" and self._playful
        self.query_one(Gallery).display, self.query_one(Vectors).display = not playing, playing
        self.call_after_refresh(self._focus)
        self.refresh_bindings()

    def _focus(self) -> None:
        """Give the focus to what the stage is about."""
        where = {"list": "#experiments", "predict": "#setup", "running": "#gallery", "result": "#result"}
        target = where[self._stage]
        if self._stage == "result" and self._playful:
            target = "Vectors"
        trial = self._trial
        if self._stage == "predict" and trial and not trial.ready and self.query(NumberInput):
            target = "NumberInput"
        self.query(target).first().focus()

    def _leave(self) -> None:
        """Keep what was typed for the time the trial comes back."""
        if self._trial is not None:
            self._trial.typed = self.query_one(Setup).values

    def _take(self, trial: Trial) -> None:
        """Put a trial on the bench as it was left."""
        self._leave()
        self._trial = trial
        self.query_one(Setup).take(trial.file, chosen=trial.chosen, typed=trial.typed, mode=trial.mode)
        self.query_one(Setup).notice(self._you if trial.file.uses_ratings else "")
        self.query_one(Gallery).begin()
        self._progress = ""
        with self.app.batch_update():
            self._enter("result" if trial.run else "predict")
            self._show_all()

    # --- what is shown -----------------------------------------------------------------------

    def _show_all(self) -> None:
        self._show_ready()
        self._show_pictures()
        self._show_outcome()

    def _show_pictures(self) -> None:
        trial = self._trial
        if trial is None:
            return
        gallery, pane = self.query_one(Gallery), self.query_one("#plot")
        gallery.show(trial.growing.pictures(trial.file))
        self.set_class(gallery.kind in ("heat", "text"), "-rows")
        caption = gallery.caption if self._stage in ("running", "result") else ""
        parts = (self.tutor.facts.data, f"seed {trial.seed}", caption)
        pane.border_title = " · ".join(part for part in parts if part)
        pane.border_subtitle = f"You said: {trial.said}" if trial.chosen is not None else ""
        self._show_reading()

    def _show_reading(self) -> None:
        reading, text = self.query_one("#reading", Static), self._reading()
        reading.update(text)
        reading.display = bool(text)

    def _reading(self) -> str:
        """The line below the picture: how far it is, or the picture in words."""
        trial = self._trial
        if trial is None or self._stage == "list":
            return ""
        if self._stage == "predict":
            return f"Claim to test: {trial.file.claim}"
        if self._stage == "running":
            return self._progress
        if self._playful:
            return ""
        gallery, thin = self.query_one(Gallery), ""
        if gallery.kind == "curves" and trial.growing.before:
            thin = "Thin lines: the run before.  "
        elif gallery.kind == "curves" and trial.growing.several_seeds:
            thin = "Thin lines: other seeds.  "
        return f"{self._progress}\n{thin}{gallery.words}".strip()

    def _show_ready(self) -> None:
        trial, setup = self._trial, self.query_one(Setup)
        if trial is None:
            return
        if self._stage == "running":
            setup.say("Running …")
        elif self._stage == "result":
            done = LOOK if trial.wants_sight else PLAY if self._playful else DONE
            setup.say({"guided": done, "free": FREE, "past": PAST}[trial.mode])
        elif trial.mode == "free":
            setup.say(f"{FREE} Seed {trial.seed} (s: other start values).{self._overlaid()}")
        elif trial.chosen is None:
            asked = trial.file.prediction
            keys = "type a number, then enter" if asked.is_number else f"press 1-{len(asked.choices)}"
            setup.say(f"Run is locked until you predict: {keys}.{self._overlaid()}")
        else:
            setup.say(
                f"Prediction set. r runs it with seed {trial.seed} (s: other start values).{self._overlaid()}"
            )

    def _overlaid(self) -> str:
        trial = self._trial
        if trial is None or trial.last is None or not trial.last.series:
            return ""
        kept = "stay under the next ones" if trial.overlay else "go"
        return f" The curves of the run before {kept} (o)."

    def _show_outcome(self) -> None:
        trial, outcome = self._trial, self.query_one(Outcome)
        if trial is None:
            return
        outcome.experiment, outcome.run = trial.file, trial.run
        outcome.asks = tuple(text for _, text in trial.sights) if trial.wants_sight else ()
        outcome.seen, outcome.explained = trial.saw, trial.explained
        outcome.with_table = not self._playful
        self.query_one("#result").set_class(trial.wants_sight, "-asking")
        outcome.refresh(layout=True)

    # --- what a run says ---------------------------------------------------------------------

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Let the curves and charts grow."""
        if self._trial is None:
            return
        self._trial.growing.add(message.points, message.charts)
        progress = message.progress
        if progress and progress.fraction is not None and not self._paused:
            share = progress.fraction
            self._progress = f"{meter(share, 20)} {share:.0%}  {progress.note}  x cancels"
        with self.app.batch_update():
            if message.points or message.charts:
                self._show_pictures()
            else:
                self._show_reading()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Begin, end well, or say what went wrong."""
        event, trial = message.event, self._trial
        if message.channel != "lab" or trial is None:
            if isinstance(event, Failed):
                self.app.notify(event.message, severity="error", markup=False)
        elif isinstance(event, RunStarted):
            trial.growing.epochs = event.config.get("epochs")
        elif isinstance(event, SeedDone):
            self._seed_done(trial, event)
        elif message.ended:
            with self.app.batch_update():
                self._end(trial, event)

    def _seed_done(self, trial: Trial, event: SeedDone) -> None:
        """Show the first seed's result at once; of the others only that they are in."""
        self._progress = f"seed {event.done} of {event.of} is done, the others follow  x cancels"
        if event.result is not None and trial.run is None:
            trial.run = event.result
            self.add_class("-early")
            self.query_one("#result").scroll_home(animate=False)
        self._show_pictures()
        self._show_outcome()
        self.refresh_bindings()

    def _end(self, trial: Trial, event: Any) -> None:
        self._paused, self._progress = False, ""
        large = self.has_class("-large")
        if isinstance(event, RunFinished):
            early, trial.run = trial.run is not None, event
            trial.growing.finish(event)
            self._enter("result")
            self.set_class(large, "-large")
            if not early:
                self.query_one("#result").scroll_home(animate=False)
            self._show_all()
            self._finished(trial)
            return
        words = event.message if isinstance(event, Failed) else "Cancelled. r runs it again."
        if trial.run is not None:  # the first seed's result is in
            self._progress = f"{words.split('. r ')[0].rstrip('.')}. This is the first seed's result."
            self._enter("result")
            self._show_all()
            return
        self._enter("predict")
        self._show_pictures()
        self.query_one(Setup).say(words)

    def _finished(self, trial: Trial) -> None:
        """Do what a finished run asks for beside the screen."""
        raise NotImplementedError
