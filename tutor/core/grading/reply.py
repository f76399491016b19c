"""What the tutor says to an answer: the learner's own words first, then what is open."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.core.course_schema import Verdict
from tutor.core.curriculum import Question
from tutor.core.events import MisconceptionHit, PointGrade
from tutor.core.grading.special import Kind

OPEN_SIGN = "○"
"""Starts the line that names what is still open."""
_MAX_QUOTE = 90
_MAX_CREDITS = 3
SPECIAL: dict[Kind, str] = {
    "empty": "There is nothing to read yet. A guess is useful, even half a sentence.",
    "dont_know": "That is a fair answer. Let us take a smaller step.",
    "repeated": "That is the question itself, word for word. What would you say to it?",
    "instruction": "I only read what is said about the question, so orders to me change nothing.",
    "number": "A number alone does not show me how you got there. Which steps led to it?",
    "foreign": "I can only judge answers in English so far. Could you say it in English?",
}
SALAD = (
    "I see words of the subject in a row, but nothing is said about them. "
    "What happens to what? One sentence is enough."
)
_OFF_TOPIC = "That seems to be about something else. The question is still: {prompt}"
_UNSURE = "I am not sure that I read you right. Could you say in one more sentence {title}?"
_NOTHING = "I did not find the answer in that yet. A sentence on {title} would be a start."


def reply_to(
    question: Question,
    verdict: Verdict,
    points: Iterable[PointGrade],
    hits: Iterable[MisconceptionHit],
    is_salad: bool,
) -> str:
    """At most five lines."""
    points = tuple(points)
    covered = [point for point in points if point.covered]
    missing = [point for point in points if point.required and not point.covered]
    title = question.point(missing[0].id).title if missing else ""
    if verdict == "off_topic":
        return _OFF_TOPIC.format(prompt=question.entry.prompt)
    lines = _credits(question, covered)
    lines += [f'△ "{quote(hit.evidence)}": {_explanation(question, hit)}' for hit in tuple(hits)[:1]]
    if verdict == "unsure":
        return _UNSURE.format(title=title)
    if is_salad and not lines:
        return SALAD
    if not lines:
        return _NOTHING.format(title=title)
    if missing:
        lines.append(f"{OPEN_SIGN} still open: {title}")
    return "\n".join(lines)


def quote(text: str) -> str:
    """The words on one line, shortened in the middle of nowhere never: at a word, with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= _MAX_QUOTE:
        return line
    return line[:_MAX_QUOTE].rsplit(" ", 1)[0] + " …"


def _credits(question: Question, covered: list[PointGrade]) -> list[str]:
    """A line for each piece of evidence; points with the same evidence share it."""
    titles: dict[str, list[str]] = {}
    for point in covered:
        titles.setdefault(quote(point.evidence or ""), []).append(question.point(point.id).title)
    lines = [f'✓ "{words}" · {"; ".join(found)}' for words, found in titles.items()]
    return lines[:_MAX_CREDITS]


def _explanation(question: Question, hit: MisconceptionHit) -> str:
    return next(one.explanation for one in question.rubric.misconceptions if one.id == hit.id)
