"""The list of experiments, chapter by chapter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from tutor.core.course_schema import ExperimentFile
from tutor.ui.commands import bindings
from tutor.ui.widgets.rows import Cell, RowList, fitted

Row = ExperimentFile | str
"""An experiment, or the title of the chapter above its experiments."""


class FilterInput(Input):
    """What the list is narrowed to, as typed."""

    BINDINGS = bindings("lab", "filter")


class Experiments(RowList[Row]):
    """Title and questions of each; Enter opens one. The cursor passes over titles of chapters."""

    BINDINGS = bindings("lab", "experiments")

    done: reactive[Collection[str]] = reactive(frozenset())
    """Names of those that were run to their end."""

    class Chosen(Message):
        """The learner opened an experiment."""

        def __init__(self, experiment: ExperimentFile) -> None:
            super().__init__()
            self.experiment = experiment

    @property
    def experiment(self) -> ExperimentFile | None:
        """The experiment under the cursor."""
        return self.current if isinstance(self.current, ExperimentFile) else None

    def cells(self, row: Row, width: int) -> list[Cell]:
        """Sign of a finished run, title, then the questions it serves."""
        if isinstance(row, str):
            return [Cell(fitted(row, width), "accent")]
        served = served_by(row)
        right = min(len(served), max(0, width // 3))
        sign = Cell("✓ ", "good") if row.name in self.done else Cell("  ")
        title = Cell(fitted(row.title, width - right - 3))
        return [sign, title, Cell(" "), Cell(fitted(served, right), "muted")]

    def validate_cursor(self, cursor: int) -> int:
        """Stay on the list, on an experiment: from a title on in the direction of the step."""
        place = super().validate_cursor(cursor)
        if not self.rows:
            return place
        onward = [*range(place, len(self.rows)), *range(place, -1, -1)]
        if cursor < self.cursor:
            onward = [*range(place, -1, -1), *range(place, len(self.rows))]
        return next((one for one in onward if isinstance(self.rows[one], ExperimentFile)), place)

    def go_to(self, name: str) -> bool:
        """Put the cursor on the experiment of that name; False if the list does not show it."""
        for place, row in enumerate(self.rows):
            if isinstance(row, ExperimentFile) and row.name == name:
                self.cursor = place
                return True
        return False

    def watch_cursor(self) -> None:
        """Bring the title of the chapter into view as well."""
        super().watch_cursor()
        if self.cursor and isinstance(self.rows[self.cursor - 1], str):
            self.scroll_to(y=min(self.scroll_offset.y, self.cursor - 1), animate=False, force=True)

    def action_select_cursor(self) -> None:
        """Open the experiment under the cursor."""
        if self.experiment is not None:
            self.post_message(self.Chosen(self.experiment))


def grouped(
    files: Sequence[ExperimentFile], chapter: Callable[[ExperimentFile], str], words: str = ""
) -> tuple[Row, ...]:
    """The experiments under the titles of their chapters; with `words` only those that fit them all."""
    rows: list[Row] = []
    for file in files:
        title = chapter(file)
        text = f"{file.title} {file.name} {title} {served_by(file)}".casefold()
        if all(word in text for word in words.casefold().split()):
            if title not in rows:
                rows.append(title)
            rows.append(file)
    return tuple(rows)


def served_by(experiment: ExperimentFile) -> str:
    """The questions that an experiment serves: `Q7, T13`."""
    return ", ".join(f"{id[0].upper()}{int(id[1:])}" for id in experiment.questions)


def about(experiment: ExperimentFile) -> Content:
    """What an experiment is for."""
    quiet = "$foreground 65%"
    return Content.assemble(
        ("Goal\n", quiet), experiment.goal, "\n\n",
        ("Claim to test\n", quiet), experiment.claim, "\n\n",
        ("Serves  ", quiet), served_by(experiment), "\n",
        ("Takes   ", quiet), f"at most {experiment.budget_s:g} seconds", "\n\n",
        ("enter", "bold $text-accent"), " opens it: you predict, then it runs.",
    )  # fmt: skip
