"""Quiz, one card: answer, reveal, grade; on disk before the next card shows; marks; undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tutor.ui.app import TutorApp
from tutor.ui.screens.quiz import Quiz
from tutor.ui.widgets.card import Card, Reply

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, words
from .quiz_table import arrive, ask, learned, quiz_workspace, reveal, until


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return quiz_workspace(tmp_path / "home")


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
        assert "How sure were you?" in words(app) and "again" not in words(app)
        await pilot.press("3")
        await settle(pilot)
        assert card.face and card.face.reveal
        assert card.face.reveal.verdict == "✗ Not this time."
        assert card.face.reveal.suggested == 1
        assert options[wrong].why in card.face.reveal.why
        text = words(app)
        assert "1 again" in text and "← suggested" in text
        assert "You were sure. F3 shows it in the Lab" in text
        await pilot.press("space")
        await settle(pilot)


async def test_a_reply_its_confidence_and_its_hints_are_kept(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        quiz = await arrive(pilot)
        await until(pilot, "work it out")
        assert isinstance(app.focused, Reply)
        assert quiz._table and quiz._table.asked
        await pilot.press("f2")
        await pilot.press(*quiz._table.asked.presented.answer.replace("−", "-"), "enter")
        await settle(pilot)
        assert quiz._table.asked.hints[0].split()[0] in words(app)
        await pilot.press("2")
        await settle(pilot)
        assert "✓ Right." in words(app)
        face = app.screen.query_one(Card).face
        assert face and face.reveal and face.reveal.suggested == 3, "one hint: good at most"
        await pilot.press("space")
        await settle(pilot)
        review = workspace.store.practice.reviews()[-1]
        assert (review.rating, review.confidence, review.correct, review.hints) == (3, 2, True, 1)


@pytest.mark.parametrize(
    ("said", "suggested", "shown"),
    [
        ("multiply the entries at the same place", (3, 4), "Your words say it"),
        ("no idea 1 u f s b e t n", (1,), "I do not find it in your words"),
    ],
)
async def test_own_words_are_judged_by_the_point(
    app: TutorApp, said: str, suggested: tuple[int, ...], shown: str
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        quiz = await arrive(pilot, new=False)
        await ask(pilot, quiz, "q07.p1", "explain")
        await pilot.press(*said, "enter")
        await settle(pilot)
        assert app.screen.query_one("#reply", Input).value == said, "letters are text while one types"
        await pilot.press("3")
        await settle(pilot)
        assert shown in words(app)
        face = app.screen.query_one(Card).face
        assert face and face.reveal and face.reveal.suggested in suggested


@pytest.mark.parametrize("size", SIZES)
async def test_two_keys_are_enough_after_two_successes(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    known = learned(workspace, 3)
    async with app.run_test(size=size) as pilot:
        quiz = await arrive(pilot, new=False)
        for _ in range(len(known)):
            assert quiz._table and quiz._table.asked and not quiz._table.asked.typed
            before = len(workspace.store.practice.reviews())
            await pilot.press("1" if quiz._table.asked.presented.options else "2")
            await settle(pilot)
            await pilot.press("3")
            await settle(pilot)
            assert len(workspace.store.practice.reviews()) == before + 1
        assert "That was all that is due." in words(app)


async def test_a_grade_that_is_pressed_twice_counts_once(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("enter")
        screen = pilot.app.screen
        assert isinstance(screen, Quiz)
        screen.action_grade("3")
        screen.action_grade("3")
        await settle(pilot)
        assert len(workspace.store.practice.reviews()) == 1


async def test_a_card_can_be_flagged_noted_buried_and_suspended(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    marks = workspace.store.marks
    async with app.run_test(size=(80, 24)) as pilot:
        quiz = await arrive(pilot)
        assert quiz._table and quiz._table.asked
        first = quiz._table.asked.card
        await pilot.press("enter", "f", "e")
        await settle(pilot)
        assert "⚑ flagged" in words(app)
        await pilot.press(*"as in Q22", "enter")
        await settle(pilot)
        assert "Your note: as in Q22" in words(app)
        assert (marks.get(first).flagged, marks.get(first).note) == (True, "as in Q22")
        await pilot.press("e", "x", "escape")
        await settle(pilot)
        assert marks.get(first).note == "as in Q22"
        await pilot.press("b")
        await settle(pilot)
        assert marks.get(first).buried_until and f"{first} comes back tomorrow." in words(app)
        second = quiz._table.asked
        assert second and second.card != first
        await pilot.press("enter", "s")
        await settle(pilot)
        assert marks.get(second.card).suspended
        for _ in range(4):
            await pilot.press("enter", "u")
            await settle(pilot)
        assert not marks.get(second.card).suspended and marks.get(first).buried_until is None
        assert (marks.get(first).flagged, marks.get(first).note) == (False, "")
        assert quiz._table.asked and quiz._table.asked.card == first, "an undone card is the next one"
        await pilot.press("enter", "u")
        await settle(pilot)
        assert "Nothing to undo." in words(app)


async def test_two_grades_are_enough_for_who_wants_it(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await arrive(pilot)
        await pilot.press("enter", "t")
        await settle(pilot)
        text = words(app)
        assert "1 forgot" in text and "2 knew it" in text and "4 easy" not in text
        await pilot.press("4")
        await settle(pilot)
        assert workspace.store.practice.reviews() == []
        await pilot.press("2")
        await settle(pilot)
        assert workspace.store.practice.reviews()[-1].rating == 3
        assert workspace.practice.two_buttons, "it is kept"


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
