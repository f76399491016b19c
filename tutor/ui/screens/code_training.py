"""How a program that passed becomes a recommender: a name, two curves that grow, and how it ended."""

from __future__ import annotations

from tutor.core.plotting import Curve, Plot
from tutor.ui.bridge import Bridge
from tutor.ui.screens.code_asks import Name
from tutor.ui.screens.code_outside import Outside
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.judgement import Judgement

TRAINABLE = "q15"
PROPOSAL = "my DotProduct"
EPOCHS = 5
CLOSE = 2.5
"""Highest loss that is drawn once a curve is far below it, in stars squared."""


class Training(Outside):
    """Trains the learner's class beside ours, both curves live."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: dict[str, tuple[list[float], list[float]]] = {}
        """Epochs and losses of each curve."""
        self._passed: str | None = None
        """The program that passed last."""

    def action_train(self) -> None:
        """Ask for a name, then train beside ours."""
        if self._passed is not None:
            self.app.push_screen(Name(PROPOSAL), self._begin)

    def _begin(self, name: str | None) -> None:
        code, exercises = self._passed, self.workspace.exercises
        if name is None or code is None:
            return
        self._curves = {}
        self.query_one(Chart).plot = Plot()
        self.add_class("-training")
        self._say("Both programs load the ratings. esc stops them.")
        self.bridge.start(
            self, "code-train", lambda cancelled: exercises.train(TRAINABLE, code, name, 0, cancelled)
        )
        self.refresh_bindings()

    def _say(self, words: str) -> None:
        judgement = self.query_one(Judgement)
        judgement.verdict, judgement.words = None, words
        judging = self.query_one("#judging")
        judging.border_title, judging.border_subtitle = "What came out", ""

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Let both curves grow."""
        for point in message.points:
            xs, ys = self._curves.setdefault(point.series, ([], []))
            xs.append(point.x)
            ys.append(point.y)
        if message.points:
            self.query_one(Chart).plot = self._plot()
        if message.progress is not None:
            self._say(f"{message.progress.note} of {EPOCHS}. esc stops both.")

    def _plot(self) -> Plot:
        """The curves; once they are down, from where they become worth comparing."""
        curves = tuple(
            Curve(name, tuple(xs), tuple(ys)) for name, (xs, ys) in sorted(self._curves.items(), reverse=True)
        )
        lowest = min(min(curve.ys) for curve in curves)
        limits = (0.0, CLOSE) if lowest < CLOSE / 2 else None
        return Plot(curves, "epoch", "MSE", x_limits=(0.0, float(EPOCHS)), y_limits=limits)
