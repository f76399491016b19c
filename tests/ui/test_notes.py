"""The notes sheet: columns where there is room, hidden before a try, files in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, Static

from tutor.core.events import Opened, Said
from tutor.ui.app import TutorApp
from tutor.ui.screens.notes import NotesSheet
from tutor.ui.widgets.prompt import Prompt

from .conftest import SIZES
from .fakes import FakeSession, FakeWorkspace
from .looks import app_on, settle, text_of

NOTE = (
    "* You multiply the matching numbers.\n* The dot product is a correlation, so it lies between -1 and 1."
)
ANSWER = "Multiply the matching numbers and add up the products."


@pytest.fixture
def app(workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> TutorApp:
    def act(self: FakeSession, intent: Any, argument: str | None = None) -> Iterator[Any]:
        self.turns.append(f"{intent} {argument}")
        yield Said(role="tutor", text="Side by side.", question="q07")
        yield Opened(place="notes", argument="q07")
        yield self._finished(intent)

    monkeypatch.setattr(FakeSession, "act", act)
    return app_on(workspace)


def try_once(workspace: FakeWorkspace) -> None:
    point = {"id": "p1", "required": True, "covered": True, "evidence": "Multiply the matching numbers"}
    workspace.store.learning.add_attempt(
        "q07", ANSWER, {"verdict": "correct", "score": 1.0, "points": [point]}
    )


@pytest.mark.parametrize("size", SIZES)
async def test_then_and_now_stand_side_by_side_or_stacked(
    app: TutorApp, workspace: FakeWorkspace, size: tuple[int, int]
) -> None:
    workspace.store.notes.keep([("q07", NOTE, 3)], "NOTES.md")
    try_once(workspace)
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+b")
        await settle(pilot)
        assert isinstance(app.screen, NotesSheet)
        assert workspace.sessions[0].turns == ["lesson notes"]
        lines = text_of(app).splitlines()
        assert "Q7 · Dot product · your notes and your answer" in text_of(app)
        then = next(at for at, line in enumerate(lines) if "Then · NOTES.md" in line)
        now = next(at for at, line in enumerate(lines) if "Now · your answer" in line)
        assert (then == now) == (size[0] >= 100)
        assert any("Point by point" in line for line in lines)
        assert all(len(line) <= size[0] for line in lines)
        pages = app.screen.query_one("#pages")
        await pilot.press("j")
        assert pages.scroll_y == min(1, pages.max_scroll_y)
        shown = " ".join(str(one.render()) for one in app.screen.query(Static))
        assert "✓" in shown and "then and now" in shown and "multiply the matching numbers" in shown.lower()
        assert "believed" in shown, "a dot product is no correlation"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.focused, Prompt)


async def test_before_a_try_the_notes_stay_shut(app: TutorApp, workspace: FakeWorkspace) -> None:
    workspace.store.notes.keep([("q07", NOTE, 3)], "NOTES.md")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+b")
        await settle(pilot)
        shown = " ".join(text_of(app).split())
        assert "Try first" in shown and "correlation" not in shown


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_is_taken_in_and_written_from_the_sheet(
    app: TutorApp, workspace: FakeWorkspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    file, out = tmp_path / "NOTES.md", tmp_path / "out.md"
    file.write_text("7. What is the dot product?\n* a sum of products\n")
    try_once(workspace)
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+b")
        await settle(pilot)
        assert "No notes of yours" in text_of(app)
        for typed, told in (
            (tmp_path / "none.md", "can be read"),
            (file, "1 question taken in"),
            (f"write {out}", "1 answered here"),
            (f"write {file}", "not an export"),
        ):
            path_field = app.screen.query_one("#path", Input)
            path_field.value = str(typed)
            path_field.focus()
            await pilot.press("enter")
            await settle(pilot)
            assert told in " ".join(str(app.screen.query_one("#told", Static).render()).split())
        assert "a sum of products" in text_of(app), "the sheet shows what came in"
        assert ANSWER in out.read_text()
