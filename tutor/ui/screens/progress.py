"""Progress: what is done, what is due, and where it all is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.core import practice_charts
from tutor.core.events import Failed
from tutor.core.plotting import meter
from tutor.core.practice_stats import practice_stats
from tutor.core.progress import progress
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place
from tutor.ui.widgets.chart import Chart

if TYPE_CHECKING:
    from tutor.core.practice_charts import Figure
    from tutor.core.progress import ProgressReport
    from tutor.core.workspace import Workspace

QUIET = "$foreground 65%"
NAMES = 25
"""Cells for the names of units."""
BAR = 10
_NAMES = 17
"""Cells for the names of figures."""


class UnitRow(NamedTuple):
    """How far a unit of the course is."""

    title: str
    done: int
    started: int
    written: int
    planned: int


class Overview(NamedTuple):
    """Everything that the screen shows, read at one moment."""

    report: ProgressReport
    units: tuple[UnitRow, ...]
    paths: dict[str, str]
    lines: tuple[tuple[str, str], ...]
    """Figures of practice that need no chart."""
    charts: tuple[Figure, ...]


def read_overview(workspace: Workspace) -> Overview:
    """Count everything."""
    standings = workspace.store.learning.standings()
    units = []
    for unit in workspace.course.units:
        entries = [entry for entry in workspace.course.entries if entry.unit == unit.id]
        written = [entry.id for entry in entries if not entry.planned]
        states = [standings[id].state for id in written if id in standings]
        units.append(
            UnitRow(
                unit.title,
                states.count("done"),
                states.count("started"),
                len(written),
                len(entries) - len(written),
            )
        )
    stats = practice_stats(workspace)
    has_any = stats.reviews or any(level.answers for level in stats.calibration)
    said = practice_charts.lines(stats) if has_any else []
    charts = practice_charts.figures(stats, datetime.now().astimezone().date())
    return Overview(progress(workspace), tuple(units), workspace.paths.to_dict(), tuple(said), tuple(charts))


class Progress(Place):
    """One page of figures, and the next step."""

    PLACE = "progress"
    BINDINGS = bindings("progress")
    DEFAULT_CSS = """
    Progress {
        #page { padding: 1 2; height: 1fr; scrollbar-size-vertical: 1; }
        &.-short #page { padding: 0 1; }
        #page > Static { height: auto; max-width: 110; margin-bottom: 1; }
        #charts { height: auto; max-width: 110; }
        #charts > Static { height: auto; }
        #charts > .words { margin-bottom: 1; }
        #next { border: round $primary; padding: 0 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._next = "learn"

    def compose_body(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="page"):
            yield Static("Counting …", id="next")
            yield Static(id="figures")
            yield Static(id="units")
            yield Static(id="practice")
            yield Vertical(id="charts")
            yield Static(id="files")

    def arrive(self, argument: str | None = None) -> None:
        """Count anew at each visit."""
        self.query_one("#page").focus()
        self.bridge.ask(self, "progress", lambda: read_overview(self.workspace))

    async def action_go_on(self) -> None:
        """Go where the next step waits."""
        await self.tutor.go(self._next)

    def action_scroll_body(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#page").scroll_relative(y=lines, animate=False)

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show what was counted."""
        overview: Overview = message.value
        self._next, words = next_step(overview.report)
        with self.app.batch_update():
            self.query_one("#next", Static).update(words)
            self.query_one("#figures", Static).update(figures(overview.report))
            self.query_one("#units", Static).update(units(overview.units))
            self.query_one("#practice", Static).update(practised(overview.lines))
            self._draw(overview.charts)
            self.query_one("#files", Static).update(files(overview.paths))

    def _draw(self, charts: tuple[Figure, ...]) -> None:
        """Show the charts anew; each has its title above and the same in words below."""
        place = self.query_one("#charts", Vertical)
        place.remove_children()
        for figure in charts:
            chart = Chart()
            chart.plot = figure.drawing
            chart.styles.height = figure.height
            title, words = Content.styled(figure.title, "bold"), Content.styled(figure.words, QUIET)
            place.mount(Static(title), chart, Static(words, classes="words"))

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say why nothing could be counted."""
        if isinstance(message.event, Failed):
            self.query_one("#next", Static).update(Content(message.event.message))


def next_step(report: ProgressReport) -> tuple[str, Content]:
    """The place where something waits, and what."""
    key = ("enter", "bold $text-accent")
    if report.cards.due:
        cards = "card is" if report.cards.due == 1 else "cards are"
        return "quiz", Content.assemble(key, f" practise: {report.cards.due} {cards} due in Quiz.")
    if report.questions.done < report.questions.written:
        left = report.questions.written - report.questions.done
        open_ones = "question is" if left == 1 else "questions are"
        return "learn", Content.assemble(key, f" go on in Learn: {left} {open_ones} open.")
    return "lab", Content.assemble(key, " all questions are done. Doubt something: run it in the Lab.")


def figures(report: ProgressReport) -> Content:
    """The counts, a line for each kind of work."""
    questions, cards, runs = report.questions, report.cards, report.runs
    not_written = questions.total - questions.written
    remembered = f", {cards.remembered:.0%} remembered" if cards.remembered is not None else ""
    new = questions.written - questions.done - questions.started
    days = f"{len(report.days)} day{'s' * (len(report.days) != 1)} with work"
    lines = [
        _line("Questions", f"{questions.done} done, {questions.started} started, {new} new"
              f" of {questions.written} written", f"{not_written} not written yet"),
        _line("Answers", f"{questions.attempts} given", days),
        _line("Cards", f"{cards.due} due, {cards.seen} learned of {cards.total}",
              f"{cards.reviews} review{'s' * (cards.reviews != 1)}{remembered}"),
        _line("Films", f"{report.ratings} rated", ""),
        _line("Experiments", f"{runs.finished} run", f"{runs.hits} of {runs.predicted} predictions came out"),
    ]  # fmt: skip
    return Content("\n").join(lines)


def _line(name: str, text: str, more: str) -> Content:
    return Content.assemble((f"{name:<{_NAMES}}", "bold"), text, (f"  ·  {more}" if more else "", QUIET))


def units(rows: tuple[UnitRow, ...]) -> Content:
    """A bar for each unit that has something to open; the others by name."""
    lines = []
    names = max([NAMES, *(len(row.title) for row in rows)])
    for row in rows:
        if row.written:
            share = row.done / row.written
            counts = f"{row.done} of {row.written} done" + (f", {row.started} started" if row.started else "")
            lines.append(
                Content.assemble(
                    f"{row.title:<{names}} ", (meter(share, BAR), "$text-primary"), f" {counts}",
                    (f", {row.planned} not written" if row.planned else "", QUIET),
                )
            )  # fmt: skip
        else:
            lines.append(Content.styled(f"{row.title:<{names}} {row.planned} not written yet", QUIET))
    return Content("\n").join(lines)


def practised(lines: tuple[tuple[str, str], ...]) -> Content:
    """What practice has brought, a line for each figure."""
    if not lines:
        return Content.styled("Practise a card in Quiz (alt+4): what it brings is drawn here.", QUIET)
    return Content("\n").join(_line(name[:1].upper() + name[1:], text, "") for name, text in lines)


def files(paths: dict[str, str]) -> Content:
    """Where things are kept."""
    lines = [Content.styled("Kept on this machine only, in", "bold")]
    lines += [Content.assemble((f"{name:<14}", QUIET), path) for name, path in paths.items()]
    return Content("\n").join(lines)
