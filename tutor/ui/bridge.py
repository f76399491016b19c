"""The only place with workers: runs blocking work in threads and posts what it says.

Each channel runs one thing at a time, in the order of asking. Whatever a stream of events does
(end, raise, stop without a word, say more after its end), its owner hears exactly one ending:
`TurnFinished`, `RunFinished`, `Rested`, `Failed` or `Cancelled`.
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.message import Message

from tutor.core.events import (
    Cancelled,
    ChartShown,
    CurvePoint,
    Failed,
    Progress,
    Rested,
    RunFinished,
    TurnFinished,
)

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

    Stream = Callable[[Callable[[], bool]], Iterator[Any]]

ENDINGS = (TurnFinished, RunFinished, Rested, Failed, Cancelled)
"""Events that end a stream."""

_INTERVAL = 1 / 30
"""Shortest time between two messages of points, in seconds."""


@dataclass
class _Channel:
    """What one channel does now and next."""

    jobs: deque[Callable[[], None]] = field(default_factory=deque)
    running: bool = False
    streaming: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)


class Bridge:
    """Runs the core's work beside the screen."""

    class Happened(Message):
        """An event of a stream; the last one of each stream is one of `ENDINGS`."""

        def __init__(self, channel: str, event: Any) -> None:
            super().__init__()
            self.channel = channel
            self.event = event

        @property
        def ended(self) -> bool:
            """Whether the channel is free again."""
            return isinstance(self.event, ENDINGS)

    class Points(Message):
        """What grew since the last such message (at most 30 a second).

        Points of curves, the newest progress, and of every chart its newest state.
        """

        def __init__(
            self,
            channel: str,
            points: tuple[CurvePoint, ...],
            progress: Progress | None,
            charts: tuple[ChartShown, ...] = (),
        ) -> None:
            super().__init__()
            self.channel = channel
            self.points = points
            self.progress = progress
            self.charts = charts

    class Answered(Message):
        """What a function asked with `ask` returned."""

        def __init__(self, channel: str, value: Any) -> None:
            super().__init__()
            self.channel = channel
            self.value = value

    def __init__(self, app: App[Any], log: Path) -> None:
        self._app = app
        self._log = log
        self._lock = threading.Lock()
        self._channels: dict[str, _Channel] = {}

    def start(self, owner: MessagePump, channel: str, events: Stream) -> bool:
        """Run a stream; its events reach `owner` as `Happened` and `Points`.

        `events` gets a function that says whether to stop. Returns False, and starts nothing,
        while the channel still runs another stream.
        """
        line = self._line(channel)
        if line.streaming:
            return False
        line.streaming = True
        line.cancelled = threading.Event()
        pump = _Pump(owner, channel, asyncio.get_running_loop())
        cancelled = line.cancelled.is_set

        def run() -> None:
            ending = self._drain(events, cancelled, pump)
            line.streaming = False
            pump.end(ending)

        self._enqueue(channel, run)
        return True

    def ask(self, owner: MessagePump, channel: str, function: Callable[[], Any]) -> None:
        """Run a function; `owner` gets its value as `Answered`, or `Happened` with `Failed`."""

        def run() -> None:
            try:
                value = function()
            except Exception as error:  # the thread's edge: whatever broke becomes one clear line
                owner.post_message(self.Happened(channel, self._failed(error)))
            else:
                owner.post_message(self.Answered(channel, value))

        self._enqueue(channel, run)

    def cancel(self, channel: str) -> None:
        """Ask the channel's stream to stop; its owner still hears how it ended."""
        self._line(channel).cancelled.set()

    def busy(self, channel: str) -> bool:
        """Whether a stream runs on the channel."""
        return self._line(channel).streaming

    def cancel_all(self) -> None:
        """Ask every stream to stop and forget what was waiting."""
        for line in self._channels.values():
            line.cancelled.set()
            line.jobs.clear()

    async def join(self, seconds: float) -> bool:
        """Wait for running work to end; False if some still runs after `seconds`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while any(line.running for line in self._channels.values()):
            if loop.time() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True

    def _line(self, channel: str) -> _Channel:
        return self._channels.setdefault(channel, _Channel())

    def _enqueue(self, channel: str, job: Callable[[], None]) -> None:
        line = self._line(channel)
        with self._lock:
            line.jobs.append(job)
            if line.running:
                return
            line.running = True
        self._app.run_worker(
            lambda: self._work(line), name=channel, group=channel, thread=True, exit_on_error=False
        )

    def _work(self, line: _Channel) -> None:
        while True:
            with self._lock:
                if not line.jobs:
                    line.running = False
                    return
                job = line.jobs.popleft()
            job()

    def _drain(self, events: Stream, cancelled: Callable[[], bool], pump: _Pump) -> Any:
        """Pass a stream on until its first ending, and return that."""
        try:
            for event in events(cancelled):
                if isinstance(event, ENDINGS):
                    return event
                pump.send(event)
        except Exception as error:  # the thread's edge: whatever broke becomes one clear line
            return self._failed(error)
        return Cancelled() if cancelled() else Failed(message="The work stopped without saying how it went.")

    def _failed(self, error: Exception) -> Failed:
        """Describe an error in one line and keep its traceback in the log."""
        line = str(error).strip().partition("\n")[0] or type(error).__name__
        try:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as log:
                log.write("".join(traceback.format_exception(error)))
        except OSError:
            return Failed(message=line)
        return Failed(message=line, log=str(self._log))


class _Pump:
    """Carries one stream's events from its thread to the owner, points and charts in bundles."""

    def __init__(self, owner: MessagePump, channel: str, loop: asyncio.AbstractEventLoop) -> None:
        self._owner = owner
        self._channel = channel
        self._loop = loop
        self._lock = threading.Lock()
        self._points: list[CurvePoint] = []
        self._charts: dict[str, ChartShown] = {}
        self._progress: Progress | None = None
        self._armed = False
        self._flushed_at = 0.0

    def send(self, event: Any) -> None:
        """Pass an event on, in order; points, charts and progress wait for the next bundle."""
        if not isinstance(event, CurvePoint | ChartShown | Progress):
            self._flush()
            self._owner.post_message(Bridge.Happened(self._channel, event))
            return
        with self._lock:
            if isinstance(event, Progress):
                self._progress = event
            elif isinstance(event, ChartShown):
                self._charts[str(event.chart["title"])] = event
            else:
                self._points.append(event)
            arm, self._armed = not self._armed, True
        if arm and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arm)

    def end(self, ending: Any) -> None:
        """Pass the ending on, behind everything else."""
        self._flush()
        self._owner.post_message(Bridge.Happened(self._channel, ending))

    def _arm(self) -> None:
        delay = max(0.0, self._flushed_at + _INTERVAL - self._loop.time())
        self._loop.call_later(delay, self._flush)

    def _flush(self) -> None:
        with self._lock:
            points, self._points = tuple(self._points), []
            charts, self._charts = tuple(self._charts.values()), {}
            progress, self._progress = self._progress, None
            self._armed = False
            self._flushed_at = self._loop.time()
            if points or progress or charts:
                self._owner.post_message(Bridge.Points(self._channel, points, progress, charts))
