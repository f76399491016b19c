"""Code: open, type, run, read; sheets, own editor, start over, agreement, training; at both sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.core.kept_references import kept_reference
from tutor.core.datasets import DataSets
from tutor.core.events import CurvePoint, Progress, RunFinished, Series
from tutor.core.exercises.usecase import Exercises
from tutor.runner.sandbox_watch import Limits
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.code import Code
from tutor.ui.widgets.editor import Editor
from tutor.ui.widgets.judgement import Judgement

from .conftest import SIZES
from .fakes import FakeWorkspace
from .looks import settle, text_of, words

RIGHT = "def dot(x, y):\n    return sum(a * b for a, b in zip(x, y, strict=True))\n"
WRONG = "def dot(x, y):\n    return [a * b for a, b in zip(x, y, strict=True)]\n"


class CodeWorkspace(FakeWorkspace):
    """Real exercises of the small course, real sandbox, no libraries."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths)
        self.exercises = Exercises(
            self.store, paths, self.course, DataSets(self.store, paths),
            limits=Limits(silence_s=30.0, total_s=90.0), libraries=(),
        )  # fmt: skip
        self.exercises.agree()

    def close(self) -> None:
        self.exercises.close()
        super().close()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CodeWorkspace:
    monkeypatch.setattr("tutor.core.exercises.usecase.reference", kept_reference)
    return CodeWorkspace(Paths(tmp_path / "home"))


async def arrive(pilot: Pilot[None], sheet: str = "own") -> Code:
    await pilot.app.go("code", "q07")  # type: ignore[attr-defined]
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, Code)
    while screen._sheet != sheet:
        await pilot.press("f2")
        await settle(pilot)
    return screen


async def run(pilot: Pilot[None], code: str) -> Judgement:
    screen = pilot.app.screen
    screen.query_one(Editor).load_text(code)
    await settle(pilot)
    await pilot.press("f5")
    await settle(pilot)
    return screen.query_one(Judgement)


@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_program_then_a_right_one(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        judgement = await run(pilot, WRONG)
        assert judgement.verdict is not None and not judgement.verdict.passed
        assert "the products are not added" in words(app) and "0 of 9" not in words(app)
        judgement = await run(pilot, RIGHT)
        assert judgement.verdict is not None and judgement.verdict.passed
        assert "9 of 9 cases" in words(app)
        assert isinstance(app.focused, Editor)


async def test_what_is_typed_is_kept_and_found_again(app: TutorApp, workspace: CodeWorkspace) -> None:
    async with app.run_test() as pilot:
        await arrive(pilot)
        app.screen.query_one(Editor).load_text("")
        await pilot.press(*"if x:", "enter", *"y")
        await settle(pilot)
        assert workspace.store.code.text("q07", "own") == "if x:\n    y"
        await pilot.press("escape")
        await settle(pilot)
        await arrive(pilot)
        assert app.screen.query_one(Editor).text == "if x:\n    y"


async def test_the_last_key_is_kept_on_the_way_out(app: TutorApp, tmp_path: Path) -> None:
    async with app.run_test() as pilot:
        await arrive(pilot)
        await pilot.press("z")
    again = CodeWorkspace(Paths(tmp_path / "home"))
    assert "z" in again.exercises.text(7)
    again.close()


async def test_three_sheets_each_with_its_own_text(app: TutorApp, workspace: CodeWorkspace) -> None:
    async with app.run_test() as pilot:
        screen = await arrive(pilot, "example")
        editor = screen.query_one(Editor)
        assert editor.read_only and "squared_distance" in editor.text
        await pilot.press("f5")
        assert screen.query_one(Judgement).verdict is None  # nothing to check here
        await arrive(pilot, "blanks")
        assert "___" in editor.text
        await pilot.press("f5")
        await settle(pilot)
        assert editor.fault is not None and "gap" in editor.fault[1]
        await arrive(pilot, "own")
        assert "___" not in editor.text and not editor.read_only


async def test_the_line_at_fault_is_marked_until_it_changes(app: TutorApp) -> None:
    async with app.run_test() as pilot:
        await arrive(pilot)
        await run(pilot, "def dot(x, y):\n    return total\n")
        editor = app.screen.query_one(Editor)
        assert editor.fault is not None and editor.fault[0] == 2
        assert "return total  ◀ a name that is not defined" in text_of(app)
        await pilot.press("x")
        await settle(pilot)
        assert editor.fault is None


async def test_start_over_asks_first(app: TutorApp, workspace: CodeWorkspace) -> None:
    async with app.run_test() as pilot:
        await arrive(pilot)
        await run(pilot, WRONG)
        await pilot.press("f6")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert workspace.store.code.text("q07", "own") == WRONG
        await pilot.press("f6")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert workspace.store.code.text("q07", "own") is None


async def test_a_save_in_another_editor_is_run(
    app: TutorApp, workspace: CodeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    async with app.run_test() as pilot:
        screen = await arrive(pilot)
        await pilot.press("f4")
        await settle(pilot)
        path = workspace.paths.home / "code" / "q07.py"
        assert path.read_text("utf-8") == screen.query_one(Editor).text
        path.write_text(RIGHT, "utf-8")
        screen._look()
        await settle(pilot)
        assert screen.query_one(Editor).text == RIGHT
        verdict = screen.query_one(Judgement).verdict
        assert verdict is not None and verdict.passed


async def test_where_walls_are_missing_it_asks_once(
    app: TutorApp, workspace: CodeWorkspace, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tutor.core.exercises.usecase.missing", lambda layer: "it can read your files.")
    workspace.store.settings.set("code_consent", False)
    async with app.run_test() as pilot:
        await arrive(pilot)
        judgement = await run(pilot, RIGHT)
        assert judgement.verdict is None and "It can read your files." in words(app)
        await pilot.press("y")
        await settle(pilot)
        assert judgement.verdict is not None and workspace.exercises.warning == ""


@pytest.mark.parametrize("size", SIZES)
async def test_training_shows_both_curves_and_how_it_ended(
    app: TutorApp, workspace: CodeWorkspace, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(ref: Any, code: str, name: str, seed: int, cancelled: Callable[[], bool]) -> Iterator[Any]:
        assert (code, name) == (RIGHT, "my DotProduct")
        for epoch in (1.0, 2.0):
            yield CurvePoint(series="yours, valid", x=epoch, y=2 / epoch)
            yield CurvePoint(series="ours, valid", x=epoch, y=2 / epoch)
            yield Progress(fraction=epoch / 5, note=f"epoch {epoch}")
        series = (Series(name="yours, valid", x=(1.0, 2.0), y=(2.0, 1.0)),)
        yield RunFinished(
            name="own",
            config={},
            series=series,
            expected="",
            sentence="Yours is as good as ours.",
            seconds=1.0,
        )

    monkeypatch.setattr(workspace.exercises, "train", train)
    monkeypatch.setattr("tutor.ui.screens.code.TRAINABLE", "q07")
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        await run(pilot, RIGHT)
        await pilot.press("f3")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Yours is as good as ours." in words(app) and "yours, valid" in words(app)


async def test_the_chat_leads_here_and_back(app: TutorApp) -> None:
    async with app.run_test() as pilot:
        await arrive(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert type(app.screen).__name__ == "Learn"
