"""The one warm training child: `python -m recommender worker`, started on first use, replaced after a death.

Several jobs may run at once, from several threads; each gets its own events in their order. A job ends
with exactly one of the events `finished`, `failed`, `cancelled`, or with `ChildDied`.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from tutor.runner.process import PATIENCE_S, ChildDied, JsonProcess, python

JobEvent = dict[str, Any]
ENDINGS = frozenset({"finished", "failed", "cancelled"})
CHECK_S = 0.05
"""How often a waiting job looks whether it was cancelled."""


class _Life:
    """One process and the queues of its jobs; None in a queue says that the process is gone."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._lock = threading.Lock()
        self._queues: dict[str, queue.SimpleQueue[JobEvent | None]] = {}
        self._over = False
        self.ready = threading.Event()
        self.process = JsonProcess(command, log, self._dispatch, self._end)

    @property
    def usable(self) -> bool:
        return not self._over and self.process.alive

    def open(self, job: str) -> queue.SimpleQueue[JobEvent | None]:
        events: queue.SimpleQueue[JobEvent | None] = queue.SimpleQueue()
        with self._lock:
            self._queues[job] = events
            if self._over:
                events.put(None)
        return events

    def close(self, job: str) -> None:
        with self._lock:
            self._queues.pop(job, None)

    def _dispatch(self, event: JobEvent) -> None:
        if event.get("event") == "ready":
            self.ready.set()
        with self._lock:
            events = self._queues.get(str(event.get("id")))
        if events is not None:
            events.put(event)

    def _end(self) -> None:
        with self._lock:
            self._over = True
            for events in self._queues.values():
                events.put(None)


class TrainingChild:
    """Talks to the training process. All methods may be called from any thread."""

    def __init__(
        self, logs: Path, command: Sequence[str] | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self.log = logs / "worker.log"
        self._command = command or python("-m", "recommender", "worker")
        self._patience_s = patience_s
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._life: _Life | None = None

    @property
    def warm(self) -> bool:
        """Whether the process runs and has loaded all that training needs."""
        life = self._life
        return life is not None and life.usable and life.ready.is_set()

    @property
    def pid(self) -> int | None:
        """Number of the process, if one runs."""
        life = self._life
        return life.process.pid if life is not None and life.usable else None

    def start(self) -> None:
        """Start the process if none runs; does not wait until it is warm. Raises `ChildDied`."""
        self._living()

    def run(
        self,
        job: dict[str, Any],
        cancelled: Callable[[], bool] = lambda: False,
        began: Callable[[str], None] = lambda name: None,
    ) -> Generator[JobEvent, None, None]:
        """Send a job and yield its events until its ending; waits for each.

        `began` hears the job's name, which `order` takes.

        `cancelled` is asked every 50 ms: the child is told, and ended if it does not follow in time; the
        last event is then `cancelled`, unless the child finished before. Raises `ChildDied`; the next job
        gets a fresh process. Closing the iterator early cancels the job.
        """
        life = self._living()
        name = str(next(self._numbers))
        events = life.open(name)
        ended = False
        try:
            began(name)
            life.process.send({**job, "id": name})  # a dead process shows as None in the queue
            for event in self._events(life, name, events, cancelled):
                ended = event.get("event") in ENDINGS
                yield event
        finally:
            life.close(name)
            if not ended:
                life.process.send({"cancel": name})

    def order(self, order: str, job: str) -> None:
        """Tell a job to `pause`, `resume` or `step`; one that is over hears nothing."""
        life = self._life
        if life is not None and life.usable:
            life.process.send({order: job})

    def stop(self) -> None:
        """End the process, if one runs."""
        with self._lock:
            life, self._life = self._life, None
        if life is not None:
            life.process.stop(self._patience_s)

    def _living(self) -> _Life:
        with self._lock:
            if self._life is None or not self._life.usable:
                try:
                    self._life = _Life(self._command, self.log)
                except OSError as error:
                    raise ChildDied(f"the training process ({error.strerror})", self.log) from error
            return self._life

    def _events(
        self,
        life: _Life,
        name: str,
        events: queue.SimpleQueue[JobEvent | None],
        cancelled: Callable[[], bool],
    ) -> Iterator[JobEvent]:
        deadline: float | None = None
        while True:
            if deadline is None and cancelled():
                life.process.send({"cancel": name})
                deadline = time.monotonic() + self._patience_s
            elif deadline is not None and time.monotonic() > deadline:
                life.process.terminate(self._patience_s)
            try:
                event = events.get(timeout=CHECK_S)
            except queue.Empty:
                continue
            if event is None and deadline is None:
                raise ChildDied("the training process", self.log, life.process.code)
            yield event or {"event": "cancelled", "id": name}
            if event is None or event.get("event") in ENDINGS:
                return
