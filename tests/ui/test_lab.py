"""Lab: predict before Run, curves that grow, the result beside the prediction, and three endings."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tutor.core.events import Table
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import Lab
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.experiments import Experiments
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome, table_lines
from tutor.ui.widgets.setup import Setup

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, words


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


def ready(app: TutorApp) -> str:
    """What the left side of the bench says about Run, however it wraps."""
    return str(app.screen.query_one("#ready", Static).content)


async def open_experiment(pilot: Pilot[None], name: str = "weight-decay") -> Lab:
    app = pilot.app
    assert isinstance(app, TutorApp)
    await app.go("lab", name)
    await settle(pilot)
    assert isinstance(app.screen, Lab)
    return app.screen


async def see_it(pilot: Pilot[None], *keys: str) -> None:
    """Press keys that run it, wait for the end, and skip the question of what was seen."""
    await pilot.press(*keys)
    await settle(pilot)
    await pilot.press("e")
    await settle(pilot)


async def half_way(pilot: Pilot[None], workspace: PlacesWorkspace) -> Lab:
    """Predict, run, and wait until the run stands still half-way."""
    lab = await open_experiment(pilot)
    workspace.gate.clear()
    await pilot.press("3", "r")
    chart = lab.query_one("#chart", Chart)
    while not (chart.plot.curves and max(chart.plot.curves[0].xs) >= 2.5):
        await pilot.pause(0.02)
    return lab


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_what_each_is_for(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("alt+2")
        await settle(pilot)
        shown = words(app)
        assert "Weight decay from none to too much" in shown and "Stretch and turn a vector" in shown
        assert "Claim to test" in shown and "Q7, T13" in shown
        assert isinstance(app.focused, Experiments)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert isinstance(app.focused, Setup)
        assert "Weight decay goes from 0 up to 1" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_run_is_locked_until_a_prediction_is_made(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot)
        assert "Run is locked until you predict: press 1-3." in words(app)
        await pilot.press("r")
        await settle(pilot)
        assert not app.bridge.busy("lab") and lab.query_one(Outcome).run is None
        await pilot.press("2")
        await pilot.pause()
        assert "▸ 2 It rises all the way." in words(app)
        assert "r runs it with seed 0" in words(app)
        assert "1-3 predict" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_result_stands_beside_the_prediction(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot)
        await see_it(pilot, "1", "r")
        shown = words(app)
        assert "You said It falls all the way." in shown
        assert "Course It falls first, then rises: a valley." in shown
        assert "Measured It falls first, then rises: a valley. ✗ not what you" in shown
        assert "The lowest error on unseen ratings was 0.823" in shown
        curves = lab.query_one("#chart", Chart).plot.curves
        assert [len([one for one in curves if one.behind is behind]) for behind in (False, True)] == [8, 16]
        assert "Without a pull the model copies" in shown or size == (80, 24)
        await pilot.press("e")
        await pilot.pause()
        assert "Without a pull the model copies" not in words(app)


async def test_a_prediction_that_came_out_is_said_so(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        await see_it(pilot, "3", "r")
        assert "✓ as you said" in words(app)
        await pilot.press("a")
        await settle(pilot)
        assert "Run is locked until you predict" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_curves_grow_while_it_trains(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await half_way(pilot, workspace)
        chart = lab.query_one("#chart", Chart)
        assert chart.plot.x_limits == (0, 5)
        while "50%" not in words(app):
            await pilot.pause(0.02)
        assert "epoch 3 of 5" in words(app) and "x cancels" in words(app)
        assert "You said: It falls first, then rises" in words(app)
        workspace.gate.set()
        await settle(pilot)
        assert max(chart.plot.curves[0].xs) == 5


async def test_cancel_goes_back_and_keeps_the_prediction(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await half_way(pilot, workspace)
        await pilot.press("x")
        await settle(pilot)
        assert "Cancelled. r runs it again." in words(app)
        assert lab.query_one(Setup).chosen == "valley"
        workspace.gate.set()
        await see_it(pilot, "r")
        assert "✓ as you said" in words(app)


async def test_a_failure_is_one_clear_line_and_the_lab_works_on(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        workspace.child.fails = True
        await open_experiment(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        assert ready(app) == "The training process died; a new one is starting."
        workspace.child.fails = False
        await see_it(pilot, "r")
        assert "✓ as you said" in words(app)


async def test_a_control_that_cannot_be_read_says_what_it_takes(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await open_experiment(pilot)
        field = lab.query(KnobInput).filter("#controls KnobInput").first()
        assert field.value == "0, 0.01, 0.1, 1"
        field.focus()
        await pilot.pause()
        await pilot.press("r")  # goes into the field, which has the focus
        assert field.value == "r"
        await pilot.press("escape", "3", "r")
        await settle(pilot)
        assert "wd cannot be 'r'" in words(app)
        assert not app.bridge.busy("lab")


async def test_the_seed_is_shown_and_can_be_changed(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await open_experiment(pilot)
        await pilot.press("3", "s", "s", "r")
        await settle(pilot)
        run = lab.query_one(Outcome).run
        assert run and run.config["seed"] == 2
        assert "seed 2" in words(app)


async def test_escape_leads_back_to_the_list_and_enter_to_the_result(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        await see_it(pilot, "3", "r")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.focused, Experiments)
        await pilot.press("enter")
        await settle(pilot)
        assert "✓ as you said" in words(app)


@pytest.mark.parametrize("size", [(80, 1), (20, 5), (40, 10)])
async def test_tiny_terminals_do_not_break_it(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await open_experiment(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        assert app.is_running


def test_a_table_has_one_number_of_decimals_in_each_column() -> None:
    table = Table(columns=("wd", "MSE"), rows=((0.0, 0.911), (0.01, 1.2), (1.0, 12)))
    assert table_lines(table) == [
        "  wd     MSE",
        "0.00   0.911",
        "0.01   1.200",
        "1.00  12.000",
    ]


async def test_knobs_stand_as_the_chat_was_asked_for(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await app.go("lab", "weight-decay", wd=[0.0, 0.01, 0.1, 1.0, 10.0])
        await settle(pilot)
        assert app.screen.query_one(Setup).values["wd"] == "0, 0.01, 0.1, 1, 10"
        assert "locked" in ready(app).casefold() or "predict" in ready(app).casefold()
        await app.go("lab", "weight-decay")
        await settle(pilot)
        assert app.screen.query_one(Setup).values["wd"] == "0, 0.01, 0.1, 1, 10", "as it was left"
        await app.go("lab", "weight-decay", wd=[0.0, 3.0])
        await settle(pilot)
        assert app.screen.query_one(Setup).values["wd"] == "0, 3"
