"""The dials of the list, beside it: recommender, knobs, genres, and how films are asked about. Live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from tutor.core.asking import STRATEGIES
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.movies_board import Wishes, dial
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.rows import Cell, RowList, fitted

STEPS = {"popularity": (0.1, -1.0, 1.0), "novelty": (0.1, -1.0, 1.0), "diversity": (0.5, 0.0, 4.0)}
"""Of each knob: one key press, and how far it goes, in stars."""
MEANINGS = {
    "model": "Which recommender makes the list; automatic: best, once it is fitted. "
    "item-knn and popularity give no reasons.",
    "popularity": "Stars for each doubling of a film's audience. Left: the little known.",
    "novelty": "Stars for each decade that a film is newer. Left: the old.",
    "diversity": "Stars that a film loses that is just like one above it; its price stands over the list.",
    "asking": "How the next film to ask about is chosen: {why}.",
    "genre": "Right: only this genre (and others that are in). Left: none of it.",
}


class Dial(NamedTuple):
    """One row: what it turns, and where it stands."""

    kind: str
    name: str
    value: str
    meter: str = ""


class Dials(RowList[Dial]):
    """Dials that are turned with left and right."""

    BINDINGS = bindings("movies", "dials")

    class Turned(Message):
        """A dial was turned by a step; 0 puts it back."""

        def __init__(self, dial: Dial, step: int) -> None:
            super().__init__()
            self.dial = dial
            self.step = step

    def action_turn(self, key: str) -> None:
        """Turn the dial under the cursor."""
        if self.current is not None:
            self.post_message(self.Turned(self.current, {"left": -1, "right": 1}.get(key, 0)))

    def cells(self, row: Dial, width: int) -> list[Cell]:
        """Name, meter, value."""
        meter = fitted(row.meter, 12) if row.meter else ""
        room = max(0, width - 12 - len(meter))
        return [
            Cell(fitted(row.name, 12)),
            Cell(meter, "accent"),
            Cell(fitted(row.value, room), "strong" if row.value not in ("", "0") else "muted"),
        ]


class Tune(Sheet):
    """Turns the dials; each turn repaints the list beside it."""

    SHEET_TITLE = "Tune the list"
    KEYS = "← → turn  0 off  esc done"
    DEFAULT_CSS = """
    Tune {
        align: left top;
        background: transparent;
        & > #sheet { width: 44; max-width: 45%; height: 1fr; margin: 1 0; }
        & #meaning { height: 4; color: $text-muted; }
    }
    """

    def __init__(
        self, wishes: Wishes, turned: Callable[[Wishes], None], change: Callable[[Callable[[], str]], None]
    ) -> None:
        """`turned` repaints the list; `change` makes a change and reads everything again."""
        super().__init__()
        self._wishes = wishes
        self._turned = turned
        self._change = change
        self._genres: Sequence[str] = ()
        self._asking = ""

    def compose_sheet(self) -> ComposeResult:
        """The dials and what the one under the cursor means."""
        yield Dials()
        yield Static(id="meaning", markup=False)

    def on_mount(self) -> None:
        """Ask which genres there are."""
        self.query_one(Dials).focus()
        self.bridge.ask(
            self, "movies-tune", lambda: (self.workspace.movies.genres(), self.workspace.asking.strategy)
        )

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Show the dials."""
        self._genres, self._asking = message.value
        self._draw()

    @on(Dials.Turned)
    def _turn(self, message: Dials.Turned) -> None:
        row, step = message.dial, message.step
        wishes = self._wishes
        if row.kind == "asking":
            self._ask_by(step)
            return
        if row.kind == "model":
            names = (None, *self.workspace.movies.models)
            at = names.index(wishes.model) if wishes.model in names else 0
            at = (at + step) % len(names) if step else 0
            wishes = replace(wishes, model=names[at])
        elif row.kind == "genre":
            wishes = _with_genre(wishes, row.name, step)
        else:
            size, low, high = STEPS[row.kind]
            value = wishes.knobs.get(row.kind, 0.0) + step * size if step else 0.0
            wishes = wishes.turned(row.kind, min(high, max(low, value)))
        if wishes != self._wishes:
            self._wishes = wishes
            self._draw()
            self._turned(wishes)

    def _ask_by(self, step: int) -> None:
        names = [*STRATEGIES]
        self._asking = names[(names.index(self._asking) + step) % len(names)] if step else names[0]
        chosen, asking = self._asking, self.workspace.asking

        def choose() -> str:
            asking.choose_strategy(chosen)
            return f"Asks for {STRATEGIES[chosen]}."

        self._change(choose)
        self._draw()

    def _draw(self) -> None:
        wishes = self._wishes
        rows = [Dial("model", "recommender", wishes.model or "automatic")]
        for knob, (_, low, high) in STEPS.items():
            value = wishes.knobs.get(knob, 0.0)
            rows.append(Dial(knob, knob, f"{value:+g}" if value else "0", dial(value, low, high)))
        rows.append(Dial("asking", "asks for", self._asking))
        for genre in self._genres:
            state = "only" if genre in wishes.genres else "none" if genre in wishes.without else ""
            rows.append(Dial("genre", genre, state))
        self.query_one(Dials).rows = tuple(rows)

    @on(RowList.Highlighted)
    def _explain(self) -> None:
        current = self.query_one(Dials).current
        words = MEANINGS[current.kind] if current else ""
        self.query_one("#meaning", Static).update(words.format(why=STRATEGIES.get(self._asking, "")))


def _with_genre(wishes: Wishes, genre: str, step: int) -> Wishes:
    """Left leads from "only" over nothing to "none", right the other way."""
    place = 1 if genre in wishes.genres else -1 if genre in wishes.without else 0
    place = max(-1, min(1, place + step)) if step else 0
    genres = tuple(one for one in wishes.genres if one != genre) + ((genre,) if place > 0 else ())
    without = tuple(one for one in wishes.without if one != genre) + ((genre,) if place < 0 else ())
    return replace(wishes, genres=genres, without=without)
