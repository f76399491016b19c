"""The list of the Lab: experiments by chapter, narrowed by a filter, with what each is for beside it."""

from __future__ import annotations

from textual import on
from textual.widgets import Input, Static

from tutor.ui.screens.lab_bench import Bench
from tutor.ui.widgets.experiments import Experiments, FilterInput, about, grouped
from tutor.ui.widgets.rows import RowList


class Shelf(Bench):
    """Fills the list and keeps it narrowed to what was typed."""

    def action_filter(self) -> None:
        """Type what the list is narrowed to."""
        self.set_focus(self.query_one(FilterInput))  # at once: the next key belongs to it

    def action_to_list(self) -> None:
        """Go from the filter to the list."""
        self.query_one(Experiments).focus()

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self._list()

    def _list(self) -> None:
        """Fill the list with what the filter leaves."""
        course, words = self.workspace.course, self.query_one(FilterInput).value
        units = {unit.id: unit.title for unit in course.units}
        where = {entry.id: units.get(entry.unit, "") for entry in course.entries}
        shown = self.query_one(Experiments)
        shown.empty = f"No experiment fits {words!r}. esc shows them all." if words else ""
        shown.rows = grouped(self._files, lambda file: where.get(file.questions[0], "More"), words)

    @on(RowList.Highlighted, "#experiments")
    def _preview(self) -> None:
        file = self.query_one(Experiments).experiment
        pane = self.query_one("#about", Static)
        pane.border_title = file.title if file else ""
        pane.update(about(file) if file else "")
