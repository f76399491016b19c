"""Experiments: settings checked, prediction locked in, the run stored, the outcome put into words."""

from __future__ import annotations

import string
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.datasets import DataSets
from tutor.core.events import CurvePoint, Failed, RunEvent, RunFinished, RunStarted, Series, Table
from tutor.core.serving import Serving
from tutor.core.settings import SettingError, read_settings
from tutor.core.work import broken_off, progress
from tutor.runner.child import TrainingChild
from tutor.runner.process import ChildDied
from tutor.store.paths import Paths
from tutor.store.store import Store

if TYPE_CHECKING:
    from recommender.ratings import Dataset

Json = dict[str, Any]


class Lab:
    """Runs the experiments of a course in the training child, or here where NumPy is enough."""

    def __init__(
        self,
        store: Store,
        paths: Paths,
        course: Course,
        data: DataSets,
        serving: Serving,
        child: Callable[[], TrainingChild],
    ) -> None:
        self._store = store
        self._paths = paths
        self._course = course
        self._data = data
        self._serving = serving
        self._child = child

    def experiments(self) -> list[ExperimentFile]:
        """All experiments, in the order in which the course meets them. Raises `ContentError`."""
        return list(self._course.experiments())

    def run(
        self,
        name: str,
        *,
        settings: Mapping[str, Any] | None = None,
        data: str | None = None,
        seed: int | None = None,
        prediction: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RunEvent]:
        """Run an experiment; the events end with `RunFinished`, `Failed` or `Cancelled`, which is stored.

        Raises at once, before anything is stored: `UnknownExperiment`, `SettingError`, `UnknownData`,
        `DataNotHere`.
        """
        file = self._course.experiment(name)
        config = {**read_settings(file, settings), "seed": seed or 0, "data": data or self._data.current}
        _check_prediction(file, prediction)
        self._data.check(config["data"])
        return self._run(file, config, prediction, cancelled)

    def _run(
        self, file: ExperimentFile, config: Json, prediction: str | None, cancelled: Callable[[], bool]
    ) -> Iterator[RunEvent]:
        run = self._store.runs.start(file.name, config, prediction)
        started = time.monotonic()
        ending: RunEvent | None = None
        try:
            yield RunStarted(name=file.name, config=config, prediction=prediction)
            for event in self._events(file, config, cancelled):
                if event["event"] == "finished":
                    seconds = time.monotonic() - started
                    about = _about(self._data.dataset(config["data"]))  # only now: the curve comes first
                    ending = finished(file, event, config, prediction, about, seconds)
                else:
                    ending = broken_off(event)
                if ending:
                    break
                if shown := _shown(event):
                    yield shown
            ending = ending or Failed(message=f"{file.name} ended without a result.")
        except ChildDied as death:
            ending = Failed(message=str(death), log=str(death.log))
        except Exception as fault:
            ending = Failed(message=f"{file.name} broke off: {fault}")
            raise
        finally:  # also when nobody listens any more: then it counts as cancelled
            self._end(run, ending)
        yield ending

    def _events(self, file: ExperimentFile, config: Json, cancelled: Callable[[], bool]) -> Iterator[Json]:
        from recommender.experiments import IN_PROCESS

        data = config["data"]
        model = self._serving.path(data)
        spec = {
            "family": file.family,
            "data": data,
            "seed": config["seed"],
            "settings": {key: value for key, value in config.items() if key not in ("seed", "data")},
            "ratings": self._store.ratings.stars() or None,
            "checkpoint": str(model) if self._serving.ready(data) else None,
        }
        if file.family in IN_PROCESS:
            yield from _here(spec, self._paths.data, cancelled)
        else:
            job = {"job": "experiment", "spec": spec, "cache": str(self._paths.data)}
            yield from self._child().run(job, cancelled)

    def _end(self, run: int, ending: RunEvent | None) -> None:
        if isinstance(ending, RunFinished):
            self._store.runs.end(run, "finished", ending.model_dump(mode="json"))
        elif isinstance(ending, Failed):
            self._store.runs.end(run, "failed", ending.model_dump(mode="json"))
        else:
            self._store.runs.end(run, "cancelled")


def _here(spec: Json, cache: Path, cancelled: Callable[[], bool]) -> Iterator[Json]:
    """Run a family that needs NumPy only in this process; its faults are one clear line each."""
    from recommender.checkpoint import CheckpointError
    from recommender.datasets import DataError
    from recommender.experiments import SpecError, run

    try:
        for event in run(spec, cache, cancelled):
            yield event.to_dict()
    except (CheckpointError, DataError, SpecError) as fault:
        yield {"event": "failed", "message": str(fault)}


def finished(
    file: ExperimentFile, event: Json, config: Json, prediction: str | None, data: Json, seconds: float
) -> RunFinished | Failed:
    """What came out, beside what was predicted and expected; `Failed` where the course's words do not fit."""
    measured = event.get("measured", {})
    try:
        sentence = fill(file.sentence, measured)
        outcome = _outcome(file, measured)
    except SentenceError as fault:
        return Failed(message=f"experiments/{file.name}.toml: {fault}")
    table = event.get("table") or {}
    return RunFinished(
        name=file.name,
        config=config,
        series=tuple(map(_series, event.get("series", ()))),
        table=Table(columns=tuple(table.get("columns", ())), rows=tuple(map(tuple, table.get("rows", ())))),
        measured=measured,
        expected=file.expected,
        outcome=outcome,
        prediction=prediction,
        holds=outcome == file.prediction.expected,
        sentence=sentence,
        seconds=round(seconds, 3),
        data=data,
    )


class SentenceError(Exception):
    """A text of the course that names what the run did not measure, or cannot print it."""


def fill(sentence: str, measured: Mapping[str, Any]) -> str:
    """Put measured values into a sentence. Raises `SentenceError`."""
    for _, name, _, _ in string.Formatter().parse(sentence):
        if name is not None and name not in measured:
            raise SentenceError(f"the sentence names {{{name}}}; measured were {', '.join(measured)}")
    try:
        return sentence.format(**measured)
    except (ValueError, TypeError) as fault:
        raise SentenceError(f"the sentence cannot print a measured value: {fault}") from None


def _outcome(file: ExperimentFile, measured: Mapping[str, Any]) -> str:
    """The key of the prediction that came out."""
    name = file.prediction.measured
    outcome = measured.get(name)
    if outcome is None:
        raise SentenceError(f"the prediction needs {name}; measured were {', '.join(measured)}")
    return str(outcome)


def _check_prediction(file: ExperimentFile, prediction: str | None) -> None:
    keys = [choice.key for choice in file.prediction.choices]
    if prediction is not None and prediction not in keys:
        raise SettingError(f"{prediction!r} is no prediction of {file.name}; choose {' or '.join(keys)}.")


def _series(one: Json) -> Series:
    """A curve without the points at which it was no number."""
    points = [(x, y) for x, y in zip(one["x"], one["y"], strict=True) if y is not None]
    x, y = zip(*points, strict=True) if points else ((), ())
    return Series(name=one["name"], x=x, y=y, seed=one.get("seed"))


def _shown(event: Json) -> RunEvent | None:
    """The event as the doors know it; None for one that they need not see."""
    kind = event["event"]
    if kind == "point" and event["y"] is not None:
        return CurvePoint(**{key: event[key] for key in ("series", "x", "y", "seed") if key in event})
    return progress(event) if kind == "progress" else None


def _about(dataset: Dataset) -> Json:
    return {
        "name": dataset.name,
        "label": dataset.label,
        "fingerprint": dataset.ratings.fingerprint,
        "invented": dataset.invented,
    }
