"""After about one right answer in four to a why-question: one sentence of one's own on why it holds.

It can be skipped, it is not graded against the question, and no question asks for it twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.chat_beside import beside, put_beside
from tutor.core.curriculum import Question
from tutor.core.events import ChatEvent
from tutor.core.grading.reply import quote

if TYPE_CHECKING:
    from tutor.core.session import Session

KIND, LABEL = "sentence", "your sentence"
ASK = "One sentence, if you like: why does that hold? `skip` goes on."
_EVERY = 4
_FIRST = 2
"""The second right why-answer is the first that is asked about."""
_COUNT, _ASKED = "why_answers", "sentences_asked"
_WHY = re.compile(r"\b(?:why|how come|what speaks|what for|reason)\b", re.IGNORECASE)


def is_why(question: Question) -> bool:
    """Whether a question asks for reasons."""
    return bool(_WHY.search(f"{question.entry.prompt} {question.file.ask}"))


def wanted(session: Session, question: Question) -> bool:
    """Count a right answer to a why-question; whether this is the one in four."""
    settings = session.workspace.store.settings
    if not is_why(question) or question.entry.id in settings.get(_ASKED, []):
        return False
    count = int(settings.get(_COUNT, 0)) + 1
    settings.set(_COUNT, count)
    return count % _EVERY == _FIRST


def put(session: Session, question: Question) -> None:
    """Ask for the sentence; it counts as asked from now on, answered or not."""
    settings = session.workspace.store.settings
    settings.set(_ASKED, [*settings.get(_ASKED, []), question.entry.id])
    put_beside(session, {"kind": KIND, "question": question.entry.id, "then": None, "text": ASK})


def take(session: Session, text: str, onward: str) -> Iterator[ChatEvent]:
    """Answer the sentence: what is right in it is quoted, a slip is named, and nothing is scored."""
    from tutor.core.grading import grade

    question = session.workspace.course.question(beside(session, KIND)["question"])
    marked = grade(question, text)
    made = [point for point in marked.points if point.covered and point.evidence]
    if marked.misconceptions:
        hit = marked.misconceptions[0]
        wrong = next(one for one in question.rubric.misconceptions if one.id == hit.id)
        words = f"△ “{quote(hit.evidence)}”: {wrong.explanation}"
    elif made:
        words = f"✓ “{quote(made[0].evidence or text)}” · {question.point(made[0].id).title}"
    else:
        point = question.rubric.points[0]
        words = f"Kept as you put it. The course puts it so: {point.assertion}"
    with session.workspace.store.transaction():
        put_beside(session, None)
        session.note(own_sentence=question.entry.id)
        said = session.say(f"{words}\n{onward}", "your words")
    yield said
