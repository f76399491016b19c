"""Two arrows in a plane: a person and a film, which can be turned and stretched key by key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from tutor.core.plotting import Curve, Plot
from tutor.ui.commands import bindings
from tutor.ui.widgets.chart import Chart

if TYPE_CHECKING:
    from tutor.core.vectors import Pair

TURN = 15
"""Degrees of one key press."""
STRETCH = 1.25
"""Factor of one key press."""


class Vectors(Vertical, can_focus=True):
    """Draws the pair under `place`, with the film's vector `factor` times as long, `degrees` further away."""

    BINDINGS = bindings("lab", "vectors")
    DEFAULT_CSS = """
    Vectors {
        height: 1fr;
        & > #reading-vectors { height: auto; max-height: 5; margin-top: 1; }
        .-short & > #reading-vectors, .-narrow & > #reading-vectors { margin: 0; }
    }
    """

    pairs: reactive[tuple[Pair, ...]] = reactive(())
    place: reactive[int] = reactive(0)
    factor: reactive[float] = reactive(1.0)
    degrees: reactive[int] = reactive(0)

    def compose(self) -> ComposeResult:
        """The plane, and the same in words."""
        yield Chart()
        yield Static(id="reading-vectors", markup=False)

    @property
    def pair(self) -> Pair | None:
        """The pair on the plane."""
        return self.pairs[self.place % len(self.pairs)] if self.pairs else None

    def action_turn(self, key: str) -> None:
        """Left turns away from the person, right turns back."""
        self.degrees += TURN if key == "left" else -TURN

    def action_stretch(self, key: str) -> None:
        """Up makes it longer, down shorter."""
        self.factor *= STRETCH if key == "up" else 1 / STRETCH

    def action_flip(self) -> None:
        """Turn the film's vector round."""
        self.factor = -self.factor

    def action_reset(self) -> None:
        """As it was learned."""
        self.factor, self.degrees = 1.0, 0

    def action_next_film(self) -> None:
        """Take another film."""
        self.place += 1
        self.action_reset()

    def watch_pairs(self) -> None:
        """Begin with the first one, as it was learned."""
        self.place = 0
        self.action_reset()
        self._draw()

    def watch_place(self) -> None:
        """Draw another film."""
        self._draw()

    def watch_factor(self) -> None:
        """Draw the new length."""
        self._draw()

    def watch_degrees(self) -> None:
        """Draw the new direction."""
        self._draw()

    def _draw(self) -> None:
        if self.pair is None or not self.is_mounted:
            return
        self.query_one(Chart).plot = plane(self.pair, self.factor, self.degrees)
        self.query_one("#reading-vectors", Static).update(in_words(self.pair, self.factor, self.degrees))


def plane(pair: Pair, factor: float, degrees: float) -> Plot:
    """Person along the x axis, the film at its angle, and the film's shadow on the person's line."""
    learned = pair.scene.measure()
    angle = math.radians(learned.angle + degrees)
    reach = factor * learned.length
    x, y = reach * math.cos(angle), reach * math.sin(angle)
    size = 1.1 * max(learned.length, learned.other_length)
    while size < abs(reach):
        size *= 2
    up, down = (size, -0.2 * size) if y >= 0 else (0.2 * size, -size)
    return Plot(
        (
            Curve(pair.person, (0.0, learned.other_length), (0.0, 0.0), "arrow", (pair.person,)),
            Curve("film", (0.0, x), (0.0, y), "arrow", (_short(pair.title),)),
            Curve("shadow", (x, x), (y, 0.0)),
        ),
        x_limits=(-size, size),
        y_limits=(down, up),
        square=True,
        legend=False,
    )


def in_words(pair: Pair, factor: float, degrees: float) -> str:
    """The numbers behind the picture: dot = length × length × cosine, and the stars that come of it."""
    learned, now = pair.scene.measure(), pair.scene.measure("film", factor, degrees)
    lines = [
        f"{pair.title}: {pair.note}.",
        f"dot {now.dot:.2f} = film {now.length:.2f} × {pair.person} {now.other_length:.2f} × "
        f"cosine {now.cosine:.2f} ({now.angle:.0f}° apart)  →  {now.stars:.1f} stars",
    ]
    if factor != 1 or degrees % 360:
        lines.append(
            f"as learned: dot {learned.dot:.2f}, cosine {learned.cosine:.2f}, {learned.stars:.1f} stars"
            f"  ·  now × {factor:.2f}, turned {_turned(degrees)}°"
        )
    return "\n".join(lines)


def _turned(degrees: float) -> int:
    """The turn as the shorter way round, -165 to 180."""
    return int(180 - (180 - degrees) % 360)


def _short(title: str) -> str:
    return title if len(title) <= 24 else title[:23].rstrip() + "…"
