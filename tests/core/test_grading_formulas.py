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


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("It's not loss + Σ p² but loss + wd Σ p²", ["loss + wd Σ p²"]),
        ("loss + wd * sum(p**2), never loss - wd * sum(p**2)", ["loss + wd * sum(p**2)"]),
        ("loss + sum(p**2) is wrong", []),
        (
            "penalty = sum(p**2); loss = loss + wd * penalty",
            ["penalty = sum(p**2)", "loss = loss + wd * penalty"],
        ),
        ("wd = loss + wd * sum(p**2)", ["wd = loss + wd * sum(p**2)"]),
        ("grad = loss + wd * sum(p**2)", []),
    ],
)
def test_formulas_that_are_denied_or_misplaced_do_not_count(answer: str, found: list[str]) -> None:
    assert [one.span.of(answer) for one in marked_in(answer, [], question(20))] == found
