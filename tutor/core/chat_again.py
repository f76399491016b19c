"""A point that was told comes back soon, with fresh numbers where the course has an item to compute.

What the tutor had to say itself is marked. Once another question was opened, the next "next" brings the point
back before it goes on; a jump does so at the latest after four. One that fails comes back once more.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.core.chat_beside import BESIDE, beside, put_beside
from tutor.core.course_schema import Item
from tutor.core.curriculum import CourseError, Entry, Question
from tutor.core.events import ChatEvent
from tutor.core.intents import Understood
from tutor.core.items import Presented, present
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.session import Session

Mark = dict[str, Any]
KIND, LABEL = "again", "once more"
ON_NEXT, ON_JUMP = 1, 4
"""Questions that must have been opened since, before a point comes back on "next", and before a jump."""
_MARKS = "points_told"
_MAX_TIMES = 2
_MAX_WORDS = 10


def told(session: Session, question: Question, point_id: str) -> None:
    """Mark a point that the tutor had to say; its card is due tomorrow."""
    mark = _mark(question.entry.id, point_id)
    others = [
        one for one in _marks(session) if (one["question"], one["point"]) != (mark["question"], point_id)
    ]
    session.workspace.store.settings.set(_MARKS, [*others, mark])
    session.workspace.practice.introduce(f"{question.entry.id}.{point_id}")


def opened(session: Session, entry: Entry) -> None:
    """Count a question that was opened for all points of other questions; what was asked beside is left."""
    left = beside(session, KIND)
    if left:
        told_again = {**_mark(left["question"], left["point"]), "times": left["times"]}
        session.workspace.store.settings.set(_MARKS, [*_marks(session), told_again])
    put_beside(session, None)
    marks = [{**one, "waited": one["waited"] + (one["question"] != entry.id)} for one in _marks(session)]
    session.workspace.store.settings.set(_MARKS, marks)


def come_back(session: Session, patience: int, then: Entry | None) -> Iterator[ChatEvent]:
    """Ask for the point that has waited longest, if one has waited enough; `then` is opened after it."""
    following = then.id if then else None
    waited = [one for one in _marks(session) if one["waited"] >= patience]
    ready = [one for one in waited if one["question"] != following]  # that one is asked anew as a whole
    mark = max(ready, key=lambda one: one["waited"], default=None)
    if mark is None:
        return
    _let_go(session, mark)
    mark = {**mark, "seed": session.history(1)[-1].id}
    try:
        question = session.workspace.course.question(mark["question"])
        shown = _presented(question, mark)
    except (CourseError, KeyError):  # the course no longer has it
        return
    fresh = ", with fresh numbers" if shown.item.generator else ""
    place = f"Q{question.entry.q}" if question.entry.q else question.entry.title
    text = f"First {place} once more{fresh}: {shown.prompt}"
    put_beside(session, {**mark, "kind": KIND, "then": following, "text": text})
    session.note(again={"question": mark["question"], "point": mark["point"], "item": shown.item.id})
    yield session.say(text, LABEL)


def reply(session: Session, text: str) -> Understood | None:
    """A short line with a number, while a number is asked for, is the reply; other lines are read as ever."""
    waiting = beside(session, KIND)
    if not waiting or len(text.split()) > _MAX_WORDS or not re.search(r"\d", text):
        return None
    question = session.workspace.course.question(waiting["question"])
    is_number = _presented(question, waiting).item.form == "compute"
    return Understood("answer", KIND) if is_number and not text.casefold().startswith("go ") else None


def judge(session: Session, text: str, *, gave_up: bool) -> Iterator[ChatEvent]:
    """Say whether the reply is right, and why. What failed comes back once more."""
    mark = beside(session, KIND)
    if not mark:
        return
    store, question = session.workspace.store, session.workspace.course.question(mark["question"])
    shown, point = _presented(question, mark), question.point(mark["point"])
    right = not gave_up and _is_right(shown, text)
    why = shown.why or point.assertion
    quoted = " ".join(text.split())[:60] if not gave_up else ""
    if right:
        words = f"✓ “{quoted}” is right. {why}"
    elif gave_up:
        words = f"That is a fair answer. It is {shown.answer}. {why}"
    else:
        words = f"△ “{quoted}” is not it; it is {shown.answer}. {why}"
    with store.transaction():
        store.settings.set(BESIDE, None)
        if not right and mark["times"] + 1 < _MAX_TIMES:
            again = {**_mark(mark["question"], mark["point"]), "times": mark["times"] + 1}
            store.settings.set(_MARKS, [*_marks(session), again])
        session.note(again={"question": mark["question"], "point": mark["point"], "right": right})
        said = session.say(words, "your words")
    yield said


def _is_right(shown: Presented, text: str) -> bool:
    if shown.item.form == "compute":
        return bool(shown.judge(text).right)
    said = f" {squeezed(text).strip(' .!')} "
    return any(f" {squeezed(one)} " in said for one in shown.accepted) and not re.search(
        r"\b(?:not|no)\b", said
    )


def _presented(question: Question, mark: Mark) -> Presented:
    """The item of a mark with its numbers: to compute, else a gap; of the point, else of the question."""
    point = question.point(mark["point"])
    own = [item for item in question.practice.items if item.point == point.id]
    computed = [item for item in (*own, *question.practice.items) if item.form == "compute"]
    gap = Item(id="i0", point=point.id, form="cloze", prompt=point.prompt, answers=point.prompt_answers)
    clozes = [item for item in own if item.form == "cloze" and item.answers]
    item = (computed or clozes or [gap])[0]
    return present(item, zlib.crc32(f"{mark['question']} {point.id} {mark['seed']}".encode()))


def _mark(question: str, point: str) -> Mark:
    return {"question": question, "point": point, "waited": 0, "times": 0, "seed": 0}


def _marks(session: Session) -> list[Mark]:
    return list(session.workspace.store.settings.get(_MARKS, []))


def _let_go(session: Session, mark: Mark) -> None:
    session.workspace.store.settings.set(_MARKS, [one for one in _marks(session) if one != mark])
