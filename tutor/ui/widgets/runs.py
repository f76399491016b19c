"""The list of runs that ended."""

from __future__ import annotations

from textual.message import Message

from tutor.core.lab_history import PastRun
from tutor.ui.commands import bindings
from tutor.ui.widgets.rows import Cell, RowList, fitted


class Runs(RowList[PastRun]):
    """When, what, with which settings, and whether the prediction came out."""

    BINDINGS = bindings("lab", "past")

    marked: PastRun | None = None
    """The first of two runs to compare."""

    class Chosen(Message):
        """The learner opened a run."""

        def __init__(self, run: PastRun) -> None:
            super().__init__()
            self.run = run

    class Marked(Message):
        """A run was marked or unmarked; `run` and `other` where it is the second one."""

        def __init__(self, run: PastRun, other: PastRun | None) -> None:
            super().__init__()
            self.run = run
            self.other = other

    class Copied(Message):
        """The learner wants the token of a run."""

        def __init__(self, token: str) -> None:
            super().__init__()
            self.token = token

    def cells(self, row: PastRun, width: int) -> list[Cell]:
        """Mark, time, sign, title, settings."""
        mark = "A" if self.marked is not None and self.marked.id == row.id else " "
        sign, kind = judged(row)
        title = max(10, (width - 30) // 2)
        rest = max(0, width - 30 - title)
        return [
            Cell(f"{mark} ", "strong"),
            Cell(f"{row.at[5:16].replace('T', ' ')}  ", "muted"),
            Cell(fitted(sign, 14), kind),
            Cell(fitted(row.title, title)),
            Cell(" "),
            Cell(fitted(settings_of(row), rest), "muted"),
        ]

    def mark(self, run: PastRun | None) -> None:
        """Mark one run, or none."""
        self.marked = run
        self.refresh()

    def action_select_cursor(self) -> None:
        """Open the run under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def action_mark(self) -> None:
        """Mark the run under the cursor; with another one marked already, compare the two."""
        run, first = self.current, self.marked
        if run is None:
            return
        if first is None or first.id == run.id:
            self.mark(None if first else run)
            self.post_message(self.Marked(run, None))
        else:
            self.post_message(self.Marked(first, run))

    def action_copy_token(self) -> None:
        """Ask for the token of the run under the cursor."""
        if self.current is not None and self.current.token:
            self.post_message(self.Copied(self.current.token))


def judged(row: PastRun) -> tuple[str, str]:
    """How a run ended, or whether its prediction came out; and the kind of its cell."""
    if row.status != "finished":
        return row.status, "muted"
    words = {True: ("✓ as you said", "good"), False: ("✗ not so", "bad"), None: ("free play", "muted")}
    return words[row.hit]


def settings_of(row: PastRun) -> str:
    """Seed and settings in one line."""
    values = {name: value for name, value in row.config.items() if name not in ("data", "seeds")}
    first = {"seed": values.pop("seed", 0)}
    return ", ".join(f"{name} {_short(value)}" for name, value in {**first, **values}.items())


def _short(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "/".join(_short(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
