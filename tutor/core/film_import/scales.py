"""Stars from whatever scale a file uses: half stars, ten points, a hundred points, "7/10"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_OUT_OF = re.compile(r"(?P<given>\d+(?:[.,]\d+)?)\s*/\s*(?P<most>5|10|100)")
_SCALES = (5, 10, 100)


class OffScale(ValueError):
    """A cell that holds no rating; the message says why."""


def number_of(text: str) -> float:
    """The number in a cell; "4,5" and "80%" are numbers, too. Raises `OffScale`."""
    try:
        value = float(text.strip().rstrip("%*★ ").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise OffScale(f"{text.strip()[:20]!r} is no rating")
    return value


def scale_of(texts: Iterable[str]) -> int:
    """How high the ratings of a file can go, from the highest one: 5, 10 or 100."""
    most = 0.0
    for text in texts:
        try:
            most = max(most, number_of(text))
        except OffScale:
            continue
    return next((scale for scale in _SCALES if most <= scale), _SCALES[-1])


def stars_from(text: str, scale: int) -> float | None:
    """Stars in halves; None for an empty cell. Raises `OffScale` for what is no rating, 0 included."""
    if not text.strip():
        return None
    if (apart := _OUT_OF.fullmatch(text.strip())) is not None:
        text, scale = apart["given"], int(apart["most"])
    value = number_of(text)
    if value == 0:
        raise OffScale("0 is no rating here: not rated")
    if not 0 < value <= scale:
        raise OffScale(f"{text.strip()[:20]} is not on a scale up to {scale}")
    return max(0.5, math.floor(value * 10 / scale + 0.5) / 2)
