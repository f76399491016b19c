"""Puts the course's own answers before the present grader."""

from __future__ import annotations

from typing import NamedTuple

from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.curriculum import Course, Question


class Miss(NamedTuple):
    """A graded example to which the grader gives another verdict."""

    question: str
    example: int
    """Place in rubric.toml, counted from 1."""
    marked: str
    graded: str
    answer: str


class Agreement(NamedTuple):
    """How often the grader gives the graded examples their marked verdict, each left out of its memory."""

    right: int
    total: int
    misses: tuple[Miss, ...]

    @property
    def share(self) -> float:
        """0 to 1; 1 where there are no examples."""
        return self.right / self.total if self.total else 1.0


ENOUGH = 0.84
"""Share of the graded examples that must get their marked verdict; below it the course is not sound."""
_FEWEST = 100
"""A course with fewer examples is too small for a share."""


def check_answers(question: Question) -> list[Finding]:
    """The model answer must earn `correct`; no misconception may."""
    from tutor.core.grading import grade  # the grader is the heaviest part of the core

    notes = Notebook(question.folder / "rubric.toml")
    earned = grade(question, question.rubric.model_answer)
    if earned.verdict != "correct":
        missing = [point.id for point in earned.points if point.required and not point.covered]
        seen = [hit.id for hit in earned.misconceptions]
        message = f"the model answer is graded {earned.verdict}: missing {missing}, misconceptions {seen}"
        notes.add(("model_answer",), "model-answer", message, "say each required point in it plainly")
    for index, one in enumerate(question.rubric.misconceptions):
        for text in (one.claim, *one.paraphrases):
            if grade(question, text).verdict == "correct":
                message = f"{one.id} is graded correct: {text!r}"
                notes.add(
                    ("misconceptions", index), "misconception", message, "word it apart from the points"
                )
    return notes.findings


def agreement(course: Course) -> Agreement:
    """Grade every graded example of the course, as if it were not stored, and count the equal verdicts.

    Raises `ContentError`.
    """
    from tutor.core.grading import grade  # the grader is the heaviest part of the core

    total, misses = 0, []
    for entry in course.written:
        question = course.question(entry.id)
        for number, example in enumerate(question.rubric.examples, start=1):
            total += 1
            verdict = grade(question.without(example), example.answer).verdict
            if verdict != example.verdict:
                misses.append(Miss(entry.id, number, example.verdict, verdict, example.answer))
    return Agreement(total - len(misses), total, tuple(misses))


def check_agreement(course: Course, counted: Agreement) -> list[Finding]:
    """The grader must give nearly all graded examples their marks."""
    notes = Notebook(course.root / "course.toml")
    if counted.total >= _FEWEST and counted.share < ENOUGH:
        misses = ", ".join(f"{miss.question} example {miss.example}" for miss in counted.misses)
        message = f"only {counted.share:.1%} of the graded examples are graded as marked; not {misses}"
        notes.add_line(None, "agreement", message, "add graded answers and statements like these")
    return notes.findings
