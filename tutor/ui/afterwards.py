"""What begins once the first frame is there: the warm child, the film model, the first data set.

None of it stands in the learner's way: progress is a note in the header, an ending one short
remark, and the lesson goes on meanwhile on the planted world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.core.events import Failed, Rested

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp
    from tutor.ui.bridge import Bridge

FIRST_DATA = "ml-100k"
"""The data set that is fetched without being asked for."""
_LONG = 12
"""Seconds that news of a fetch stay."""


class Afterwards:
    """Starts the slow things in the background and reports on them for the app."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self._fitting = ""
        """The data set whose film model is being trained."""
        self._begun = False

    def begin(self) -> None:
        """Warm up, fetch the first data set if the learner has chosen none, train the film model."""
        workspace, self._begun = self._app.workspace, True
        self._app.bridge.ask(self._app, "warm", self._warm)
        self.read_beforehand()
        if workspace.data.fetch_wanted:
            self._app.bridge.start(
                self._app, "data", lambda cancelled: workspace.data.fetch(FIRST_DATA, cancelled)
            )
        self._fit()

    def _warm(self) -> None:
        import numpy  # noqa: F401  Movies and Lab need it; nobody should wait for it there

        self._app.workspace.child.start()

    def read_beforehand(self) -> None:
        """Load the encoder and let it read what answers to the open question are compared with."""
        workspace = self._app.workspace
        if not self._begun:
            return

        def read() -> None:
            from tutor.core.grading.meaning import warm_up
            from tutor.core.session import CURRENT

            ref = workspace.store.settings.get(CURRENT)
            is_open = ref is not None and not workspace.course.entry(ref).planned
            warm_up(workspace.course.question(ref) if is_open else None)

        self._app.bridge.ask(self._app, "meaning", read)

    def _fit(self) -> None:
        current = self._app.workspace.data.current
        if self._app.bridge.start(self._app, "model", self._app.workspace.movies.ensure_model):
            self._fitting = current

    def progressed(self, message: Bridge.Points) -> None:
        """Show how far a fetch is."""
        if message.channel != "data" or not message.progress:
            return
        fraction, note = message.progress.fraction, message.progress.note
        self._app.note = f"fetching MovieLens 100K · {note if fraction is None else f'{fraction:.0%}'}"

    def happened(self, message: Bridge.Happened) -> None:
        """Say how a fetch ended; a new data set gets its film model."""
        if message.channel == "data" and message.ended:
            self._fetched(message.event)
        elif message.channel == "model" and isinstance(message.event, Rested) and self._outdated:
            self._fit()

    @property
    def _outdated(self) -> bool:
        """Whether another data set has become the current one during the fit."""
        return self._app.workspace.data.current != self._fitting

    def _fetched(self, ending: Any) -> None:
        self._app.note = ""
        if isinstance(ending, Rested):
            self._app.notify(ending.note, timeout=_LONG, markup=False)
            self._app.count()
            self._fit()
        elif isinstance(ending, Failed):
            self._app.notify(
                f"{ending.message} We go on with the planted world; "
                f"`tutor data fetch {FIRST_DATA}` tries again.",
                timeout=_LONG,
                markup=False,
            )
