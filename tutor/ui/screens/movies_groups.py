"""Three of eight groups of taste: a first list in three key presses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tutor.core.errors import CannotDo
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.rows import fitted

if TYPE_CHECKING:
    from tutor.core.tastes import Taste
    from tutor.core.workspace import Workspace

CHOSEN = 3


class GroupCards(Static, can_focus=True):
    """Eight groups with the films that stand for them; digits pick."""

    BINDINGS = bindings("movies", "groups")

    groups: reactive[tuple[Taste, ...]] = reactive(())
    picked: reactive[tuple[str, ...]] = reactive(())

    def action_pick(self, key: str) -> None:
        """Pick a group or leave it; a fourth one takes the place of the first."""
        at = int(key) - 1
        if at < len(self.groups):
            one = self.groups[at].id
            others = tuple(group for group in self.picked if group != one)
            self.picked = others if one in self.picked else (*others, one)[-CHOSEN:]

    def watch_groups(self) -> None:
        """Draw them."""
        self._draw()

    def watch_picked(self) -> None:
        """Draw what is picked."""
        self._draw()

    def _draw(self) -> None:
        width = max(20, self.app.size.width - 12)
        lines: list[Content] = []
        for number, group in enumerate(self.groups, 1):
            here = group.id in self.picked
            films = ", ".join(film.title.partition(" (")[0].partition(" or:")[0] for film in group.films)
            lines.append(
                Content.assemble(
                    (f" {number} {'●' if here else '○'} ", "bold $accent"),
                    (group.name, "bold $primary" if here else "bold"),
                )
            )
            lines.append(Content.styled(f"     {fitted(films, min(width, 90) - 5).rstrip()}", "$text-muted"))
        self.update(Content("\n").join(lines) if lines else "Looking for groups of films …")


class Groups(Sheet):
    """Picks groups; each pick counts at once."""

    SHEET_TITLE = "Pick three that you like"
    KEYS = "1-8 pick or leave  esc done"
    DEFAULT_CSS = """
    Groups > #sheet { height: auto; max-height: 100%; }
    """

    def __init__(self, change: Callable[[Callable[[], str]], None]) -> None:
        """`change` makes a change beside the screen and reads everything again."""
        super().__init__()
        self._change = change
        self._known: tuple[str, ...] = ()

    def compose_sheet(self) -> ComposeResult:
        """The groups, and what picking does."""
        yield GroupCards()
        yield Static(
            "Each group is of films that the same people watch. Three make a first list; your own ratings "
            "take over one by one.",
            id="groups-note",
        )

    def on_mount(self) -> None:
        """Ask for the groups."""
        self.watch(self.query_one(GroupCards), "picked", self._pick, init=False)
        self.query_one(GroupCards).focus()
        self.bridge.ask(self, "movies-groups", lambda: _groups(self.workspace))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show them."""
        cards = self.query_one(GroupCards)
        found, self._known = message.value
        if not found:
            cards.update("There are no groups yet: rate a few films, or wait for the recommender.")
        cards.groups = tuple(found)
        cards.picked = self._known

    def _pick(self, picked: tuple[str, ...]) -> None:
        if picked == self._known:
            return
        self._known = picked
        movies = self.workspace.movies

        def choose() -> str:
            movies.choose_tastes(picked)
            return f"{len(picked)} of {CHOSEN} groups picked." if picked else "No group picked."

        self._change(choose)


def _groups(workspace: Workspace) -> tuple[Sequence[Taste], tuple[str, ...]]:
    try:
        found = workspace.movies.tastes()
    except CannotDo:
        return (), ()
    known = {group.id for group in found}
    return found, tuple(one for one in workspace.movies.chosen_tastes if one in known)
