"""Checks of what the grader learns from beside the rubric: `answers.toml` and `statements.toml`."""

from __future__ import annotations

from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.curriculum import Question


def check_memory(question: Question) -> list[Finding]:
    """Every id that is named must be one of the rubric's; a true sentence claims nothing wrong."""
    return _check_answers(question) + _check_statements(question)


def _known(question: Question) -> tuple[set[str], set[str]]:
    rubric = question.rubric
    return {one.id for one in rubric.points}, {one.id for one in rubric.misconceptions}


def _check_answers(question: Question) -> list[Finding]:
    notes = Notebook(question.folder / "answers.toml")
    points, misconceptions = _known(question)
    for index, one in enumerate(question.memory[len(question.rubric.examples) :]):
        _check_ids(
            notes, ("examples", index), ({*one.points} - points) | ({*one.misconceptions} - misconceptions)
        )
    return notes.findings


def _check_statements(question: Question) -> list[Finding]:
    notes = Notebook(question.folder / "statements.toml")
    points, misconceptions = _known(question)
    for index, one in enumerate(question.statements):
        place = ("statements", index)
        strangers = {*one.makes, *one.denies} - points
        _check_ids(notes, place, strangers | ({*one.claims, *one.rejects} - misconceptions))
        if one.true and (one.denies or one.claims):
            wrong = ", ".join((*one.denies, *one.claims))
            message = f"a true sentence that denies or claims {wrong}"
            notes.add(place, "statement", message, "it is false, or it rejects that")
    return notes.findings


def _check_ids(notes: Notebook, place: tuple[str, int], strangers: set[str]) -> None:
    if strangers:
        message = f"names {', '.join(sorted(strangers))}, which the rubric does not have"
        notes.add(place, "unknown-link", message, "use ids of rubric.toml")
