"""What is read in the chat: the lesson part by part, where the notes go wrong, the exercise, the primer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.core import chat_notes
from tutor.core.code_schema import Erratum
from tutor.core.events import ChatEvent, Opened, Said
from tutor.core.intents import Understood
from tutor.core.lessons import Chunk

if TYPE_CHECKING:
    from tutor.core.session import Session

PRIMER_OFFERED = "primer_offered"
"""Setting: whether the primer was offered already; once is enough."""
_ABOUT = {"notes": "the notes go", "lecture": "the lecture goes"}


def read(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    """The next part of the lesson, the primer, the errata or the own notes, whichever the words name."""
    words = text.casefold().split()
    if "primer" in words:
        yield from _primer(session)
    elif "errata" in words:
        yield from _errata(session)
    elif "notes" in words and "lecture" not in words:
        yield from chat_notes.show(session)
    else:
        yield from _lesson(session)


def _lesson(session: Session) -> Iterator[ChatEvent]:
    """The next part of the lesson; after the last one, where the notes go wrong; then it starts again."""
    question = session.question
    if question is None:
        yield session.say("No question is open. `next` opens one, `lesson` then explains it.")
        return
    ref, chunks = question.entry.id, question.lesson
    with session.workspace.store.transaction():
        chunk, number = _next_part(session, f"lesson.{ref}", chunks)
        is_last = number == len(chunks)
        more = "That was the last part." if is_last else f"`lesson` goes on ({number} of {len(chunks)})."
        session.note(sources=(f"lesson {ref}: {chunk.heading}",))
        said = [session.say(f"{_shown(chunk)}\n\n{more}", "lesson")]
        if is_last:
            said += _boxes(session, question.errata)
    yield from said


def _errata(session: Session) -> Iterator[ChatEvent]:
    question = session.question
    if question is None:
        yield session.say("No question is open. `next` opens one.")
    elif question.errata:
        yield from _boxes(session, question.errata)
    else:
        yield session.say("I know of nothing that the notes get wrong here.")


def _boxes(session: Session, errata: Sequence[Erratum]) -> list[Said]:
    """One line of the transcript for the notes, one for the lecture: believed, and true."""
    said = []
    for about, goes in _ABOUT.items():
        found = [one for one in errata if one.about == about]
        if found:
            pairs = (f"> **Often believed:** {one.believed}\n>\n> **True:** {one.true}" for one in found)
            said.append(session.say("\n\n".join(pairs), f"where {goes} wrong"))
    return said


def show_exercise(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """The task of the question's exercise and where to start; code that is typed is an answer."""
    question = session.question
    exercise = question.exercise if question else None
    if question is None:
        yield session.say("No question is open. `next` opens one.")
    elif exercise is None:
        yield session.say(
            f"{question.entry.title} asks for no code. Where you like, code is a good answer, too."
        )
    elif not session.inline:
        session.note(sources=(f"exercise {question.entry.id}",))
        yield session.say(f"To the code: {exercise.file.title}. Your text is kept as you type.", "exercise")
        yield Opened(place="code", argument=question.entry.id)
    else:
        session.note(sources=(f"exercise {question.entry.id}",))
        start = f"```python\n{exercise.starter.rstrip()}\n```"
        task = (
            f"**{exercise.file.title}**\n\n{exercise.file.task}\n\n{start}\n\n"
            f"Type your code as your answer, or: `tutor exercise check {question.entry.id} FILE`."
        )
        yield session.say(task, "exercise")


# --- primer --------------------------------------------------------------------------------------


def _primer(session: Session) -> Iterator[ChatEvent]:
    """The next part of the primer; after the last one it starts again."""
    chunks = session.workspace.course.primer()
    if not chunks:
        yield session.say("This course has no primer. `lesson` explains the question that is open.")
        return
    with session.workspace.store.transaction():
        session.workspace.store.settings.set(PRIMER_OFFERED, True)
        chunk, number = _next_part(session, "primer", chunks)
        more = (
            "That was all of it; `next` goes on."
            if number == len(chunks)
            else f"`primer` goes on ({number} of {len(chunks)}), `next` leaves it."
        )
        session.note(sources=(f"primer: {chunk.heading}",))
        said = session.say(f"{_shown(chunk)}\n\n{more}", "primer")
    yield said


def offer_primer(session: Session) -> Iterator[ChatEvent]:
    """Offer the primer, once, to those who want it."""
    settings, chunks = session.workspace.store.settings, session.workspace.course.primer()
    if not chunks or settings.get(PRIMER_OFFERED):
        return
    headings = [chunk.heading.casefold() for chunk in chunks]
    known = f"{', '.join(headings[:-1])} and {headings[-1]}" if len(headings) > 1 else headings[0]
    with session.workspace.store.transaction():
        settings.set(PRIMER_OFFERED, True)
        said = session.say(
            f"If {known} are new to you, `primer` explains them in a few minutes. If not, go ahead.", "primer"
        )
    yield said


# --- parts ---------------------------------------------------------------------------------------


def _next_part(session: Session, key: str, chunks: Sequence[Chunk]) -> tuple[Chunk, int]:
    """The next part of a text and its number, counted from 1; remembered under a setting."""
    settings = session.workspace.store.settings
    number = int(settings.get(key, 0)) % len(chunks) + 1
    settings.set(key, number)
    return chunks[number - 1], number


def _shown(chunk: Chunk) -> str:
    return f"**{chunk.heading}**\n\n{chunk.markdown}" if chunk.heading else chunk.markdown
