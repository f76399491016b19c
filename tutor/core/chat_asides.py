"""What is said about the dialogue itself: why this move, why this grade, once more please."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tutor.core import dialogue
from tutor.core.events import ChatEvent, Grade
from tutor.core.grading.reply import OPEN_SIGN, SPECIAL, quote
from tutor.core.intents import Understood
from tutor.core.moves import reason
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.curriculum import Question
    from tutor.core.session import Session
    from tutor.store.learning import Attempt

_MAX = 70
"""Characters; a longer line is about the subject."""
_MOVE = re.compile(
    r"why (?:this|that|now|(?:this|that|the|such a) (?:move|hint|question|step|check|gap|run))"
    r"|why (?:do|are|did) you (?:ask|say|do|tell)(?:ing)?(?: me)?(?: (?:this|that|it|so))?"
    r"|what (?:is|was|'?s) (?:this|that|it) (?:good )?for|what'?s the point(?: of (?:this|that|it))?"
)
_RIGHT = r"(?:wrong|right|incorrect|correct|partial|enough)"
_GRADE = re.compile(
    rf"why not|why (?:is|was) (?:that|it|this|my answer|i)(?: not)?(?: {_RIGHT})?"
    r"|(?:how|why) did you (?:grade|mark|judge|rate|read) (?:that|it|this|me|my answer)(?: .{0,20})?"
    r"|(?:explain|show|justify)(?: me)? (?:the|my|this|that|your)"
    r" (?:grade|verdict|marks?|marking|score|judgement)"
    r"|(?:which|what) (?:sentence|words|part)s? (?:did|do|does|have) .{0,30}(?:match|count|find|fit)\w*.*"
    r"|what (?:did i get|was|is) wrong(?: (?:with|about) (?:it|that|this|my answer))?"
)
_AGAIN = re.compile(
    r"(?:repeat|say|ask)(?: me)? (?:the question|it|that|this)(?: (?:again|once more))?|once more|come again"
    r"|what (?:was|is) the question(?: again)?|pardon(?: me)?|say again"
)
_TIP_GIVEN, _TIP_AT = "tip_sure", 2
_TIP = "By the way: `, sure` or `, a guess` behind an answer is kept; Progress shows how well you judge."
WHY, GRADE, AGAIN = "why", "grade", "again"
_AS = {
    "correct": "right", "partial": "partly right", "incorrect": "not right yet",
    "off_topic": "about something else", "unsure": "something I cannot place",
}  # fmt: skip


def aside(session: Session, text: str) -> Understood | None:
    """The line as a question about the dialogue, or None. A bare "why?" is about what came last."""
    line = re.sub(r"^(?:but|and|so|ok|hm+|well)[, ]+|[, ]+(?:please|pls)$", "", squeezed(text).rstrip(" .!?"))
    if not line or len(line) > _MAX:
        return None
    if line == "why":
        return Understood("help", GRADE if _last_verdict(session, just_now=True) else WHY)
    for about, pattern in ((WHY, _MOVE), (GRADE, _GRADE), (AGAIN, _AGAIN)):
        if pattern.fullmatch(line):
            return Understood("help", about)
    return None


def tip(session: Session) -> Iterator[ChatEvent]:
    """Say once, behind a second answer, how to say how sure one is; the app has it in the prompt's frame."""
    store = session.workspace.store
    if not session.inline or store.settings.get(_TIP_GIVEN) or len(store.learning.attempts()) != _TIP_AT:
        return
    store.settings.set(_TIP_GIVEN, True)
    yield session.say(_TIP, "tip")


def explain(session: Session, about: str) -> Iterator[ChatEvent]:
    """Say why the last move was made, how the last answer was read, or the question once more."""
    session.note(about=about)
    if about == GRADE:
        yield session.say(_grade_explained(session), "the grade")
    elif about == AGAIN:
        question = session.question
        yield session.say(question.file.ask.strip() if question else "No question is open. `next` opens one.")
    else:
        label = _last_label(session)
        session.note(move=label)
        yield session.say(reason(label), f"why “{label}”" if label else "why")


def _last_label(session: Session) -> str | None:
    """The label of the tutor's last move; explanations of moves are none."""
    for message in reversed(session.history(12)):
        if message.role == "tutor" and not (message.label or "").startswith("why"):
            return message.label
    return None


# --- the grade -------------------------------------------------------------------------------------


def _last_verdict(session: Session, *, just_now: bool = False) -> Attempt | None:
    """The last graded answer to the question on the screen; `just_now`: it is what was said before this."""
    question = session.question
    attempts = session.workspace.store.learning.attempts(question.entry.id) if question else []
    if not attempts:
        return None
    mine = [message.text for message in session.history(12) if message.role == "you"][:-1]
    is_last = bool(mine) and mine[-1].strip().startswith(attempts[-1].answer.strip())
    return attempts[-1] if is_last or not just_now else None


def _grade_explained(session: Session) -> str:
    question, attempt = session.question, _last_verdict(session)
    if question is None or attempt is None:
        return "There is no grade to explain yet. Answer in your own words; a guess is useful."
    from tutor.core.grading import grade

    marked = Grade.model_validate(attempt.grade)
    found = grade(question, attempt.answer, explain=True).explanation or ()
    read = {str(one.get("point") or one.get("misconception")): one for one in found}
    lines = [
        f"I read your answer as {_AS[marked.verdict]}; where I misread you, `I was right` counts at once."
    ]
    special = next((str(one["special"]) for one in found if "special" in one), None)
    if special in SPECIAL:
        lines.append(SPECIAL[special])
    for hit in marked.misconceptions:
        claim = next((one.claim for one in question.rubric.misconceptions if one.id == hit.id), "")
        lines.append(f"△ “{quote(hit.evidence)}” reads like the common slip: {claim}")
    if not special:
        lines += _points_explained(question, marked, read)
    return dialogue.fitted(lines)


def _points_explained(question: Question, marked: Grade, read: dict[str, dict[str, Any]]) -> list[str]:
    """A line for each point that counts: which words met which sentence of the course."""
    lines = []
    for one in marked.points:
        if not (one.required or one.covered):
            continue
        point, nearest = question.point(one.id), read.get(one.id, {})
        matched, words = str(nearest.get("matched") or ""), one.evidence or nearest.get("sentence")
        if one.covered:
            fits = f" fits “{quote(matched)}”" if matched and nearest.get("sentence") else " makes it"
            lines.append(f"✓ {point.title}: your “{quote(str(words))}”{fits}")
        elif words:
            lines.append(
                f"{OPEN_SIGN} {point.title}: nearest came your “{quote(str(words))}”, not near enough"
            )
        else:
            lines.append(f"{OPEN_SIGN} {point.title}: I found no words on it")
    return lines
