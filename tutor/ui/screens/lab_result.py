"""What can be done with a result: say what was seen, turn its charts, copy, save, compare with the past."""

from __future__ import annotations

from tutor.core.errors import BadInput
from tutor.core.settings import read_settings
from tutor.ui.screens.lab_asks import save
from tutor.ui.screens.lab_code import Code
from tutor.ui.screens.lab_shelf import Shelf
from tutor.ui.screens.lab_trial import Trial
from tutor.ui.widgets.gallery import Gallery
from tutor.ui.widgets.setup import Setup


class Result(Shelf):
    """Actions on the trial that is on the bench."""

    def action_seen(self, key: str) -> None:
        """Keep what the learner saw; then say what was measured, and explain."""
        trial = self._trial
        assert trial is not None
        trial.seen, trial.explained = trial.sights[int(key) - 1][0], True
        if self._stage == "result":
            self._keep_sight(trial)
        self._unveil()

    def _unveil(self) -> None:
        """Show what was measured, from its first line."""
        with self.app.batch_update():
            self._show_all()
            self.query_one("#result").scroll_home(animate=False)
        self.refresh_bindings()

    def _keep_sight(self, trial: Trial) -> None:
        stored = trial.run is not None and trial.run.unstored is None
        if (seen := trial.seen) is not None and trial.mode == "guided" and stored:
            self.bridge.ask(self, "lab-seen", lambda: self.workspace.lab.observe(None, seen))

    def action_explain(self) -> None:
        """Show or hide the explanation; where the learner was asked what they saw, skip that."""
        trial = self._trial
        assert trial is not None
        if trial.wants_sight:
            trial.skipped = trial.explained = True
            self._unveil()
        else:
            trial.explained = not trial.explained
            self._show_outcome()

    def action_turn_chart(self, key: str) -> None:
        """Show the next chart, or the one before."""
        self.query_one(Gallery).turn(1 if key.startswith("right") else -1)
        self._show_pictures()

    def action_larger(self) -> None:
        """Give the chart the whole screen, and back."""
        self.toggle_class("-large")
        self.query_one("#gallery").focus()

    def action_copy_token(self) -> None:
        """Copy the line that repeats the run."""
        assert self._trial is not None and self._trial.run is not None
        token = self._trial.run.token or ""
        self.tutor.copy(token)
        self.app.notify(f"tutor replay {token}", title="The token of this run", markup=False)

    def action_save(self, ending: str) -> None:
        """Save numbers or pictures as a file."""
        trial = self._trial
        assert trial is not None and trial.run is not None
        file, run, folder = trial.file, trial.run, self.workspace.paths.home / "exports"
        self.bridge.ask(self, "lab-saved", lambda: save(file, run, folder, ending))

    def action_code(self) -> None:
        """Show the run as a few lines of Python."""
        assert self._trial is not None
        file = self._trial.file
        try:
            settings = read_settings(file, self.query_one(Setup).values)
            lines = self.workspace.lab.code(file.name, settings)
        except BadInput as error:
            self.query_one(Setup).say(str(error))
            return
        self.app.push_screen(Code(file.title, lines.strip("\n")))

    def action_history(self) -> None:
        """Look at the runs so far."""
        self.bridge.ask(self, "lab-history", self.workspace.lab.history)
