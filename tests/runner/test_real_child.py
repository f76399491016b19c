"""The real training process behind the real use-cases, on the planted world: one process for all tests."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.core.events import Cancelled, CurvePoint, Failed, Progress, Rested, RunFinished
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths

SMALL = {"wd": [0, 0.1, 1], "epochs": 1, "factors": 5}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = Workspace(Paths(tmp_path_factory.mktemp("home")))
    yield workspace
    workspace.close()


def test_a_newcomer_gets_a_trained_list_and_can_change_it(workspace: Workspace) -> None:
    loaded = "torch" in sys.modules  # another test of this process may have loaded it
    movies = workspace.movies
    last = list(movies.ensure_model())[-1]
    assert isinstance(last, Rested), last
    assert last.data["trained"]
    assert workspace.serving.fresh()
    typical = movies.recommend(10)
    for film in typical[:3]:
        movies.rate(film.id, 0.5)
    mine = movies.recommend(10, why=True)
    assert not {film.id for film in typical[:3]} & {film.id for film in mine}
    for film in mine:
        why = film.why
        assert why is not None
        parts = why.mean + why.user_bias + why.item_bias + why.taste + why.clamp
        assert parts == pytest.approx(film.predicted, abs=0.01)
    assert [one.id for one in mine] != [one.id for one in typical[3:]], "three bad marks change the list"
    assert ("torch" in sys.modules) is loaded


def test_a_run_grows_curves_and_ends_with_a_sentence(workspace: Workspace) -> None:
    events = list(workspace.lab.run("weight-decay", settings=SMALL, data="planted", prediction="valley"))
    finished = events[-1]
    assert isinstance(finished, RunFinished), finished
    assert finished.sentence.count("{") == 0
    points = [event for event in events if isinstance(event, CurvePoint)]
    drawn = {(point.series, point.x, point.y) for point in points}
    told = {(one.name, x, y) for one in finished.series for x, y in zip(one.x, one.y, strict=True)}
    assert drawn == told, "the curves that grew are the curves of the result"
    again = list(workspace.lab.run("weight-decay", settings=SMALL, data="planted"))[-1]
    assert isinstance(again, RunFinished)
    assert again.series == finished.series, "the same seed gives the same run"


def test_the_dot_product_runs_here_on_the_learners_own_vector(workspace: Workspace) -> None:
    last = list(workspace.lab.run("dot-product"))[-1]
    assert isinstance(last, RunFinished), last
    assert last.measured["person"] == "learner"
    assert last.holds


def test_cancel_in_the_middle_ends_the_run_and_keeps_the_process(workspace: Workspace) -> None:
    asked: list[float] = []
    events = []
    long = {**SMALL, "epochs": 30, "factors": 50}
    for event in workspace.lab.run("weight-decay", settings=long, cancelled=lambda: bool(asked)):
        events.append(event)
        if isinstance(event, CurvePoint):
            asked.append(time.monotonic())
    assert events[-1] == Cancelled()
    assert time.monotonic() - asked[0] < 2, "it followed the word, it was not forced"
    assert workspace.child.warm
    assert workspace.store.runs.all()[0].status == "cancelled"


def test_a_killed_process_is_a_failure_with_a_log_and_the_next_run_works(workspace: Workspace) -> None:
    life = workspace.child._life
    assert life is not None
    events = []
    for event in workspace.lab.run("weight-decay", settings={**SMALL, "epochs": 30, "factors": 50}):
        events.append(event)
        if isinstance(event, CurvePoint) and life.process.alive:
            os.kill(life.process._child.pid, signal.SIGKILL)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.log is not None
    assert Path(failed.log).exists()
    assert workspace.store.runs.all()[0].status == "failed"
    assert isinstance(list(workspace.lab.run("weight-decay", settings=SMALL))[-1], RunFinished)


def test_two_tutors_may_train_at_once(workspace: Workspace) -> None:
    other = Workspace(workspace.paths)
    try:
        workspace.serving.path("planted").unlink()
        trainings = [workspace.movies.ensure_model(), other.movies.ensure_model()]
        begun = [next(training) for training in trainings]
        assert all(isinstance(event, Progress) for event in begun), "both train"
        endings = [list(training)[-1] for training in trainings]
        assert all(isinstance(ending, Rested) for ending in endings), endings
        assert other.movies.recommend(3) == workspace.movies.recommend(3)
    finally:
        other.close()
