"""A bar for each name, with its number and the spread over several seeds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeGuard

from tutor.core.plotting.bars import eighths
from tutor.core.plotting.parts import AXIS, FAINT, Drawing
from tutor.core.plotting.scales import number

_Bar = Mapping[str, Any]


def draw_bars(chart: Mapping[str, Any], width: int, height: int) -> Drawing:
    """Bars from zero to the right (negative ones to the left); the spread is shaded, `▒▒──┤`."""
    bars = list(chart["bars"])
    head = 1 if chart.get("y_label") else 0
    room = height - head
    shown = bars if len(bars) <= room else bars[: room - 1]
    step = 2 if 2 * len(bars) - 1 <= room else 1
    rows = step * (len(shown) - 1) + 1 + (len(bars) > len(shown))
    drawing = Drawing(width, head + max(1, rows))
    if head:
        drawing.put(0, 0, str(chart["y_label"]))
    if not any(_numbers(bar) for bar in shown):
        drawing.put(0, head, "no numbers")
        return drawing
    scale = _Scale.around(shown, width)
    for place, bar in enumerate(shown):
        scale.put(drawing, head + place * step, bar)
    if len(shown) < len(bars):
        drawing.put(0, drawing.height - 1, f"… and {len(bars) - len(shown)} more", AXIS)
    return drawing


class _Scale:
    """Where names, bars and numbers stand, and how long a unit is."""

    def __init__(self, names: int, room: int, low: float, high: float) -> None:
        self.names, self.room, self.low = names, room, low
        self.unit = room / ((high - low) or 1.0)

    @classmethod
    def around(cls, bars: list[_Bar], width: int) -> _Scale:
        """Fit names, numbers and the longest bar into the width."""
        names = min(max(len(str(bar["name"])) for bar in bars), max(6, width * 2 // 5))
        texts = max(len(_text(bar)) for bar in bars)
        ends = [0.0, *(value for bar in bars for value in _numbers(bar))]
        return cls(names, max(4, width - names - texts - 2), min(ends), max(ends))

    def cell(self, value: float) -> float:
        """How many cells right of the left end a value is."""
        return (value - self.low) * self.unit

    def put(self, drawing: Drawing, row: int, bar: _Bar) -> None:
        """Write one bar: name, bar, spread, number."""
        name = str(bar["name"])
        drawing.put(0, row, name if len(name) <= self.names else f"{name[: self.names - 1]}…")
        start, zero = self.names + 1, round(self.cell(0.0))
        value = bar["value"]
        if _is_number(value):
            self._body(drawing, row, start, zero, float(value))
            if (ends := _spread(bar)) is not None:
                self._spread(drawing, row, start, float(value), ends)
        drawing.put(start + self.room + 1, row, _text(bar))

    def _body(self, drawing: Drawing, row: int, start: int, zero: int, value: float) -> None:
        if not value and self.low < 0:
            drawing.put(start + min(zero, self.room - 1), row, "│", AXIS)
        elif value >= 0:
            drawing.put(start + zero, row, eighths(self.cell(value) - zero), 0)
        else:
            left = round(self.cell(value))
            drawing.put(start + left, row, "█" * (zero - left) or "▐", 0)

    def _spread(
        self, drawing: Drawing, row: int, start: int, value: float, ends: tuple[float, float]
    ) -> None:
        """Shade the bar from one end of the spread on, and draw the part beyond the bar as a line."""
        left, right = (round(self.cell(end)) for end in ends)
        tip = round(self.cell(value))
        zero = round(self.cell(0.0))
        inside = range(min(tip, zero), max(tip, zero))
        for cell in range(left, max(right, left + 1)):
            drawing.put(start + cell, row, "▒" if cell in inside else "─", FAINT)
        if right - left > 1:
            end = right - 1 if value >= 0 else left
            drawing.put(start + end, row, "┤" if value >= 0 else "├", FAINT)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _numbers(bar: _Bar) -> list[float]:
    return [float(bar[key]) for key in ("value", "low", "high") if _is_number(bar.get(key))]


def _text(bar: _Bar) -> str:
    """`0.823`, or `0.823 (0.819 to 0.827)`."""
    said = number(float(bar["value"])) if _is_number(bar["value"]) else "no value"
    ends = _spread(bar)
    return f"{said} ({number(ends[0])} to {number(ends[1])})" if ends else said


def _spread(bar: _Bar) -> tuple[float, float] | None:
    """Its low and its high end, where both are known."""
    low, high = bar.get("low"), bar.get("high")
    return (float(low), float(high)) if _is_number(low) and _is_number(high) else None
