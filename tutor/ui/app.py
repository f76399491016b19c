"""The terminal app: five places, one header, and the work that begins after the first frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding
from textual.reactive import reactive

from tutor.ui.afterwards import Afterwards
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings, key_name
from tutor.ui.facts import Facts, gather
from tutor.ui.terminal import hear_alt_digits

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.screen import Screen
    from textual.theme import Theme

    from tutor.core.workspace import Workspace

DARK, LIGHT = "rose-pine-moon", "rose-pine-dawn"
"""The two built-in themes between which one key switches; the palette offers the others."""

_BREATH = 0.2
"""Seconds between the first frame and the slow things."""
_TICK = 15.0
"""Seconds between two looks at the time that the learner has left."""
_PATIENCE = 4.0
"""Seconds that quitting waits for running work to stop."""


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


def _code() -> Screen[Any]:
    from tutor.ui.screens.code import Code

    return Code()


def _palette() -> type[Provider]:
    from tutor.ui.palette import Everything

    return Everything


class TutorApp(App[None]):
    """Learn, Lab, Movies, Quiz, Progress. Each is imported and mounted on the first visit."""

    TITLE = "Tutor"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "learn": _learn,
        "lab": _lab,
        "movies": _movies,
        "quiz": _quiz,
        "progress": _progress,
        "code": _code,
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
        hear_alt_digits()
        if workspace is None:
            from tutor.core.workspace import Workspace

            workspace = Workspace()
        self.workspace = workspace
        self.bridge = Bridge(self, workspace.paths.logs / "app.log")
        self._afterwards = Afterwards(self)
        self._interrupted = -10.0
        self.set_reactive(TutorApp.facts, gather(workspace))
        self._dress()

    def _dress(self) -> None:
        """Put on the kept theme before any style is computed: changing it later costs a second pass."""
        kept = self.workspace.store.settings.get("theme")
        self.set_reactive(TutorApp.theme, kept if kept in self.available_themes else DARK)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Let the slow things begin after the first frame."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.set_interval(_TICK, self._tick)
        self.call_after_refresh(lambda: self.set_timer(_BREATH, self._afterwards.begin))

    async def on_unmount(self) -> None:
        """Stop what runs, wait for it, close the learner's file."""
        self.bridge.cancel_all()
        await self.bridge.join(_PATIENCE)
        self.workspace.close()

    def get_key_display(self, binding: Binding) -> str:
        """Write a key the way people do."""
        return key_name(binding.key)

    # --- places -----------------------------------------------------------------------------

    async def go(self, place: str, argument: str | None = None, **settings: Any) -> None:
        """Show a place; `argument` and `settings` say what to show there (see `Place.arrive`)."""
        from tutor.ui.screens.place import Place

        await self.switch_mode(place)
        if isinstance(self.screen, Place):
            self.screen.set_up(settings)
            self.screen.arrive(argument)

    async def action_go(self, place: str, argument: str | None = None) -> None:
        """Go to a place by key, click or palette."""
        await self.go(place, argument)

    def action_help(self) -> None:
        """Show every key."""
        from tutor.ui.screens.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help(getattr(self.screen, "PLACE", None)))

    def action_recap(self) -> None:
        """Look back on the last sitting."""
        from tutor.ui.screens.recap import Recap

        if not isinstance(self.screen, Recap):
            self.push_screen(Recap())

    # --- header, work after the first frame ---------------------------------------------------

    def count(self) -> None:
        """Count the header's figures again; call it after anything that may have changed them."""
        self.bridge.ask(self, "facts", lambda: gather(self.workspace))

    def _tick(self) -> None:
        """Count again while the learner's time runs."""
        if self.facts.minutes_left is not None:
            self.count()

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take the figures."""
        if message.channel == "facts":
            self.facts = message.value

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Note how far a fetch is."""
        self._afterwards.progressed(message)

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """Note how a fetch ended."""
        self._afterwards.happened(message)

    def read_beforehand(self) -> None:
        """A question was opened: what its answers are compared with is read in the background."""
        self._afterwards.read_beforehand()

    # --- small services ---------------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Put text into the clipboard by OSC 52, and into a file for terminals that refuse."""
        self.copy_to_clipboard(text)
        copy = self.workspace.paths.home / "copied.txt"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
        self.notify(f"Copied. Where the terminal refuses: {copy}", markup=False)

    def action_switch_light(self) -> None:
        """Switch between dark and light."""
        self.theme = LIGHT if self.current_theme.dark else DARK

    def _keep_theme(self, theme: Theme) -> None:
        name = theme.name
        self.bridge.ask(self, "theme", lambda: self.workspace.store.settings.set("theme", name))

    def action_interrupt(self) -> None:
        """Ctrl+C without a selection: say how to quit; the second one within two seconds quits."""
        now = monotonic()
        if now - self._interrupted < 2:
            self.exit()
            return
        self._interrupted = now
        self.notify("ctrl+q quits, so does another ctrl+c. Everything is saved.", timeout=2)
