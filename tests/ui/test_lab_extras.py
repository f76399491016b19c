"""Lab: the list by chapter, history and comparison, code, token, files, colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.store.paths import Paths
from tutor.ui.app import LIGHT, TutorApp
from tutor.ui.screens.lab import Lab
from tutor.ui.screens.lab_code import Code
from tutor.ui.screens.lab_history import History
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.experiments import Experiments, grouped
from tutor.ui.widgets.outcome import Outcome

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, text_of
from .test_lab import open_experiment, words


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


def notices(app: TutorApp) -> list[str]:
    return [notice.message for notice in app._notifications]


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_goes_by_chapters_and_can_be_filtered(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("alt+2")
        await settle(pilot)
        shown = app.screen.query_one(Experiments)
        assert isinstance(shown.rows[0], str) and shown.experiment is not None
        before = len(shown.rows)
        await pilot.press("slash", *"stretch", "enter")
        await settle(pilot)
        assert shown.rows[0] == "Factors and dot products" and len(shown.rows) == 2 < before
        assert app.focused is shown and shown.experiment and shown.experiment.name == "dot-product"
        await pilot.press("slash", "x", "x")
        await settle(pilot)
        assert "No experiment fits 'xx'" in words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert len(shown.rows) == before and app.focused is shown


async def test_the_cursor_never_rests_on_a_chapter(app: TutorApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+2")
        await settle(pilot)
        shown = app.screen.query_one(Experiments)
        names = []
        for _ in range(len(shown.rows)):
            assert shown.experiment is not None
            names.append(shown.experiment.name)
            await pilot.press("j")
        assert set(names) == {row.name for row in shown.rows if not isinstance(row, str)}
        await pilot.press("g")
        assert shown.experiment is not None and shown.cursor == 1


def test_a_filter_finds_by_question_and_chapter(workspace: PlacesWorkspace) -> None:
    files = workspace.lab.experiments()
    by_question = grouped(files, lambda file: "all", "q22 weight")
    assert "weight-decay" in [row.name for row in by_question if not isinstance(row, str)]
    assert grouped(files, lambda file: "chapter of all", "chapter all") == ("chapter of all", *files)


@pytest.mark.parametrize("size", SIZES)
async def test_two_runs_of_the_history_are_compared(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await open_experiment(pilot)
        await pilot.press("1", "r")
        await settle(pilot)
        await pilot.press("a", "3", "s", "r")
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        history = app.screen
        assert isinstance(history, History)
        assert "✓ as you said" in words(app) and "✗ not so" in words(app)
        await pilot.press("space", "j", "space")
        await settle(pilot)
        names = {curve.name.split()[0] for curve in history.query_one(Chart).plot.curves}  # type: ignore[union-attr]
        assert names == {"A", "B"}
        shown = words(app)
        assert "seed 1 0" in shown and "0.824 0.823" in shown
        await pilot.press("escape", "enter")
        await settle(pilot)
        lab = app.screen
        assert isinstance(lab, Lab)
        run = lab.query_one(Outcome).run
        assert run and run.prediction == "falls" and run.config["seed"] == 0
        await pilot.press("escape")
        await settle(pilot)
        run = lab.query_one(Outcome).run
        assert run and run.prediction == "valley"


async def test_an_empty_history_says_so(app: TutorApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+2")
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert "No run has ended yet." in words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Lab)


@pytest.mark.parametrize("size", SIZES)
async def test_the_code_is_one_key_away_and_can_be_copied(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await open_experiment(pilot)
        await pilot.press("k")
        await settle(pilot)
        assert isinstance(app.screen, Code)
        assert "print('planted', 5)" in text_of(app)
        await pilot.press("y")
        await settle(pilot)
        assert (workspace.paths.home / "copied.txt").read_text() == "print('planted', 5)\n"
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Lab)


async def test_the_token_is_copied_and_repeats_the_run(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await open_experiment(pilot)
        await pilot.press("3", "s", "r")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        token = (workspace.paths.home / "copied.txt").read_text()
        run = lab.query_one(Outcome).run
        assert run and token == run.token and token.startswith("cf1:weight-decay:")
        assert app.clipboard == token
        assert list(workspace.lab.replay(token))[-1].replay == {"same": True, "differs": []}  # type: ignore[union-attr]


async def test_numbers_and_pictures_are_saved_as_new_files(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        await pilot.press("W")
        await settle(pilot)
        folder = workspace.paths.home / "exports"
        names = ["weight-decay-seed0-2.csv", "weight-decay-seed0.csv", "weight-decay-seed0.svg"]
        assert sorted(path.name for path in folder.iterdir()) == names
        assert (folder / names[1]).read_text().startswith("series,seed,x,y\nwd 0 train,0,0.1,")
        assert any("Saved: " in said and said.endswith(names[2]) for said in notices(app))


async def test_a_folder_that_cannot_be_made_is_one_clear_line(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await open_experiment(pilot)
        await pilot.press("3", "r")
        await settle(pilot)
        (workspace.paths.home / "exports").write_text("in the way")
        await pilot.press("w")
        await settle(pilot)
        assert any("exports" in said and "exist" in said for said in notices(app))


@pytest.mark.parametrize("theme", [LIGHT, "ansi-dark"])
async def test_every_chart_is_legible_in_any_theme(app: TutorApp, theme: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        lab = await open_experiment(pilot, "two-seeds")
        await pilot.press("1", "r")
        await settle(pilot)
        for _ in range(5):
            chart = lab.query_one("#chart", Chart)
            rows = [segment for y in range(chart.size.height) for segment in chart.render_line(y)]
            styles = [segment.style for segment in rows if segment.text.strip() and segment.style]
            hidden = [
                style for style in styles if style.color == style.bgcolor and not style.color.is_default
            ]
            assert styles and not hidden
            await pilot.press("right_square_bracket")
            await settle(pilot)
