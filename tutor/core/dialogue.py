"""The tutor's policy: one good move after each answer, a ladder of help for each point.

Pure: it reads a question, where the learner stands and a grade, and says what to do next. The ladder
of a point has four rungs: an invitation, a hint that names the concept, a sentence with a gap, the
point itself. Rungs are climbed one at a time; "I don't know" skips the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.core.course_schema import Point
from tutor.core.curriculum import Question
from tutor.core.events import Grade, PointGrade
from tutor.store.learning import Standing, State
from tutor.text.tokens import squeezed, tokens

LABELS = ("what else", "hint", "fill in", "the point")
GAP, POINT = 3, 4
"""Rungs: the sentence with a gap, the point itself."""
MAX_LINES = 6
TRIES_BEFORE_ANOTHER_FORM = 2


@dataclass(frozen=True)
class Move:
    """What the tutor says next, under which label, and how the learner stands after it."""

    text: str
    label: str
    standing: Standing
    asks_again: bool = False
    """True where the question should come back later."""


def missing(question: Question, standing: Standing) -> list[Point]:
    """Required points that no answer has covered, the least hard first (the order of the rubric)."""
    return [point for point in question.rubric.points if point.required and point.id not in standing.covered]


def is_done(question: Question, standing: Standing, grade: Grade | None = None) -> bool:
    """Every required point is covered, and the last answer states nothing that is wrong."""
    return not missing(question, standing) and not (grade and grade.misconceptions)


def after_answer(standing: Standing, grade: Grade) -> Standing:
    """The standing with what an answer has earned."""
    earned = {point.id for point in grade.points if point.covered}
    state: State = "done" if standing.state == "done" else "started"
    return replace(standing, state=state, attempts=standing.attempts + 1, covered=standing.covered | earned)


def fill_gap(question: Question, standing: Standing, answer: str) -> Point | None:
    """The point whose gap the answer fills; None unless its sentence with a gap was the last rung."""
    words = [token.word for token in tokens(answer) if token.is_word or token.word in "*+"]
    if not words or len(words) > 8:
        return None
    said = f" {' '.join(words)} "
    for point in missing(question, standing)[:1]:
        fits = (" ".join(token.word for token in tokens(one)) for one in point.prompt_answers)
        negated = re.search(r"\b(?:not|never|no)\b", said)
        if standing.rungs.get(point.id) == GAP and not negated and any(f" {one} " in said for one in fits):
            return point
    return None


def with_gap_filled(question: Question, grade: Grade, point: Point, answer: str) -> Grade:
    """The grade of an answer that filled a point's gap: the point counts as covered."""
    points = tuple(
        PointGrade(id=one.id, required=one.required, covered=True, evidence=answer.strip())
        if one.id == point.id
        else one
        for one in grade.points
    )
    required = [one for one in points if one.required]
    score = sum(one.covered for one in required) / max(len(required), 1)
    verdict = "correct" if score == 1 else "partial"
    reply = f'✓ "{squeezed(answer)}" fills the gap: {point.assertion}'
    return grade.model_copy(
        update={"points": points, "score": round(score, 4), "verdict": verdict, "reply": reply}
    )


def misses_gap(question: Question, standing: Standing, answer: str, grade: Grade) -> bool:
    """Whether a word or two were meant for the gap and do not fit it."""
    open_points = missing(question, standing)
    in_gap = bool(open_points) and standing.rungs.get(open_points[0].id) == GAP
    return in_gap and len(answer.split()) <= 3 and not any(point.covered for point in grade.points)


def with_gap_missed(grade: Grade, answer: str) -> Grade:
    """The grade of a word that does not fit the gap."""
    return grade.model_copy(
        update={"verdict": "incorrect", "reply": f'"{squeezed(answer)}" does not fit the gap.'}
    )


def next_rung(question: Question, standing: Standing, *, at_least: int = 1) -> Move | None:
    """The next step of help for the least hard missing point; None if nothing is missing."""
    open_points = missing(question, standing)
    if not open_points:
        return None
    point = open_points[0]
    rung = max(standing.rungs.get(point.id, 0) + 1, at_least)
    if rung > POINT:
        return _leave_it(point, standing)
    rungs = {**standing.rungs, point.id: rung}
    state = "started" if standing.state == "new" else standing.state
    after = replace(standing, state=state, rungs=rungs, hints=standing.hints + (rung > 1))
    text = (
        point.pump,
        point.hint,
        point.prompt,
        f"{point.assertion}\nHow would you say that in your own words?",
    )[rung - 1]
    return Move(text, LABELS[rung - 1], after, asks_again=rung == POINT)


def _leave_it(point: Point, standing: Standing) -> Move:
    """Four rungs were not enough: move on, the question comes back."""
    text = f"{point.assertion}\nLet us leave it there for today; it comes back later. `next` goes on."
    return Move(text, LABELS[POINT - 1], standing, asks_again=True)


def told(question: Question, standing: Standing) -> Move:
    """The fast lane: the answer in five lines."""
    after = replace(standing, state="started" if standing.state == "new" else standing.state, told=True)
    return Move(question.file.tell_me.strip(), "in short", after, asks_again=True)


def check(question: Question, standing: Standing) -> Move | None:
    """The check after the fast lane: a gap to fill, for the first required point that is open."""
    open_points = missing(question, standing)
    if not open_points:
        return None
    point = open_points[0]
    return Move(point.prompt, "check", replace(standing, rungs={**standing.rungs, point.id: GAP}))


def failures(point_id: str, earlier: Sequence[Grade]) -> int:
    """How many answers in a row, the last included, did not cover a point."""
    count = 0
    for grade in reversed(earlier):
        if any(point.id == point_id and point.covered for point in grade.points):
            break
        count += 1
    return count


def another_form(question: Question, grades: Sequence[Grade], standing: Standing) -> str:
    """After two failures on a point: an offer to see it happen, after two more to write it as code.

    Empty if there is none to make now.
    """
    open_points = missing(question, standing)
    if not open_points:
        return ""
    forms = ["Or look at it happen: `run it`."] if question.file.experiments else []
    forms += ["Or say it in code: `exercise`."] if question.exercise else []
    times, rest = divmod(failures(open_points[0].id, grades), TRIES_BEFORE_ANOTHER_FORM)
    return forms[times - 1] if not rest and 1 <= times <= len(forms) else ""


def confirmation(question: Question, standing: Standing) -> str:
    """What is said once everything required is there: what lies beyond it, in at most two lines."""
    beyond = [
        point for point in question.rubric.points if not point.required and point.id not in standing.covered
    ]
    lines = ["That is the whole of it." if standing.attempts < 2 else "Now it is complete."]
    if beyond:
        lines.append(f"One thing more: {beyond[0].assertion}")
    return "\n".join(lines)


def without_questions(reply: str) -> str:
    """A reply without the tutor's own questions, where the move that follows asks one; quotes stay."""
    lines = []
    for line in reply.splitlines():
        parts = [line] if '"' in line else re.split(r"(?<=[.?!]) ", line)
        lines.append(" ".join(part for part in parts if '"' in part or not part.endswith("?")))
    return "\n".join(line for line in lines if line)


def fitted(lines: Sequence[str], limit: int = MAX_LINES) -> str:
    """Lines of a turn, the middle ones dropped where there are too many; the last one stays."""
    kept = [line for text in lines for line in text.splitlines() if line.strip()]
    return "\n".join(kept if len(kept) <= limit else [*kept[: limit - 1], kept[-1]])
