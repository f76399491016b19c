"""What a plot shows, in words."""

from __future__ import annotations

from tutor.core.plotting.parts import Curve, Plot
from tutor.core.plotting.scales import number


def summary(plot: Plot, most: int = 8) -> str:
    """What the plot shows, in one line: at most `most` series, and as many points of one by name.

    Up to four lines are told from start to end, more of them by their ends alone.
    """
    curves = [curve for curve in plot.curves if curve.finite and not curve.behind]
    if not curves:
        return "No points yet."
    ends_only = len(curves) > 4 and all(curve.kind == "line" for curve in curves)
    words = [_end_of(curve) if ends_only else _in_words(curve, most) for curve in curves]
    more = f"; and {len(words) - most} more" if len(words) > most else ""
    labels = [label for label in (plot.y_label, plot.x_label) if label]
    what = f"{(' at the last ' if ends_only else ' over ').join(labels)}: " if labels else ""
    return f"{what}{'; '.join(words[:most])}{more}."


def _end_of(curve: Curve) -> str:
    return f"{curve.name} {number(curve.finite[-1][1])}"


def _in_words(curve: Curve, most: int) -> str:
    points = curve.finite
    if curve.kind == "arrow":
        return f"{curve.name} ({number(points[-1][0])}, {number(points[-1][1])})"
    if curve.kind in ("points", "dots"):
        named = [
            f"{label} ({number(x)}, {number(y)})".strip()
            for label, (x, y) in zip([*curve.labels, *[""] * len(points)], points, strict=False)
        ]
        more = f" and {len(named) - most} more" if len(named) > most else ""
        return f"{curve.name}: {', '.join(named[:most])}{more}"
    if curve.kind == "bars":
        peak = max(points, key=lambda point: point[1])
        span = f"{number(points[0][0])} to {number(points[-1][0])}"
        return f"{curve.name} from {span}, most at {number(peak[0])} ({number(peak[1])})"
    return f"{curve.name} {_course_of(points)}"


def _course_of(points: list[tuple[float, float]]) -> str:
    """Where a line begins and ends, and the turn in between where there is a real one."""
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"at {number(last[1])}"
    text = f"{number(first[1])} → {number(last[1])}"
    low, high = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
    worth = (high[1] - low[1]) * 0.05
    if min(first[1], last[1]) - low[1] > worth:
        text += f" (lowest {number(low[1])} at {number(low[0])})"
    if high[1] - max(first[1], last[1]) > worth:
        text += f" (highest {number(high[1])} at {number(high[0])})"
    return text
