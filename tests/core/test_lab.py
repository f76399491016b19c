"""Experiments: knobs checked before anything happens, events typed, every ending stored."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import recommender.experiments
from recommender import events as told
from tutor.core.course_schema import Parameter
from tutor.core.curriculum import Course, UnknownExperiment
from tutor.core.datasets import DataNotHere, DataSets
from tutor.core.events import Cancelled, CurvePoint, Failed, Progress, RunFinished, RunStarted, Series
from tutor.core.lab import Lab
from tutor.core.lab_results import SentenceError, fill
from tutor.core.lab_tokens import read_token
from tutor.core.serving import Serving
from tutor.core.settings import SettingError, read_value
from tutor.runner.process import ChildDied
from tutor.store.paths import Paths
from tutor.store.store import Store

CURVE = {"name": "wd 0 valid", "x": [1, 2, 3], "y": [0.9, None, 0.8], "seed": 3}


class FakeChild:
    """A training process that tells what the test gave it."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.tells: list[dict[str, Any]] = []
        self.dies: ChildDied | None = None

    def run(
        self, job: dict[str, Any], cancelled: Callable[[], bool], began: Callable[[str], None]
    ) -> Iterator[dict[str, Any]]:
        self.jobs.append(job)
        for event in self.tells:
            if cancelled():
                yield {"event": "cancelled", "id": "1"}
                return
            yield {"id": "1", **event}
        if self.dies:
            raise self.dies


class World:
    def __init__(self, home: Path) -> None:
        self.store = Store(Paths(home))
        self.course = Course.load()
        self.child = FakeChild()
        data = DataSets(self.store, Paths(home))
        serving = Serving(Paths(home), data, lambda: self.child)  # type: ignore[arg-type,return-value]
        self.lab = Lab(self.store, Paths(home), self.course, data, serving, lambda: self.child)  # type: ignore[arg-type,return-value]

    def finished(self, name: str = "weight-decay", **more: Any) -> dict[str, Any]:
        """An ending that measures all that the experiment's file names, and `more`."""
        import string

        file = self.course.experiment(name)
        named = {field: 1.5 for _, field, _, _ in string.Formatter().parse(file.sentence) if field}
        measured = {**named, file.prediction.measured: file.prediction.expected, **more}
        table = {"columns": ["wd", "valid"], "rows": [[0, 0.9], [0.1, 0.8]]}
        return {"event": "finished", "series": [CURVE], "table": table, "measured": measured}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.store.close()


def test_a_run_tells_its_events_typed_and_stores_its_result(world: World) -> None:
    world.child.tells = [
        {"event": "started", "config": {}},
        {"event": "progress", "fraction": 0.25, "note": "wd 0"},
        {"event": "point", "series": "wd 0 valid", "x": 0.5, "y": 0.95, "seed": 3},
        {"event": "point", "series": "wd 0 valid", "x": 0.6, "y": None, "seed": 3},
        {"event": "epoch", "epoch": 1, "train_mse": 0.9, "valid_mse": 0.95, "seconds": 0.1},
        world.finished(),
    ]
    world.store.ratings.set(_film(), 4.5)
    expected = world.course.experiment("weight-decay").prediction.expected
    events = list(
        world.lab.run("weight-decay", settings={"epochs": "2"}, seed=3, seeds=1, prediction=expected)
    )
    started, progress, point, finished = events
    assert isinstance(started, RunStarted)
    assert started.config == {**finished.config, "epochs": 2, "seed": 3, "seeds": 1, "data": "planted"}  # type: ignore[union-attr]
    assert progress == Progress(fraction=0.25, note="wd 0")
    assert point == CurvePoint(series="wd 0 valid", x=0.5, y=0.95, seed=3)
    assert isinstance(finished, RunFinished)
    assert finished.series == (Series(name="wd 0 valid", x=(1, 3), y=(0.9, 0.8), seed=3),)
    assert finished.table.rows == ((0, 0.9), (0.1, 0.8))
    assert (finished.holds, finished.outcome, finished.prediction) == (True, expected, expected)
    assert finished.token is not None and finished.hit is True
    token = read_token(finished.token)
    assert (token.experiment, token.seed, token.settings["epochs"]) == ("weight-decay", 3, "2")
    assert set(finished.data) == {"name", "label", "fingerprint", "invented"}
    assert finished.data["invented"]
    assert "{" not in finished.sentence
    (row,) = world.store.runs.all()
    assert (row.status, row.prediction, row.config) == ("finished", expected, started.config)
    assert row.result == finished.model_dump(mode="json")
    (job,) = world.child.jobs
    assert job["spec"]["family"] == "weight-decay"
    assert (job["spec"]["seed"], job["spec"]["data"]) == (3, "planted")
    assert job["spec"]["settings"]["epochs"] == 2
    assert job["spec"]["ratings"] is None  # they play no part in this one
    assert job["spec"]["checkpoint"] is None


def _film() -> Any:
    from tutor.store.ratings import FilmRow

    return FilmRow("fargo-1996", "Fargo", 1996, (), {})


def test_an_outcome_that_was_not_expected_does_not_hold(world: World) -> None:
    file = world.course.experiment("weight-decay")
    other = next(choice.key for choice in file.prediction.choices if choice.key != file.prediction.expected)
    world.child.tells = [world.finished(**{file.prediction.measured: other})]
    last = list(world.lab.run("weight-decay"))[-1]
    assert isinstance(last, RunFinished)
    assert (last.holds, last.outcome, last.prediction) == (False, other, None)


def test_the_row_is_stored_before_the_work_begins(world: World) -> None:
    world.child.tells = [world.finished()]
    run = world.lab.run("weight-decay")
    assert world.store.runs.all() == []
    next(run)
    assert [row.status for row in world.store.runs.all()] == ["running"]
    assert world.child.jobs == []


