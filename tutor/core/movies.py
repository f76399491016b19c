"""Films and the learner's ratings of them: find, rate, undo, recommend, and why.

Ratings hang on our own film ids, so they survive a switch of the data set: a film that the current set
does not hold stays rated and is only left out of the arithmetic.
"""

from __future__ import annotations

import math

from tutor.core.errors import BadInput
from tutor.core.film_lists import MODELS, BadKnob, FilmLists, film_of
from tutor.core.film_records import Film
from tutor.store.ratings import MARKS, Change, Mark, RatingRow

__all__ = ["MODELS", "BadKnob", "BadStars", "Movies", "NotRated", "parse_stars"]


class BadStars(BadInput):
    """Stars that nobody can give."""


class NotRated(BadInput):
    """A rating that should go is not there."""


def parse_stars(text: str | float) -> float:
    """Stars from 0.5 to 5 in halves: `4`, `"4.5"`, `"4,5"`. Raises `BadStars`."""
    try:
        stars = float(str(text).strip().replace(",", "."))
    except ValueError:
        stars = math.nan
    if not (0.5 <= stars <= 5 and (stars * 2).is_integer()):
        raise BadStars(
            f"{str(text).strip()[:40]!r} is no rating; stars go from 0.5 to 5 in halves, like 3.5."
        )
    return stars


class Movies(FilmLists):
    """The films of the current data set. Methods may be called from any thread; one at a time works."""

    # --- films -------------------------------------------------------------------------------

    def search(self, text: str, limit: int = 10) -> list[Film]:
        """Films that match what was typed so far, best first."""
        stars = self._ratings.stars()
        return [film_of(row, stars) for row in self.catalogue().search(text, limit)]

    def film(self, ref: str) -> Film:
        """A film by id or "Title (year)". Raises `UnknownFilm`, `AmbiguousTitle`."""
        return film_of(self._row(ref), self._ratings.stars())

    # --- ratings -----------------------------------------------------------------------------

    def rate(
        self, ref: str, stars: str | float, predicted: float | None = None, asked_by: str | None = None
    ) -> Change:
        """Rate a film; on disk when this returns. `predicted`: what was forecast, unseen by the learner.

        Raises `BadStars`, `UnknownFilm`, `AmbiguousTitle`.
        """
        value = parse_stars(stars)
        return self._ratings.set(self._row(ref), value, predicted, asked_by)

    def delete(self, ref: str) -> Change:
        """Take a rating away. Raises `NotRated`, `UnknownFilm`, `AmbiguousTitle`."""
        row = self._row(ref)
        if row.id not in self._ratings.stars():
            raise NotRated(f"{row.title} is not rated, so there is nothing to delete.")
        return self._ratings.set(row, None)

    def undo(self) -> Change | None:
        """Take back the last change of a rating; None if there is none left."""
        return self._ratings.undo()

    def rated(self) -> list[RatingRow]:
        """All ratings, newest first, whichever data set they came from."""
        return self._ratings.all()

    # --- marks -------------------------------------------------------------------------------

    def mark(self, ref: str, mark: Mark, on: bool = True, asked_by: str | None = None) -> Change:
        """Say that a film was not seen, was seen, is not interesting, or is to be watched; or take it back.

        Raises `BadInput` for another mark, `UnknownFilm`, `AmbiguousTitle`.
        """
        if mark not in MARKS:
            raise BadInput(f"There is no mark {mark!r}; there are {', '.join(MARKS)}.")
        return self._ratings.mark(self._row(ref), mark, on, asked_by)

    def marked(self, mark: Mark) -> list[Film]:
        """The films with a mark, the last one marked first."""
        stars = self._ratings.stars()
        return [film_of(row, stars) for row in self._ratings.marked(mark)]
