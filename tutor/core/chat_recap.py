"""Looking back in the chat: a sitting in six lines, and where the whole of it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.dialogue import MAX_LINES
from tutor.core.events import ChatEvent
from tutor.core.sittings import since_when
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.session import Session


def look_back(session: Session, text: str) -> Iterator[ChatEvent]:
    """Say the last sitting, or the day that is named, in six lines."""
    from tutor.core.recap import recap
    from tutor.core.recap_text import short

    now = session.clock()
    day = next((word for word in ("today", "yesterday") if word in squeezed(text[:200])), None)
    found = recap(session.workspace, now, since_when(day, now)) if day else recap(session.workspace, now)
    earlier = ""
    if day and found.is_empty:
        found, earlier = recap(session.workspace, now), f"Nothing yet since {day}; before that:\n"
    where = "The whole: `tutor recap`." if session.inline else "The whole, to read and to save: F12."
    session.note(recap=found.model_dump(mode="json"))
    told = short(found, where, lines=MAX_LINES - bool(earlier))
    yield session.say(told if found.is_empty else f"{earlier}{told}", "recap")
