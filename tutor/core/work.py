"""Turns the JSON events of a child process into the events that the doors know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tutor.core.events import Cancelled, Failed, Progress, Rested, WorkEvent
from tutor.runner.process import ChildDied


def follow(events: Iterable[dict[str, Any]], done: Callable[[dict[str, Any]], Rested]) -> Iterator[WorkEvent]:
    """Progress as it comes, then one ending; a death of the process is a failure with its log."""
    try:
        for event in events:
            kind = event.get("event")
            if kind == "finished":
                yield done(event)
                return
            if ending := broken_off(event):
                yield ending
                return
            if kind == "progress":
                yield progress(event)
    except ChildDied as death:
        yield Failed(message=str(death), log=str(death.log))
    else:
        yield Failed(message="The work ended without a result.")


def broken_off(event: dict[str, Any]) -> Failed | Cancelled | None:
    """The ending that an event stands for, unless it is the good one or none."""
    if event.get("event") == "failed":
        return Failed(message=str(event.get("message") or "It failed without saying why."))
    return Cancelled() if event.get("event") == "cancelled" else None


def progress(event: dict[str, Any]) -> Progress:
    """How far it is: a fraction, or so much done of a total."""
    fraction = event.get("fraction")
    if fraction is None and event.get("total"):
        fraction = event.get("done", 0) / event["total"]
    return Progress(fraction=fraction, note=str(event.get("note") or ""))
