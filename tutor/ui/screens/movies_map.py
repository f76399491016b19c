"""The taste map, and the score's curve: a chart each, and the same in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from tutor.core.errors import CannotDo
from tutor.core.plotting import Curve, Plot
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.sheet import Sheet
from tutor.ui.widgets.chart import Chart

if TYPE_CHECKING:
    from tutor.core.film_records import Score, Spot, TasteMap
    from tutor.core.workspace import Workspace
    from tutor.store.ratings import Asked

ZOOM, STEP = 1.4, 0.2
"""Factor of one key press; share of the view that an arrow moves."""
LIKED = 4.0
Limits = tuple[tuple[float, float], tuple[float, float]]
"""Across and along: lowest and highest."""


class MapView(Vertical, can_focus=True):
    """Draws `map` around a centre at a zoom."""

    BINDINGS = bindings("movies", "map")
    DEFAULT_CSS = """
    MapView { height: 1fr; & > #map-words { height: auto; max-height: 5; color: $text-muted; } }
    """

    map: reactive[TasteMap | None] = reactive(None)
    view: reactive[tuple[float, float, float]] = reactive((0.0, 0.0, 1.0))
    """Centre, and how often the whole is enlarged."""
    names: reactive[bool] = reactive(True)

    def compose(self) -> ComposeResult:
        """The chart and its words."""
        yield Chart()
        yield Static("Drawing …", id="map-words", markup=False)

    def action_zoom(self, key: str) -> None:
        """Closer or further away."""
        x, y, size = self.view
        self.view = (x, y, max(1.0, min(30.0, size * (ZOOM if key == "plus" else 1 / ZOOM))))

    def action_pan(self, key: str) -> None:
        """Move the view."""
        x, y, size = self.view
        right, up = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}[key]
        across, along = self._reach()
        self.view = (x + right * STEP * across / size, y + up * STEP * along / size, size)

    def action_labels(self) -> None:
        """Names on or off."""
        self.names = not self.names

    def action_me(self) -> None:
        """The learner in the middle."""
        if self.map is not None:
            self.view = (self.map.x, self.map.y, max(2.0, self.view[2]))

    def watch_map(self) -> None:
        """Draw another map whole."""
        (left, right), (low, high) = self._whole()
        self.view = ((left + right) / 2, (low + high) / 2, 1.0)
        self._draw()

    def watch_view(self) -> None:
        """Draw another part."""
        self._draw()

    def watch_names(self) -> None:
        """Draw with or without names."""
        self._draw()

    def _whole(self) -> Limits:
        """The smallest part that holds all films and the learner."""
        if self.map is None:
            return (-1.0, 1.0), (-1.0, 1.0)
        xs = [*(spot.x for spot in self.map.spots), self.map.x]
        ys = [*(spot.y for spot in self.map.spots), self.map.y]
        return (min(xs), max(xs)), (min(ys), max(ys))

    def _reach(self) -> tuple[float, float]:
        """Half of the whole across and along, with a margin for names."""
        (left, right), (low, high) = self._whole()
        return 0.6 * (right - left) or 1.0, 0.55 * (high - low) or 1.0

    def _draw(self) -> None:
        if self.map is None or not self.is_mounted:
            return
        x, y, size = self.view
        across, along = (reach / size for reach in self._reach())
        limits = ((x - across, x + across), (y - along, y + along))
        self.query_one(Chart).plot = plot_of(self.map, *limits, self.names)
        self.query_one("#map-words", Static).update(in_words(self.map))


class MapSheet(Sheet):
    """Films and the learner in two dimensions."""

    SHEET_TITLE = "Taste map"
    KEYS = "+ - zoom  arrows move  l names  y to you  esc back"
    DEFAULT_CSS = "MapSheet > #sheet { width: 100%; height: 100%; }"

    def compose_sheet(self) -> ComposeResult:
        """The map."""
        yield MapView()

    def on_mount(self) -> None:
        """Ask for the places."""
        self.query_one(MapView).focus()
        self.bridge.ask(self, "movies-map", lambda: _map(self.workspace))

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Draw it."""
        if isinstance(message.value, str):
            self.query_one("#map-words", Static).update(message.value)
        else:
            self.query_one(MapView).map = message.value


class ScoreSheet(Sheet):
    """How far off the forecasts were, answer by answer."""

    SHEET_TITLE = "Model against you"
    DEFAULT_CSS = """
    ScoreSheet > #sheet { height: 80%; & > #score-words { height: auto; color: $text-muted; } }
    """

    def __init__(self, score: Score | None) -> None:
        super().__init__()
        self._score = score

    def compose_sheet(self) -> ComposeResult:
        """The curve and what it says."""
        yield Chart()
        yield Static(id="score-words", markup=False)

    def on_mount(self) -> None:
        """Draw it."""
        score = self._score
        if score is None or score.off is None or score.means_off is None:
            words = "No guess was put to the test yet: rate films that are asked about, then look again."
        else:
            self.query_one(Chart).plot = score_plot(score)
            better = "better" if score.off < score.means_off else "no better"
            words = (
                f"After {score.answers} hidden guesses the model is off by {score.off:.2f} stars on average, "
                f"the films' mean ratings by {score.means_off:.2f}: knowing you is {better} so far.\n"
            ) + "\n".join(map(strategy_line, score.strategies))
        self.query_one("#score-words", Static).update(words)


def strategy_line(one: Asked) -> str:
    """How the questions of a strategy went."""
    off = "" if one.off is None else f", off by {one.off:.2f} stars"
    return f"Asked by {one.strategy}: {one.asked} films, {one.seen} seen{off}."


def score_plot(score: Score) -> Plot:
    """Mean absolute error of the first 1, 2, ... guesses, for the model and for the films' means."""
    answers = tuple(float(number) for number in range(1, score.answers + 1))
    return Plot(
        (Curve("model", answers, score.curve), Curve("film means", answers, score.means_curve)),
        x_label="answers", y_label="mean error so far (stars)",
    )  # fmt: skip


def plot_of(map: TasteMap, x_limits: tuple[float, float], y_limits: tuple[float, float], names: bool) -> Plot:
    """The part of the map between the limits: you, films you liked, others you rated, films you may know."""
    inside = [
        spot for spot in map.spots
        if x_limits[0] <= spot.x <= x_limits[1] and y_limits[0] <= spot.y <= y_limits[1]
    ]  # fmt: skip
    groups = {
        "you liked": [spot for spot in inside if spot.rated is not None and spot.rated >= LIKED],
        "you rated lower": [spot for spot in inside if spot.rated is not None and spot.rated < LIKED],
        "not rated": [spot for spot in inside if spot.rated is None],
    }
    you = Curve("you", (map.x,), (map.y,), "points", ("YOU",))
    curves = [you, *(_curve(name, spots, names) for name, spots in groups.items() if spots)]
    return Plot(tuple(curves), x_limits=x_limits, y_limits=y_limits)


def _curve(name: str, spots: list[Spot], names: bool) -> Curve:
    labels = tuple(spot.title.partition(" (")[0][:22] for spot in spots) if names else ()
    return Curve(name, tuple(spot.x for spot in spots), tuple(spot.y for spot in spots), "points", labels)


def in_words(map: TasteMap) -> str:
    """The axes by the films at their ends, and where the learner stands."""
    lines = [
        f"{way}: {', '.join(names)}"
        for axis, ways in zip(map.axes, (("left", "right"), ("down", "up")), strict=True)
        for way, names in zip(ways, (axis.low, axis.high), strict=True)
    ]
    across, along = "right" if map.x >= 0 else "left", "up" if map.y >= 0 else "down"
    where = f"You: {across} {abs(map.x):.2f}, {along} {abs(map.y):.2f}."
    here = where if map.x or map.y else "You stand in the middle until you rate films."
    return textwrap.fill(" · ".join([here, *lines]), 400)


def _map(workspace: Workspace) -> TasteMap | str:
    from tutor.core.taste_map import taste_map

    try:
        return taste_map(workspace.movies)
    except CannotDo as fault:
        return str(fault)
