"""Curves that grow while an experiment runs, and words for the way a row of numbers goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from recommender.events import Point


@dataclass
class Curves:
    """All points so far, by series; `add` also makes the event that shows the point."""

    seed: int
    points: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)

    def add(self, series: str, x: float, y: float) -> Point:
        """Append a point and return its event."""
        xs, ys = self.points.setdefault(series, ([], []))
        xs.append(x)
        ys.append(y)
        return Point(series, x, y, self.seed)

    def to_list(self) -> list[dict[str, Any]]:
        """The series as a finished run reports them."""
        return [{"name": name, "x": x, "y": y, "seed": self.seed} for name, (x, y) in self.points.items()]


def direction(values: Sequence[float], slack: float = 0.0) -> str:
    """How the values go: "rises", "falls", "stays" or "neither"; steps up to `slack` do not count."""
    steps = [after - before for before, after in pairwise(values)]
    if all(abs(step) <= slack for step in steps):
        return "stays"
    if all(step >= -slack for step in steps):
        return "rises"
    if all(step <= slack for step in steps):
        return "falls"
    return "neither"


def shape(values: Sequence[float]) -> str:
    """Where the lowest value is: "rises" if first, "falls" if last, else "valley"; "flat" for one value."""
    if len(values) < 2:
        return "flat"
    lowest = min(range(len(values)), key=lambda i: values[i])
    return {0: "rises", len(values) - 1: "falls"}.get(lowest, "valley")
