"""Films and the learner's ratings of them: find, rate, undo, recommend, and why.

Ratings hang on our own film ids, so they survive a switch of the data set: a film that the current set
does not hold stays rated and is only left out of the arithmetic.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tutor.core.datasets import DataSets
from tutor.core.errors import BadInput
from tutor.core.events import WorkEvent
from tutor.core.film_records import Basis, Film, Recommendation, Why
from tutor.core.serving import BEST, MODEL, NoModel, Serving
from tutor.store.ratings import Change, FilmRow, RatingRow
from tutor.store.store import Store

if TYPE_CHECKING:
    from recommender.listing import Someone
    from recommender.lists import Knobs
    from tutor.core.catalogue import Catalogue
    from tutor.core.recommending import Ranker


MODELS = ("best", "dot-bias", "als", "item-knn", "popularity")
"""Recommenders that make personal lists."""
ON_THE_SPOT = ("item-knn", "popularity")
"""Those that are learnt when they are asked; who rates what they find beside `dot-bias`."""


class BadKnob(BadInput):
    """A knob that cannot be turned so far."""


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


class Movies:
    """The films of the current data set. Methods may be called from any thread; one at a time works."""

    def __init__(self, store: Store, data: DataSets, serving: Serving) -> None:
        self._ratings = store.ratings
        self._data = data
        self._serving = serving
        self._lock = threading.RLock()
        self._catalogues: tuple[object, Catalogue] | None = None
        self._rankers: list[Ranker] = []
        """The last two that were needed."""

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
        return self._serving.ready() or self._serving.ready(kind=BEST)

    @property
    def best_wanted(self) -> bool:
        """Whether the more accurate model should be fitted now, in the background."""
        return self._serving.best_wanted

    @property
    def default_model(self) -> str:
        """The model that is worth waiting for where nobody looks on: `best`, unless the set is large."""
        return BEST if self._serving.best_wanted or self._serving.fresh(kind=BEST) else MODEL

    def ensure_model(
        self, cancelled: Callable[[], bool] = lambda: False, model: str | None = None
    ) -> Iterator[WorkEvent]:
        """Train the quick recommender, or `model`, if it is missing, damaged or older than its data."""
        kind = MODEL if model is None or model in ON_THE_SPOT else model
        return self._serving.ensure(cancelled, kind)

    def ensure_best(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[WorkEvent]:
        """The same for the more accurate model, beside everything else."""
        return self._serving.ensure_best(cancelled)

    def recommend(
        self,
        top: int = 10,
        *,
        ratings: Mapping[str, float] | None = None,
        why: bool = False,
        model: str | None = None,
        knobs: Mapping[str, float] | None = None,
    ) -> list[Recommendation]:
        """The best films for the learner, or for the person who gave `ratings` (stars by film id).

        Never a rated film, never one film twice. Without ratings it is a typical viewer's list; `basis`
        says what the list rests on. `model`: one of MODELS, by default the best that is ready; `knobs`: stars
        for `popularity`, `novelty`, `diversity` (see `recommender.lists.Knobs`).
        Raises `NoModel`, `BadKnob`, and `CannotDo` for what a model cannot do.
        """
        stars, turned = self._stars(ratings), _knobs(knobs or {})
        if model in ON_THE_SPOT:
            from tutor.core.recommending_baselines import recommend

            audience = self._serving.served(kind=MODEL)[1]
            return recommend(model, self._data.dataset(), self._catalogue(), audience, stars, top, turned)
        ranker = self._ranker(model)
        if knobs and ranker.audience is None:
            raise NoModel("The knobs need a recommender that knows who rates what; train it again.")
        return ranker.recommend(stars, top, why, turned)

    def similar(self, ref: str, top: int = 10) -> list[Film]:
        """Films that please the same people, closest first; none if the model does not know the film.

        Raises `NoModel`, `UnknownFilm`, `AmbiguousTitle`.
        """
        found = self._ranker().similar(self._row(ref).id, top) or []
        stars, films = self._ratings.stars(), self._catalogue().films
        return [_film(films[film], stars) for film in found]

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

    def learner_vector(self, ratings: Mapping[str, float] | None = None) -> Someone:
        """The learner (or the person of `ratings`) as `dot-bias` sees them. Raises `NoModel`."""
        return self._ranker(MODEL).folded(self._stars(ratings))

    def _stars(self, ratings: Mapping[str, float] | None) -> Mapping[str, float]:
        return self._ratings.stars() if ratings is None else ratings

    def _ranker(self, kind: str | None = None) -> Ranker:
        from tutor.core.recommending import Ranker

        (model, audience), catalogue = self._serving.served(kind=kind), self._catalogue()
        with self._lock:
            for ranker in self._rankers:
                if ranker.model is model and ranker.catalogue is catalogue:
                    return ranker
            ranker = Ranker(model, audience, catalogue)
            self._rankers = [ranker, *self._rankers[:1]]
            return ranker


def _knobs(turned: Mapping[str, float]) -> Knobs:
    from recommender.lists import Knobs

    try:
        return Knobs(**turned)
    except ValueError as error:
        raise BadKnob(f"{error}.") from None


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
