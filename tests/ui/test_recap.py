"""F12 looks back on the sitting and saves it; the header says how much time is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tutor.core.curriculum import Course
from tutor.core.deck import Deck
from tutor.core.practice import utc_now
from tutor.core.time_plan import TimePlan, keep_plan
from tutor.store.learning import Standing
from tutor.ui.app import TutorApp
from tutor.ui.facts import gather
from tutor.ui.screens.recap import Recap

from .conftest import SIZES
from .fakes import FakeWorkspace
from .looks import app_on, settle, text_of

GRADE = {
    "q": 7, "id": "q07", "verdict": "partial", "score": 0.5, "reply": "",
    "points": [{"id": "p1", "required": True, "covered": True, "evidence": "multiply the pairs"}],
}  # fmt: skip


@pytest.fixture
def app(workspace: FakeWorkspace) -> TutorApp:
    workspace.practice.deck = Deck(Course.load())  # type: ignore[attr-defined]
    return app_on(workspace)


def answer(workspace: FakeWorkspace) -> None:
    workspace.store.learning.add_attempt("q07", "multiply the pairs", GRADE)
    workspace.store.learning.save_standing(Standing("q07", "started", frozenset(["p1"])))


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_shows_the_recap_and_another_saves_it(
    app: TutorApp, workspace: FakeWorkspace, size: tuple[int, int]
) -> None:
    answer(workspace)
    async with app.run_test(size=size) as pilot:
        await pilot.press("f12")
        await settle(pilot)
        shown = text_of(app)
        assert "Recap of " in shown and "Q7 · Dot product: begun" in shown and "multiply the pairs" in shown
        assert "s save" in shown
        await pilot.press("s", "s")
        await settle(pilot)
        saved = sorted((workspace.paths.home / "exports").glob("recap-*.md"))
        assert len(saved) == 2, "a file that is there is left alone"
        assert "> multiply the pairs" in saved[0].read_text("utf-8")
        assert str(saved[0]) in [note.message.removeprefix("Saved: ") for note in app._notifications]
        await pilot.press("f12")
        assert not isinstance(app.screen, Recap)


async def test_nothing_to_look_back_on_is_said_and_not_saved(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f12")
        await settle(pilot)
        assert "Nothing to look back on yet" in text_of(app)
        await pilot.press("s", "y")
        await settle(pilot)
        assert not (workspace.paths.home / "exports").exists()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("minutes_ago", "words"), [(4.5, "6 min left · 4 due"), (12, "time is up · 4 due"), (60, "4 due")]
)
async def test_the_header_says_how_much_time_is_left(
    workspace: FakeWorkspace, size: tuple[int, int], minutes_ago: float, words: str
) -> None:
    start = utc_now() - timedelta(minutes=minutes_ago)
    keep_plan(workspace.store.settings, TimePlan(start, 10))
    app = app_on(workspace)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        header = text_of(app).splitlines()[0]
        assert words in header
        assert ("min left" in header) == ("min left" in words)
        assert ("time is up" in header) == ("up" in words)


async def test_the_time_is_looked_at_again_while_a_plan_holds(
    app: TutorApp, workspace: FakeWorkspace
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        keep_plan(workspace.store.settings, TimePlan(utc_now(), 20))
        app._tick()
        await settle(pilot)
        assert app.facts.minutes_left is None, "without a plan nothing is counted again"
        app.facts = gather(app.workspace)
        keep_plan(workspace.store.settings, TimePlan(utc_now() - timedelta(minutes=5.5), 20))
        app._tick()
        await settle(pilot)
        assert app.facts.minutes_left == 15
