"""Quiz, a sitting: nothing due, what is due, a leech, leaving, coming back, tiny terminals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from tutor.core.practice import Practice
from tutor.ui.app import TutorApp
from tutor.ui.widgets.card import Card, Reply

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, words
from .quiz_table import arrive, leech, quiz_workspace, reveal, until


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return quiz_workspace(tmp_path / "home")


@pytest.mark.parametrize("size", SIZES)
async def test_with_nothing_due_it_offers_new_cards(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot, new=False)
        assert "Nothing is due." in words(app)
        assert "Press n to learn" in words(app)
        assert "n new cards" in words(app)
        await pilot.press("n")
        await settle(pilot)
        assert "· new" in words(app)


async def test_a_leech_is_taught_by_a_run_and_its_card_waits(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    card = leech(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        quiz = await arrive(pilot, new=False)
        assert quiz._table and quiz._table.asked and quiz._table.asked.card == card
        assert "Forgotten 4 times." in words(app) and "F3 opens it" in words(app)
        await pilot.press("f3")
        await settle(pilot)
        assert app.current_mode == "lab"
        await pilot.press("alt+4")
        await settle(pilot)
        assert quiz._table.asked and quiz._table.asked.card == card
        await reveal(pilot)
        await pilot.press("3")
        await settle(pilot)
        (done,) = workspace.store.marks.reteachings()
        assert (done.card, done.lapses, done.route) == (card, 4, "experiment")


async def test_a_due_card_comes_by_itself(app: TutorApp, workspace: PlacesWorkspace) -> None:
    long_ago = Practice(workspace.store, workspace.course, lambda: datetime.now(UTC) - timedelta(days=9))
    asked = long_ago.next()
    assert asked
    long_ago.review(asked, 3)
    async with app.run_test(size=(80, 24)) as pilot:
        quiz = await arrive(pilot, new=False)
        assert quiz._table and quiz._table.asked and quiz._table.asked.card == asked.card
        await reveal(pilot)
        await pilot.press("4")
        await settle(pilot)
        assert "That was all that is due." in words(app)
        assert "The next card comes due in" in words(app)
        assert "0 due ·" in words(app)


async def test_leaving_sums_the_sitting_up(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        for grade in "431":
            await reveal(pilot)
            await pilot.press(grade)
            await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        shown = words(app)
        assert "Stopped here. Every grade is saved." in shown
        assert "This sitting: 3 cards: 1 again, 0 hard, 1 good, 1 easy." in shown
        assert len(workspace.store.practice.reviews()) == 3
        await pilot.press("n")
        await settle(pilot)
        assert app.screen.query_one(Card).display


async def test_coming_back_finds_the_card_as_it_was(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        await until(pilot, "in your own words")
        await pilot.press(*"half")
        await pilot.press("alt+5", "alt+4")
        await settle(pilot)
        assert app.screen.query_one("#reply", Input).value == "half"
        assert isinstance(app.focused, Reply)


@pytest.mark.parametrize("size", [(80, 1), (20, 5), (40, 10)])
async def test_tiny_terminals_do_not_break_it(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        await reveal(pilot)
        await pilot.press("3")
        await settle(pilot)
        assert app.is_running