@pytest.mark.parametrize("missing", ["sentence", "prediction"])
def test_a_value_that_was_not_measured_is_one_clear_line(world: World, missing: str) -> None:
    ending = world.finished()
    file = world.course.experiment("weight-decay")
    name = file.prediction.measured if missing == "prediction" else next(iter(ending["measured"]))
    del ending["measured"][name]
    world.child.tells = [ending]
    last = list(world.lab.run("weight-decay"))[-1]
    assert isinstance(last, Failed)
    assert last.message.startswith("experiments/weight-decay.toml: ")
    assert name in last.message
    assert "\n" not in last.message
    assert [row.status for row in world.store.runs.all()] == ["failed"]


def test_failures_deaths_and_silence_are_failures(world: World, tmp_path: Path) -> None:
    world.child.tells = [{"event": "failed", "message": "the loss is not a number"}]
    assert list(world.lab.run("weight-decay"))[-1] == Failed(message="the loss is not a number")
    world.child.tells = []
    silent = list(world.lab.run("weight-decay"))[-1]
    assert isinstance(silent, Failed)
    world.child.dies = ChildDied("the training process", tmp_path / "worker.log", -9)
    died = list(world.lab.run("weight-decay"))[-1]
    assert isinstance(died, Failed)
    assert died.log == str(tmp_path / "worker.log")
    assert [row.status for row in world.store.runs.all()] == ["failed"] * 3


def test_cancel_and_walking_away_are_stored_as_cancelled(world: World) -> None:
    world.child.tells = [{"event": "progress", "fraction": 0.1}, world.finished()]
    assert list(world.lab.run("weight-decay", cancelled=lambda: True))[-1] == Cancelled()
    left = world.lab.run("weight-decay")
    next(left)
    next(left)
    left.close()  # type: ignore[attr-defined]
    assert [row.status for row in world.store.runs.all()] == ["cancelled", "cancelled"]


def test_families_that_need_only_numpy_run_here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = {key: value for key, value in world.finished("dot-product").items() if key != "event"}
    specs: list[dict[str, Any]] = []

    def run(spec: dict[str, Any], cache: Path, cancelled: Callable[[], bool]) -> Iterator[told.Event]:
        specs.append(spec)
        yield told.Progress(0.5, "turning")
        yield told.Point("dot", 1.0, float("nan"))
        yield told.Finished(ending)

    monkeypatch.setattr(recommender.experiments, "run", run)
    events = list(world.lab.run("dot-product"))
    assert [event.event for event in events] == ["started", "progress", "finished"]
    assert specs[0]["family"] == "dot-product"
    assert world.child.jobs == []


@pytest.mark.parametrize(
    ("asked", "error", "line"),
    [
        ({"settings": {"epocs": 3}}, SettingError, "did you mean epochs"),
        (
            {"settings": {"epochs": "three"}},
            SettingError,
            "epochs cannot be 'three'; it takes a whole number",
        ),
        ({"settings": {"epochs": 2.5}}, SettingError, "a whole number from 1 to 30"),
        ({"settings": {"epochs": "31"}}, SettingError, "from 1 to 30"),
        ({"settings": {"wd": "0, 11"}}, SettingError, "wd cannot be '11'; it takes a number from 0 to 10"),
        ({"settings": {"wd": ""}}, SettingError, "numbers with commas"),
        ({"settings": {"wd": "nan"}}, SettingError, "from 0 to 10"),
        ({"prediction": "up"}, SettingError, "'up' is no prediction of weight-decay; choose"),
        ({"data": "ml-100k"}, DataNotHere, "tutor data fetch ml-100k"),
    ],
)
def test_bad_input_is_refused_at_once_and_stores_nothing(
    world: World, asked: dict[str, Any], error: type[Exception], line: str
) -> None:
    with pytest.raises(error, match=line) as caught:
        world.lab.run("weight-decay", **asked)
    assert "\n" not in str(caught.value)
    assert world.store.runs.all() == []


def test_an_unknown_experiment_is_refused_with_near_names(world: World) -> None:
    with pytest.raises(UnknownExperiment, match="weight-decay"):
        world.lab.run("wait-decay")


def test_values_are_read_as_they_are_typed() -> None:
    numbers = Parameter(name="wd", label="wd", kind="numbers", default=(0.0,), low=0, high=10, reason="why")
    assert read_value(numbers, "0, 0.01,0.1") == read_value(numbers, (0, 0.01, 0.1)) == [0.0, 0.01, 0.1]
    assert read_value(numbers, "0.5") == [0.5]
    choice = Parameter(name="m", label="m", kind="choice", default="a", choices=("a", "b"), reason="why")
    assert read_value(choice, " b ") == "b"
    with pytest.raises(SettingError, match="one of a, b"):
        read_value(choice, "c")
    open_ended = Parameter(name="x", label="x", kind="number", default=0, low=-1, reason="why")
    with pytest.raises(SettingError, match="at least -1"):
        read_value(open_ended, -2)


def test_sentences_are_filled_and_never_reach_into_values() -> None:
    assert fill("from {a:.2f} to {b}", {"a": 1.234, "b": "rises"}) == "from 1.23 to rises"
    for sentence in ("{c}", "{a.real}", "{a[0]}", "{}"):
        with pytest.raises(SentenceError, match="names"):
            fill(sentence, {"a": 1.0})
    with pytest.raises(SentenceError, match="cannot print"):
        fill("{a:.2f}", {"a": "text"})


def test_experiments_come_in_the_order_of_the_course(world: World) -> None:
    names = [one.name for one in world.lab.experiments()]
    assert names.index("dot-product") < names.index("weight-decay")
