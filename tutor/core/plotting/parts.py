"""What a plot is made of: its series, their looks, and the sheet it is drawn on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from tutor.core.plotting.braille import DASHED, DOT_DASH, DOTTED, EMPTY, SOLID, SPARSE, Dash, sample

AXIS = -1
"""Ink of axes and ticks."""
WORDS = -2
"""Ink of labels that belong to no series."""
INKS = 6
"""Series inks are 0 to 5; a seventh series starts again, with another dash."""
FAINT = INKS
"""Added to a series' ink for the lines behind it: the same series from other seeds, or from before."""
HEAT, COLD, LEVELS = 12, 16, 4
"""First ink of a heat map's cells, weak to strong: numbers from zero up, and numbers below zero."""
MARKERS = "●○◆◇▲△■□"
_DASHES: tuple[Dash, ...] = (SOLID, DASHED, DOTTED, DOT_DASH)
_TOO_LARGE = 1e100
_ROLES = ("train", "valid")
_TRAIN, _VALID = (DASHED, DOTTED), (SOLID, DOT_DASH)

Kind = Literal["line", "points", "dots", "bars", "arrow"]


@dataclass(frozen=True)
class Curve:
    """One series: a line, points (each may have a label), a cloud of dots, bars, an arrow of two points."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    kind: Kind = "line"
    labels: Sequence[str] = ()
    behind: bool = False
    """A thin line behind the others, in the ink of the series of the same name; the legend leaves it out."""

    @cached_property
    def finite(self) -> list[tuple[float, float]]:
        """Its points without those that are no numbers, or too large to reckon with (a run that diverged)."""
        pairs = zip(self.xs, self.ys, strict=False)
        return [(x, y) for x, y in pairs if abs(x) < _TOO_LARGE and abs(y) < _TOO_LARGE]


@dataclass(frozen=True)
class Plot:
    """What to draw. Limits are found from the data where they are None."""

    curves: tuple[Curve, ...] = ()
    x_label: str = ""
    y_label: str = ""
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    square: bool = False
    """One unit is as long on both axes (vectors, maps)."""
    legend: bool = True
    """False where labels in the plot name everything."""


@dataclass(frozen=True)
class Look:
    """How a series is told apart from the others."""

    ink: int
    dash: Dash
    thick: bool
    marker: str

    def sample(self, kind: Kind) -> str:
        """Its sign in a legend."""
        if kind == "points":
            return self.marker
        if kind == "dots":
            return "⠂⠄"
        if kind == "arrow":
            return "→"
        if kind == "bars":
            return "⣿⣿" if self.dash == SOLID else "⡏⢹"
        return sample(self.dash, thick=self.thick)


class Drawing:
    """Text and inks, cell by cell."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._text = [[" "] * width for _ in range(height)]
        self._inks = [[EMPTY] * width for _ in range(height)]

    @property
    def lines(self) -> list[str]:
        """The plot as plain text, without trailing spaces."""
        return ["".join(row).rstrip() for row in self._text]

    def spans(self, row: int) -> Iterator[tuple[int, str]]:
        """One line in pieces of one ink each."""
        texts, start = self._text[row], 0
        for ink, cells in groupby(self._inks[row]):
            end = start + len(list(cells))
            yield ink, "".join(texts[start:end])
            start = end

    def put(self, column: int, row: int, text: str, ink: int = WORDS) -> None:
        """Write text; what lies outside is cut off."""
        if 0 <= row < self.height:
            for x, character in enumerate(text, column):
                if 0 <= x < self.width:
                    self._text[row][x] = character
                    self._inks[row][x] = ink

    def free(self, column: int, row: int, length: int) -> bool:
        """True where a text of that length would cover nothing."""
        inside = 0 <= row < self.height and column >= 0 and column + length <= self.width
        return inside and all(cell == " " for cell in self._text[row][column : column + length])

    def lettered(self, column: int, row: int) -> bool:
        """True where a letter, a digit or a dot of a text stands."""
        inside = 0 <= row < self.height and 0 <= column < self.width
        return inside and (self._text[row][column].isalnum() or self._text[row][column] in ".…'")


def looks(curves: Sequence[Curve]) -> list[Look]:
    """Give every series its look. "wd 0.1 train" and "wd 0.1 valid" share an ink: train has more gaps."""
    paired = any(curve.name.split(" ")[-1] in _ROLES for curve in curves)
    groups: list[str] = []
    found: list[Look] = []
    for curve in curves:
        group, role = curve.name, ""
        if paired:
            group, _, role = curve.name.rpartition(" ")
        if group not in groups:
            groups.append(group)
        place = groups.index(group)
        marker = MARKERS[place % len(MARKERS)]
        if curve.behind:
            found.append(Look(place % INKS + FAINT, SPARSE, False, marker))
        elif role in _ROLES:
            dash = (_TRAIN if role == "train" else _VALID)[place // 2 % 2]
            found.append(Look(place % INKS, dash, place % 2 == 1, marker))
        else:
            dash, thick = _DASHES[place % len(_DASHES)], place >= len(_DASHES)
            found.append(Look(place % INKS, dash, thick, marker))
    return found
