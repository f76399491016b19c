"""Learn: the map of questions, beside the transcript and folded."""

from __future__ import annotations

import pytest

from tutor.ui.app import TutorApp
from tutor.ui.screens.questions import Questions
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.question_map import QuestionMap

from .fakes import FakeWorkspace
from .looks import settle, text_of


async def test_the_map_opens_a_written_question(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+o")
        assert isinstance(app.focused, QuestionMap)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["goto q22"]
        assert "Q22 · Why it generalises" in text_of(app)
        assert isinstance(app.focused, Prompt)


async def test_a_planned_question_says_so_and_stays_shut(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.click(QuestionMap, offset=(8, 1))
        await settle(pilot)
        assert workspace.sessions[0].turns == []
        assert "Q1 · The problem solved is not written yet." in text_of(app)


@pytest.mark.parametrize("way", ["ctrl+o", "click"])
async def test_the_folded_map_opens_over_the_transcript(
    app: TutorApp, workspace: FakeWorkspace, way: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await (pilot.click("QuestionBar") if way == "click" else pilot.press(way))
        await pilot.pause()
        assert isinstance(app.screen, Questions)
        assert "not written yet" in text_of(app)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["goto q22"]
        assert "Q22 ▾ Why it generalises" in text_of(app)
        await pilot.press("ctrl+o", "escape")
        await pilot.pause()
        assert isinstance(app.focused, Prompt)
