"""The learner's word against the grader's: an appeal counts at once and the case is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.core.events import ChatEvent
from tutor.core.intents import Understood

if TYPE_CHECKING:
    from tutor.core.session import Session


def appeal(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """Count the last answer for the learner, once, and keep the case."""
    question, store = session.question, session.workspace.store
    attempts = store.learning.attempts(question.entry.id) if question else []
    if question is None or not attempts or attempts[-1].verdict == "correct":
        yield session.say("There is no verdict on this question to object to. Answer it, and then say so.")
        return
    with store.transaction():
        settings = store.settings
        case = {"question": question.entry.id, "answer": attempts[-1].answer, "attempt": attempts[-1].id}
        settings.set("appeals", [*settings.get("appeals", []), case])
        standing = store.learning.standing(question.entry.id)
        required = {point.id for point in question.rubric.points if point.required}
        store.learning.save_standing(replace(standing, state="done", covered=standing.covered | required))
        said = session.say(
            "Then it counts: I mark this question as done, and I keep the case. `next` goes on.", "done"
        )
    yield said
