"""The command palette: every command that works here, and every question that is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.ui.commands import COMMANDS, PLACES, key_name

if TYPE_CHECKING:
    from tutor.ui.app import TutorApp
    from tutor.ui.screens.place import Place


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
        app = cast("TutorApp", self.app)
        place = cast("Place", self.screen)
        here = getattr(place, "PLACE", None)
        for one in COMMANDS:
            if not one.palette or one.place not in (here, None) or not self._works(one.action):
                continue
            where = PLACES[one.place] if one.place else "Tutor"
            yield _Entry(
                f"{where}: {one.title}",
                f"{one.help}  {key_name(one.key)}",
                lambda action=one.action: app.run_action(action, place),  # type: ignore[misc]
            )
        for entry in app.workspace.course.entries:
            if not entry.planned:
                yield _Entry(
                    f"Question {entry.id.upper()}: {entry.title}",
                    entry.prompt,
                    lambda id=entry.id: app.go("learn", id),  # type: ignore[misc]
                )

    def _works(self, action: str) -> bool:
        name = action.partition("(")[0]
        return name.startswith("app.") or self.screen.check_action(name, ()) is True
