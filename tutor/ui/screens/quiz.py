"""Quiz: one card at a time; the learner answers, says how sure, looks, and grades."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tutor.core.events import Failed
from tutor.core.scheduling import GRADES
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.quiz_marks import NOTE, Marking, NoteBox
from tutor.ui.screens.quiz_words import OF_A_CARD, Answer, Table, face_of, rest_of, revealed, run_of, works
from tutor.ui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.core.items import Judged


class Quiz(Marking):
    """Practice, card by card. Every grade is on disk before the next card shows."""

    PLACE = "quiz"
    BINDINGS = bindings("quiz")
    DEFAULT_CSS = """
    Quiz {
        #sitting { align: center top; padding: 1 2; }
        #counts, #said { height: auto; max-width: 96; color: $text-muted; padding: 0 3; }
        #rest { height: auto; max-width: 96; padding: 1 2; border: round $primary; }
        NoteBox, NoteBox:focus { height: 3; max-width: 96; border: round $accent; background: transparent; }
        .gone { display: none; }
        &.-short #sitting { padding: 0 1; }
        &.-narrow #sitting { padding: 0 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._table: Table | None = None
        self._answer = Answer()
        self._waiting = False
        """Something is being stored or looked up: keys do nothing, so that no grade is given twice."""
        self._new_too = False
        self._grades: list[int] = []
        self._shown_at = 0.0

    def compose_body(self) -> ComposeResult:
        """Lay out the counts, the card and what is said when there is none."""
        with Vertical(id="sitting"):
            yield Static(id="counts")
            yield Card(id="card", classes="gone")
            yield NoteBox(placeholder=NOTE, id="note", classes="gone")
            yield Static(id="rest", classes="gone")
            yield Static(id="said", markup=False)

    def arrive(self, argument: str | None = None) -> None:
        """Go on with the card on the table, or take the next one."""
        if self._face:
            self.query_one(Card).place_focus()
        elif not self._waiting:
            self._take(lambda: "")

    # --- which keys mean what ----------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key means one thing at each moment."""
        text = str(parameters[0]) if parameters else ""
        offered = self._offered(action, int(text) if text.isdigit() else 0)
        return super().check_action(action, parameters) if offered is None else offered

    def _offered(self, action: str, key: int) -> bool | None:
        """Whether a command of the quiz works now; None for those of others."""
        if action == "undo":
            return not self._waiting
        if action == "learn_new":
            return self._table is not None and self._face is None and self._table.counts.new > 0
        if action not in OF_A_CARD:
            return None
        table, face = self._table, self._face
        return not self._waiting and bool(table and face and works(action, key, table, face, self._answer))

    # --- what the learner does -----------------------------------------------------------------

    def action_choose(self, key: str) -> None:
        """Choose an option."""
        self._replied(key)

    def action_reveal(self) -> None:
        """Show the answer without a reply."""
        self._took()
        self._show_answer()

    @on(Input.Submitted, "#reply")
    def _typed(self, message: Input.Submitted) -> None:
        message.stop()
        text = message.value.strip()
        if text:
            self._replied(text)
        else:
            self.action_reveal()

    def action_sure(self, key: str) -> None:
        """Say how sure one is, then see."""
        if self._answer.judged is None:
            self._took()
        self._answer = replace(self._answer, confidence=int(key))
        self._show_answer()

    def action_skip_sure(self) -> None:
        """See without saying how sure one is."""
        self._show_answer()

    def action_hint(self) -> None:
        """Give the next hint; the last one is the answer."""
        asked, face = self._asked, self._face
        if asked and face:
            self._answer = replace(self._answer, hints=self._answer.hints + 1)
            self.query_one(Card).face = replace(face, hints=asked.hints[: self._answer.hints])
            self.refresh_bindings()

    def action_accept(self) -> None:
        """Take the grade that is proposed."""
        if self._face and self._face.reveal and self._face.reveal.suggested:
            self.action_grade(str(self._face.reveal.suggested))

    def action_grade(self, key: str) -> None:
        """Store the grade, then take the next card."""
        table, answer = self._table, self._answer
        if table is None or table.asked is None or self._waiting:
            return
        asked, grade = table.asked, table.keys[int(key)][0]

        def review() -> str:
            done = self.workspace.practice.review(
                asked, grade, answer.took_ms, confidence=answer.confidence, hints=answer.hints,
                correct=answer.judged.right if answer.judged else None,
            )  # fmt: skip
            return f"{asked.card}: {GRADES[grade]}. It comes back in {done.interval}."

        self._take(review, graded=grade)

    def action_undo(self) -> None:
        """Take back the last grade or mark, as often as one likes; its card is the next one."""
        practice = self.workspace.practice
        back: list[str] = []

        def undo() -> str:
            done = practice.undo()
            if done is None:
                return "Nothing to undo."
            back.append(done.card)
            if done.rating and self._grades:
                self._grades.pop()
            return f"Taken back: {done.card}." if done.rating else f"Taken back: {done.what} of {done.card}."

        self._take(undo, back=back)

    async def action_run(self) -> None:
        """Open the run that shows it; the card waits."""
        if (asked := self._asked) and (name := run_of(asked)):
            await self.tutor.go("lab", name)

    def action_learn_new(self) -> None:
        """Mix today's new cards in."""
        self._new_too = True
        self._take(lambda: "")

    def action_leave(self) -> None:
        """End the sitting."""
        self._show_rest("Stopped here. Every grade is saved.")
        if self._table:
            self._table = replace(self._table, asked=None)
        self.refresh_bindings()

    # --- work in threads -------------------------------------------------------------------

    def _take(
        self, first: Callable[[], str], graded: int | None = None, back: list[str] | None = None
    ) -> None:
        """Do something, then take the next card (that in `back`, if any), in one go beside the screen."""
        practice, due_only = self.workspace.practice, not self._new_too
        self._waiting = True

        def take() -> Table:
            said = first()
            asked = practice.quiz(back[0]) if back else practice.next(due_only=due_only)
            intervals = practice.intervals(asked) if asked else {}
            return Table(asked, intervals, practice.counts(), practice.two_buttons, said, graded)

        self.bridge.ask(self, "quiz", take)

    def _replied(self, text: str) -> None:
        """Judge a reply beside the screen."""
        asked = self._asked
        if asked is None or self._waiting:
            return
        self._took()
        self._answer = replace(self._answer, reply=text)
        self._waiting = True
        self.bridge.ask(self, "judge", lambda: self.workspace.practice.judge(asked, text))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Lay the next card on the table, or take what became of a reply or a mark."""
        take: dict[str, Callable[[Any], None]] = {
            "quiz": self._laid, "judge": self._judged, "mark": self._marked, "buttons": self._buttons,
        }  # fmt: skip
        take[message.channel](message.value)
        self.refresh_bindings()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say what failed; nothing that was graded is lost."""
        if isinstance(message.event, Failed):
            self._waiting = False
            self._say(message.event.message)
            self.refresh_bindings()

    def _laid(self, table: Table) -> None:
        self._waiting = False
        self._table = table
        if table.graded is not None:
            self._grades.append(table.graded)
        self.tutor.count()
        with self.app.batch_update():
            self._show(table)

    def _judged(self, judged: Judged) -> None:
        self._waiting = False
        self._answer = replace(self._answer, judged=judged)
        face = self._face
        if face and face.typed:
            self.query_one(Card).face = replace(face, asks_sure=True)
        else:
            self._show_answer()

    # --- what is shown ---------------------------------------------------------------------

    def _show(self, table: Table) -> None:
        counts = table.counts
        new = f" · {counts.new} new today" if counts.new else ""
        self.query_one("#counts", Static).update(f"{counts.due} due{new} · {len(self._grades)} done now")
        self.query_one(NoteBox).add_class("gone")
        self._say(table.said)
        if table.asked is None:
            self._show_rest("Nothing is due." if not self._grades else "That was all that is due.")
            return
        self.query_one("#rest").add_class("gone")
        card = self.query_one(Card)
        card.remove_class("gone")
        self._answer = Answer()
        card.face = None
        card.face = face_of(table.asked)
        card.place_focus()
        self._shown_at = time.monotonic()

    def _took(self) -> None:
        took_ms = round((time.monotonic() - self._shown_at) * 1000)
        self._answer = replace(self._answer, took_ms=took_ms)

    def _show_answer(self) -> None:
        face = self._face
        if self._table and face:
            self.query_one(Card).face = revealed(face, self._table, self._answer)
            self._say("")
            self.refresh_bindings()

    def _show_rest(self, first: str) -> None:
        assert self._table is not None
        self.query_one(Card).add_class("gone")
        rest = self.query_one("#rest", Static)
        rest.remove_class("gone")
        rest.update(rest_of(first, self._table.counts, self._grades))
        self.set_focus(None)

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(Content(text))
