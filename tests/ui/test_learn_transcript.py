"""Learn: the transcript, read, scrolled and copied by keys."""

from __future__ import annotations

from tutor.ui.app import TutorApp
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.transcript import Transcript

from .fakes import FakeWorkspace
from .looks import app_on, settle, text_of


async def test_earlier_messages_are_there_after_a_restart(workspace: FakeWorkspace) -> None:
    async with app_on(workspace).run_test() as pilot:
        await pilot.press(*"sum", "enter")
        await settle(pilot)
    app = app_on(FakeWorkspace(workspace.paths))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        transcript = app.screen.query_one(Transcript)
        assert len(transcript.query(".-earlier")) == 5
        assert transcript.children[0].has_class("-earlier"), "older ones stand above"
        assert "1 done, 2 open" in text_of(app)
        await pilot.press("up")
        assert app.screen.query_one(Prompt).text == "sum"


async def test_y_copies_the_last_message_and_says_so(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.screen.query_one(Transcript).focus()
        await pilot.press("y")
        await pilot.pause()
        assert "What is their dot product" in app.clipboard
        assert "Copied" in text_of(app)
        await pilot.press("escape")
        assert isinstance(app.focused, Prompt)


async def test_the_transcript_scrolls_by_keys_and_returns_to_its_end(app: TutorApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(4):
            await pilot.press(*"sum", "enter")
            await settle(pilot)
        transcript = app.screen.query_one(Transcript)
        assert transcript.max_scroll_y > 0
        assert transcript.scroll_y == transcript.max_scroll_y
        await pilot.press("pageup")
        await pilot.pause()
        assert transcript.scroll_y < transcript.max_scroll_y
        transcript.focus()
        await pilot.press("g")
        await pilot.pause()
        assert transcript.scroll_y == 0
        await pilot.press("j")
        await pilot.pause()
        assert transcript.scroll_y == 1
        await pilot.press("G")
        await pilot.pause()
        assert transcript.scroll_y == transcript.max_scroll_y


async def test_i_says_why_where_no_text_is_typed(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("i")
        assert app.screen.query_one(Prompt).text == "i"
        app.screen.query_one(Transcript).focus()
        await pilot.press("i")
        await settle(pilot)
        assert workspace.sessions[0].turns == ["help why"]
