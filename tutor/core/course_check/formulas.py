"""Checks the formulas of a rubric: each can be computed, and no two that are equal say different things."""

from __future__ import annotations

from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.curriculum import Question


def check_formulas(question: Question) -> list[Finding]:
    """Check the `[[formulas]]` of rubric.toml."""
    notes = Notebook(question.folder / "rubric.toml")
    rubric = question.rubric
    if not rubric.formulas:
        return []
    from tutor.core.grading.formulas import opposed  # the grader is the heaviest part of the core
    from tutor.text.formula_source import Unreadable
    from tutor.text.formulas import value_of

    known = {point.id for point in rubric.points} | {one.id for one in rubric.misconceptions}
    for index, one in enumerate(rubric.formulas):
        place = ("formulas", index)
        for name in sorted({*one.points, *one.denies, *one.misconceptions} - known):
            notes.add(place, "unknown-link", f"names {name}, which is not in the rubric", "use one it has")
        if {*one.points} & {*one.denies} or not (one.points or one.denies or one.misconceptions):
            message = "a formula makes points or gets them wrong, and none of them both"
            notes.add(place, "formula", message, "mend `points` and `denies`")
        try:
            value_of(one.expression, 0)
        except Unreadable as error:
            message = f"{one.expression!r} cannot be computed: {error}"
            notes.add((*place, "expression"), "formula", message, "use the names of the roles, as in Python")
    if notes.findings:
        return notes.findings
    for first, second in opposed(rubric.formulas):
        message = f"formulas {first + 1} and {second + 1} are equal and say different things"
        notes.add(("formulas", second), "formula", message, "keep one of them, or mend `factors`")
    return notes.findings
