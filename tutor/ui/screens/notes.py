"""The learner's own notes on a question beside their answer, point by point; and notes in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tutor.core.events import Failed
from tutor.ui.bridge import Bridge
from tutor.ui.screens.place import Place
from tutor.ui.screens.sheet import Sheet

if TYPE_CHECKING:
    from tutor.core.notes.comparing import Finding, PointPair, SideBySide
    from tutor.core.workspace import Workspace

_NONE_YET = (
    "No notes of yours on this question are here yet. Type the path of your Markdown file below: questions "
    "with their numbers, answers as bullets or code. They stay shut until you have answered a question again."
)
_SHOWN = 3
"""Questions of a file that were left out and are named here."""
_INKS = {"✓": "$text-success", "△": "$text-warning", "○": "$text-muted"}


class NotesSheet(Sheet):
    """Two columns where there is room, one below the other where there is not."""

    SHEET_TITLE = "Your notes and your answer"
    KEYS = "j k scroll  tab file  esc back"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (Place.WIDE, "-wide")]
    BINDINGS = [("j,down", "scroll(1)", "down"), ("k,up", "scroll(-1)", "up")]
    DEFAULT_CSS = """
    NotesSheet {
        & > #sheet { width: 116; }
        & #pages { height: 1fr; padding: 0 1; }
        & .pair { height: auto; margin: 0 0 1 0; padding: 0 1 0 0; }
        & .side { height: auto; width: 1fr; }
        & .name { padding: 0 1; color: $text-muted; }
        & .text { padding: 0 1; background: $foreground 6%; }
        & .points { height: auto; margin: 0 0 1 0; }
        & .pair.-quotes { margin: 0; }
        & .title { text-style: bold; color: $primary; }
        & .finding { height: auto; margin: 0 0 1 0; }
        & .labelled { height: auto; padding: 0 0 0 2; }
        & .label { width: 9; color: $text-muted; }
        & .side .label { width: 5; }
        & .said { width: 1fr; }
        & .-absent .said { color: $text-muted; }
        &.-wide .side.-second { margin: 0 0 0 2; }
        &.-narrow .pair { layout: vertical; }
        &.-narrow .side.-second { margin: 1 0 0 0; }
        &.-narrow .pair.-quotes .side.-second { margin: 0; }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $foreground 8%; }
        & #told { height: auto; max-height: 5; color: $text-muted; padding: 0 1; }
    }
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose_sheet(self) -> ComposeResult:
        """The two texts and the points, then the file's path."""
        yield VerticalScroll(id="pages")
        yield Static(id="told", markup=False)
        yield Input(placeholder="path of your notes to take in, or: write PATH", id="path")

    def on_mount(self) -> None:
        """Ask for both sides: grading the notes takes a moment."""
        self.query_one("#pages").focus()
        self._compare()

    def _compare(self) -> None:
        question, workspace = self._question, self.workspace
        self.bridge.ask(self, "notes", lambda: _compared(workspace, question))

    @on(Input.Submitted, "#path")
    def _take(self, message: Input.Submitted) -> None:
        typed = message.value.strip()
        if typed:
            workspace = self.workspace
            self.query_one("#told", Static).update("A moment …")
            self.bridge.ask(self, "notes-file", lambda: _in_or_out(workspace, typed))

    async def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show both sides, or what became of a file."""
        if message.channel == "notes":
            await self._show(message.value)
        else:
            self.query_one("#told", Static).update(message.value)
            self._compare()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say in a line what went wrong; nothing was changed."""
        if isinstance(message.event, Failed):
            self.query_one("#told", Static).update(message.event.message)

    async def _show(self, pair: SideBySide | None) -> None:
        pages = self.query_one("#pages")
        await pages.remove_children()
        if pair is None or pair.hidden:
            await pages.mount(Static(_NONE_YET if pair is None else _hidden(pair), markup=False))
        else:
            named = f"Q{pair.q} · {pair.title}" if pair.q else pair.title
            self.query_one("#sheet").border_title = f"{named} · your notes and your answer"
            await pages.mount_all(_pages(pair))

    def action_scroll(self, direction: int) -> None:
        """Scroll by a line."""
        self.query_one("#pages").scroll_relative(y=direction, animate=False)


