"""Code: write what a question asks for, run it in the sandbox, read what it gave and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from tutor.core.events import Failed, RunFinished
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.code_asks import Choose
from tutor.ui.screens.code_training import TRAINABLE, Training
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.editor import Editor
from tutor.ui.widgets.judgement import Judgement

if TYPE_CHECKING:
    from tutor.core.exercises.usecase import ExerciseRow, ExerciseView
    from tutor.core.exercises.verdicts import Verdict

Sheet = Literal["example", "blanks", "own"]
SHEETS: tuple[Sheet, ...] = ("example", "blanks", "own")
NAMES = {"example": "a sibling, worked out", "blanks": "with gaps", "own": "yours"}
"""The three sheets of an exercise, in the order in which help is taken away."""


@dataclass(frozen=True)
class Opened:
    """An exercise as it was read, with the texts of its sheets and what has to be agreed to."""

    view: ExerciseView
    texts: dict[str, str]
    sheet: Sheet
    rows: tuple[ExerciseRow, ...]


class Code(Training):
    """One exercise at a time. Every key stroke is kept."""

    PLACE = "code"
    BINDINGS = bindings("code")
    CSS_PATH = "code.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._opened: Opened | None = None
        self._sheet: Sheet = "own"
        self._texts: dict[str, str] = {}
        self._stop = False

    def compose_body(self) -> ComposeResult:
        """Lay out the task, the editor, and what comes out."""
        with Horizontal(id="work"):
            with Vertical(id="writing"):
                yield Static(id="task", markup=False)
                yield Editor(id="editor")
            with Vertical(id="judging"):
                yield Chart(id="growth")
                with VerticalScroll(id="cases"):
                    yield Judgement()

    def arrive(self, argument: str | None = None) -> None:
        """Open the exercise that led here, else the one that is open, else the first."""
        if argument or self._opened is None:
            self._open(argument)
        else:
            self.query_one(Editor).focus()

    # --- opening -----------------------------------------------------------------------------

    def _open(self, ref: str | None) -> None:
        self._keep_now()
        exercises = self.workspace.exercises

        def read() -> Opened:
            rows = tuple(exercises.all())
            known = [row.id for row in rows]
            chosen = ref if ref in known else next((r.id for r in rows if r.state != "passed"), known[0])
            view = exercises.show(chosen)
            texts = {"example": view.example, "blanks": exercises.text(chosen, "blanks"), "own": view.text}
            return Opened(view, texts, "own" if view.state != "new" else "example", rows)

        self.bridge.ask(self, "code-open", read)

    def _show(self, opened: Opened) -> None:
        self._opened, self._texts, self._passed = opened, dict(opened.texts), None
        view = opened.view
        self.query_one("#task", Static).update(_marked(" ".join(view.task.split())))
        self.remove_class("-training")
        self._turn_to(opened.sheet)
        self._say("F2 turns the sheet: a sibling of the task, the task with gaps, yours. F5 runs yours.")
        self.bridge.ask(self, "code-warm", lambda: self.workspace.exercises.prepare(view.id))

    def _turn_to(self, sheet: Sheet) -> None:
        opened, editor = self._opened, self.query_one(Editor)
        if opened is None:
            return
        self._sheet = sheet
        number = opened.view.q or opened.view.id
        editor.border_title = f"{number} · {opened.view.title} · {NAMES[sheet]}"
        editor.border_subtitle = (
            "to read; F2 turns to the gaps" if sheet == "example" else "every key is kept"
        )
        editor.put(self._texts[sheet], read_only=sheet == "example")
        editor.focus()
        self.refresh_bindings()

    # --- what can be done now ------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what fits the sheet and the moment."""
        opened = self._opened
        if action in ("turn", "run", "train", "edit_outside", "start_over", "next_exercise"):
            if opened is None:
                return False
            if action in ("run", "edit_outside"):
                return self._sheet != "example" and not self._busy
            if action == "train":
                return opened.view.id == TRAINABLE and self._passed is not None and not self._busy
            return not self._busy
        if action in ("stop", "leave"):
            return self._busy is (action == "stop")
        return super().check_action(action, parameters)

    @property
    def _busy(self) -> bool:
        return self._checking or self.bridge.busy("code-train")

    # --- typing --------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        """Keep what was typed; a mark that is out of date goes."""
        opened, editor = self._opened, self.query_one(Editor)
        if opened is None or self._sheet == "example" or editor.text == self._texts[self._sheet]:
            return
        self._texts[self._sheet] = editor.text
        editor.fault = None
        self._keep_soon(opened.view.id, self._sheet, editor.text)

    def take_text(self, text: str) -> None:
        """What another editor saved: shown, kept and checked."""
        if self._opened is not None and self._sheet != "example" and text != self._texts[self._sheet]:
            self.query_one(Editor).load_text(text)
            self._texts[self._sheet] = text
            self._keep_soon(self._opened.view.id, self._sheet, text)
        self.action_run()

    @property
    def sheet_text(self) -> tuple[str, str] | None:
        """A name for a file, and what is on the sheet."""
        if self._opened is None or self._sheet == "example":
            return None
        suffix = "" if self._sheet == "own" else "-gaps"
        return f"{self._opened.view.id}{suffix}.py", self._texts[self._sheet]

    def action_turn(self) -> None:
        """Turn to the next sheet; each keeps its text."""
        self._turn_to(SHEETS[(SHEETS.index(self._sheet) + 1) % len(SHEETS)])

    def action_next_exercise(self) -> None:
        """Go to the next exercise."""
        opened = self._opened
        if opened is not None:
            ids = [row.id for row in opened.rows]
            self._open(ids[(ids.index(opened.view.id) + 1) % len(ids)])

    def action_leave(self) -> None:
        """Go back to the question."""
        self._keep_now()
        self.run_worker(self.tutor.go("learn"))

    def action_start_over(self) -> None:
        """Ask, then forget what was written for this exercise or for all."""
        opened = self._opened
        if opened is None:
            return
        answers = {"1": f"only {opened.view.title}", "2": f"all {len(opened.rows)} exercises"}

        def forget(answer: str | None) -> None:
            if answer is None:
                return
            ref, id_ = (opened.view.id if answer == "1" else None), opened.view.id
            self._forget_unsaved()
            self.bridge.ask(self, "code-keep", lambda: self.workspace.exercises.reset(ref))
            self._opened = None
            self._open(id_)

        self.app.push_screen(
            Choose("Start over", "Forget what you wrote? It cannot be brought back.", answers), forget
        )

    # --- running ---------------------------------------------------------------------------------

    def action_run(self) -> None:
        """Check what is on the sheet, after the one question that some machines need."""
        if self._opened is None or self._sheet == "example" or self._busy:
            return
        warning = self.workspace.exercises.warning
        if warning:
            self._ask_agreement(warning)
            return
        id_, code, exercises = self._opened.view.id, self._texts[self._sheet], self.workspace.exercises
        self._checking, self._stop = True, False
        self._keep_now()
        self.query_one(Editor).fault = None
        self.remove_class("-training")
        self._say("Running. esc stops it.")
        self.bridge.ask(self, "code-check", lambda: (code, exercises.check(id_, code, lambda: self._stop)))
        self.refresh_bindings()

    def _ask_agreement(self, warning: str) -> None:
        text = f"{warning[:1].upper()}{warning[1:]} It is your own code, and you decide. This is asked once."

        def agreed(answer: str | None) -> None:
            if answer == "y":
                self.workspace.exercises.agree()
                self.action_run()

        self.app.push_screen(Choose("Before your code runs here", text, {"y": "run it"}), agreed)

    def action_stop(self) -> None:
        """Stop what runs."""
        self._stop = True
        self.bridge.cancel("code-train")

    def _judge(self, code: str, verdict: Verdict) -> None:
        judgement, editor = self.query_one(Judgement), self.query_one(Editor)
        if self._stop:
            self._say("Stopped. F5 runs it again.")
            return
        judgement.verdict = verdict
        self.query_one("#cases").scroll_home(animate=False)
        if verdict.line is not None and editor.text == code:
            editor.fault = (verdict.line, verdict.bug.bug if verdict.bug else "here")
        if verdict.passed and self._sheet != "example":
            self._passed = code
            if self._opened is not None and self._opened.view.id == TRAINABLE:
                self.query_one("#judging").border_subtitle = "F3 trains it on real ratings"
        self.tutor.count()

    # --- what the core says ------------------------------------------------------------------------

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take what was read, kept or judged."""
        if message.channel == "code-open":
            self._show(message.value)
        elif message.channel == "code-check":
            self._checking = False
            self._judge(*message.value)
            self.refresh_bindings()
        elif message.channel == "code-keep":
            self._kept()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say how the training, or a check that broke, ended."""
        event: Any = message.event
        if message.channel == "code-check" and isinstance(event, Failed):
            self._checking = False
        if isinstance(event, RunFinished):
            self._say(f"{event.sentence}\nalt+3 goes there.")
        elif isinstance(event, Failed):
            self._say(event.message)
        elif message.channel == "code-train" and message.ended:
            self._say("Stopped. F3 trains it again.")
        if message.ended:
            self.refresh_bindings()


def _marked(text: str) -> Content:
    """What stands between backticks, emphasised."""
    parts = text.split("`")
    return Content.assemble(*((part, "bold $text-accent" if at % 2 else "") for at, part in enumerate(parts)))
