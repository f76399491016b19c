"""Experiments: settings checked, prediction locked in, the run stored, the outcome put into words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from string import Template
from typing import Any

from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.datasets import DataSets
from tutor.core.events import Cancelled, Failed, RunEvent, RunFinished, RunStarted, SeedDone
from tutor.core.lab_events import about, compared, here, shown
from tutor.core.lab_history import Comparison, PastRun, by_token, compare, past_run
from tutor.core.lab_results import Outcome, SentenceError, finished, outcome, read_prediction
from tutor.core.lab_tokens import (
    NO_RATINGS,
    Token,
    TokenError,
    digest,
    made_here,
    ratings_digest,
    read_token,
    result_digest,
)
from tutor.core.serving import Serving
from tutor.core.settings import read_settings
from tutor.core.work import broken_off
from tutor.runner.child import TrainingChild
from tutor.runner.process import ChildDied
from tutor.store.database import StoreError
from tutor.store.paths import Paths
from tutor.store.runs import Ending
from tutor.store.store import Store

Json = dict[str, Any]
OWN = ("seed", "seeds", "data")
"""What a run's config holds beside the experiment's settings."""
Row = tuple[str, Json, str | None]
"""How a run begins: its experiment, its config, what was predicted."""


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
        self._job: str | None = None

    def experiments(self) -> list[ExperimentFile]:
        """All experiments, in the order in which the course meets them. Raises `ContentError`."""
        return list(self._course.experiments())

    def code(self, name: str, settings: Mapping[str, Any] | None = None, data: str | None = None) -> str:
        """The run in a few lines of Python, with these settings. Raises as `run` does; "" without code.

        A data set that was fetched is loaded from where this program keeps it.
        """
        file = self._course.experiment(name)
        chosen = data or self._data.current
        lines = Template(file.code or "").substitute({**read_settings(file, settings), "data": chosen})
        if chosen == "planted":
            return lines
        return lines.replace(f'load("{chosen}")', f'load("{chosen}", {str(self._paths.data)!r})')

    # --- running -------------------------------------------------------------------------------

    def run(
        self,
        name: str,
        *,
        settings: Mapping[str, Any] | None = None,
        data: str | None = None,
        seed: int | None = None,
        seeds: int | None = None,
        prediction: Outcome | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RunEvent]:
        """Run an experiment; the events end with `RunFinished`, `Failed` or `Cancelled`, which is stored.

        Where it cannot be stored (a full disk), the result is still told, and says so.

        Raises at once, before anything is stored: `UnknownExperiment`, `SettingError`, `UnknownData`,
        `DataNotHere`.
        """
        file = self._course.experiment(name)
        config = {
            **read_settings(file, settings),
            "seed": seed or 0,
            "seeds": seeds or file.seeds,
            "data": data or self._data.current,
        }
        said = read_prediction(file, prediction)
        self._data.check(config["data"])
        return self._run(file, config, said, cancelled)

    def replay(self, line: str, cancelled: Callable[[], bool] = lambda: False) -> Iterator[RunEvent]:
        """Repeat the run of a token; the last event says whether it came out the same, bit for bit.

        Raises as `run` does, and `TokenError` for a line that is none or for other ratings than then.
        """
        token = read_token(line)
        ratings = ratings_digest(self._store.ratings.stars())
        if token.ratings != NO_RATINGS and token.ratings != ratings:
            raise TokenError("that run used other ratings of yours than you have now; it cannot be repeated.")
        events = self.run(
            token.experiment,
            settings=token.settings,
            data=token.data,
            seed=token.seed,
            seeds=token.seeds,
            cancelled=cancelled,
        )
        return (compared(event, token) if isinstance(event, RunFinished) else event for event in events)

    def pause(self) -> bool:
        """Hold the run that goes on. False where there is none that can be held: one in this process."""
        return self._order("pause")

    def resume(self) -> bool:
        """Let the run go on. False as for `pause`."""
        return self._order("resume")

    def step(self) -> bool:
        """Let the run go on to its next point, and hold it there. False as for `pause`."""
        return self._order("step")

    def _order(self, order: str) -> bool:
        if self._job is None:
            return False
        self._child().order(order, self._job)
        return True

    def _run(
        self, file: ExperimentFile, config: Json, prediction: Outcome | None, cancelled: Callable[[], bool]
    ) -> Iterator[RunEvent]:
        row = (file.name, config, None if prediction is None else str(prediction))
        run = self._begin(row)
        started = time.monotonic()
        ending: RunEvent | None = None
        seeds = 0
        try:
            yield RunStarted(name=file.name, config=config, prediction=prediction)
            ratings = self._store.ratings.stars() if file.uses_ratings else {}
            for event in self._events(file, config, ratings, cancelled):
                if event["event"] == "finished":
                    event["seconds"] = time.monotonic() - started
                    ending = self._finished(file, event, config, prediction, ratings)
                elif event["event"] == "seed":
                    seeds += 1
                    yield self._seed_done(file, event, config, prediction, seeds)
                else:
                    ending = broken_off(event)
                if ending:
                    break
                if told := shown(event):
                    yield told
            ending = ending or Failed(message=f"{file.name} ended without a result.")
        except ChildDied as death:
            ending = Failed(message=str(death), log=str(death.log))
        except SentenceError as fault:
            ending = Failed(message=f"experiments/{file.name}.toml: {fault}")
        except Exception as fault:
            ending = Failed(message=f"{file.name} broke off: {fault}")
            raise
        finally:  # also when nobody listens any more: then it counts as cancelled
            ending = self._end(run, row, ending)
        yield ending

    def _events(
        self, file: ExperimentFile, config: Json, ratings: Mapping[str, float], cancelled: Callable[[], bool]
    ) -> Iterator[Json]:
        from recommender.experiments import IN_PROCESS

        data = config["data"]
        spec = {
            "family": file.family,
            "data": data,
            "seed": config["seed"],
            "seeds": config["seeds"],
            "settings": _settings(config),
            "ratings": dict(ratings) or None,
            "checkpoint": str(self._serving.path(data)) if self._serving.ready(data) else None,
        }
        if file.family in IN_PROCESS:
            yield from here(spec, self._paths.data, cancelled)
            return
        job = {"job": "experiment", "spec": spec, "cache": str(self._paths.data)}
        try:
            yield from self._child().run(job, cancelled, self._began)
        finally:
            self._job = None

    def _began(self, job: str) -> None:
        self._job = job

    def _finished(
        self,
        file: ExperimentFile,
        event: Json,
        config: Json,
        prediction: Outcome | None,
        ratings: Mapping[str, float],
    ) -> RunFinished:
        """The ending with its token. Raises `SentenceError` where the course's words do not fit."""
        data = about(self._data.dataset(config["data"]))  # only now: the curve comes first
        run = finished(file, event, config, prediction, data)
        token = Token(
            experiment=file.name,
            settings=_settings(config),
            seed=config["seed"],
            seeds=config["seeds"],
            data=config["data"],
            fingerprint=digest(data["fingerprint"]),
            ratings=ratings_digest(ratings),
            made=made_here(),
            result=result_digest(event),
        )
        return run.model_copy(update={"token": str(token)})

    def _seed_done(
        self, file: ExperimentFile, event: Json, config: Json, prediction: Outcome | None, done: int
    ) -> SeedDone:
        result = event["result"]
        first = None
        if done == 1:
            first = finished(file, result, config, prediction, about(self._data.dataset(config["data"])))
        came = outcome(file.prediction, result.get("measured", {}))
        return SeedDone(seed=event["seed"], done=done, of=config["seeds"], outcome=came, result=first)

    def _begin(self, row: Row) -> int | None:
        """Store that a run begins; None where that cannot be stored, which is tried again at its end."""
        try:
            return self._store.runs.start(*row)
        except StoreError:
            return None

    def _end(self, run: int | None, row: Row, ending: RunEvent | None) -> RunEvent:
        """Store how a run ended. Returns the ending; that of a result says so where it is not stored."""
        ending = ending or Cancelled()
        status: Ending = "cancelled"
        if isinstance(ending, RunFinished | Failed):
            status = ending.event
        try:
            run = self._store.runs.start(*row) if run is None else run
            result = None if status == "cancelled" else ending.model_dump(mode="json")
            self._store.runs.end(run, status, result)
        except StoreError as fault:
            if isinstance(ending, RunFinished):
                return ending.model_copy(update={"unstored": str(fault)})
        return ending

    # --- what was run --------------------------------------------------------------------------

    def history(self, experiment: str | None = None) -> list[PastRun]:
        """Runs that ended, newest first."""
        titles = {file.name: file.title for file in self._course.experiments()}
        rows = self._store.runs.all(experiment)
        return [past_run(row, titles) for row in rows if row.status != "running"]

    def compare(self, first: PastRun | str, second: PastRun | str) -> Comparison:
        """Two finished runs side by side, each given as such or by its token. Raises `TokenError`."""
        past = self.history()
        return compare(*(by_token(past, one) if isinstance(one, str) else one for one in (first, second)))

    def observe(self, run: int | None, seen: str) -> None:
        """Store what the learner saw in a run (None: the latest finished one)."""
        latest = next((past.id for past in self.history() if past.status == "finished"), None)
        if (wanted := run or latest) is not None:
            self._store.runs.observe(wanted, seen)

    def hit_rate(self) -> tuple[int, int]:
        """How many predictions came out, of how many that were put to the test."""
        hits = [past.hit for past in self.history() if past.hit is not None]
        return sum(hits), len(hits)


def _settings(config: Json) -> Json:
    return {key: value for key, value in config.items() if key not in OWN}
