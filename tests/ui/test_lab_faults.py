"""Lab with a real training process when things go wrong: one clear message, and a working app after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tutor.core.workspace import Workspace
from tutor.runner.child import TrainingChild
from tutor.runner.process import python
from tutor.store.paths import Paths
from tutor.store.store import Store
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import Lab
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome

from .looks import settle
from .test_lab import open_experiment, ready

DIVERGES = """
from recommender import worker
from recommender.experiments import sweeps
sane = sweeps.recipe
def wild(name, model, changes):
    return sane(name, model, {**changes, **({"lr": 1e30} if changes["seed"] == 1 else {})})
sweeps.recipe = wild
worker.main()
"""
"""The training process, in which the learning rate of seed 1 is absurd."""
SHORT = {"wd": "0, 0.1, 1", "epochs": "1", "factors": "5"}
LONG = {"wd": "0, 0.1, 1", "epochs": "30", "factors": "50"}


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingChild]:
    child = TrainingChild(tmp_path_factory.mktemp("logs"), python("-c", DIVERGES))
    yield child
    child.stop()


@pytest.fixture
def workspace(tmp_path: Path, child: TrainingChild, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("TUTOR_CONTENT")
    monkeypatch.setattr(Workspace, "child", property(lambda self: child))
    workspace = Workspace(Paths(tmp_path / "home"))
    workspace.store.settings.set("data", "planted")
    return workspace  # the app closes it


@pytest.fixture
def app(workspace: Workspace) -> TutorApp:
    return TutorApp(workspace)


async def start(pilot: Pilot[None], settings: dict[str, str], *keys: str) -> Lab:
    """Open weight decay, set it, predict and run."""
    lab = await open_experiment(pilot)
    for field in lab.query(KnobInput):
        field.value = settings[str(field.name)]
    await pilot.press("3", *keys, "r")
    return lab


async def in_the_middle(pilot: Pilot[None], lab: Lab) -> None:
    """Wait until its curves grow."""
    chart = lab.query_one("#chart", Chart)
    while not (chart.plot.curves and len(chart.plot.curves[0].xs) > 1):  # type: ignore[union-attr]
        assert lab.bridge.busy("lab"), ready(lab.tutor)
        await pilot.pause(0.02)


async def works(pilot: Pilot[None], lab: Lab) -> None:
    """A short run comes to its end."""
    for field in lab.query(KnobInput):
        field.value = SHORT[str(field.name)]
    await pilot.press("r")
    await settle(pilot)
    assert lab.query_one(Outcome).run, ready(lab.tutor)


async def test_numbers_that_run_away_say_what_to_change(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await start(pilot, SHORT, "s")
        await settle(pilot)
        said = ready(app)
        assert "the error is no longer a number at step" in said and "try a smaller learning rate" in said
        assert lab.query_one(Outcome).run is None
        lab._trial.seed = 0  # type: ignore[union-attr]
        await works(pilot, lab)


async def test_a_full_disk_shows_the_result_and_says_that_it_is_not_kept(
    app: TutorApp, workspace: Workspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        disk = workspace.store.runs._db._connection
        pages = disk.execute("PRAGMA page_count").fetchone()[0]
        disk.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own "disk is full" from here on
        lab = await start(pilot, SHORT)
        await settle(pilot)
        await pilot.press("3")
        await settle(pilot)
        outcome = lab.query_one(Outcome)
        assert outcome.run and outcome.run.sentence in str(outcome.render())
        assert "✗ Not in the history: cannot write" in str(outcome.render())
        assert "database or disk is full" in str(outcome.render())
        assert all(run.result is None for run in workspace.lab.history())
        disk.execute("PRAGMA max_page_count = 1000000")
        await pilot.press("a", "3")
        await works(pilot, lab)
        assert workspace.lab.history()[0].status == "finished"


async def test_a_killed_process_is_one_line_and_the_next_run_has_a_new_one(
    app: TutorApp, child: TrainingChild
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await start(pilot, LONG)
        await in_the_middle(pilot, lab)
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        await settle(pilot)
        said = ready(app)
        assert "the training process stopped unexpectedly (exit code -9)" in said
        assert str(child.log) in said
        await works(pilot, lab)


async def test_an_app_that_is_left_in_the_middle_leaves_no_process(
    app: TutorApp, workspace: Workspace, child: TrainingChild
) -> None:
    workspace._parts["child"] = child  # its own now: it ends with the app
    async with app.run_test(size=(120, 40)) as pilot:
        await in_the_middle(pilot, await start(pilot, LONG))
        pid = child.pid
        assert pid
        await pilot.press("ctrl+q")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    store = Store(workspace.paths)
    assert [run.status for run in store.runs.all()] == ["cancelled"]
    store.close()
