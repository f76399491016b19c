"""Films and the learner's ratings of them: find, rate, undo, recommend, and why.

Ratings hang on our own film ids, so they survive a switch of the data set: a film that the current set
does not hold stays rated and is only left out of the arithmetic.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.core.datasets import DataSets
from tutor.core.errors import BadInput
from tutor.core.events import Record, WorkEvent
from tutor.core.serving import Serving
from tutor.store.ratings import Change, FilmRow, RatingRow
from tutor.store.store import Store

if TYPE_CHECKING:
    from recommender.foldin import Folded
    from tutor.core.catalogue import Catalogue
    from tutor.core.recommending import Ranker


class BadStars(BadInput):
    """Stars that nobody can give."""


class NotRated(BadInput):
    """A rating that should go is not there."""


class Film(Record):
    """A film as it is listed; `rated`: the learner's stars, None if not rated."""

    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]
    keys: dict[str, str]
    rated: float | None


@dataclass(frozen=True, slots=True)
class Because:
    """How far one of the person's ratings pushed a prediction, in stars; light, since there are many."""

    id: str
    title: str
    stars: float
    push: float


class Why(Record):
    """A prediction taken apart, in stars: the first five add up to it."""

    mean: float
    user_bias: float
    item_bias: float
    taste: float
    clamp: float
    because: tuple[Because, ...]
    rest: float


class Recommendation(Record):
    """A film that is recommended, with the stars that this person would give it."""

    rank: int
    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]
    keys: dict[str, str]
    predicted: float
    low: float | None = None
    high: float | None = None
    why: Why | None = None
    diversity_cost: float | None = None


class Basis(Record):
    """What a list rests on."""

    data: str
    used: int
    """Ratings that count."""
    left_out: int
    """Ratings of films that the model does not know."""
    invented: bool
    note: str
    """The same in a sentence."""


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


class Movies:
    """The films of the current data set. Methods may be called from any thread; one at a time works."""

    def __init__(self, store: Store, data: DataSets, serving: Serving) -> None:
        self._ratings = store.ratings
        self._data = data
        self._serving = serving
        self._lock = threading.RLock()
        self._catalogues: tuple[object, Catalogue] | None = None
        self._last: Ranker | None = None

    # --- films -------------------------------------------------------------------------------

    def search(self, text: str, limit: int = 10) -> list[Film]:
        """Films that match what was typed so far, best first."""
        stars = self._ratings.stars()
        return [_film(row, stars) for row in self._catalogue().search(text, limit)]

    def film(self, ref: str) -> Film:
        """A film by id or "Title (year)". Raises `UnknownFilm`, `AmbiguousTitle`."""
        return _film(self._row(ref), self._ratings.stars())

    def _row(self, ref: str) -> FilmRow:
        """The film in the catalogue, else one that was rated in another data set (by its id)."""
        known = self._ratings.film(ref.strip())
        catalogue = self._catalogue()
        return known if known and known.id not in catalogue.films else catalogue.find(ref)

    def _catalogue(self) -> Catalogue:
        from tutor.core.catalogue import Catalogue

        dataset = self._data.dataset()
        with self._lock:
            if self._catalogues is None or self._catalogues[0] is not dataset:
                self._catalogues = (dataset, Catalogue(dataset))
            return self._catalogues[1]

    # --- ratings -----------------------------------------------------------------------------

    def rate(self, ref: str, stars: str | float) -> Change:
        """Rate a film; on disk when this returns. Raises `BadStars`, `UnknownFilm`, `AmbiguousTitle`."""
        value = parse_stars(stars)
        return self._ratings.set(self._row(ref), value)

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

    # --- recommendations ---------------------------------------------------------------------

    @property
    def model_ready(self) -> bool:
        """Whether a list can be made at once, if need be by an older model."""
        return self._serving.ready()

    def ensure_model(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[WorkEvent]:
        """Train the recommender if it is missing, damaged or older than its data."""
        return self._serving.ensure(cancelled)

    def recommend(
        self, top: int = 10, *, ratings: Mapping[str, float] | None = None, why: bool = False
    ) -> list[Recommendation]:
        """The best films for the learner, or for the person who gave `ratings` (stars by film id).

        Never a rated film, never one film twice. Without ratings it is a typical viewer's list; `basis`
        says what the list rests on. Raises `NoModel`.
        """
        return self._ranker().recommend(self._stars(ratings), top, why)

    def basis(self, ratings: Mapping[str, float] | None = None) -> Basis:
        """What `recommend` would rest on, with a sentence to show above the list. Raises `NoModel`."""
        stars = self._stars(ratings)
        used = self._ranker().known(stars)
        dataset = self._data.dataset()
        return Basis(
            data=dataset.name,
            used=used,
            left_out=len(stars) - used,
            invented=dataset.invented,
            note=_basis_note(used, len(stars), dataset.label, dataset.invented),
        )

    def predicted(self, ref: str, ratings: Mapping[str, float] | None = None) -> float | None:
        """Stars that the person would give a film; None if the model does not know it. Raises `NoModel`."""
        return self._ranker().predicted(self._stars(ratings), self._row(ref).id)

    def why(self, ref: str, ratings: Mapping[str, float] | None = None) -> Why | None:
        """A prediction taken apart; None if the model does not know the film. Raises `NoModel`."""
        return self._ranker().why(self._stars(ratings), self._row(ref).id)

    def learner_vector(self, ratings: Mapping[str, float] | None = None) -> Folded:
        """The learner (or the person of `ratings`) as the model sees them. Raises `NoModel`."""
        return self._ranker().folded(self._stars(ratings))

    def _stars(self, ratings: Mapping[str, float] | None) -> Mapping[str, float]:
        return self._ratings.stars() if ratings is None else ratings

    def _ranker(self) -> Ranker:
        from tutor.core.recommending import Ranker

        model, catalogue = self._serving.model(), self._catalogue()
        with self._lock:
            if self._last is None or self._last.model is not model or self._last.catalogue is not catalogue:
                self._last = Ranker(model, catalogue)
            return self._last


def _film(row: FilmRow, stars: Mapping[str, float]) -> Film:
    return Film(
        id=row.id, title=row.title, year=row.year or None, genres=row.genres, keys=row.keys,
        rated=stars.get(row.id),
    )  # fmt: skip


def _basis_note(used: int, given: int, label: str, invented: bool) -> str:
    where = f"{label} (invented viewers)" if invented else label
    if not given:
        return f"No ratings yet: this is what a typical viewer of {where} would get."
    missing = given - used
    if not missing:
        return f"From your {given} rating{'s' * (given != 1)} and {where}."
    are = "are of films" if missing != 1 else "is of a film"
    return f"From {used} of your {given} ratings and {where}; {missing} {are} not in it and counts later."
