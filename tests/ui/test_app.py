"""The app around the places: start, sizes, themes, the work after the first frame, the end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from tutor.core.events import Cancelled, Failed, Progress, Rested
from tutor.ui.app import DARK, LIGHT, TutorApp
from tutor.ui.screens.help import Help
from tutor.ui.terminal import hear_alt_digits
from tutor.ui.widgets.header import Header
from tutor.ui.widgets.prompt import Prompt

from .fakes import FakeWorkspace
from .looks import app_on, settle, text_of

HEAVY = {"torch", "pandas", "numpy", "onnxruntime", "sympy", "fsrs"}
FIRST_FRAME = """
import asyncio, sys
from tests.ui.fakes import fake_app

async def main():
    app = fake_app()
    app._afterwards.begin = lambda: None
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "Q7" in "".join(strip.text for strip in app.screen._compositor.render_strips())
    print(*sys.modules)

asyncio.run(main())
"""


def test_nothing_heavy_is_loaded_for_the_first_frame() -> None:
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert HEAVY.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("size", [(80, 1), (20, 5), (40, 12), (300, 100)])
async def test_any_terminal_size_works(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"sum", "enter")
        await settle(pilot)
        await pilot.press("f1", "escape", "ctrl+o", "escape")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "✓ covered" in text_of(app)


async def test_the_header_names_the_places_and_counts(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        header = text_of(app).splitlines()[0]
        for name in ("1 Learn", "2 Lab", "3 Movies", "4 Quiz", "5 Progress"):
            assert name in header
        assert header.endswith("4 due · 0/2 · planted world, invented viewers")
        workspace.practice.counts = lambda: type("Counts", (), {"due": 9})()  # type: ignore[assignment, method-assign]
        app.count()
        await settle(pilot)
        assert "9 due" in text_of(app).splitlines()[0]


@pytest.mark.parametrize(("key", "place"), [("alt+2", "lab"), ("alt+4", "quiz"), ("alt+5", "progress")])
async def test_places_are_reached_by_key(app: TutorApp, key: str, place: str) -> None:
    visited: list[str] = []

    async def go(name: str, argument: str | None = None) -> None:
        visited.append(name)

    app.go = go  # type: ignore[method-assign]
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert visited == [place]


@pytest.mark.parametrize("number", range(1, 6))
def test_alt_and_a_digit_is_heard_from_every_terminal(number: int) -> None:
    hear_alt_digits()
    parser = XTermParser()
    for sequence in (f"\x1b{number}", f"\x1b[{48 + number};3u"):
        (event,) = parser.feed(sequence)
        assert isinstance(event, Key)
        assert event.key == f"alt+{number}"
    (typed,) = parser.feed("£")
    assert isinstance(typed, Key)
    assert typed.character == "£"


async def test_a_click_on_a_place_goes_there(app: TutorApp) -> None:
    visited: list[str] = []

    async def go(name: str, argument: str | None = None) -> None:
        visited.append(name)

    app.go = go  # type: ignore[method-assign]
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        column = text_of(app).splitlines()[0].index("3 Movies")
        await pilot.click(Header, offset=(column, 0))
        assert visited == ["movies"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_help_is_made_from_the_registry(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, Help)
        shown = text_of(app)
        assert "Send what you have typed." in shown
        assert "tutor ask TEXT" in shown
        assert not any(line.strip("│ ").startswith("run NAME") for line in shown.splitlines())
        await pilot.press("escape")
        assert isinstance(app.focused, Prompt)


async def test_themes_switch_and_are_kept(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test() as pilot:
        assert app.theme == DARK
        await pilot.press("f8")
        await settle(pilot)
        assert app.theme == LIGHT
        assert workspace.store.settings.get("theme") == LIGHT


async def test_a_theme_that_is_gone_is_no_obstacle(app: TutorApp, workspace: FakeWorkspace) -> None:
    workspace.store.settings.set("theme", "last-years-theme")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.theme == DARK


async def test_without_colour_states_are_still_told_apart(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_on(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"sum", "enter")
        await settle(pilot)
        shown = text_of(app)
        assert app.no_color
        for sign in ("▸   7  Dot product", "· not written yet", "✓ covered", "○ still open"):
            assert sign in shown


# --- after the first frame -------------------------------------------------------------------


async def test_slow_things_begin_by_themselves_after_the_first_frame(
    app: TutorApp, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.ui.app._BREATH", 0.01)
    async with app.run_test() as pilot:
        while not workspace.child.started:
            await pilot.pause()
        await settle(pilot)


async def test_the_first_data_set_arrives_beside_the_lesson(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app._afterwards.begin()
        await settle(pilot)
        assert workspace.child.started
        assert "0/2 · ML-100K" in text_of(app).splitlines()[0]
        assert "100,000 ratings" in text_of(app)


async def test_a_fetch_shows_how_far_it_is(app: TutorApp, workspace: FakeWorkspace) -> None:
    gate = threading.Event()

    def fetch(name: str, cancelled: Callable[[], bool]) -> Iterator[Any]:
        yield Progress(fraction=0.4, note="downloading")
        gate.wait(5)
        yield Cancelled()

    workspace.data.fetch = fetch  # type: ignore[method-assign]
    async with app.run_test(size=(120, 40)) as pilot:
        app._afterwards.begin()
        while not app.note:
            await pilot.pause()
        assert "fetching MovieLens 100K · 40%" in text_of(app).splitlines()[0]
        gate.set()
        await settle(pilot)
        assert "invented viewers" in text_of(app).splitlines()[0]


async def test_a_data_set_that_arrives_during_a_fit_gets_its_own(
    app: TutorApp, workspace: FakeWorkspace
) -> None:
    begun, arrived, fitted = threading.Event(), threading.Event(), []

    def ensure_model(_cancelled: Callable[[], bool]) -> Iterator[Any]:
        fitted.append(workspace.data.current)
        begun.set()
        arrived.wait(5)
        yield Rested(note="ready")

    workspace.movies.ensure_model = ensure_model  # type: ignore[method-assign]
    async with app.run_test() as pilot:
        app._afterwards._fit()
        await asyncio.to_thread(begun.wait, 5)
        workspace.data.current = "ml-100k"
        app._afterwards._fetched(Rested(note="MovieLens 100K is here."))
        arrived.set()
        await settle(pilot)
    assert fitted == ["planted", "ml-100k"]


async def test_a_fetch_that_fails_is_one_quiet_line(app: TutorApp, workspace: FakeWorkspace) -> None:
    workspace.data.outcome = lambda: Failed(message="MovieLens 100K could not be reached.")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app._afterwards.begin()
        await settle(pilot)
        assert "could not be reached" in text_of(app)
        assert isinstance(app.focused, Prompt)
        assert app.screen.query_one(Prompt).locked is False


async def test_without_need_nothing_is_fetched(
    app: TutorApp, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(workspace.data), "fetch_wanted", False)
    async with app.run_test() as pilot:
        app._afterwards.begin()
        await settle(pilot)
        assert workspace.data.current == "planted"


# --- the end ---------------------------------------------------------------------------------


async def test_quitting_stops_what_runs(app: TutorApp, workspace: FakeWorkspace) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def endless(cancelled: Callable[[], bool]) -> Iterator[Any]:
        begun.set()
        while not cancelled():
            yield Progress(note="on and on")
        stopped.set()
        yield Cancelled()

    async with app.run_test() as pilot:
        app.bridge.start(app, "lab", endless)
        await asyncio.to_thread(begun.wait, 5)
        await pilot.press("ctrl+q")
    assert stopped.is_set()
    assert workspace.closed


async def test_ctrl_c_says_how_to_quit_and_twice_quits(app: TutorApp, workspace: FakeWorkspace) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "ctrl+q quits" in text_of(app)
        assert app.is_running
        await pilot.press("ctrl+c")
    assert workspace.closed