def _pages(pair: SideBySide) -> Iterator[Widget]:
    answer = pair.answer or "You have not answered here yet."
    yield Horizontal(
        _side(f"Then · {pair.file}", pair.note or ""),
        _side("Now · your answer", answer, "-second"),
        classes="pair",
    )
    yield Static(Content("Point by point"), classes="title")
    yield Vertical(*(widget for point in pair.points for widget in _point(point)), classes="points")
    if pair.errata:
        yield Static(Content("Where the notes come close to what is often believed"), classes="title")
        yield from map(_finding, pair.errata)


def _side(name: str, text: str, *classes: str) -> Widget:
    return Vertical(
        Static(Content(name), classes="name"),
        Static(Content(text), classes="text"),
        classes=" ".join(("side", *classes)),
    )


def _point(point: PointPair) -> Iterator[Widget]:
    from tutor.core.notes.comparing import where_made

    where = where_made(point)
    sign, words = where[0], where[2:]
    bonus = "" if point.required else ", a bonus"
    yield Static(
        Content.assemble(
            (f"{sign} ", f"{_INKS[sign]} bold"),
            (point.about, "bold"),
            (f" · {words}{bonus}", "$foreground 60%"),
        )
    )
    if point.note is not None or point.answer is not None:
        yield Horizontal(
            _quoted("then", point.note), _quoted("now", point.answer, "-second"), classes="pair -quotes"
        )


def _quoted(when: str, words: str | None, *classes: str) -> Widget:
    from tutor.core.grading.reply import quote

    said = _labelled(when, f'"{quote(words)}"' if words else "not said")
    said.set_class(words is None, "-absent")
    return Vertical(said, classes=" ".join(("side", *classes)))


def _finding(finding: Finding) -> Widget:
    from tutor.core.grading.reply import quote

    said = Content.assemble(("△ ", "$text-warning bold"), f'"{quote(finding.quote)}"')
    return Vertical(
        Static(said),
        _labelled("believed", finding.believed),
        _labelled("true", finding.true),
        classes="finding",
    )


def _labelled(label: str, text: str) -> Widget:
    return Horizontal(
        Static(Content(label), classes="label"), Static(Content(text), classes="said"), classes="labelled"
    )


def _hidden(pair: SideBySide) -> str:
    from tutor.core.notes.comparing import try_first

    return try_first(pair)


def _compared(workspace: Workspace, ref: str) -> SideBySide | None:
    """Both sides; None where there is no note."""
    from tutor.core.notes.comparing import NoNote, side_by_side

    try:
        return side_by_side(workspace.store, workspace.course.question(ref))
    except NoNote:
        return None


def _in_or_out(workspace: Workspace, typed: str) -> str:
    """Take notes in, or write them where the line begins with `write`."""
    verb, _, rest = typed.partition(" ")
    writes = verb == "write" and bool(rest.strip())
    path = Path((rest if writes else typed).strip().strip("'\"")).expanduser()
    if not writes:
        from tutor.core.notes.importing import read_file, take

        report = take(workspace.store.notes, workspace.course, read_file(path), path.name)
        doubtful = [f"line {row.line}: {row.wording}" for row in (*report.uncertain, *report.unmatched)]
        more = [f"`tutor notes import {path}` lists all of them"] if len(doubtful) > _SHOWN else []
        return "\n".join([report.sentence, *doubtful[:_SHOWN], *more])
    from tutor.core.notes.writing import check_target, finished_notes, write_file

    check_target(path)
    notes = finished_notes(workspace.store, workspace.course)
    write_file(path, notes.text)
    return f"{path}: {notes.sentence}"
