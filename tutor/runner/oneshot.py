"""A command that does one thing, tells its progress in JSON lines and ends."""

from __future__ import annotations

import queue
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from tutor.runner.child import CHECK_S, ENDINGS, JobEvent
from tutor.runner.process import PATIENCE_S, ChildDied, JsonProcess


def run(
    command: Sequence[str],
    log: Path,
    cancelled: Callable[[], bool] = lambda: False,
    patience_s: float = PATIENCE_S,
) -> Generator[JobEvent, None, None]:
    """Start a command and yield its events until its ending; waits for each.

    When `cancelled` says so the process is terminated (killed if it does not follow in time) and the last
    event is `cancelled`. Raises `ChildDied` if it ends without an ending. Closing the iterator ends it too.
    """
    events: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    try:
        process = JsonProcess(command, log, events.put, lambda: events.put(None))
    except OSError as error:
        raise ChildDied(f"{command[0]} ({error.strerror})", log) from error
    ended = False
    try:
        while not ended:
            if cancelled():
                process.terminate(patience_s)
                ended = True
                yield {"event": "cancelled"}
                return
            try:
                event = events.get(timeout=CHECK_S)
            except queue.Empty:
                continue
            if event is None:
                raise ChildDied("the command", log, process.code)
            ended = event.get("event") in ENDINGS
            yield event
    finally:
        (process.stop if ended else process.terminate)(patience_s)
