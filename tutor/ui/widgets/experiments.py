"""The list of experiments."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message

from tutor.core.course_schema import ExperimentFile
from tutor.ui.commands import bindings
from tutor.ui.widgets.rows import Cell, RowList, fitted


class Experiments(RowList[ExperimentFile]):
    """Title and questions of each; Enter opens one."""

    BINDINGS = bindings("lab", "experiments")

    class Chosen(Message):
        """The learner opened an experiment."""

        def __init__(self, experiment: ExperimentFile) -> None:
            super().__init__()
            self.experiment = experiment

    def cells(self, row: ExperimentFile, width: int) -> list[Cell]:
        """Title, then the questions it serves."""
        served = served_by(row)
        right = min(len(served), max(0, width // 3))
        return [Cell(fitted(row.title, width - right - 1)), Cell(" "), Cell(fitted(served, right), "muted")]

    def action_select_cursor(self) -> None:
        """Open the experiment under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))


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
