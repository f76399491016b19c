"""Progress: the figures of what was done, the units, the files, and the next step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Static

from tutor.core.practice import Practice
from tutor.store.learning import Standing
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.progress import UnitRow, units

from .conftest import SIZES
from .fakes_places import FILMS, PlacesWorkspace
from .looks import settle, text_of, words

CHARTS = ("Reviews by day", "Coming due", "Retention", "Strength by question", "How sure, how right")


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_fresh_learner_sees_what_is_open(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        shown = words(app)
        assert "enter go on in Learn: 2 questions are open." in shown
        assert "0 done, 0 started, 2 new of 2 written" in shown
        assert "42 not written yet" in shown
        assert "Weight decay" in shown
        await pilot.press("enter")
        await settle(pilot)
        assert app.current_mode == "learn"


async def test_it_counts_what_was_done(app: TutorApp, workspace: PlacesWorkspace) -> None:
    store = workspace.store
    store.learning.save_standing(Standing("q07", "done"))
    store.learning.save_standing(Standing("q22", "started"))
    store.ratings.set(FILMS[0], 4.0)
    for prediction, outcome in (("valley", "valley"), ("rises", "valley")):
        run = store.runs.start("weight-decay", {}, prediction)
        store.runs.end(run, "finished", {"outcome": outcome})
    long_ago = Practice(store, workspace.course, lambda: datetime.now(UTC) - timedelta(days=9))
    asked = long_ago.next()
    assert asked
    long_ago.review(asked, 3)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        shown = words(app)
        assert "1 done, 1 started, 0 new of 2 written" in shown
        assert "1 due, 1 learned of" in shown and "· 1 review Films" in shown
        assert "1 rated" in shown
        assert "2 run · 1 of 2 predictions came out" in shown
        assert "━━━━━━━━━━ 1 of 1 done" in shown
        assert "────────── 0 of 1 done, 1 started" in shown
        assert "enter practise: 1 card is due in Quiz." in shown
        assert "Reviews by day" in shown and "1 review on 1 day" in shown
        await pilot.press("end")
        await settle(pilot)
        assert str(workspace.paths.database) in text_of(app).replace("\n", "")
        await pilot.press("enter")
        await settle(pilot)
        assert app.current_mode == "quiz"


async def test_each_unit_keeps_to_one_line_in_80_columns(app: TutorApp) -> None:
    rows = (UnitRow("Factors and dot products", 0, 1, 1, 3), UnitRow("Weight decay", 2, 2, 4, 1))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        page = app.screen.query_one("#units", Static)
        page.update(units(rows))
        await pilot.pause()
        assert page.size.height == len(rows)


async def test_each_visit_counts_anew(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        assert "0 rated" in words(app)
        workspace.store.ratings.set(FILMS[0], 4.0)
        await pilot.press("alt+1", "alt+5")
        await settle(pilot)
        assert "1 rated" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_practice_is_drawn(app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]) -> None:
    workspace.store.settings.set("bury_siblings", False)
    now = datetime.now(UTC) - timedelta(days=60)
    practice = Practice(workspace.store, workspace.course, lambda: now)
    for day in range(20):
        for number, card in enumerate(practice.deck.cards):
            practice.review(practice.quiz(card), 1 if number == day else 3, confidence=2 + day % 2)
        now += timedelta(days=3)
    async with app.run_test(size=size) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        titles = []
        for _ in range(12):
            titles += [title for title in CHARTS if title in words(app)]
            await pilot.press("pagedown")
            await settle(pilot)
        assert sorted(set(titles)) == sorted(CHARTS)


@pytest.mark.parametrize("size", [(80, 1), (20, 5)])
async def test_tiny_terminals_do_not_break_it(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("alt+5")
        await settle(pilot)
        await pilot.press("j", "k", "down")
        assert app.is_running
