"""Moves between questions: the opening, the plan, next, previous, go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.core.chat_beside import beside
from tutor.core.chat_reading import offer_primer
from tutor.core.curriculum import CourseError, Entry
from tutor.core.events import ChatEvent, Said
from tutor.store.database import now

if TYPE_CHECKING:
    from tutor.core.session import Session

PLAN = "plan"


def opening(session: Session) -> Iterator[ChatEvent]:
    """Welcome (first start), plan, the question on the screen, and its wording unless that was said last."""
    learning = session.workspace.store.learning
    earlier = learning.messages(6)
    if not earlier:
        yield session.say(session.workspace.course.welcome.strip(), "welcome")
    entry = session.current or upcoming(session, None)
    plan = _time_left(session) + plan_line(session, entry)
    if not earlier or earlier[-1].text != plan:
        yield session.say(plan, PLAN)
    if entry is None:
        return
    yield session.put(entry)
    ask = beside(session).get("text") or session.workspace.course.question(entry.id).file.ask.strip()
    said = [message for message in earlier if message.label != PLAN]
    if not said or said[-1].text != ask:
        yield session.say(ask)


def _time_left(session: Session) -> str:
    """How much of the learner's time is left; the app's header says so itself."""
    if not session.inline:
        return ""
    from tutor.core.chat_time import time_left

    return time_left(session)


def plan_line(session: Session, entry: Entry | None) -> str:
    """Where the learner is, counted: what is done, what is due, what comes."""
    store, course = session.workspace.store, session.workspace.course
    standings = store.learning.standings()
    written = course.written
    done = sum(one.id in standings and standings[one.id].state == "done" for one in written)
    row = store.database.one("SELECT count(*) FROM cards WHERE due <= ?", now())
    due = int(row[0]) if row else 0
    cards = f", {_count(due, 'card')} due" if due else ""
    if not written:
        return "This course has no written question yet."
    if done == len(written):
        return (
            f"All {_count(done, 'question')} done{cards}. Good moments for `quiz me`, `run it` or the Movies."
        )
    if not standings:
        start = f" We start with {said_title(entry)}." if entry else ""
        return f"{_count(len(written), 'question')} here{cards}.{start}"
    here = f" We are at {said_title(entry)}." if entry else ""
    return f"{done} of {_count(len(written), 'question')} done{cards}.{here}"


def upcoming(session: Session, current: Entry | None) -> Entry | None:
    """The next question that is not done, after the current one and around; else one to repeat."""
    course = session.workspace.course
    standings = session.workspace.store.learning.standings()
    written = list(course.written)
    start = written.index(current) + 1 if current in written else 0
    around = [entry for entry in written[start:] + written[:start] if entry != current]
    for entry in around:
        if entry.id not in standings or standings[entry.id].state != "done":
            return entry
    repeat = [entry for entry in around if entry.id in session.to_repeat]
    return repeat[0] if repeat else None


def go_next(session: Session) -> Iterator[ChatEvent]:
    """Open the next question, after a point that was told has come back; the one on the screen stays."""
    from tutor.core import chat_again

    entry = upcoming(session, session.current)
    with session.workspace.store.transaction():
        first = list(chat_again.come_back(session, chat_again.ON_NEXT, entry))
    if first:
        yield from first
    elif entry:
        yield from open_question(session, entry)
    elif session.current is None:
        yield session.say(plan_line(session, None), PLAN)
    elif _is_open(session, session.current):
        yield session.say(f"{named(session.current)} is the only one still open. `tell me` shows its answer.")
    else:
        yield session.say(plan_line(session, session.current), PLAN)


def leading_on(session: Session) -> str:
    """The line that leads on from a question that is done."""
    following = upcoming(session, session.current)
    return f"Next: {said_title(following)}. Shall we?" if following else "`quiz me` keeps it fresh."


def go_on(session: Session, ref: str | None) -> Iterator[ChatEvent]:
    """Open the question that something was asked before; without one, say what is left."""
    try:
        entry = session.workspace.course.entry(ref) if ref else None
    except CourseError:
        entry = None
    if entry:
        yield from open_question(session, entry)
    else:
        yield session.say(plan_line(session, session.current), PLAN)


def go_previous(session: Session) -> Iterator[ChatEvent]:
    """Open the question before the one on the screen."""
    written = list(session.workspace.course.written)
    place = written.index(session.current) if session.current in written else 0
    if place == 0:
        yield session.say("This is the first question. `next` goes forward.")
    else:
        yield from open_question(session, written[place - 1])


def go_to(session: Session, ref: str | None) -> Iterator[ChatEvent]:
    """Open a question by number, id or title; a planned one is only named."""
    try:
        entry = session.workspace.course.entry(ref or "")
    except CourseError as fault:
        yield session.say(str(fault))
        return
    if entry.planned:
        known = ", ".join(named(one) for one in session.workspace.course.written[:4])
        yield session.say(f"{named(entry)} is not written yet. Written so far: {known}.")
        return
    from tutor.core import chat_again

    with session.workspace.store.transaction():
        first = list(chat_again.come_back(session, chat_again.ON_JUMP, entry))
    yield from first or open_question(session, entry)


def open_question(session: Session, entry: Entry) -> Iterator[ChatEvent]:
    """Put a question on the screen and ask it; one that is done or was told starts afresh."""
    from tutor.core import chat_again

    store = session.workspace.store
    with store.transaction():
        chat_again.opened(session, entry)
        standing = store.learning.standing(entry.id)
        if standing.state == "done" or entry.id in session.to_repeat:
            store.learning.save_standing(replace(standing, covered=frozenset(), rungs={}))
            session.ask_again(entry.id, wanted=False)
        asked = session.put(entry)
        said: Said = session.say(session.workspace.course.question(entry.id).file.ask.strip())
    yield said
    if entry in session.workspace.course.written[1:2]:
        yield from offer_primer(session)
    yield asked


def show_plan(session: Session, before: str = "") -> Iterator[ChatEvent]:
    """Say where the learner is and what comes next, `before` leading."""
    entry = session.current or upcoming(session, None)
    following = upcoming(session, entry)
    more = f" Next comes {said_title(following)}." if following else ""
    yield session.say(before + plan_line(session, entry) + more, PLAN)


def named(entry: Entry) -> str:
    """`Q22 · Why it generalises`."""
    return f"{f'Q{entry.q}' if entry.q else entry.id.upper()} · {entry.title}"


def said_title(entry: Entry) -> str:
    """The same inside a sentence: without the question mark of a title that is a question."""
    return named(entry).rstrip("?")


def _is_open(session: Session, entry: Entry) -> bool:
    return session.workspace.store.learning.standing(entry.id).state != "done"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
