"""Stars out of whatever scale a file uses."""

from __future__ import annotations

import pytest

from tutor.core.film_import.scales import OffScale, scale_of, stars_from


@pytest.mark.parametrize(
    ("text", "scale", "stars"),
    [("4.5", 5, 4.5), ("4,5", 5, 4.5), ("9", 10, 4.5), ("1", 10, 0.5), ("75", 100, 4.0), ("7/10", 5, 3.5),
     ("", 5, None), ("80%", 100, 4.0), ("3", 100, 0.5)],
)  # fmt: skip
def test_scales_become_stars(text: str, scale: int, stars: float | None) -> None:
    assert stars_from(text, scale) == stars


@pytest.mark.parametrize("text", ["0", "-1", "6", "nan", "inf", "five", "1e9"])
def test_what_is_off_the_scale_is_no_rating(text: str) -> None:
    with pytest.raises(OffScale):
        stars_from(text, 5)


def test_the_highest_rating_says_the_scale() -> None:
    assert [scale_of(texts) for texts in (["4", "5"], ["4", "8", "x"], ["55", "9"], [])] == [5, 10, 100, 5]
