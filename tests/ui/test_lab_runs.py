"""Lab: several seeds, pause and step, what was seen, free play, several charts, a sketched number."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import Lab
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.experiments import Experiments
from tutor.ui.widgets.forecast import NumberInput
from tutor.ui.widgets.gallery import Gallery
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome

from .conftest import SIZES
from .fakes_places import FILMS, PlacesWorkspace
from .looks import settle
from .test_lab import open_experiment, see_it, words


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


async def first_seed(pilot: Pilot[None], workspace: PlacesWorkspace) -> Lab:
    """Run weight decay until its first seed is done."""
    lab = await open_experiment(pilot)
    workspace.child.seeds_gate.clear()
    await pilot.press("3", "r")
    while lab.query_one(Outcome).run is None:
        await pilot.pause(0.02)
    return lab


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_seed_shows_at_once_and_the_spread_when_all_are_in(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await first_seed(pilot, workspace)
        await pilot.pause()
        assert app.bridge.busy("lab")
        assert "seed 1 of 3 is done" in words(app) and "✓ as you said" not in words(app)
        await pilot.press("3")  # what was seen
        await pilot.pause()
        assert "✓ as you said" in words(app) and "seeds came out like this" not in words(app)
        workspace.child.seeds_gate.set()
        await settle(pilot)
        assert "Thin lines: other seeds." in words(app)
        lab.query_one("#result").scroll_to(y=5, animate=False)
        await settle(pilot)
        assert "3 of 3 seeds came out like this." in words(app)


async def test_what_is_seen_before_the_last_seed_is_stored_with_the_run(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await first_seed(pilot, workspace)
        await pilot.press("2")
        await pilot.pause()
        assert "You saw It rises all the way." in words(app)
        workspace.child.seeds_gate.set()
        await settle(pilot)
        assert [past.observed for past in workspace.lab.history()] == ["rises"]
        assert "Without a pull the model copies" in words(app)


async def test_cancel_after_the_first_seed_keeps_its_result_on_the_screen(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await first_seed(pilot, workspace)
        await pilot.press("x")
        await settle(pilot)
        assert "Cancelled. This is the first seed's result." in words(app)
        assert workspace.lab.history()[0].status == "cancelled"


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_seen_is_said_before_anything_is_told(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await open_experiment(pilot)
        await pilot.press("1", "r")
        await settle(pilot)
        shown = words(app)
        assert "What did you see? 1 It falls all the way." in shown and "e skips the question" in shown
        for told in ("Course", "Measured", "not what you said", "The lowest error", "Your predictions"):
            assert told not in shown
        await pilot.press("e", "e")  # skipped; the explanation hidden again
        await settle(pilot)
        shown = words(app)
        assert "What did you see?" not in shown and "✗ not what you" in shown
        assert "The lowest error" in shown and "Without a pull the model copies" not in shown
        assert workspace.lab.history()[0].observed is None


@pytest.mark.parametrize("size", SIZES)
async def test_one_key_says_what_was_seen_and_then_it_is_explained(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot)
        await pilot.press("1", "r")
        await settle(pilot)
        assert "What did you see? 1 It falls all the way." in words(app)
        assert "1-3 what you saw" in words(app)
        await pilot.press("3")
        await settle(pilot)
        assert lab.query_one(Outcome).explained
        assert "You saw It falls first, then rises: a valley." in words(app)
        assert "What did you see?" not in words(app)
        assert workspace.lab.history()[0].observed == "valley"
        assert lab.query_one(Outcome).rate == (0, 1)


async def test_the_hit_rate_is_shown(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        for said in ("1", "3"):
            await pilot.press(said, "r")
            await settle(pilot)
            await pilot.press("a")
            await settle(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        assert app.screen.query_one(Outcome).rate == (2, 3)


async def test_space_holds_the_run_and_lets_it_go_on_and_full_stop_is_one_step(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        workspace.gate.clear()
        await pilot.press("3", "r")
        while not workspace.child.started_jobs:
            await pilot.pause(0.02)
        await pilot.press("space")
        await pilot.pause()
        assert "Paused. space goes on" in words(app)
        await pilot.press("full_stop", "space")
        assert workspace.child.orders == ["pause", "step", "resume"]
        workspace.gate.set()
        await see_it(pilot)
        assert "✓ as you said" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_number_is_sketched_on_its_range(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot, "k-fold")
        assert isinstance(app.focused, NumberInput)
        assert "type a number, then enter" in words(app)
        await pilot.press("7", "enter")
        await settle(pilot)
        assert "a number from 0 to 1" in words(app)
        await pilot.press("backspace", "0", ".", "5", "enter")
        await settle(pilot)
        assert "●" in words(app) and "r runs it with seed 0" in words(app)
        await pilot.press("r")
        await settle(pilot)
        run = lab.query_one(Outcome).run
        assert run and run.prediction == 0.5 and run.hit is False
        assert "What did you see? 1 More than I said. 2 About what I said." in words(app)
        await pilot.press("3")
        await settle(pilot)
        assert "You said 0.5 of pull" in words(app) and "Measured 0.1 of pull" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_of_charts_shows_them_one_by_one(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot, "two-seeds")
        await see_it(pilot, "1", "r")
        gallery, chart = lab.query_one(Gallery), lab.query_one("#chart", Chart)
        assert gallery.count == 5 and "a map · 1 of 5" in words(app)
        shown = []
        for _ in range(5):
            shown.append(chart.plot["kind"])  # type: ignore[index]
            assert chart.summary in words(app) and "Thin lines" not in words(app)
            await pilot.press("right_square_bracket")
            await settle(pilot)
        assert shown == ["scatter", "bars", "histogram", "heat", "text"]
        await pilot.press("left_square_bracket", "z")
        await settle(pilot)
        assert "line 1: a print-out" in words(app) and not lab.query_one("#result").display
        await pilot.press("end")
        await settle(pilot)
        assert "line 29: a print-out" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_free_play_stands_beside_the_guided_run(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        lab = await open_experiment(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        guided = lab.query_one(Outcome).run
        await pilot.press("p")
        await settle(pilot)
        assert lab.query_one("#setup").border_title == "Weight decay from none to too much · free play"
        assert lab.query_one(Outcome).run is None
        list(lab.query(KnobInput))[-1].value = "20"
        await pilot.press("s", "r")
        await settle(pilot)
        free = lab.query_one(Outcome).run
        assert free and free.prediction is None and free.config["seed"] == 1
        assert "Thin lines: the run before." in words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert lab.query_one(Outcome).run is guided
        assert workspace.lab.hit_rate() == (1, 1)


async def test_back_on_the_list_and_in_another_experiment_nothing_is_lost(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await open_experiment(pilot)
        await see_it(pilot, "3", "s", "r")
        await app.go("lab", "two-seeds")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.focused, Experiments)
        await pilot.press("escape")
        await settle(pilot)
        assert "Run is locked until you predict" in words(app)
        await app.go("lab", "weight-decay")
        await settle(pilot)
        run = lab.query_one(Outcome).run
        assert run and run.config["seed"] == 1 and "✓ as you said" in words(app)


async def test_the_learner_is_told_their_row(app: TutorApp, workspace: PlacesWorkspace) -> None:
    workspace.movies.rate(FILMS[3].id, 4.5)  # Fargo
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        assert "Your rating is part of the data: you are row 944." in words(app)
        await open_experiment(pilot, "two-seeds")
        assert "row 944" not in words(app)
