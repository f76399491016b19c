"""A finished run as an SVG picture: curves as lines with a legend, a band over all seeds, charts below."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tutor.core.course_schema import ExperimentFile
from tutor.core.events import RunFinished, Series
from tutor.core.plotting import Drawing, draw_chart
from tutor.core.plotting.scales import decimals, ticks

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito 2008: told apart by people with any colour vision."""
DASHES = ("none", "7 4", "2 4", "9 4 2 4")
"""A curve has a dash of its own beside its colour, so that a black-and-white print says the same."""
COLUMNS, ROWS = 100, 24
"""Size of a chart of characters."""
CELL, LINE = 8, 18
"""Width and height of a character, in pixels."""
WIDTH = CELL * COLUMNS + 32
LEFT, RIGHT, HEIGHT = 64, WIDTH - 24, 320
"""Ends of the x axis and the height of the plot, in pixels."""


def svg(file: ExperimentFile, run: RunFinished) -> str:
    """All pictures of a run below each other, and its sentence."""
    parts, top = [_text(16, 28, file.title, weight="bold")], 44
    if run.series:
        curves = list(_curves(file, run, top))
        parts, top = parts + curves[:-1], int(curves[-1])
    for chart in run.charts:
        drawing = draw_chart(chart, COLUMNS, ROWS)
        parts += [_text(16, top + LINE, str(chart["title"]), weight="bold"), *_cells(drawing, top + LINE)]
        top += LINE * (drawing.height + 2)
    sentences = [line for said in (run.sentence, run.spread or "") for line in textwrap.wrap(said, COLUMNS)]
    parts += [_text(16, top + LINE * place, line) for place, line in enumerate(sentences, 1)]
    height = top + LINE * (len(sentences) + 2)
    style = "font-family: Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 13px"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" style="{style}">'
    paper = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{escape(file.title)}</title>", paper, *parts, "</svg>"]) + "\n"


# --- curves ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Frame:
    """Where a plot lies, and what its axes span."""

    top: int
    xs: tuple[float, float]
    ys: tuple[float, float]

    def x(self, value: float) -> float:
        return LEFT + (RIGHT - LEFT) * (value - self.xs[0]) / (self.xs[1] - self.xs[0])

    def y(self, value: float) -> float:
        return self.top + HEIGHT * (self.ys[1] - value) / (self.ys[1] - self.ys[0])

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)


def _curves(file: ExperimentFile, run: RunFinished, top: int) -> Iterator[str]:
    """The legend, the axes, for each series the band and the lines of its seeds; last where it ends."""
    series = _by_name(run.series)
    looks = {
        name: (COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)])
        for place, name in enumerate(series)
    }
    legend = list(_legend(looks, len(run.by_seed) > 1, top))
    yield from legend[:-1]
    frame = _frame(run.series, int(legend[-1]))
    yield from _axes(file, frame)
    for name, seeds in series.items():
        colour, dash = looks[name]
        if band := _band(seeds):
            yield f'<polygon points="{frame.path(band)}" fill="{colour}" fill-opacity="0.15"/>'
        for place, one in reversed(list(enumerate(seeds))):  # the first seed lies on top
            look = 'stroke-width="2"' if place == 0 else 'stroke-width="1" stroke-opacity="0.45"'
            line = frame.path(list(zip(one.x, one.y, strict=True)))
            yield (
                f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-dasharray="{dash}" {look}>'
                f"<title>{escape(name)}, seed {one.seed or 0}</title></polyline>"
            )
    yield str(frame.top + HEIGHT + 4 * LINE)


def _by_name(series: Sequence[Series]) -> dict[str, list[Series]]:
    """The seeds of each curve, in order; curves without a point are left out."""
    found: dict[str, list[Series]] = {}
    for one in series:
        if one.x:
            found.setdefault(one.name, []).append(one)
    return found


def _band(seeds: Sequence[Series]) -> list[tuple[float, float]]:
    """Around the lowest and the highest value of the seeds wherever all have a point; empty for one seed."""
    values = [dict(zip(one.x, one.y, strict=True)) for one in seeds]
    shared = sorted(set.intersection(*map(set, values))) if len(values) > 1 else []
    if len(shared) < 2:
        return []
    lows = [(x, min(at[x] for at in values)) for x in shared]
    highs = [(x, max(at[x] for at in values)) for x in shared]
    return [*lows, *reversed(highs)]


def _frame(series: Sequence[Series], top: int) -> _Frame:
    xs = [x for one in series for x in one.x]
    ys = [y for one in series for y in one.y]
    return _Frame(top, _span(xs), _span(ys, 0.05))


def _span(values: Sequence[float], margin: float = 0.0) -> tuple[float, float]:
    """Both ends with a margin; a length even where all values are the same."""
    low, high = min(values), max(values)
    room = (high - low) * margin if high > low else 0.5
    return low - room, high + room


def _legend(looks: Mapping[str, tuple[str, str]], seeds: bool, top: int) -> Iterator[str]:
    """A sample and a name for each curve; last where the plot may begin."""
    column, row = 16, top + LINE
    for name, (colour, dash) in looks.items():
        size = CELL * (len(name) + 7)
        if column > 16 and column + size > WIDTH:
            column, row = 16, row + LINE
        yield (
            f'<line x1="{column}" y1="{row - 4}" x2="{column + 30}" y2="{row - 4}" stroke="{colour}" '
            f'stroke-dasharray="{dash}" stroke-width="2"/>'
        )
        yield _text(column + 36, row, name)
        column += size
    if seeds:
        row += LINE
        yield _text(16, row, "Thin lines: other seeds. Shaded: from the lowest to the highest of all seeds.")
    yield str(row + LINE)


def _axes(file: ExperimentFile, frame: _Frame) -> Iterator[str]:
    bottom = frame.top + HEIGHT
    yield _text(16, bottom + 2.5 * LINE, f"up: {file.y_label}   across: {file.x_label}", "#555555")
    up, across = ticks(*frame.ys, 6), ticks(*frame.xs, 8)
    for value in up:
        y = frame.y(value)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>'
        yield _text(LEFT - 8, y + 4, f"{value:.{decimals(up)}f}", "#555555", anchor="end")
    for value in across:
        yield _text(
            frame.x(value), bottom + LINE, f"{value:.{decimals(across)}f}", "#555555", anchor="middle"
        )
    corner = f"{LEFT},{frame.top} {LEFT},{bottom} {RIGHT},{bottom}"
    yield f'<polyline points="{corner}" fill="none" stroke="#555555"/>'


# --- text --------------------------------------------------------------------------------------


def _cells(drawing: Drawing, top: int) -> Iterator[str]:
    """A chart of characters, each ink in its colour."""
    for row in range(drawing.height):
        spans = "".join(
            f'<tspan fill="{_ink(ink)}">{escape(text)}</tspan>' for ink, text in drawing.spans(row)
        )
        y = top + LINE * (row + 1)
        yield f'<text x="16" y="{y}" xml:space="preserve">{spans}</text>'


def _ink(ink: int) -> str:
    return COLOURS[ink % len(COLOURS)] if ink >= 0 else "#333333"


def _text(
    x: float, y: float, text: str, fill: str = "#111111", *, weight: str = "normal", anchor: str = "start"
) -> str:
    look = f'fill="{fill}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look} xml:space="preserve">{escape(text)}</text>'
