"""A line that answers what was asked beside the question on the screen."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from tutor.core import chat_again, chat_navigation, chat_sentence
from tutor.core.chat_beside import beside, put_beside
from tutor.core.events import ChatEvent, Intent

if TYPE_CHECKING:
    from tutor.core.session import Session


def answer_beside(session: Session, intent: Intent, text: str) -> Generator[ChatEvent, None, Intent | None]:
    """Take a line as the answer to what was asked beside the question; None where it is none."""
    waiting = beside(session)
    if not waiting:
        return None
    is_again, gave_up = waiting["kind"] == chat_again.KIND, intent in ("hint", "reveal")
    if intent == "next":
        put_beside(session, None)
        if not is_again:
            return None
    elif intent not in ("answer", "clarify", "hint", "reveal"):
        return None
    elif is_again:
        yield from chat_again.judge(session, text, gave_up=gave_up)
    elif gave_up:
        put_beside(session, None)
        yield session.say(f"Fine, it holds all the same. {chat_navigation.leading_on(session)}")
    else:
        yield from chat_sentence.take(session, text, chat_navigation.leading_on(session))
    if is_again:
        yield from chat_navigation.go_on(session, waiting["then"])
    return "next" if intent == "next" else "answer"
