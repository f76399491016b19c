"""What a long job says while it works: typed events, each one JSON object on a line.

Every job yields any number of Started, Progress, Point, Chart, SeedFinished and Epoch events and then
exactly one ending: Finished, Failed or Cancelled. Progress events may replace each other; the others may not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events; `name` is the value of the key "event"."""

    name: ClassVar[str] = "event"

    def to_dict(self) -> dict[str, Any]:
        """The event as plain JSON types; a number that is not finite becomes null."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("json", True)}
        return {"event": self.name, **{key: jsonable(value) for key, value in values.items()}}


@dataclass(frozen=True)
class Started(Event):
    """The job was accepted and its data is there."""

    name: ClassVar[str] = "started"
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress(Event):
    """How much of the job is done (0 to 1). A later one makes an earlier one pointless."""

    name: ClassVar[str] = "progress"
    fraction: float
    note: str = ""


@dataclass(frozen=True)
class Point(Event):
    """One more point of a curve."""

    name: ClassVar[str] = "point"
    series: str
    x: float
    y: float
    seed: int = 0


@dataclass(frozen=True)
class Chart(Event):
    """A whole chart; a later one with the same title takes its place. Shapes: `experiments.charts`."""

    name: ClassVar[str] = "chart"
    chart: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SeedFinished(Event):
    """One of several seeds is done. `result` is what a run of this seed alone would end with."""

    name: ClassVar[str] = "seed"
    seed: int
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Epoch(Event):
    """The end of one pass over the training ratings. Errors are mean squared errors in stars squared."""

    name: ClassVar[str] = "epoch"
    epoch: int
    train_mse: float
    valid_mse: float | None
    seconds: float


@dataclass(frozen=True)
class Finished(Event):
    """The job's result. `model` is what was trained (it can predict); it stays in the process."""

    name: ClassVar[str] = "finished"
    result: Mapping[str, Any] = field(default_factory=dict)
    model: Any = field(default=None, metadata={"json": False})

    def to_dict(self) -> dict[str, Any]:
        """The result's own keys stand beside "event"."""
        return {"event": self.name, **{key: jsonable(value) for key, value in self.result.items()}}


@dataclass(frozen=True)
class Failed(Event):
    """The job could not be done; `message` is one line that says why and what to try."""

    name: ClassVar[str] = "failed"
    message: str


@dataclass(frozen=True)
class Cancelled(Event):
    """The job stopped because it was asked to."""

    name: ClassVar[str] = "cancelled"


ENDINGS = (Finished, Failed, Cancelled)


def jsonable(value: Any) -> Any:
    """Turn mappings, sequences and NumPy scalars into plain JSON types; nan and inf become None."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if hasattr(value, "tolist"):
        return jsonable(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
