"""Learn: first frame, one turn and its three endings, prompt, keys."""

from __future__ import annotations

import pytest

from tutor.ui.app import TutorApp
from tutor.ui.screens.learn import HINT_PAUSE
from tutor.ui.widgets.prompt import Prompt

from .conftest import SIZES
from .fakes import FakeWorkspace
from .looks import app_on, settle, text_of


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_frame_asks_and_waits_for_an_answer(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = text_of(app)
        assert "You will learn how a machine can guess" in " ".join(shown.split())
        assert "2 questions here" in shown
        assert "What is their dot" in shown
        assert "4 due · 0/2" in shown
        assert "invented viewers" in shown
        assert "enter send" in shown
        assert isinstance(app.focused, Prompt)
        assert ("not written yet" in shown) == (size[0] >= 100)
        assert ("Q7 ▾ Dot product" in shown) == (size[0] < 100)


@pytest.mark.parametrize("size", SIZES)
async def test_a_turn_quotes_the_learner_and_gives_a_verdict(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"multiply", "ctrl+j", *"and", "enter")
        await settle(pilot)
        shown = text_of(app)
        assert "✓ covered" in shown
        assert "○ still open" in shown
        assert "verdict" in shown
        prompt = app.screen.query_one(Prompt)
        assert (prompt.text, prompt.locked, app.focused) == ("", False, prompt)
        assert app.workspace.sessions[0].turns == ["multiply\nand"]  # type: ignore[attr-defined]


async def test_the_prompt_is_locked_until_the_turn_ends(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        workspace.sessions[0].gate.clear()
        await pilot.press(*"sum", "enter")
        await pilot.pause(0.1)
        prompt = app.screen.query_one(Prompt)
        assert prompt.locked
        shown = text_of(app)
        assert "esc stops" in shown
        assert "esc stop" in shown.splitlines()[-1]
        assert "F2 hint" not in shown
        assert "enter send" not in shown
        await pilot.press(*"more", "enter", "f2")
        workspace.sessions[0].gate.set()
        await settle(pilot)
        assert not prompt.locked
        assert prompt.text == "more", "what was typed meanwhile is kept and not sent"
        assert workspace.sessions[0].turns == ["sum"]


async def test_after_a_failure_the_text_is_back(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        workspace.sessions[0].fail_next = True
        await pilot.press(*"sum of products", "enter")
        await settle(pilot)
        prompt = app.screen.query_one(Prompt)
        assert (prompt.text, prompt.locked) == ("sum of products", False)
        assert "The grader broke off" in text_of(app)


async def test_escape_stops_a_turn(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        workspace.sessions[0].gate.clear()
        await pilot.press(*"sum", "enter")
        await pilot.pause()
        await pilot.press("escape")
        workspace.sessions[0].gate.set()
        await settle(pilot)
        prompt = app.screen.query_one(Prompt)
        assert not prompt.locked
        assert "✓ covered" in text_of(app), "what was said before the stop is shown, it is stored"


async def test_an_empty_answer_gets_one_gentle_line(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "enter")
        await settle(pilot)
        assert "a guess is enough" in text_of(app)
        assert workspace.sessions[0].turns == []
        await pilot.press("x")
        await pilot.pause()
        assert "a guess is enough" not in text_of(app)


async def test_twenty_thousand_characters_are_sent_whole(app: TutorApp, workspace: FakeWorkspace) -> None:
    text = "weights " * 2500
    async with app.run_test(size=(80, 24)) as pilot:
        prompt = app.screen.query_one(Prompt)
        prompt.insert(text)
        await pilot.pause()
        assert prompt.outer_size.height <= 8
        await pilot.press("enter")
        await settle(pilot)
        assert workspace.sessions[0].turns == [text]
        assert "20,000 characters, all kept" in " ".join(
            child.render().plain
            for child in app.screen.query("YourLine Static")  # type: ignore[union-attr]
        )


async def test_a_half_typed_answer_survives_a_restart(workspace: FakeWorkspace) -> None:
    async with app_on(workspace).run_test() as pilot:
        await pilot.press(*"half an ans")
    again = FakeWorkspace(workspace.paths)
    app = app_on(again)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.query_one(Prompt).text == "half an ans"


async def test_a_sent_answer_is_no_draft_any_more(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"sum", "enter")
        await settle(pilot)
    assert FakeWorkspace(workspace.paths).store.settings.get("draft", "") == ""


async def test_up_and_down_walk_through_what_was_sent(app: TutorApp) -> None:
    async with app.run_test() as pilot:
        for answer in ("one", "two"):
            await pilot.press(*answer, "enter")
            await settle(pilot)
        prompt = app.screen.query_one(Prompt)
        await pilot.press(*"new", "up", "up")
        assert prompt.text == "one"
        await pilot.press("down", "down")
        assert prompt.text == "new"


@pytest.mark.parametrize(
    ("key", "turn"), [("f2", "hint"), ("f4", "reveal"), ("ctrl+n", "next"), ("f7", "lesson")]
)
async def test_keys_do_what_one_could_type(
    app: TutorApp, workspace: FakeWorkspace, key: str, turn: str
) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"half", key)
        await settle(pilot)
        assert workspace.sessions[0].turns == [turn]
        assert f"Here is a {turn}." in text_of(app)
        assert app.screen.query_one(Prompt).text == "half", "what is half typed stays"


@pytest.mark.parametrize("size", SIZES)
async def test_how_sure_is_said_by_key_before_sending_and_is_optional(
    app: TutorApp, workspace: FakeWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"sum")
        prompt = app.screen.query_one(Prompt)
        assert "how sure? F6" in text_of(app)
        for level, words in ((3, "sure"), (2, "fairly sure"), (1, "guess"), (None, "how sure?")):
            await pilot.press("f6")
            assert prompt.sure == level
            assert words in str(prompt.border_title)
        await pilot.press("f6", "enter")
        await settle(pilot)
        assert prompt.sure is None
        await pilot.press(*"sum", "enter")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["sum [3]", "sum"]


async def test_a_second_hint_in_a_breath_waits(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f2")
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["hint"]
        assert "Two seconds with this one" in text_of(app)
        app.screen._hinted -= HINT_PAUSE  # type: ignore[attr-defined]
        await pilot.press("f2")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["hint", "hint"]


async def test_i_was_right_has_a_key_as_soon_as_there_is_a_verdict(
    app: TutorApp, workspace: FakeWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f9")
        assert "F9 I was right" not in text_of(app)
        await pilot.press(*"sum", "enter")
        await settle(pilot)
        assert "F9 I was right" in text_of(app)
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["sum", "appeal", "help grade"]
