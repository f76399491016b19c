"""Ratings in and out: a path, what became of each row, and rows to settle by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Static

from tutor.core.events import Failed
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.rows import Cell, RowList, fitted

if TYPE_CHECKING:
    from tutor.core.film_import.report import Matched, Open, Report
    from tutor.core.workspace import Workspace

HOW = (
    "Letterboxd (the whole zip, or ratings.csv, watched.csv, diary.csv), IMDb, MovieLens, any CSV with "
    "title, year, stars. A name that is not there yet is written: .csv for Letterboxd, .json with everything."
)


class OpenRows(RowList["Open"]):
    """Rows of a file whose film is not known for sure."""

    BINDINGS = bindings("movies", "open")

    class Chosen(Message):
        """The learner says which of a row's films it is."""

        def __init__(self, row: Open, film: str) -> None:
            super().__init__()
            self.row = row
            self.film = film

    def action_choose(self, key: str) -> None:
        """Take one of the films that are offered."""
        row, at = self.current, int(key) - 1
        if row is not None and at < len(row.candidates):
            self.post_message(self.Chosen(row, row.candidates[at].id))

    def cells(self, row: Open, width: int) -> list[Cell]:
        """Line, name, stars, how many films may be meant."""
        offers = f"{len(row.candidates)} may be meant" if row.candidates else "not found"
        room = max(10, width - 28)
        return [
            Cell(f"{row.line:>5} ", "muted"),
            Cell(fitted(row.named, room), "strong" if row.candidates else ""),
            Cell(fitted(f" {row.stars:g}" if row.stars is not None else "", 5)),
            Cell(fitted(offers, 17), "muted"),
        ]


class FilesSheet(Sheet):
    """Imports, exports, settles what was uncertain."""

    SHEET_TITLE = "Import and export ratings"
    KEYS = "enter import or write  tab rows  1-4 choose  esc back"
    DEFAULT_CSS = """
    FilesSheet {
        & Input { border: none; height: 1; padding: 0 1; background: $foreground 8%; margin: 0 0 1 0; }
        & #how { height: auto; color: $text-muted; margin: 0 0 1 0; }
        & #told { height: auto; max-height: 6; margin: 0 0 1 0; }
        & #offers { height: auto; max-height: 6; }
        & .gone { display: none; }
    }
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self._batch: int | None = None

    def compose_sheet(self) -> ComposeResult:
        """Path, report, rows, the films a row may mean, a field to name another one."""
        yield Static(HOW, id="how", markup=False)
        yield Input(placeholder="path of a file, folder or zip", id="path")
        yield Static(id="told", markup=False)
        yield OpenRows(id="open", classes="gone")
        yield Static(id="offers", classes="gone", markup=False)
        yield Input(placeholder="or type the film: title (year)", id="other", classes="gone")

    def on_mount(self) -> None:
        """Begin with the path."""
        self.query_one("#path").focus()

    @on(Input.Submitted, "#path")
    def _take(self, message: Input.Submitted) -> None:
        typed = message.value.strip()
        if typed:
            self.query_one("#told", Static).update("Reading …")
            name, _, user = typed.partition(" --user ")
            path = Path(name.strip().strip("'\"")).expanduser()
            self.bridge.ask(
                self, "movies-files", lambda: _in_or_out(self.workspace, path, user.strip() or None)
            )

    @on(Input.Submitted, "#other")
    def _typed(self, message: Input.Submitted) -> None:
        row = self.query_one(OpenRows).current
        if row is not None and message.value.strip():
            self._settle(row, message.value.strip())

    @on(OpenRows.Chosen)
    def _choose(self, message: OpenRows.Chosen) -> None:
        self._settle(message.row, message.film)

    def _settle(self, row: Open, film: str) -> None:
        files, batch = self.workspace.rating_files, self._batch
        self.bridge.ask(self, "movies-files", lambda: (row, *files.settle(row, film, batch)))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show a report, or that a row is settled."""
        if isinstance(message.value, str):
            self.query_one("#told", Static).update(message.value)
        elif isinstance(message.value, tuple):
            self._settled(*message.value)
            self._changed()
        else:
            self._report(message.value)
            self._changed()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say in a line what went wrong; nothing was changed."""
        if isinstance(message.event, Failed):
            self.query_one("#told", Static).update(message.event.message)

    def _report(self, report: Report) -> None:
        self._batch = report.batch
        lines = [report.sentence, *report.notes]
        lines += [f"line {row.line} skipped: {row.reason}" for row in report.skipped[:2]]
        if len(report.skipped) > 2:
            lines.append(f"… and {len(report.skipped) - 2} more rows were skipped")
        if report.batch is not None:
            lines.append("u in Movies takes the whole import back.")
        self.query_one("#told", Static).update("\n".join(lines))
        rows = self.query_one(OpenRows)
        rows.rows = (*report.uncertain, *report.unmatched)
        self._show_rows()
        if rows.rows:
            rows.focus()

    def _settled(self, row: Open, found: Matched, batch: int | None) -> None:
        self._batch = batch
        rows = self.query_one(OpenRows)
        rows.rows = tuple(one for one in rows.rows if one is not row)
        self.query_one("#told", Static).update(
            f"{row.named} is {found.title} ({found.year or 'year unknown'})."
        )
        self.query_one("#other", Input).value = ""
        self._show_rows()

    def _show_rows(self) -> None:
        rows = self.query_one(OpenRows)
        for one in (rows, self.query_one("#offers"), self.query_one("#other")):
            one.set_class(not rows.rows, "gone")

    @on(RowList.Highlighted)
    def _offer(self) -> None:
        row = self.query_one(OpenRows).current
        if row is None:
            return
        lines = [
            f"{number}  {one.title} ({one.year or 'year unknown'})"
            for number, one in enumerate(row.candidates, 1)
        ]
        self.query_one("#offers", Static).update("\n".join([f"{row.named}: {row.why}.", *lines]))


def _in_or_out(workspace: Workspace, path: Path, user: str | None) -> Report | str:
    """Import what is there, of a MovieLens set the ratings of `user`; write where nothing is."""
    if path.exists() or path.suffix.casefold() not in (".csv", ".json"):
        return workspace.rating_files.take(path, user)
    count = workspace.rating_files.export(path)
    return f"{count} rating{'s' * (count != 1)} written to {path}"
