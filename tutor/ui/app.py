"""The terminal app: five places, one header, and the work that begins after the first frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.binding import Binding
from textual.reactive import reactive

from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings, key_name
from tutor.ui.facts import Facts, gather

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.screen import Screen

    from tutor.core.workspace import Workspace


def _learn() -> Screen[Any]:
    from tutor.ui.screens.learn import Learn

    return Learn()


def _lab() -> Screen[Any]:
    from tutor.ui.screens.lab import Lab

    return Lab()


def _movies() -> Screen[Any]:
    from tutor.ui.screens.movies import Movies

    return Movies()


def _quiz() -> Screen[Any]:
    from tutor.ui.screens.quiz import Quiz

    return Quiz()


def _progress() -> Screen[Any]:
    from tutor.ui.screens.progress import Progress

    return Progress()


def _palette() -> type[Provider]:
    from tutor.ui.palette import Everything

    return Everything


class TutorApp(App[None]):
    """Learn, Lab, Movies, Quiz, Progress. Each is imported and mounted on the first visit."""

    TITLE = "Tutor"
    CSS_PATH = "app.tcss"
    MODES: dict[str, Callable[[], Screen[Any]]] = {
        "learn": _learn,
        "lab": _lab,
        "movies": _movies,
        "quiz": _quiz,
        "progress": _progress,
    }
    DEFAULT_MODE = "learn"
    COMMANDS = {_palette}
    BINDINGS = [*bindings(None), Binding("ctrl+c", "interrupt", show=False, system=True)]

    facts: reactive[Facts] = reactive(Facts())
    """The header's figures."""
    note: reactive[str] = reactive("")
    """What is fetched or trained right now, for the header."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        super().__init__()
        if workspace is None:
            from tutor.core.workspace import Workspace

            workspace = Workspace()
        self.workspace = workspace
        self.bridge = Bridge(self, workspace.paths.logs / "app.log")
        self.set_reactive(TutorApp.facts, gather(workspace))

    def get_key_display(self, binding: Binding) -> str:
        """Write a key the way people do."""
        return key_name(binding.key)

    async def go(self, place: str, argument: str | None = None) -> None:
        """Show a place; `argument` says what to show there (see `Place.arrive`)."""
        await self.switch_mode(place)
        from tutor.ui.screens.place import Place

        if isinstance(self.screen, Place):
            self.screen.arrive(argument)

    async def action_go(self, place: str, argument: str | None = None) -> None:
        """Go to a place by key, click or palette."""
        await self.go(place, argument)

    def count(self) -> None:
        """Count the header's figures again; call it after anything that may have changed them."""
        self.bridge.ask(self, "facts", lambda: gather(self.workspace))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take the figures."""
        if message.channel == "facts":
            self.facts = message.value
