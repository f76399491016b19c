"""The models that serve recommendations: which files, whether they fit the data, and how to train them.

`dot-bias` comes first: it is trained in a fraction of a second. `best`, which is more accurate and knows how
sure it is, follows in a process of its own that gives way to everything else, and serves from then on.
The files are read by NumPy alone. While a new model is trained the old one serves; the new file replaces the
old one in one step, so two tutors at once do no harm.
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
from tutor.runner import oneshot
from tutor.runner.child import TrainingChild
from tutor.runner.process import python
from tutor.store.paths import Paths

if TYPE_CHECKING:
    from recommender.listing import Served
    from recommender.lists_audience import Audience

MODEL = "dot-bias"
"""The model that is there at once."""
BEST = "best"
"""The model that takes its time."""
RECIPE = "fast"
SEED = 0
BEST_UP_TO = 2_000_000
"""Ratings up to which `best` is fitted without being asked for: about four seconds for 100,000."""


class NoModel(CannotDo):
    """Nothing was trained on this data set yet."""


class Serving:
    """One file for each data set and model, and who rates what beside it."""

    def __init__(self, paths: Paths, data: DataSets, child: Callable[[], TrainingChild]) -> None:
        self._paths = paths
        self._data = data
        self._child = child
        self._lock = threading.Lock()
        self._loaded: dict[Path, tuple[object, tuple[Served, Audience | None] | None]] = {}

    def path(self, name: str, kind: str = MODEL) -> Path:
        """Where a model of a data set lies."""
        return self._paths.models / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[-80:]}-{kind}.safetensors"

    def served(self, name: str | None = None, kind: str | None = None) -> tuple[Served, Audience | None]:
        """The model `kind` of a data set (default: the current one), even if it is stale, and its audience.

        Without `kind`: `best` if it is fresh, else `dot-bias`, else a stale `best`. Read again when a file
        has changed. Raises `NoModel` where there is none, or a damaged one.
        """
        name = name or self._data.current
        if kind is None:
            kind = BEST if self.fresh(name, BEST) or not self.ready(name) else MODEL
        found = self._read(name, kind)
        if found is None:
            raise NoModel(
                f"There is no recommender for {name} yet; it is trained on the first use of Movies."
            )
        return found

    def ready(self, name: str | None = None, kind: str = MODEL) -> bool:
        """Whether this model can serve, a stale one included."""
        return self._read(name or self._data.current, kind) is not None

    def fresh(self, name: str | None = None, kind: str = MODEL) -> bool:
        """Whether the model was trained on the very ratings that the data set holds now."""
        name = name or self._data.current
        found = self._read(name, kind)
        if found is None or found[1] is None:
            return False
        return bool(found[0].data_hash == self._data.dataset(name).ratings.fingerprint)

    @property
    def best_wanted(self) -> bool:
        """Whether the current data set has no fresh `best`, and is small enough to fit it unasked."""
        return not self.fresh(kind=BEST) and len(self._data.dataset().ratings) <= BEST_UP_TO

    def ensure(
        self, cancelled: Callable[[], bool], kind: str = MODEL, *, again: bool = False
    ) -> Iterator[WorkEvent]:
        """Train a model of the current data set in the warm child, unless a fresh one is there.

        `again`: even then.
        """
        name = self._data.current
        job = {
            "job": "fit", "data": name, "model": kind, "recipe": RECIPE, "seed": SEED,
            "out": str(self.path(name, kind)), "cache": str(self._paths.data),
        }  # fmt: skip
        yield from self._fit(name, kind, lambda: self._child().run(job, cancelled), again)

    def ensure_best(self, cancelled: Callable[[], bool], *, again: bool = False) -> Iterator[WorkEvent]:
        """The same for `best` in a process of its own, which gives way to the app and to the warm child."""
        name = self._data.current
        command = python(
            "-m", "recommender", "fit", "--json", "--background", "--data", name, "--model", BEST,
            "--recipe", RECIPE, "--seed", str(SEED), "--out", str(self.path(name, BEST)),
            "--cache", str(self._paths.data),
        )  # fmt: skip
        log = self._paths.logs / "best.log"
        yield from self._fit(name, BEST, lambda: oneshot.run(command, log, cancelled), again)

    def _fit(
        self, name: str, kind: str, work: Callable[[], Iterator[dict[str, Any]]], again: bool = False
    ) -> Iterator[WorkEvent]:
        note = f"The recommender for {self._data.dataset(name).label} is ready."
        about = {"data": name, "model": kind}
        if not again and self.fresh(name, kind):
            yield Rested(note=note, data={**about, "trained": False})
            return

        def done(event: dict[str, Any]) -> Rested:
            told = {key: value for key, value in event.items() if key not in ("event", "id")}
            return Rested(note=note, data={**told, **about, "trained": True})

        for event in follow(work(), done):
            unusable = isinstance(event, Rested) and not self.ready(name, kind)
            path = self.path(name, kind)
            yield Failed(message=f"The trained model in {path} cannot be read.") if unusable else event

    def _read(self, name: str, kind: str) -> tuple[Served, Audience | None] | None:
        path = self.path(name, kind)
        stamp = _stamp(path)
        with self._lock:
            if path not in self._loaded or self._loaded[path][0] != stamp:
                self._loaded[path] = (stamp, _load(path))
            return self._loaded[path][1]


def _stamp(path: Path) -> object:
    """What changes when the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _load(path: Path) -> tuple[Served, Audience | None] | None:
    if not path.is_file():
        return None  # before numpy is loaded for nothing
    from recommender.checkpoint import CheckpointError
    from recommender.listing import load_audience, load_served
    from recommender.serving import audience_path

    try:
        model = load_served(path)
    except CheckpointError:
        return None
    return model, load_audience(audience_path(path), model)
