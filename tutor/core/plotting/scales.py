"""From numbers to places on an axis: limits, round ticks, and numbers as people write them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


def ticks(low: float, high: float, about: int) -> tuple[float, ...]:
    """Round numbers (1, 2, 2.5 or 5 times a power of ten apart) from `low` to `high`, about so many."""
    if not high > low:
        return (low,)
    raw = (high - low) / max(1, about)
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((power * m for m in (1, 2, 2.5, 5, 10)), key=lambda size: abs(math.log(size / raw)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if first >= last and about < 8:
        return ticks(low, high, about + 1)  # one tick alone says nothing about the scale
    return tuple(i * step for i in range(first, last + 1)) or (low,)


def decimals(values: tuple[float, ...]) -> int:
    """Decimals that tell neighbouring ticks apart."""
    if len(values) < 2:
        return 2
    step = abs(values[1] - values[0])
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return places if abs(round(step, places) - step) < step * 1e-6 else places + 1


def number(value: float) -> str:
    """A number with three significant digits; whole ones and thousands stay whole."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.2g}"
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if abs(value) < 0.01 else text


@dataclass(frozen=True)
class Axis:
    """The piece of the number line from `low` to `high`, laid over `dots` dots."""

    low: float
    high: float
    dots: int

    @classmethod
    def around(
        cls,
        values: Iterable[float],
        dots: int,
        *,
        limits: tuple[float, float] | None = None,
        pad: float = 0.0,
    ) -> Axis:
        """Cover all values with `pad` (a share of their span) on both sides, or exactly `limits`."""
        if limits is not None and limits[1] > limits[0]:
            return cls(*limits, dots)
        kept = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
        low, high = min(kept), max(kept)
        if high - low <= max(abs(low), abs(high), 1e-90) * 1e-9:
            room = abs(low) * 0.1 if abs(low) > 1e-90 else 0.5
            return cls(low - room, high + room, dots)
        return cls(low - (high - low) * pad, high + (high - low) * pad, dots)

    def dot(self, value: float) -> int:
        """The dot that shows a value, from 0 at `low` to `dots - 1` at `high`; may lie outside."""
        return round((value - self.low) / (self.high - self.low) * (self.dots - 1))

    def ticks(self, about: int) -> tuple[float, ...]:
        """Round ticks on this axis."""
        return ticks(self.low, self.high, about)
