"""The questions of the course, and answers with the verdicts they deserve."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from tutor.core.course_schema import Example
from tutor.core.curriculum import Course, Question
from tutor.core.events import Grade, PointGrade
from tutor.core.grading import grade

HERE = Path(__file__).parent
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "answers.toml").read_text("utf-8"))
ANSWERS = [(group["q"], tuple(group["any"]), text) for group in CASES["answers"] for text in group["texts"]]
PAIRS = [(group["q"], group["point"], *pair) for group in CASES["contrasts"] for pair in group["pairs"]]


@cache
def course() -> Course:
    return Course.load()


def question(ref: int | str) -> Question:
    return course().question(ref)


def graded(ref: int | str, answer: str) -> Grade:
    return grade(question(ref), answer)


def point(given: Grade, point_id: str) -> PointGrade:
    return next(one for one in given.points if one.id == point_id)


def covered(given: Grade) -> set[str]:
    return {one.id for one in given.points if one.covered}


def without(asked: Question, example: Example) -> Question:
    """The question as if it had never stored one example."""
    others = tuple(one for one in asked.rubric.examples if one is not example)
    return replace(asked, rubric=asked.rubric.model_copy(update={"examples": others}))
