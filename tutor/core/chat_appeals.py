"""The learner's word against the grader's, in the chat: an appeal counts at once and the case is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.appeals import NothingToAppeal, add_appeal
from tutor.core.events import ChatEvent
from tutor.core.intents import Understood

if TYPE_CHECKING:
    from tutor.core.session import Session


def appeal(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """Count the last answer for the learner, once, and keep the case."""
    question, store = session.question, session.workspace.store
    try:
        if question is None:
            raise NothingToAppeal("There is no verdict to object to. Answer a question, and then say so.")
        with store.transaction():
            add_appeal(store, question)
            said = session.say(
                "Then it counts: I mark this question as done, and I keep the case. `next` goes on.", "done"
            )
    except NothingToAppeal as fault:
        said = session.say(str(fault))
    yield said
