"""Curves that grow while a run goes on."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.core.course_schema import ExperimentFile
from tutor.core.events import CurvePoint, RunFinished
from tutor.core.plotting import Curve, Plot


class Growing:
    """Points by series, in the order of their coming."""

    def __init__(self) -> None:
        self._series: dict[str, tuple[list[float], list[float]]] = {}
        self.epochs: float | None = None
        """Length of the x axis where it is known before the end."""

    def add(self, points: Iterable[CurvePoint]) -> None:
        """Append points."""
        for point in points:
            xs, ys = self._series.setdefault(point.series, ([], []))
            xs.append(point.x)
            ys.append(point.y)

    def finish(self, run: RunFinished) -> None:
        """Take the curves of the finished run."""
        self._series = {one.name: (list(one.x), list(one.y)) for one in run.series}

    def plot(self, file: ExperimentFile) -> Plot:
        """What to draw now."""
        curves = tuple(Curve(name, tuple(xs), tuple(ys)) for name, (xs, ys) in self._series.items())
        limits = (0.0, self.epochs) if self.epochs else None
        return Plot(curves, file.x_label, file.y_label, x_limits=limits)
