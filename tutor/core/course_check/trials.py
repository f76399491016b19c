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
    """How often the grader gives the graded examples their marked verdict."""

    right: int
    total: int
    misses: tuple[Miss, ...]


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
    """Grade every graded example of the course and count the equal verdicts. Raises `ContentError`."""
    from tutor.core.grading import grade  # the grader is the heaviest part of the core

    total, misses = 0, []
    for entry in course.written:
        question = course.question(entry.id)
        for number, example in enumerate(question.rubric.examples, start=1):
            total += 1
            verdict = grade(question, example.answer).verdict
            if verdict != example.verdict:
                misses.append(Miss(entry.id, number, example.verdict, verdict, example.answer))
    return Agreement(total - len(misses), total, tuple(misses))
