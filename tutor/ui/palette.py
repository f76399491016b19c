"""The command palette: every command that works here, and every question that is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.actions import parse
from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.ui.commands import commands_of, key_name

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp


class _Entry(NamedTuple):
    """One line of the palette."""

    title: str
    help: str
    run: Callable[[], Awaitable[object]]


class Everything(Provider):
    """Finds commands of the place one is in, the places, and questions by number or words."""

    async def discover(self) -> Hits:
        """List what works here before anything is typed."""
        for entry in self._entries():
            yield DiscoveryHit(entry.title, entry.run, help=entry.help)

    async def search(self, query: str) -> Hits:
        """Match by parts of words."""
        matcher = self.matcher(query)
        for entry in self._entries():
            score = matcher.match(entry.title)
            if score > 0:
                yield Hit(score, matcher.highlight(entry.title), entry.run, help=entry.help)

    def _entries(self) -> Iterator[_Entry]:
        app, place = cast("TutorApp", self.app), self.screen
        here = getattr(place, "PLACE", None)
        for one in (*commands_of(here), *commands_of(None)):
            if one.palette and self._works(one.action):
                yield _Entry(
                    one.title.capitalize(),
                    f"{one.help}  ({one.shown or key_name(one.key)})",
                    partial(app.run_action, one.action, place),
                )
        for entry in app.workspace.course.entries:
            if not entry.planned:
                title = f"Question {entry.q}" if entry.q else f"Topic {entry.id}"
                yield _Entry(f"{title}: {entry.title}", entry.prompt, partial(app.go, "learn", entry.id))
        yield _Entry(
            "Theme", "Choose other colours; they are kept.", partial(app.run_action, "app.change_theme")
        )

    def _works(self, action: str) -> bool:
        """Whether the place offers the action now; those that need a key pressed are not for the palette."""
        name, parameters = parse(action)[1:] if "{key}" not in action else ("", ())
        target = self.app if action.startswith("app.") else self.screen
        return bool(name) and target.check_action(name, parameters) is True
