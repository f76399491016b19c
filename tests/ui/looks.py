"""How tests look at the screen: as text, after everything that was started has ended."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerState

from tutor.ui.app import TutorApp

_BUSY = (WorkerState.PENDING, WorkerState.RUNNING)


def app_on(workspace: Any) -> TutorApp:
    """The app on a workspace that stands in for the real one."""
    return TutorApp(workspace)


def text_of(app: Any) -> str:
    """What the topmost screen shows, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def words(app: Any) -> str:
    """The screen as running text, without frames."""
    return " ".join(text_of(app).replace("│", " ").split())


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until no worker runs and nothing waits to be shown."""
    await pilot.pause()
    while any(worker.state in _BUSY for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()
