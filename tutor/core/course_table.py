"""What each question of a course has: one row per entry of the map."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, ConfigDict

from tutor.core.course_check.prose import measure
from tutor.core.course_files import read_text
from tutor.core.curriculum import Course, Entry

FORMS = ("explain", "choice", "cloze", "compute", "predict", "code")


class Coverage(BaseModel):
    """What is there for one question; a planned one has nothing."""

    model_config = ConfigDict(frozen=True)

    q: int | None
    id: str
    title: str
    written: bool
    lesson_words: int = 0
    points: int = 0
    misconceptions: int = 0
    examples: int = 0
    items: dict[str, int] = {}
    """Practice items by form; forms without an item are left out."""
    experiments: tuple[str, ...] = ()
    exercise: bool = False
    lesson_code: int = 0
    """Blocks of Python in the lesson, which the check runs."""
    errata: int = 0
    asked: int = 0
    """Learners' questions with a short answer."""


def coverage(course: Course) -> list[Coverage]:
    """A row for each entry, in the order of the course. Raises `ContentError`."""
    return [_row(course, entry) for entry in course.entries]


def _row(course: Course, entry: Entry) -> Coverage:
    if entry.planned:
        return Coverage(q=entry.q, id=entry.id, title=entry.title, written=False)
    question = course.question(entry.id)
    lesson = read_text(question.folder / "lesson.md")
    forms: Counter[str] = Counter(item.form for item in question.practice.items)
    return Coverage(
        q=entry.q,
        id=entry.id,
        title=entry.title,
        written=True,
        lesson_words=measure(lesson).words,
        points=len(question.rubric.points),
        misconceptions=len(question.rubric.misconceptions),
        examples=len(question.rubric.examples),
        items={form: forms[form] for form in FORMS if forms[form]},
        experiments=question.file.experiments,
        exercise=question.exercise is not None,
        lesson_code=lesson.count("```python"),
        errata=len(question.errata),
        asked=len(question.asked),
    )
