"""The bridge: exactly one ending for each start, whatever the stream does; points in bundles."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from tutor.core.events import Cancelled, ChartShown, CurvePoint, Failed, Progress, Rested, RunStarted
from tutor.ui.bridge import Bridge


class Listener(App[None]):
    """Keeps everything that the bridge posts to it."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.bridge = Bridge(self, log)
        self.happened: list[Any] = []
        self.points: list[Bridge.Points] = []
        self.answers: list[Any] = []

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        self.happened.append(message.event)

    def on_bridge_points(self, message: Bridge.Points) -> None:
        self.points.append(message)

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        self.answers.append(message.value)

    @property
    def endings(self) -> list[Any]:
        return [event for event in self.happened if isinstance(event, Rested | Failed | Cancelled)]


@pytest.fixture
def app(tmp_path: Path) -> Listener:
    return Listener(tmp_path / "logs" / "app.log")


def point(x: float) -> CurvePoint:
    return CurvePoint(series="valid", x=x, y=1 / (1 + x))


def good(_cancelled: Callable[[], bool]) -> Iterator[Any]:
    yield RunStarted(name="one", config={})
    yield point(0)
    yield Rested(note="done")


def says_more(_cancelled: Callable[[], bool]) -> Iterator[Any]:
    yield Rested(note="done")
    yield Failed(message="too late")


def breaks(_cancelled: Callable[[], bool]) -> Iterator[Any]:
    yield point(0)
    raise ValueError("the file is torn\nand more")


def stops(_cancelled: Callable[[], bool]) -> Iterator[Any]:
    yield point(0)


@pytest.mark.parametrize(
    ("stream", "ending"),
    [
        (good, Rested(note="done")),
        (says_more, Rested(note="done")),
        (stops, Failed(message="The work stopped without saying how it went.")),
    ],
)
async def test_each_start_has_one_ending(app: Listener, stream: Any, ending: Any) -> None:
    async with app.run_test() as pilot:
        assert app.bridge.start(app, "lab", stream)
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.endings == [ending]
    assert not app.bridge.busy("lab")


async def test_an_error_is_one_clear_line_and_a_log(app: Listener, tmp_path: Path) -> None:
    async with app.run_test() as pilot:
        app.bridge.start(app, "lab", breaks)
        await app.workers.wait_for_complete()
        await pilot.pause()
    log = tmp_path / "logs" / "app.log"
    assert app.endings == [Failed(message="the file is torn", log=str(log))]
    assert "ValueError: the file is torn" in log.read_text()


async def test_cancel_reaches_the_stream_and_ends_it_once(app: Listener) -> None:
    begun = threading.Event()

    def endless(cancelled: Callable[[], bool]) -> Iterator[Any]:
        while not cancelled():
            begun.set()
            yield point(0)

    async with app.run_test() as pilot:
        app.bridge.start(app, "lab", endless)
        assert app.bridge.busy("lab")
        assert not app.bridge.start(app, "lab", good), "one stream at a time"
        begun.wait(5)
        app.bridge.cancel("lab")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.endings == [Cancelled()]
        assert app.bridge.start(app, "lab", good), "the channel is free again"
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.endings == [Cancelled(), Rested(note="done")]


async def test_points_come_in_order_in_few_messages(app: Listener) -> None:
    def many(_cancelled: Callable[[], bool]) -> Iterator[Any]:
        for number in range(2000):
            yield point(number)
            yield Progress(fraction=number / 2000)
        yield Rested(note="done")

    async with app.run_test() as pilot:
        app.bridge.start(app, "lab", many)
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert [one.x for message in app.points for one in message.points] == list(range(2000))
    assert len(app.points) < 40
    assert app.points[-1].progress == Progress(fraction=1999 / 2000)


async def test_of_a_chart_that_changes_only_the_newest_state_is_passed_on(app: Listener) -> None:
    def many(_cancelled: Callable[[], bool]) -> Iterator[Any]:
        for number in range(500):
            for title in ("map", "errors"):
                yield ChartShown(chart={"kind": "text", "title": title, "says": "", "text": str(number)})
        yield Rested(note="done")

    async with app.run_test() as pilot:
        app.bridge.start(app, "lab", many)
        await app.workers.wait_for_complete()
        await pilot.pause()
    last = {one.chart["title"]: one.chart["text"] for message in app.points for one in message.charts}
    assert last == {"map": "499", "errors": "499"}
    assert sum(len(message.charts) for message in app.points) < 100
    assert not any(isinstance(event, ChartShown) for event in app.happened)


async def test_questions_on_a_channel_are_answered_in_order(app: Listener) -> None:
    def torn() -> int:
        raise OSError("disk full")

    async with app.run_test() as pilot:
        for number in range(20):
            app.bridge.ask(app, "movies", lambda number=number: number)
        app.bridge.ask(app, "movies", torn)
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.answers == list(range(20))
    assert [ending.message for ending in app.endings] == ["disk full"]


async def test_join_waits_for_work_that_stops_when_told(app: Listener) -> None:
    def endless(cancelled: Callable[[], bool]) -> Iterator[Any]:
        while not cancelled():
            yield point(0)

    async with app.run_test():
        app.bridge.start(app, "lab", endless)
        assert not await app.bridge.join(0.05)
        app.bridge.cancel_all()
        assert await app.bridge.join(5)
