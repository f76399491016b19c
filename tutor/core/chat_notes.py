"""The learner's own notes in the chat: shut until a try, announced after it, shown beside it on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.core.dialogue import fitted
from tutor.core.events import ChatEvent, Opened

if TYPE_CHECKING:
    from tutor.core.session import Session

_SHORT_OF = 3
"""Lines of a verdict below which nothing is announced: the verdict comes first."""


def show(session: Session) -> Iterator[ChatEvent]:
    """Old notes beside the new answer: on a sheet, or as text where there is no screen."""
    from tutor.core.notes.comparing import NoNote, as_text, side_by_side, try_first

    question, store = session.question, session.workspace.store
    if question is None:
        yield session.say("No question is open. `next` opens one; your notes on it come after your answer.")
        return
    try:
        pair = side_by_side(store, question)
    except NoNote as fault:
        words = str(fault)
    else:
        session.note(sources=(f"your notes: {pair.file}",), notes=pair.as_json())
        beside = as_text(pair) if session.inline else "Your notes and your answer, side by side."
        words = try_first(pair) if pair.hidden else beside
    yield session.say(words, "your notes")
    if not session.inline:
        yield Opened(place="notes", argument=question.entry.id)


def announcement(session: Session, room: int) -> str:
    """A line for the first answer since notes on the question came in; empty where there is nothing to say.

    `room`: lines that the verdict may take, this one included.
    """
    question, store = session.question, session.workspace.store
    note = store.notes.get(question.entry.id) if question else None
    if question is None or note is None or room < _SHORT_OF:
        return ""
    from tutor.core.notes.own_answers import tries_since

    is_first = tries_since(store, question.entry.id, note.at) == 1
    return "▸ You wrote on this before: `show my notes` compares." if is_first else ""


def verdict(session: Session, lines: Sequence[str], room: int) -> str:
    """What an answer earned in so many lines, with a word on the learner's notes where there are any."""
    notes = announcement(session, room)
    return fitted([fitted(lines, room - 1), notes] if notes else lines, room)
