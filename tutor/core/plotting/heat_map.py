"""A table of numbers as shades: a character for the strength, colour on top, the number where it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from tutor.core.plotting.parts import AXIS, COLD, HEAT, LEVELS, Drawing
from tutor.core.plotting.scales import number

SHADES = "░▒▓█"
BELOW_ZERO = "⠒⠶⠾⣿"
"""The same four strengths for numbers below zero."""
BLANK = "·"
_WIDEST = 8
"""Cells of a column at most."""

_Row = Sequence[float | None]


def draw_heat(chart: Mapping[str, Any], width: int, height: int) -> Drawing:
    """Rows and columns with their labels, and below them what the shades stand for."""
    rows, columns = [str(r) for r in chart["rows"]], [str(c) for c in chart["columns"]]
    values: list[_Row] = [list(row) for row in chart["values"]]
    margin = min(max((len(name) for name in rows), default=0), max(4, width // 4)) + 1
    down = -(-len(rows) // max(1, height - 2))
    across = -(-len(columns) // max(1, width - margin))
    if down > 1 or across > 1:
        values = _coarse(values, down, across)
        rows, columns = rows[::down], columns[::across]
    size = max(1, min(_WIDEST, (width - margin) // max(1, len(columns))))
    drawing = Drawing(width, len(rows) + 2)
    scale = _Scale.around(values)
    texts = _texts(values, size)
    _column_names(drawing, columns, margin, size)
    for place, name in enumerate(rows):
        drawing.put(0, place + 1, name if len(name) < margin else f"{name[: margin - 2]}…")
        for column, value in enumerate(values[place]):
            sign, ink = scale.shade(value)
            shown = _cell(sign, texts[place][column] if texts else "", size, blank=value is None)
            drawing.put(margin + column * size, place + 1, shown, ink)
    blocks = f" · {down} x {across} cells a sign" if down > 1 or across > 1 else ""
    _legend(drawing, scale, str(chart.get("unit", "")), blocks)
    return drawing


class _Scale:
    """Which shade a number has."""

    def __init__(self, low: float, high: float, *, blanks: bool) -> None:
        self.low, self.high, self.blanks = low, high, blanks
        self.signed = low < 0
        self.reach = max(abs(low), abs(high)) or 1.0

    @classmethod
    def around(cls, values: Sequence[_Row]) -> _Scale:
        """From the smallest to the largest number; with negative ones, from zero both ways."""
        known = [value for row in values for value in row if value is not None]
        blanks = any(value is None for row in values for value in row)
        return cls(min(known, default=0.0), max(known, default=0.0), blanks=blanks)

    def shade(self, value: float | None) -> tuple[str, int]:
        """The sign and the ink of a cell."""
        if value is None:
            return BLANK, AXIS
        level = self._level(value)
        if self.signed and value < 0:
            return BELOW_ZERO[level], COLD + level
        return SHADES[level], HEAT + level

    def _level(self, value: float) -> int:
        start, reach = (0.0, self.reach) if self.signed else (self.low, self.high - self.low or 1.0)
        share = abs(value - start) / reach
        return max(0, min(LEVELS - 1, int(share * LEVELS)))

    def entries(self) -> list[tuple[str, int]]:
        """The legend: each shade with the smallest number it stands for."""
        start, reach = (0.0, self.reach) if self.signed else (self.low, self.high - self.low)
        if not reach:
            return [(f"{SHADES[0]} {number(start)}", HEAT)]
        return [
            (f"{sign} {number(round(start + reach * level / LEVELS, 6))}", HEAT + level)
            for level, sign in enumerate(SHADES)
        ] + [(f"to {number(round(start + reach, 6))}", AXIS)]


def _cell(sign: str, text: str, size: int, *, blank: bool) -> str:
    """A cell with a gap on its right, where it is wide enough for one."""
    if size == 1:
        return sign
    if blank:
        return sign.rjust(size - 1)
    return f"{sign * (size - 1 - len(text))}{text}" if text else sign * (size - 1)


def _texts(values: Sequence[_Row], size: int) -> list[list[str]]:
    """The numbers, all with the same decimals; empty where one does not fit beside its shade.

    Whole numbers are written out, others in two decimals or one.
    """
    known = [value for row in values for value in row if value is not None]
    whole = all(value == int(value) for value in known)
    for places in (0,) if whole else (2, 1):
        texts = [["" if value is None else f"{value:,.{places}f}" for value in row] for row in values]
        if max((len(text) for row in texts for text in row), default=0) <= size - 2:
            return texts
    return []


def _column_names(drawing: Drawing, names: Sequence[str], margin: int, size: int) -> None:
    """Names above their columns; where they are longer than a column, every second, third ... one."""
    if not names:
        return
    longest = max(len(name) for name in names)
    fewest = max(1, min(longest, max(size - 1, 9)))
    every = max(1, -(-(fewest + 1) // size))
    for place in range(0, len(names), every):
        room = every * size - 1
        name = names[place] if len(names[place]) <= room else f"{names[place][: max(0, room - 1)]}…"
        start = margin + place * size
        if start + len(name) <= drawing.width:
            drawing.put(start, 0, name, AXIS)


def _coarse(values: Sequence[_Row], down: int, across: int) -> list[_Row]:
    """Means over blocks of `down` x `across` cells, blanks left out; a block of blanks stays blank."""
    blocks: list[_Row] = []
    for top in range(0, len(values), down):
        row: list[float | None] = []
        for left in range(0, len(values[top]), across):
            part = [
                v for line in values[top : top + down] for v in line[left : left + across] if v is not None
            ]
            row.append(fmean(part) if part else None)
        blocks.append(row)
    return blocks


def _legend(drawing: Drawing, scale: _Scale, unit: str, blocks: str) -> None:
    row, column = drawing.height - 1, 0
    entries = scale.entries()
    if scale.signed:
        entries.append((f"below 0: {BELOW_ZERO}", COLD + LEVELS - 1))
    if unit:
        entries.append((unit, AXIS))
    if scale.blanks:
        entries.append((f"{BLANK} blank", AXIS))
    for text, ink in entries:
        drawing.put(column, row, text, ink)
        column += len(text) + 2
    if blocks:
        drawing.put(max(0, column - 2), row, blocks, AXIS)
