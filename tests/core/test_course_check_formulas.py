"""The course check proves the formulas of a rubric."""

from __future__ import annotations

from dataclasses import replace

import pytest
from grading_world import course, question

from tutor.core.course_check.formulas import check_formulas
from tutor.core.course_schema import Formula


def _found(*formulas: Formula) -> list[str]:
    asked = question(20)
    rubric = asked.rubric.model_copy(update={"formulas": formulas})
    return [one.message for one in check_formulas(replace(asked, rubric=rubric))]


def test_the_formulas_of_the_course_are_sound() -> None:
    with_formulas = [entry for entry in course().written if question(entry.id).rubric.formulas]
    assert {entry.id for entry in with_formulas} == {"q20", "q21"}
    assert not [finding for entry in with_formulas for finding in check_formulas(question(entry.id))]


@pytest.mark.parametrize(
    "expression", ["loss +", "loss + stranger", "loss ** 99", "print(loss)", "weights.shape"]
)
def test_an_expression_that_cannot_be_computed_is_found(expression: str) -> None:
    assert "cannot be computed" in _found(Formula(expression=expression, points=("p1",)))[0]


def test_equal_formulas_of_opposite_meaning_are_found() -> None:
    right = Formula(expression="loss + coefficient * sum(weights**2)", points=("p1",), factors=(0.5, 1.0))
    wrong = Formula(expression="coefficient * (weights @ weights) / 2 + loss", denies=("p1",))
    assert _found(right, wrong) == ["formulas 1 and 2 are equal and say different things"]
    assert not _found(
        right, wrong.model_copy(update={"expression": "loss - coefficient * (weights @ weights)"})
    )


def test_a_point_that_is_not_there_and_a_contradiction_are_found() -> None:
    assert "p9" in _found(Formula(expression="loss", points=("p9",)))[0]
    assert "both" in _found(Formula(expression="loss", points=("p1",), denies=("p1",)))[0]
