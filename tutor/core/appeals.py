"""The learner's word against the grader's: an appeal counts at once, and the case is kept for a teacher."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from tutor.core.curriculum import Course, CourseError, Question
from tutor.core.errors import BadInput
from tutor.store.store import Store


class NothingToAppeal(BadInput):
    """No verdict on the question that the learner could object to."""


@dataclass(frozen=True)
class Appeal:
    """An answer that the learner holds to be right; `attempt`: its number among the graded answers."""

    question: str
    answer: str
    attempt: int


def add_appeal(store: Store, question: Question) -> Appeal:
    """Count a question's last answer for the learner; the case is kept once. Raises `NothingToAppeal`."""
    attempts = store.learning.attempts(question.entry.id)
    if not attempts or attempts[-1].verdict == "correct":
        raise NothingToAppeal(
            "There is no verdict on this question to object to. Answer it, and then say so."
        )
    last = Appeal(question.entry.id, attempts[-1].answer, attempts[-1].id)
    with store.transaction():
        others = [one for one in appeals(store) if one.attempt != last.attempt]
        store.settings.set("appeals", [vars(one) for one in (*others, last)])
        standing = store.learning.standing(last.question)
        required = {point.id for point in question.rubric.points if point.required}
        store.learning.save_standing(replace(standing, state="done", covered=standing.covered | required))
    return last


def appeals(store: Store) -> list[Appeal]:
    """All appeals, oldest first."""
    return [Appeal(**case) for case in store.settings.get("appeals", [])]


def as_examples(course: Course, cases: list[Appeal]) -> str:
    """The cases as graded examples, in the format of `answers.toml`, by question.

    The marks are the learner's claim: correct, with every required point. A case whose question the course
    no longer has is left out with a comment.
    """
    lines = [
        "# Answers that the learner holds to be right. Review each; what holds, paste into answers.toml."
    ]
    cases = sorted(cases, key=lambda case: case.question)
    for ref, group in groupby(cases, key=lambda case: case.question):
        try:
            question = course.question(ref)
        except CourseError:
            lines += ["", f"# {ref} is not a question of this course."]
            continue
        lines += ["", f"# {ref} · {question.entry.title}: {question.folder.name}/answers.toml"]
        lines += _examples(question, group)
    return "\n".join(lines) + "\n"


def _examples(question: Question, cases: Iterator[Appeal]) -> Iterator[str]:
    required = ", ".join(f'"{point.id}"' for point in question.rubric.points if point.required)
    for case in cases:
        yield from ("", "[[examples]]", f"answer = {_quoted(case.answer)}", 'verdict = "correct"')
        yield from (f"points = [{required}]", "misconceptions = []", 'voice = "everyday"')


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for DEL."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
