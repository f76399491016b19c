"""Numbers in the lessons on weight decay's equation, its gradient, and the net: worked out again here."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tutor.core.curriculum import Course

COURSE = Course.load(Path(__file__).parents[2] / "content")


def lesson(ref: str) -> str:
    return "\n".join(chunk.markdown for chunk in COURSE.question(ref).lesson)


def test_what_the_weights_of_a_viewer_cost() -> None:
    squares = sum(p * p for p in (2, -1, 0, -2))
    assert "At 0.01 the weights cost 0.09. At 0.1 they cost 0.9" in lesson("q20")
    assert squares * 0.01 == pytest.approx(0.09)
    assert squares * 0.1 == pytest.approx(0.9)


def test_the_slope_of_a_square_by_hand() -> None:
    assert "At 3.01 the square is about 9.06, so it rose six times as much" in lesson("q21")
    slopes = [((p + 0.01) ** 2 - p**2) / 0.01 for p in (3, 1)]
    assert slopes == pytest.approx([6, 2], abs=0.02)


def test_a_weight_that_no_rating_speaks_for() -> None:
    share = 1 - 2 * 0.1 * 0.5
    assert "the share is 0.9" in lesson("q21")
    assert "2 goes to 1.8, then to 1.62" in lesson("q21")
    assert [2 * share, 2 * share**2] == pytest.approx([1.8, 1.62])
    assert "About 20 % is left" in lesson("q21")
    assert math.exp(-0.1 * 16) == pytest.approx(0.20, abs=0.005)


def test_where_push_and_pull_balance() -> None:
    assert "At 1.6 the ratings pull up by 0.8, and weight decay pulls down by 0.8" in lesson("q21")
    bias, wd = 1.6, 0.25
    assert [2 * (2 - bias), 2 * wd * bias] == pytest.approx([0.8, 0.8])


def test_numbers_side_by_side() -> None:
    assert "74 + 101 = 175" in lesson("q30")
    assert 74 + 101 == 175


def test_a_bell_keeps_two_in_three_within_one() -> None:
    assert "About two in three of the numbers lie between −1 and 1" in lesson("t09")
    assert math.erf(1 / math.sqrt(2)) == pytest.approx(2 / 3, abs=0.02)
