"""The model that serves recommendations: which file, whether it fits the data, and how to train it.

The file is read by NumPy alone; training happens in the child. While a new model is trained the old
one serves; the new file replaces the old one in one step, so two tutors at once do no harm.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.core.datasets import DataSets
from tutor.core.errors import CannotDo
from tutor.core.events import Failed, Rested, WorkEvent
from tutor.core.work import follow
from tutor.runner.child import TrainingChild
from tutor.store.paths import Paths

if TYPE_CHECKING:
    from recommender.checkpoint import FactorModel

MODEL = "dot-bias"
RECIPE = "fast"
SEED = 0


class NoModel(CannotDo):
    """Nothing was trained on this data set yet."""


class Serving:
    """One model file for each data set."""

    def __init__(self, paths: Paths, data: DataSets, child: Callable[[], TrainingChild]) -> None:
        self._paths = paths
        self._data = data
        self._child = child
        self._lock = threading.Lock()
        self._loaded: tuple[object, FactorModel | None] = (None, None)

    def path(self, name: str) -> Path:
        """Where the model of a data set lies."""
        return self._paths.models / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[-80:]}-{MODEL}.safetensors"

    def model(self, name: str | None = None) -> FactorModel:
        """The model that serves a data set (default: the current one), even if it is stale.

        Read again when the file has changed. Raises `NoModel` where there is none, or a damaged one.
        """
        name = name or self._data.current
        path = self.path(name)
        with self._lock:
            stamp = _stamp(path)
            if self._loaded[0] != stamp:
                self._loaded = (stamp, _load(path))
            model = self._loaded[1]
        if model is None:
            raise NoModel(
                f"There is no recommender for {name} yet; it is trained on the first use of Movies."
            )
        return model

    def ready(self, name: str | None = None) -> bool:
        """Whether some model can serve, a stale one included."""
        try:
            self.model(name)
        except NoModel:
            return False
        return True

    def fresh(self, name: str | None = None) -> bool:
        """Whether the model was trained on the very ratings that the data set holds now."""
        name = name or self._data.current
        try:
            model = self.model(name)
        except NoModel:
            return False
        return bool(model.data_hash == self._data.dataset(name).ratings.fingerprint)

    def ensure(self, cancelled: Callable[[], bool]) -> Iterator[WorkEvent]:
        """Train the current data set's model, unless a fresh one is there."""
        name = self._data.current
        label = self._data.dataset(name).label
        if self.fresh(name):
            yield Rested(note=f"The recommender for {label} is ready.", data={"data": name, "trained": False})
            return
        job = {
            "job": "fit", "data": name, "model": MODEL, "recipe": RECIPE, "seed": SEED,
            "out": str(self.path(name)), "cache": str(self._paths.data),
        }  # fmt: skip

        def done(event: dict[str, Any]) -> Rested:
            data = {key: value for key, value in event.items() if key not in ("event", "id")}
            return Rested(
                note=f"The recommender for {label} is ready.", data={"data": name, "trained": True, **data}
            )

        for event in follow(self._child().run(job, cancelled), done):
            unusable = isinstance(event, Rested) and not self.ready(name)
            yield (
                Failed(message=f"The trained model in {self.path(name)} cannot be read.")
                if unusable
                else event
            )


def _stamp(path: Path) -> object:
    """What changes when the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return (path, None)
    return (path, found.st_ino, found.st_mtime_ns, found.st_size)


def _load(path: Path) -> FactorModel | None:
    if not path.is_file():
        return None  # before numpy is loaded for nothing
    from recommender.checkpoint import CheckpointError, load

    try:
        return load(path)
    except CheckpointError:
        return None
