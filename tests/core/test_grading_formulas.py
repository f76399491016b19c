"""Formulas count by what they say: many spellings of the right ones, and the wrong ones next to them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from grading_world import graded, question

from tutor.core.grading.formulas import marked_in

TABLE = tomllib.loads((Path(__file__).parent / "formula_answers.toml").read_text(encoding="utf-8"))
RIGHT = [(name, answer) for name, part in TABLE.items() for answer in part["right"]]
HALF = [(name, *each) for name, part in TABLE.items() for each in part["half"]]
WRONG = [(name, *each) for name, part in TABLE.items() for each in part["wrong"]]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_formula_is_correct_however_it_is_written(name: str, answer: str) -> None:
    given = graded(name, answer)
    assert given.verdict == "correct"
    assert not given.misconceptions
    assert all(point.evidence and point.evidence in answer for point in given.points if point.covered)


@pytest.mark.parametrize(("name", "answer", "points"), HALF)
def test_part_of_a_formula_makes_its_points(name: str, answer: str, points: list[str]) -> None:
    made = {point for one in marked_in(answer, [], question(name)) for point in one.mark.points}
    given = graded(name, answer)
    assert made == set(points)
    assert given.verdict == "partial"
    assert {point.id for point in given.points if point.covered} >= set(points)


@pytest.mark.parametrize(("name", "answer", "points"), WRONG)
def test_a_wrong_formula_makes_no_such_point(name: str, answer: str, points: list[str]) -> None:
    given = graded(name, answer)
    assert given.verdict != "correct"
    assert not {point.id for point in given.points if point.covered} & set(points)
