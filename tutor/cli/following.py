"""Follows long work to its one ending: progress on the terminal, ctrl+c as a request to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from tutor.cli import diagnostics
from tutor.cli.diagnostics import RunFailed, UsageError
from tutor.cli.output import emit_json

if TYPE_CHECKING:
    from tutor.core.events import Rested, RunEvent, RunFinished, WorkEvent

Cancelled = Callable[[], bool]


@contextmanager
def cancellable() -> Iterator[Cancelled]:
    """Turn the first ctrl+c into a wish that the work can ask about; the second one insists."""
    pressed = False

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def follow(
    events: Iterable[RunEvent | WorkEvent], *, as_json: bool, of_input: bool = False
) -> RunFinished | Rested:
    """Follow work to its good ending and return that; with `as_json` each event is printed as it comes.

    Raises `RunFailed` when the work failed and `KeyboardInterrupt` when it was stopped. With `of_input`
    the work is reading what the learner gave, so a failure is a `UsageError`, unless a process died.
    """
    for event in events:
        if as_json:
            emit_json(event)
        if event.event == "progress":
            diagnostics.progress(event.note, event.fraction)
        elif event.event == "failed":
            if event.log is None:
                raise UsageError(event.message) if of_input else RunFailed(event.message)
            raise RunFailed(diagnostics.with_log(event.message, event.log))
        elif event.event == "cancelled":
            raise KeyboardInterrupt
        elif event.event == "finished":
            diagnostics.clear_progress()
            return event
    raise RunFailed("the work ended without saying how.")
