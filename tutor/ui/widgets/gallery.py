"""The pictures of a run, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tutor.core.plotting import Plot
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.growing import Picture


class Gallery(VerticalScroll, can_focus=True):
    """Shows one of several pictures; a long print-out can be scrolled."""

    DEFAULT_CSS = """
    Gallery { height: 1fr; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pictures: Sequence[Picture] = ()
        self._title: str | None = None

    def compose(self) -> ComposeResult:
        """One chart, which takes each picture in turn."""
        yield Chart(id="chart")

    @property
    def place(self) -> int:
        """Which picture is shown, counted from 0."""
        titles = [title for title, _ in self._pictures]
        return titles.index(self._title) if self._title in titles else 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._pictures)

    @property
    def caption(self) -> str:
        """Title of the picture, and where it stands among several; curves alone need none."""
        if not self._pictures:
            return ""
        title, picture = self._pictures[self.place]
        if self.count > 1:
            return f"{title} · {self.place + 1} of {self.count} [ ]"
        return "" if isinstance(picture, Plot) else title

    @property
    def kind(self) -> str:
        """Kind of the picture: that of a chart, or "curves"."""
        picture = self._pictures[self.place][1] if self._pictures else Plot()
        return "curves" if isinstance(picture, Plot) else str(picture["kind"])

    @property
    def words(self) -> str:
        """What the picture shows, in one line."""
        return self.query_one(Chart).summary

    def show(self, pictures: Sequence[Picture]) -> None:
        """Take these pictures; the one that is looked at stays, if it is still among them."""
        self._pictures = pictures
        if pictures:
            self.query_one(Chart).plot = pictures[self.place][1]

    def begin(self) -> None:
        """Go to the first picture."""
        self._title = None

    def turn(self, step: int) -> None:
        """Go to the next picture, or the one before."""
        if self._pictures:
            self._title = self._pictures[(self.place + step) % self.count][0]
            self.scroll_home(animate=False)
            self.show(self._pictures)
