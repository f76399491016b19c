"""Each number that the lessons state outside a code block is worked out again here."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest

from tutor.core.curriculum import Course

COURSE = Course.load(Path(__file__).parents[2] / "content")


def lesson(ref: int) -> str:
    return "\n".join(chunk.markdown for chunk in COURSE.question(ref).lesson)


def dot(x: list[float], y: list[float]) -> float:
    return sum(a * b for a, b in zip(x, y, strict=True))


def test_scores_of_the_two_films() -> None:
    ana, toy_story, alien = [2, -1, 1], [3, 0, 1], [-1, 3, 3]
    text = lesson(7)
    assert "6 + 0 + 1 = 7" in text
    assert dot(ana, toy_story) == 7
    assert "−2 − 3 + 3 = −2" in text
    assert dot(ana, alien) == -2
    assert "from 7 to 14. Flip all her signs and it is −7" in text
    assert dot([2 * a for a in ana], toy_story) == 14
    assert dot([-a for a in ana], toy_story) == -7


def test_a_dot_product_of_seventy_beside_a_correlation_of_minus_one() -> None:
    x, y = [1.0, 2.0, 3.0], [13.0, 12.0, 11.0]
    assert "[1, 2, 3] and [13, 12, 11]" in lesson(7)
    assert "so their correlation is −1. Their dot product is +70" in lesson(7)
    assert dot(x, y) == 70
    assert statistics.correlation(x, y) == pytest.approx(-1)


def test_the_example_of_the_rubric() -> None:
    rubric = COURSE.question(7).rubric
    assert "[1, 4, 2] and [3, 0, 5] it is 3 + 0 + 10 = 13" in rubric.model_answer
    assert dot([1, 4, 2], [3, 0, 5]) == 13
    added_first = next(one for one in rubric.misconceptions if one.id == "m3")
    assert "the totals 7 and 8 would give 56" in added_first.explanation
    assert sum([1, 4, 2]) * sum([3, 0, 5]) == 56


def test_shrunken_biases() -> None:
    stated = re.search(r"With λ = 5 the model believes (.+)", lesson(22))
    assert stated
    found = {int(n): float(stars) for stars, n in re.findall(r"([\d.]+) (?:stars )?after (\d+)", stated[1])}
    assert found == {3: 0.56, 30: 1.29, 300: 1.48}
    for n, stars in found.items():
        assert round(1.5 * n / (n + 5), 2) == stars
