"""What the code screen does beside the screen: keeping texts, and the learner's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from textual.timer import Timer

from tutor.store.code import Stage
from tutor.ui.screens.place import Place

LOOK_S = 0.4
"""Between two looks at the file that another editor writes."""


@dataclass(frozen=True)
class Typed:
    """A text as it was after a key stroke."""

    number: int
    id: str
    stage: Stage
    text: str


class Outside(Place):
    """Keeps what was typed, and follows a file in which the learner's own editor saves."""

    def __init__(self) -> None:
        super().__init__()
        self._checking = False
        self._unsaved: Typed | None = None
        self._keeping: Typed | None = None
        """What is being stored; it counts as unsaved until it is on disk."""
        self._writing = threading.Lock()
        self._typed_so_far = self._written = 0
        self._watched: tuple[Path, int] | None = None
        self._timer: Timer | None = None

    def take_text(self, text: str) -> None:
        """What another editor saved."""
        raise NotImplementedError

    @property
    def sheet_text(self) -> tuple[str, str] | None:
        """A name for a file, and what is on the sheet."""
        raise NotImplementedError

    # --- keeping -----------------------------------------------------------------------------

    def _keep_soon(self, id_: str, stage: str, text: str) -> None:
        """Store the newest text beside the screen; older ones that wait are skipped."""
        self._typed_so_far += 1
        self._unsaved = Typed(self._typed_so_far, id_, "blanks" if stage == "blanks" else "own", text)
        if self._keeping is None:
            self._keep_next()

    def _keep_next(self) -> None:
        unsaved = self._keeping = self._unsaved
        if unsaved is not None:
            self.bridge.ask(self, "code-keep", lambda: self._keep(unsaved))

    def _kept(self) -> None:
        if self._unsaved == self._keeping:
            self._unsaved = None
        self._keep_next()

    def _keep_now(self) -> None:
        """Store what still waits, here and at once: nothing may be lost on the way out."""
        unsaved, self._unsaved = self._unsaved, None
        if unsaved is not None:
            self._keep(unsaved)

    def _keep(self, unsaved: Typed) -> None:
        """Store a text, unless a newer one is stored already; any thread may come here."""
        with self._writing:
            if unsaved.number > self._written:
                self.workspace.exercises.keep(unsaved.id, unsaved.text, unsaved.stage)
                self._written = unsaved.number

    def _forget_unsaved(self) -> None:
        self._unsaved = None

    def on_unmount(self) -> None:
        """Keep the last key stroke."""
        self._keep_now()

    # --- the learner's editor --------------------------------------------------------------------

    def action_edit_outside(self) -> None:
        """Open the text in $VISUAL or $EDITOR; whenever that file is saved it is taken in and run.

        Where there is none, or it goes on in a window of its own, the file is followed.
        """
        found = self.sheet_text
        if found is None:
            return
        path = self.workspace.paths.home / "code" / found[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found[1], encoding="utf-8")
        self._watch(path)
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if editor:
            self._suspended(shlex.split(editor), path)
            self._look()
        self.notify(f"Save {path} and it is run here.", title="Your own editor", markup=False)

    def _suspended(self, command: list[str], path: Path) -> None:
        """Give the terminal to another program until it ends."""
        try:
            with self.app.suspend():
                subprocess.run([*command, str(path)], check=False)
        except (OSError, ValueError) as fault:
            self.notify(f"{command[0]} did not start: {fault}", severity="error", markup=False)
        self.app.refresh(layout=True)

    def _watch(self, path: Path) -> None:
        self._watched = (path, _stamp(path))
        if self._timer is None:
            self._timer = self.set_interval(LOOK_S, self._look)

    def _look(self) -> None:
        """Take in the file if it was saved since."""
        if self._watched is None or self._checking:
            return
        path, before = self._watched
        found = self.sheet_text
        if (stamp := _stamp(path)) == before or found is None or found[0] != path.name:
            return
        self._watched = (path, stamp)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return  # half written, or no text: the next save will do
        self.take_text(text)


def _stamp(path: Path) -> int:
    """What changes when a file is saved; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
