"""Quiz: one card at a time; the learner answers, looks, and says how well it was known."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tutor.core.events import Failed
from tutor.core.items import NotAnOption
from tutor.core.scheduling import GRADES, span
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place
from tutor.ui.widgets.card import Card, Face, Reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.core.practice import Counts
    from tutor.core.practice import Quiz as Asked

WHAT = """
A card asks for one point of a question. You answer, look, and grade yourself; it comes back shortly \
before you would forget it, in another form."""
FORMS = {
    "explain": "in your own words",
    "choice": "choose one",
    "cloze": "fill the gap",
    "compute": "work it out",
    "predict": "predict",
    "code": "code",
}


@dataclass(frozen=True)
class Table:
    """What lies on the table: a card or none, and what else there is to do."""

    asked: Asked | None
    intervals: dict[int, str]
    counts: Counts
    said: str = ""
    graded: int | None = None
    """Grade that was stored just before."""


class Quiz(Place):
    """Practice, card by card. Every grade is on disk before the next card shows."""

    PLACE = "quiz"
    BINDINGS = bindings("quiz")
    DEFAULT_CSS = """
    Quiz {
        #sitting { align: center top; padding: 1 2; }
        #counts, #said { height: auto; max-width: 96; color: $text-muted; padding: 0 3; }
        #rest { height: auto; max-width: 96; padding: 1 2; border: round $primary; }
        .gone { display: none; }
        &.-short #sitting { padding: 0 1; }
        &.-narrow #sitting { padding: 0 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._table: Table | None = None
        self._new_too = False
        self._grades: list[int] = []
        self._shown_at = 0.0
        self._took_ms = 0

    def compose_body(self) -> ComposeResult:
        """Lay out the counts, the card and what is said when there is none."""
        with Vertical(id="sitting"):
            yield Static(id="counts")
            yield Card(id="card", classes="gone")
            yield Static(id="rest", classes="gone")
            yield Static(id="said", markup=False)

    def arrive(self, argument: str | None = None) -> None:
        """Go on with the card on the table, or take the next one."""
        if self._face and self._face.reveal is None and self._table and self._table.asked:
            self.query_one(Card).place_focus()
        elif self._face is None:
            self._take(lambda: "")

    # --- what the learner does -------------------------------------------------------------

    @property
    def _face(self) -> Face | None:
        return self.query_one(Card).face if self._table and self._table.asked else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key means one thing at each moment."""
        face = self._face
        if action in ("reveal", "choose"):
            options = len(face.options) if face and face.reveal is None else 0
            allowed = int(str(parameters[0])) <= options if action == "choose" else face is not None
            return allowed and face is not None and face.reveal is None
        if action == "grade":
            return face is not None and face.reveal is not None
        if action == "leave":
            return face is not None
        if action == "learn_new":
            return self._table is not None and face is None and self._table.counts.new > 0
        if action == "undo":
            return bool(self._grades) and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_choose(self, key: str) -> None:
        """Choose an option; that reveals."""
        self._reveal(key)

    def action_reveal(self) -> None:
        """Show the answer without a reply."""
        self._reveal("")

    @on(Input.Submitted, "#reply")
    def _typed(self, message: Input.Submitted) -> None:
        message.stop()
        self._reveal(message.value.strip())

    def action_grade(self, key: str) -> None:
        """Store the grade, then take the next card."""
        table, grade, took = self._table, int(key), self._took_ms
        if table is None or table.asked is None or self.bridge.busy("quiz"):
            return
        asked = table.asked

        def review() -> str:
            done = self.workspace.practice.review(asked, grade, took)
            return f"{asked.card}: {GRADES[grade]}. It comes back in {done.interval}."

        self._take(review, graded=grade)

    def action_undo(self) -> None:
        """Take back the last grade; its card is the next one."""
        if self._grades:
            self._grades.pop()
            self._take(self._undo)

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

    def _take(self, first: Callable[[], str], graded: int | None = None) -> None:
        """Do something, then take the next card, in one go beside the screen."""
        practice, due_only = self.workspace.practice, not self._new_too

        def take() -> Table:
            said = first()
            asked = practice.next(due_only=due_only)
            intervals = practice.intervals(asked) if asked else {}
            return Table(asked, intervals, practice.counts(), said, graded)

        self.bridge.ask(self, "quiz", take)

    def _undo(self) -> str:
        review = self.workspace.practice.undo()
        return f"Taken back: {review.card}." if review else "Nothing to undo."

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Lay the next card on the table."""
        table: Table = message.value
        self._table = table
        if table.graded is not None:
            self._grades.append(table.graded)
            self.tutor.count()
        with self.app.batch_update():
            self._show(table)
        self.refresh_bindings()

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Say what failed; nothing that was graded is lost."""
        if isinstance(message.event, Failed):
            self._say(message.event.message)

    # --- what is shown ---------------------------------------------------------------------

    def _show(self, table: Table) -> None:
        counts = table.counts
        new = f" · {counts.new} new today" if counts.new else ""
        self.query_one("#counts", Static).update(f"{counts.due} due{new} · {len(self._grades)} done now")
        self._say(table.said)
        if table.asked is None:
            self._show_rest("Nothing is due." if not self._grades else "That was all that is due.")
            return
        asked = table.asked
        self.query_one("#rest").add_class("gone")
        card = self.query_one(Card)
        card.remove_class("gone")
        name = f"Q{asked.entry.q}" if asked.entry.q else asked.entry.id.upper()
        new_mark = " · new" if asked.is_new else ""
        card.face = Face(
            title=f"{name} · {asked.entry.title}{new_mark}",
            form=FORMS.get(asked.presented.item.form, asked.presented.item.form),
            prompt=asked.presented.prompt,
            options=tuple(option.text for option in asked.presented.options),
        )
        card.place_focus()
        self._shown_at = time.monotonic()

    def _reveal(self, reply: str) -> None:
        table, face = self._table, self._face
        if table is None or table.asked is None or face is None or face.reveal is not None:
            return
        presented = table.asked.presented
        try:
            judged = presented.judge(reply) if reply else None
        except NotAnOption as error:
            self._say(str(error))
            return
        self._took_ms = round((time.monotonic() - self._shown_at) * 1000)
        correct = next((i for i, option in enumerate(presented.options) if option.correct), None)
        chosen = presented.options.index(judged.chosen) if judged and judged.chosen else None
        right = judged.right if judged else None
        why = presented.why if judged is None or right is not False else _both(judged.why, presented.why)
        self.query_one(Card).face = replace(
            face,
            reveal=Reveal(
                verdict=_verdict(reply, right),
                right=right,
                answer="" if presented.options else presented.answer,
                why=why,
                chosen=chosen,
                correct=correct,
                intervals=tuple((grade, GRADES[grade], span) for grade, span in table.intervals.items()),
                suggested=None if right is None else 3 if right else 1,
            ),
        )
        self._say("")
        self.refresh_bindings()

    def _show_rest(self, first: str) -> None:
        """What there is to say when no card lies on the table, with one next thing to do."""
        assert self._table is not None
        counts = self._table.counts
        self.query_one(Card).add_class("gone")
        rest = self.query_one("#rest", Static)
        rest.remove_class("gone")
        lines = [Content.styled(first, "bold")]
        if self._grades:
            named = (f"{self._grades.count(grade)} {name}" for grade, name in GRADES.items())
            lines.append(Content(f"This sitting: {len(self._grades)} cards: {', '.join(named)}."))
        elif not counts.next_due_at:
            lines.append(Content(WHAT))
        if counts.next_due_at:
            lines.append(Content(f"The next card comes due in {_until(counts.next_due_at)}."))
        if counts.new:
            cards = "card" if counts.new == 1 else "cards"
            lines.append(Content(f"\nPress n to learn {counts.new} new {cards}."))
        else:
            lines.append(Content("\nNo new cards today. Answer more questions in Learn (alt+1)."))
        rest.update(Content("\n").join(lines))
        self.set_focus(None)

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)


def _verdict(reply: str, right: bool | None) -> str:
    if right is None:
        return "Compare with yours:" if reply else "The answer:"
    return "✓ Right." if right else "✗ Not this time."


def _both(first: str, second: str) -> str:
    return first if first == second else f"{first}\n{second}"


def _until(due: str) -> str:
    return span(datetime.fromisoformat(due) - datetime.now(UTC))
