"""The command palette finds commands that work here, and written questions."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette

from tutor.ui.app import TutorApp
from tutor.ui.palette import Everything

from .fakes import FakeWorkspace
from .looks import settle, text_of


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_question_is_found_by_its_words(
    app: TutorApp, workspace: FakeWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("ctrl+p")
        await pilot.press(*"generalises")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        while "Question 22: Why it generalises" not in text_of(app):
            await pilot.pause()
        await pilot.press("down", "enter")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["goto q22"]


async def test_it_offers_what_works_here(app: TutorApp) -> None:
    async with app.run_test() as pilot:
        await pilot.pause()
        titles = [entry.title for entry in Everything(app.screen)._entries()]
        assert {"Hint", "Run it", "Lab", "Quit", "Theme", "Question 7: Dot product"} <= set(titles)
        assert not any("Ratings as a crosstab" in title for title in titles), (
            "planned questions are not offered"
        )
        app.bridge.busy = lambda channel: True  # type: ignore[method-assign]
        assert "Hint" not in [entry.title for entry in Everything(app.screen)._entries()]


async def test_a_command_runs_from_the_palette(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test() as pilot:
        await pilot.pause()
        hint = next(entry for entry in Everything(app.screen)._entries() if entry.title == "Hint")
        await hint.run()
        await settle(pilot)
        assert workspace.sessions[0].turns == ["hint"]
