"""Lists of films that can be rated with one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from tutor.core.plotting import thin_meter
from tutor.ui.commands import bindings
from tutor.ui.widgets.rows import Cell, R, RowList, fitted

if TYPE_CHECKING:
    from tutor.store.ratings import Mark


class Film(NamedTuple):
    """A film with the learner's own stars, if there are any."""

    id: str
    title: str
    year: int
    genres: tuple[str, ...]
    stars: float | None = None


class Pick(NamedTuple):
    """A film of the list for the learner. `moved`: places gained by the last rating; None if it is new."""

    film: Film
    rank: int
    predicted: float
    moved: int | None = 0
    low: float | None = None
    high: float | None = None
    """Nine of ten such ratings lie between these; None where that is not known."""
    few: bool = False
    """Few people rated it, so that the stars rest on little."""


def stars_of(key: str) -> float:
    """The stars of a key: 1-9 are half a star to 4½, 0 is 5."""
    return (int(key) or 10) / 2


def stars_text(stars: float) -> str:
    """Stars as signs: ★★★½."""
    return "★" * int(stars) + ("½" if stars % 1 else "")


class FilmList(RowList[R]):
    """Rates and unrates the film under the cursor, by message."""

    BINDINGS = bindings("movies", "films")

    class Rated(Message):
        """The learner gave a film stars; None takes the rating back."""

        def __init__(self, film: Film, stars: float | None) -> None:
            super().__init__()
            self.film = film
            self.stars = stars

    class Marked(Message):
        """The learner marks a film, or takes the mark back."""

        def __init__(self, film: Film, mark: Mark) -> None:
            super().__init__()
            self.film = film
            self.mark = mark

    def film(self, row: R) -> Film:
        """The film of a row."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a row there is nothing to rate, without stars nothing to take back."""
        if action in ("rate", "unrate", "mark"):
            current = self.current
            return current is not None and (action != "unrate" or self.film(current).stars is not None)
        return super().check_action(action, parameters)

    def action_rate(self, key: str) -> None:
        """Rate the film under the cursor."""
        if (current := self.current) is not None:
            self.post_message(self.Rated(self.film(current), stars_of(key)))

    def action_mark(self, mark: Mark) -> None:
        """Mark the film under the cursor."""
        if (current := self.current) is not None:
            self.post_message(self.Marked(self.film(current), mark))

    def action_unrate(self) -> None:
        """Take its rating back."""
        if (current := self.current) is not None:
            self.post_message(self.Rated(self.film(current), None))


class Films(FilmList[Film]):
    """Films by title: what a search found, or what the learner rated."""

    def film(self, row: Film) -> Film:
        """The row itself."""
        return row

    def cells(self, row: Film, width: int) -> list[Cell]:
        """Stars, title, year."""
        stars = stars_text(row.stars) if row.stars is not None else "·"
        room = max(8, width - 12)
        return [
            Cell(fitted(row.title, room)),
            Cell(f" {row.year or '    '} ", "muted"),
            Cell(fitted(stars, 6), "strong" if row.stars is not None else "muted"),
        ]


class Picks(FilmList[Pick]):
    """The list for the learner."""

    def film(self, row: Pick) -> Film:
        """The film that is recommended."""
        return row.film

    def cells(self, row: Pick, width: int) -> list[Cell]:
        """Rank, how it moved, title, year, predicted stars; interval, meter, genres where there is room."""
        ends = "" if row.low is None or row.high is None or width < 46 else f" {row.low:.1f}–{row.high:.1f}"
        meter = f" {thin_meter((row.predicted - 0.5) / 4.5, 5)}  " if width >= 50 + len(ends) else " "
        room = max(8, width - 20 - len(meter) - len(ends))
        names = min(44, room - 14) if width >= 62 else room
        return [
            Cell(f"{row.rank:>2} ", "muted"),
            _moved(row.moved),
            Cell(fitted(row.film.title, names)),
            Cell(f" {row.film.year or '    '}  "),
            Cell(f"{row.predicted:.1f}{'?' if row.few else ' '}", "strong"),
            Cell(ends, "muted"),
            Cell(meter, "accent"),
            Cell(fitted(_that_fit(row.film.genres, room - names), room - names), "muted"),
        ]


def _that_fit(genres: tuple[str, ...], width: int) -> str:
    """As many genres as fit whole."""
    shown = ""
    for genre in genres:
        longer = f"{shown}, {genre}" if shown else genre
        if len(longer) > width:
            break
        shown = longer
    return shown


def _moved(places: int | None) -> Cell:
    if places is None:
        return Cell("new  ", "good")
    if places > 0:
        return Cell(fitted(f"▲{places}", 5), "good")
    return Cell(fitted(f"▼{-places}", 5), "bad") if places < 0 else Cell(" " * 5)


def moves(before: Sequence[str], after: Sequence[str]) -> dict[str, int | None]:
    """Places that each film gained among those on both lists; None for a film that is new.

    A film that was rated leaves the list; that alone moves nobody.
    """
    if not before:
        return dict.fromkeys(after, 0)
    stayed = [film for film in before if film in set(after)]
    known = set(stayed)
    now = {film: place for place, film in enumerate(film for film in after if film in known)}
    was = {film: place for place, film in enumerate(stayed)}
    return {film: was[film] - now[film] if film in known else None for film in after}
