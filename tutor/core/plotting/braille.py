"""Dots on a grid of braille characters: two wide and four high in every cell.

Each cell also keeps the ink (a small number) of the dot that was set last, so that a screen can
colour it. Pure Python: a grid of 80 x 20 cells with a few curves takes about a millisecond.
"""

from __future__ import annotations

import math

EMPTY = -3
"""Ink of a cell that holds no dot."""

Dash = tuple[bool, ...]
SOLID: Dash = (True,)
DASHED: Dash = (True,) * 4 + (False,) * 3
DOTTED: Dash = (True, False, False)
SPARSE: Dash = (True, False, False, False, False)
DOT_DASH: Dash = (True,) * 6 + (False,) * 2 + (True,) + (False,) * 2

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of the dot in row `y % 4`, column `x % 2` of its cell."""


class Grid:
    """A raster of `2 * columns` by `4 * rows` dots; (0, 0) is the upper left one."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.width, self.height = columns * 2, rows * 4
        self._bits = [bytearray(columns) for _ in range(rows)]
        self.inks = [[EMPTY] * columns for _ in range(rows)]

    def dot(self, x: int, y: int, ink: int) -> None:
        """Set one dot; outside of the grid nothing happens."""
        if 0 <= x < self.width and 0 <= y < self.height:
            row, column = y >> 2, x >> 1
            self._bits[row][column] |= _BITS[y & 3][x & 1]
            self.inks[row][column] = ink

    def line(
        self, start: tuple[int, int], end: tuple[int, int], ink: int, dash: Dash = SOLID, at: int = 0
    ) -> int:
        """Draw a straight line and return the position in the dash pattern at its end.

        `at` is the position at its start: the pattern runs on over the joints of a polyline.
        """
        (x0, y0), (x1, y1) = start, end
        dx, dy = x1 - x0, y1 - y0
        steps = max(abs(dx), abs(dy)) or 1
        length, twice = len(dash), 2 * steps
        for i in range(1 if at else 0, steps + 1):  # a piece that goes on has its first dot already
            if dash[(at + i) % length]:
                x, y = x0 + (2 * dx * i + steps) // twice, y0 + (2 * dy * i + steps) // twice
                if 0 <= x < self.width and 0 <= y < self.height:  # as `dot`, without a call: half the time
                    row, column = y >> 2, x >> 1
                    self._bits[row][column] |= _BITS[y & 3][x & 1]
                    self.inks[row][column] = ink
        return at + steps

    def arrow(self, start: tuple[int, int], end: tuple[int, int], ink: int) -> None:
        """Draw a solid line with a head at its end."""
        self.line(start, end, ink)
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        size = min(7.0, math.dist(start, end) / 2)
        for turn in (2.6, -2.6):  # radians: 31 degrees off the shaft, backwards
            x = end[0] + size * math.cos(angle + turn)
            y = end[1] + size * math.sin(angle + turn)
            self.line(end, (round(x), round(y)), ink)

    def box(self, left: int, right: int, top: int, bottom: int, ink: int, *, filled: bool) -> None:
        """Draw a rectangle, or only its outline."""
        if filled:
            for y in range(top, bottom + 1):
                self.line((left, y), (right, y), ink)
            return
        self.line((left, bottom), (left, top), ink)
        self.line((left, top), (right, top), ink)
        self.line((right, top), (right, bottom), ink)

    def character(self, column: int, row: int) -> str:
        """The braille character of a cell; a space where no dot is set."""
        bits = self._bits[row][column]
        return chr(0x2800 + bits) if bits else " "


_SAMPLES = {SOLID: "──", DASHED: "╌╌", DOTTED: "┈┈", DOT_DASH: "─╌"}
_THICK = {SOLID: "━━", DASHED: "╍╍", DOTTED: "┉┉", DOT_DASH: "━╍"}


def sample(dash: Dash, *, thick: bool = False) -> str:
    """Two characters that stand for a line in a legend."""
    return (_THICK if thick else _SAMPLES)[dash]
