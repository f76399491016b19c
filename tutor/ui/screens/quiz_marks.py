"""What the learner does with a card beside answering it: suspend, bury, flag, a private note."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place
from tutor.ui.screens.quiz_words import Answer, Table, face_of, revealed
from tutor.ui.widgets.card import Card, Face

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.core.practice import Quiz as Asked
    from tutor.store.marks import MarkRow

NOTE = "your own words for this card; enter keeps them, esc leaves them as they were"


class NoteBox(Input):
    """The box for a private note."""

    BINDINGS = bindings("quiz", "note")


class Marking(Place):
    """The part of the Quiz that marks cards; the Quiz itself asks them."""

    _table: Table | None = None
    _answer = Answer()
    _waiting = False
    """Something is being stored or looked up: keys do nothing, so that no grade is given twice."""

    @property
    def _asked(self) -> Asked | None:
        return self._table.asked if self._table else None

    @property
    def _face(self) -> Face | None:
        return self.query_one(Card).face if self._asked else None

    def _take(
        self, first: Callable[[], str], graded: int | None = None, back: list[str] | None = None
    ) -> None:
        raise NotImplementedError

    def _say(self, text: str) -> None:
        raise NotImplementedError

    def action_mark(self, what: str) -> None:
        """Suspend or bury the card and take the next one."""
        asked, practice = self._asked, self.workspace.practice
        if asked is None:
            return

        def mark() -> str:
            (practice.suspend if what == "suspend" else practice.bury)(asked.card)
            return {
                "suspend": f"{asked.card} is suspended; u or `tutor cards unsuspend` brings it back.",
                "bury": f"{asked.card} comes back tomorrow.",
            }[what]

        self._take(mark)

    def action_flag(self) -> None:
        """Flag the card, or take its flag away."""
        if asked := self._asked:
            self.bridge.ask(self, "mark", lambda: self.workspace.practice.flag(asked.card))

    def action_note(self) -> None:
        """Open the private note."""
        if asked := self._asked:
            box = self.query_one(NoteBox)
            box.value = asked.mark.note
            box.remove_class("gone")
            box.focus()

    @on(Input.Submitted, "#note")
    def _noted(self, message: Input.Submitted) -> None:
        message.stop()
        if asked := self._asked:
            text = message.value
            self.bridge.ask(self, "mark", lambda: self.workspace.practice.note(asked.card, text))
        self.action_close_note()

    def action_close_note(self) -> None:
        """Leave the note."""
        self.query_one(NoteBox).add_class("gone")
        self.query_one(Card).place_focus()

    def _marked(self, mark: MarkRow) -> None:
        table, face = self._table, self._face
        if table is None or table.asked is None or face is None or table.asked.card != mark.card:
            return
        asked = replace(table.asked, mark=mark)
        self._table = replace(table, asked=asked)
        self.query_one(Card).face = replace(face, title=face_of(asked).title, note=mark.note)
        self._say("Noted." if mark.note != table.asked.mark.note else "")

    def action_buttons(self) -> None:
        """Switch between four grades and two."""
        self._waiting = True
        self.bridge.ask(self, "buttons", self._switch_buttons)

    def _switch_buttons(self) -> bool:
        practice = self.workspace.practice
        practice.two_buttons = not practice.two_buttons
        return practice.two_buttons

    def _buttons(self, two: bool) -> None:
        self._waiting = False
        if self._table is None:
            return
        self._table = replace(self._table, two_buttons=two)
        self._say("Two grades: forgot, knew it." if two else "Four grades.")
        if (face := self._face) and face.reveal:
            self.query_one(Card).face = revealed(face, self._table, self._answer)
