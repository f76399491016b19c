"""The runs of the past: a list, one of them opened again, or two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.core.errors import BadInput
from tutor.core.events import Table
from tutor.core.lab_history import Comparison, PastRun, compare
from tutor.core.plotting import Curve, Plot
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.footer import Footer
from tutor.ui.widgets.outcome import table_lines
from tutor.ui.widgets.runs import Runs

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile
    from tutor.ui.app import TutorApp


class History(ModalScreen[PastRun | None]):
    """Pick a run to look at, or mark two to compare them."""

    BINDINGS = [("escape", "back", "back")]
    DEFAULT_CSS = """
    History {
        background: $background;
        & > Vertical {
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
            padding: 0 1;
        }
        & #both { height: 1fr; display: none; }
        & #both Chart { height: 1fr; min-height: 8; }
        & #numbers { height: auto; max-height: 50%; scrollbar-size-vertical: 1; }
        & #said { height: auto; color: $text-muted; }
        &.-comparing Runs { display: none; }
        &.-comparing #both { display: block; }
    }
    """

    def __init__(self, runs: tuple[PastRun, ...], files: Sequence[ExperimentFile]) -> None:
        super().__init__()
        self._runs = runs
        self._files = {file.name: file for file in files}

    def compose(self) -> ComposeResult:
        """The list, and the place for a comparison."""
        with Vertical():
            yield Runs()
            with Vertical(id="both"):
                yield Chart()
                with VerticalScroll(id="numbers"):
                    yield Static(id="table", markup=False)
            yield Static(id="said", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Fill the list."""
        runs = self.query_one(Runs)
        runs.empty = "No run has ended yet. esc goes back; predict, then run one."
        runs.rows = self._runs
        runs.focus()
        self.query_one(Vertical).border_title = "History"
        self._say()

    def _say(self) -> None:
        marked = self.query_one(Runs).marked
        text = "enter opens a run. space marks one; mark a second to compare them."
        if marked is not None:
            text = f"Marked as A: {marked.title}, {when(marked)}. space on another compares them."
        self.query_one("#said", Static).update(text)

    def on_runs_chosen(self, message: Runs.Chosen) -> None:
        """Show that run on the bench."""
        if message.run.result is None:
            self.app.notify(f"That run was {message.run.status}; there is nothing to show.", markup=False)
        else:
            self.dismiss(message.run)

    def on_runs_copied(self, message: Runs.Copied) -> None:
        """Copy the token of a run."""
        cast("TutorApp", self.app).copy(message.token)

    def on_runs_marked(self, message: Runs.Marked) -> None:
        """Say which one is marked, or compare two."""
        if message.other is None:
            self._say()
            return
        try:
            self._compare(compare(message.run, message.other))
        except BadInput as error:
            self.app.notify(str(error), severity="warning", markup=False)

    def _compare(self, both: Comparison) -> None:
        file = self._files.get(both.first.experiment)
        labels = (file.x_label, file.y_label) if file else ("", "")
        chart = self.query_one(Chart)
        chart.display = bool(both.series)
        chart.plot = Plot(tuple(Curve(one.name, one.x, one.y) for one in both.series), *labels)
        self.query_one("#table", Static).update("\n".join(comparison_lines(both)))
        self.add_class("-comparing")
        said = f"A {when(both.first)}   B {when(both.second)}   esc goes back to the list"
        self.query_one("#said", Static).update(said)
        self.query_one("#numbers").focus()

    def action_back(self) -> None:
        """From a comparison to the list, from the list to the Lab."""
        if self.has_class("-comparing"):
            self.remove_class("-comparing")
            self.query_one(Runs).mark(None)
            self.query_one(Runs).focus()
            self._say()
        else:
            self.dismiss(None)


def when(past: PastRun) -> str:
    """Day and minute of a run (UTC)."""
    return past.at[:16].replace("T", " ")


def comparison_lines(both: Comparison) -> list[str]:
    """What was set differently, then what was measured."""
    changed = tuple((name, _short(a), _short(b)) for name, a, b in both.settings)
    measured = tuple((name, _short(a), _short(b)) for name, a, b in both.measured)
    lines = ["Nothing was set differently.", ""]
    if changed:
        lines = [*table_lines(Table(columns=("set", "A", "B"), rows=changed)), ""]
    return [*lines, *table_lines(Table(columns=("measured", "A", "B"), rows=measured))]


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_short(one) for one in value)
    return "" if value is None else str(value)
