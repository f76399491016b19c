"""The curves and charts of a run that goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tutor.core.course_schema import ExperimentFile
from tutor.core.events import ChartShown, CurvePoint, RunFinished, Series
from tutor.core.plotting import Curve, Plot

Picture = tuple[str, "Plot | dict[str, Any]"]
"""Title and what to draw: a plot of curves, or a chart as `recommender.experiments.charts` describes it."""


class Growing:
    """Points by series and seed, and charts by title, in the order of their coming."""

    def __init__(self, seed: int = 0, before: tuple[Series, ...] = ()) -> None:
        self.seed = seed
        """The first seed; the curves of later ones are thin lines behind."""
        self.before = before
        """Curves of another run to lay under these."""
        self.epochs: float | None = None
        """Length of the x axis where it is known before the end."""
        self._series: dict[tuple[str, int], tuple[list[float], list[float]]] = {}
        self._charts: dict[str, dict[str, Any]] = {}

    def add(self, points: Iterable[CurvePoint], charts: Iterable[ChartShown] = ()) -> None:
        """Append points, and put charts in the place of older ones with the same title."""
        for point in points:
            xs, ys = self._series.setdefault((point.series, point.seed), ([], []))
            xs.append(point.x)
            ys.append(point.y)
        for shown in charts:
            self._charts[str(shown.chart["title"])] = shown.chart

    def finish(self, run: RunFinished) -> None:
        """Take the curves and charts of the finished run."""
        self._series = {
            (one.name, self.seed if one.seed is None else one.seed): (list(one.x), list(one.y))
            for one in run.series
        }
        self._charts = {str(chart["title"]): chart for chart in run.charts}

    @property
    def several_seeds(self) -> bool:
        """Whether lines of later seeds are drawn."""
        return not self.before and any(seed != self.seed for _, seed in self._series)

    def plot(self, file: ExperimentFile) -> Plot:
        """The curves as they are now."""
        curves, behind = [], []
        for (name, seed), (xs, ys) in self._series.items():
            if seed == self.seed:
                curves.append(Curve(name, tuple(xs), tuple(ys)))
            elif not self.before:
                behind.append(Curve(name, tuple(xs), tuple(ys), behind=True))
        names = {curve.name for curve in curves}
        for one in self.before:
            same = one.name in names or not names
            behind.append(Curve(one.name if same else f"before: {one.name}", one.x, one.y, behind=same))
        limits = (0.0, self.epochs) if self.epochs and "epoch" in file.x_label else None
        return Plot((*curves, *behind), file.x_label, file.y_label, x_limits=limits)

    def pictures(self, file: ExperimentFile) -> list[Picture]:
        """All there is to look at: the curves first, then the charts."""
        plot = self.plot(file)
        charts: list[Picture] = [*self._charts.items()]
        return [("curves", plot), *charts] if plot.curves or not charts else charts
