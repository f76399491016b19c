"""Data sets: which there are, what they are, on which terms; choose, fetch, add, train again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Static

from tutor.core.events import Cancelled, Failed, Rested
from tutor.core.plotting import meter
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.rows import Cell, RowList, fitted

if TYPE_CHECKING:
    from tutor.core.datasets import DataRow


class DataList(RowList["DataRow"]):
    """Data sets by name; keys act on the one under the cursor."""

    BINDINGS = bindings("movies", "data")

    class Wanted(Message):
        """The learner wants a data set used, fetched, or its recommender trained again."""

        def __init__(self, verb: str, row: DataRow) -> None:
            super().__init__()
            self.verb = verb
            self.row = row

    def _want(self, verb: str) -> None:
        if self.current is not None:
            self.post_message(self.Wanted(verb, self.current))

    def action_use(self) -> None:
        """Learn from it."""
        self._want("use")

    def action_fetch(self) -> None:
        """Download it."""
        self._want("fetch")

    def action_retrain(self) -> None:
        """Train again on the data set in use."""
        self._want("retrain")

    def cells(self, row: DataRow, width: int) -> list[Cell]:
        """Name, state, size."""
        state = "in use" if row.current else "here" if row.ready else "to fetch"
        return [
            Cell(fitted(row.label, 24), "strong" if row.current else ""),
            Cell(fitted(state, 9), "good" if row.current else "muted"),
            Cell(fitted(row.size, max(0, width - 33)), "muted"),
        ]


class DataSheet(Sheet):
    """Lists data sets and does what is wanted with them."""

    SHEET_TITLE = "Data sets"
    KEYS = "enter use  f fetch  r train again  tab your own file  esc back"
    DEFAULT_CSS = """
    DataSheet {
        & Input { border: none; height: 1; padding: 0 1; background: $foreground 8%; margin: 1 0; }
        & #terms { height: auto; max-height: 6; color: $text-muted; margin: 1 0 0 0; }
        & #done { height: auto; max-height: 4; }
    }
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    def compose_sheet(self) -> ComposeResult:
        """The list, the terms of the one under the cursor, a path, what is being done."""
        yield DataList()
        yield Static(id="terms", markup=False)
        yield Input(placeholder="add your own: path of a CSV or a MovieLens folder", id="own")
        yield Static("Your ratings belong to films: they stay when you switch.", id="done", markup=False)

    def on_mount(self) -> None:
        """Read the list."""
        self.query_one(DataList).focus()
        self._read()

    def _read(self) -> None:
        self.bridge.ask(self, "movies-data", self.workspace.data.list)

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show the list, or what was chosen."""
        if isinstance(message.value, list):
            rows = self.query_one(DataList)
            first = not rows.rows
            rows.rows = tuple(message.value)
            if first:
                rows.cursor = next((at for at, row in enumerate(rows.rows) if row.current), 0)
            return
        self._say(f"{message.value.label} is in use.")
        self._read()
        self._changed()

    @on(DataList.Wanted)
    def _do(self, message: DataList.Wanted) -> None:
        data, movies, name = self.workspace.data, self.workspace.movies, message.row.name
        if message.verb == "use" and not message.row.ready:
            self._say(f"{message.row.label} is not here yet: f fetches it ({message.row.size}).")
        elif message.verb == "use":
            self.bridge.ask(self, "movies-data", lambda: data.use(name))
        elif message.verb == "fetch":
            self._start(f"Fetching {message.row.label} …", lambda cancelled: data.fetch(name, cancelled))
        else:
            self._start("Training …", lambda cancelled: movies.retrain(cancelled))

    @on(Input.Submitted, "#own")
    def _add(self, message: Input.Submitted) -> None:
        data, typed = self.workspace.data, message.value.strip().strip("'\"")
        if typed:
            self._start(f"Reading {typed} …", lambda cancelled: data.add(Path(typed), cancelled))

    def _start(self, words: str, work: Callable[[Callable[[], bool]], object]) -> None:
        started = self.bridge.start(self, "movies-work", work)  # type: ignore[arg-type]
        self._say(words if started else "Something else is being fetched or trained; wait for it.")

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Say how far the work is."""
        if message.progress is not None and message.progress.fraction is not None:
            share = message.progress.fraction
            self._say(f"{meter(share, 20)} {share:.0%} {message.progress.note}")

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say how it ended."""
        event = message.event
        if isinstance(event, Failed):
            self._say(event.message)
        elif isinstance(event, Cancelled):
            self._say("Stopped.")
        elif isinstance(event, Rested):
            self._say(event.note)
            self._read()
            self._changed()

    def _say(self, text: str) -> None:
        self.query_one("#done", Static).update(text)

    @on(RowList.Highlighted)
    def _terms(self) -> None:
        row = self.query_one(DataList).current
        if row is not None:
            invented = "Its viewers are invented. " if row.invented else ""
            self.query_one("#terms", Static).update(f"{row.name}: {invented}{row.licence}\n{row.source}")
