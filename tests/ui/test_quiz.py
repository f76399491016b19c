"""Quiz: answer, reveal, grade; on disk before the next card shows; undo; nothing due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tutor.core.practice import Practice
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.quiz import Quiz
from tutor.ui.widgets.card import Card, Reply

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, text_of


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


@pytest.fixture
def app(workspace: PlacesWorkspace) -> TutorApp:
    return TutorApp(workspace)  # type: ignore[arg-type]


def words(app: TutorApp) -> str:
    return " ".join(text_of(app).replace("│", " ").split())


async def arrive(pilot: Pilot[None], new: bool = True) -> Quiz:
    await pilot.press("alt+4")
    await settle(pilot)
    assert isinstance(pilot.app.screen, Quiz)
    if new:
        await pilot.press("n")
        await settle(pilot)
    return pilot.app.screen


async def until(pilot: Pilot[None], form: str) -> Card:
    """Grade cards until one of that form lies on the table."""
    card = pilot.app.screen.query_one(Card)
    for _ in range(40):
        assert card.face is not None
        if card.face.form == form:
            return card
        await reveal(pilot)
        await pilot.press("3")
        await settle(pilot)
    raise AssertionError(f"no card of the form {form!r}")


async def reveal(pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await settle(pilot)


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


@pytest.mark.parametrize("size", SIZES)
async def test_a_grade_is_on_disk_before_the_next_card_shows(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        quiz = await arrive(pilot)
        first = quiz._table and quiz._table.asked
        assert first
        await reveal(pilot)
        shown = words(app)
        assert "How well did you know it?" in shown
        assert all(f"{grade} {name}" in shown for grade, name in [(1, "again"), (2, "hard"), (4, "easy")])
        assert "10 min" in shown and "8 days" in shown
        await pilot.press("4")
        await settle(pilot)
        review = workspace.store.practice.reviews()[-1]
        assert (review.card, review.rating) == (first.card, 4)
        assert review.duration_ms is not None
        assert f"{first.card}: easy. It comes back in 8 days." in words(app)
        assert quiz._table and quiz._table.asked and quiz._table.asked.card != first.card
        assert "1 done now" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_choice_is_judged_and_explained(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        quiz = await arrive(pilot)
        card = await until(pilot, "choose one")
        assert app.focused is card
        assert quiz._table and quiz._table.asked
        options = quiz._table.asked.presented.options
        wrong = next(i for i, option in enumerate(options) if not option.correct)
        await pilot.press(str(wrong + 1))
        await settle(pilot)
        assert card.face and card.face.reveal
        assert card.face.reveal.verdict == "✗ Not this time."
        assert card.face.reveal.suggested == 1
        assert options[wrong].why in card.face.reveal.why
        text = words(app)
        assert "1 again" in text and "← suggested" in text


async def test_a_typed_answer_is_checked(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = await arrive(pilot)
        card = await until(pilot, "work it out")
        assert isinstance(app.focused, Reply)
        assert quiz._table and quiz._table.asked
        await pilot.press(*quiz._table.asked.presented.answer.replace("−", "-"))
        await reveal(pilot)
        assert "✓ Right." in words(app)
        assert card.face and card.face.reveal and card.face.reveal.suggested == 3
        assert app.focused is card


async def test_an_answer_in_own_words_is_compared_by_the_learner(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        card = await until(pilot, "in your own words")
        await pilot.press(*"multiply 1 u")
        await reveal(pilot)
        assert "Compare with yours:" in words(app)
        assert "multiply 1 u" in words(app)
        assert card.face and card.face.reveal and card.face.reveal.suggested is None


async def test_undo_takes_the_grade_back(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = await arrive(pilot)
        assert quiz._table and quiz._table.asked
        first = quiz._table.asked.card
        await reveal(pilot)
        await pilot.press("2")
        await settle(pilot)
        await reveal(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert workspace.store.practice.reviews() == []
        assert f"Taken back: {first}." in words(app)
        assert "0 done now" in words(app)


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
