"""The films of the data set in use, the model that serves, and the person whom it is asked about."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tutor.core.datasets import DataSets
from tutor.core.errors import BadInput
from tutor.core.events import Cancelled, Failed, Rested, WorkEvent
from tutor.core.own_list import OWN
from tutor.core.serving import BEST, MODEL, Serving
from tutor.store.ratings import Asked, FilmRow, Guess, Mark
from tutor.store.store import Store

if TYPE_CHECKING:
    from recommender.checkpoint import FactorModel
    from recommender.ratings import Dataset
    from tutor.core.catalogue import Catalogue
    from tutor.core.recommending import Groups, Ranker
    from tutor.core.tastes import Taste

ON_THE_SPOT = ("item-knn", "popularity")
"""Models that are learnt when they are asked; who rates what they find beside `dot-bias`."""
_KEPT = 4
"""Rankers that are kept: of the models that were needed last."""
STANDING = 2
"""Films that stand for a group of taste at first. On MovieLens 100K one to six do alike: nDCG@10 of the list
of three groups is 0.02 beyond popularity."""
FADES = 3
"""Ratings of the learner's own that take the place of a film of each group."""
MORE = 0.5
"""Stars beyond a typical viewer's."""


class FilmModels:
    """Catalogue, models and the learner as a person of the data set. Any thread may ask."""

    def __init__(self, store: Store, data: DataSets, serving: Serving) -> None:
        self._store = store
        self._ratings = store.ratings
        self._code = store.code
        self._data = data
        self._serving = serving
        self._lock = threading.RLock()
        self._catalogues: tuple[object, Catalogue] | None = None
        self._rankers: list[Ranker] = []
        self._grouped: tuple[object, list[Taste]] | None = None

    def catalogue(self) -> Catalogue:
        """The films of the data set in use."""
        from tutor.core.catalogue import Catalogue

        dataset = self._data.dataset()
        with self._lock:
            if self._catalogues is None or self._catalogues[0] is not dataset:
                self._catalogues = (dataset, Catalogue(dataset))
            return self._catalogues[1]

    def _row(self, ref: str) -> FilmRow:
        """The film in the catalogue, else one that was rated in another data set (by its id)."""
        known = self._ratings.film(ref.strip())
        catalogue = self.catalogue()
        return known if known and known.id not in catalogue.films else catalogue.find(ref)

    def retrain(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[WorkEvent]:
        """Train the quick recommender again, and the accurate one where the set is small enough for it."""
        best = self._serving.fresh(kind=BEST) or self._serving.best_wanted
        for event in self._serving.ensure(cancelled, again=True):
            if not best or not isinstance(event, Rested):
                yield event
            if isinstance(event, Failed | Cancelled):
                return
        if best:
            yield from self._serving.ensure_best(cancelled, again=True)

    def dataset(self) -> Dataset:
        """The data set in use."""
        return self._data.dataset()

    # --- what the learner said -------------------------------------------------------------------

    def stars(self) -> dict[str, float]:
        """The learner's stars by film id."""
        return self._ratings.stars()

    def marks(self) -> dict[Mark, frozenset[str]]:
        """The learner's marks: film ids by mark."""
        return self._ratings.marks()

    def guesses(self) -> list[Guess]:
        """First ratings with what had been forecast, in order."""
        return self._ratings.guesses()

    def asked(self) -> list[Asked]:
        """How the questions of each strategy went."""
        return self._ratings.asked()

    def mean_stars(self) -> dict[str, float]:
        """Mean rating of each film by its id; under "" the mean of all."""
        return self.catalogue().mean_stars

    def setting(self, name: str) -> Any:
        """A choice of the learner's that was kept."""
        return self._store.settings.get(name)

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a choice."""
        self._store.settings.set(name, value)

    # --- models ------------------------------------------------------------------------------

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
        if model is not None and model.startswith(OWN):
            return iter((Rested(note="Your own scores need no training."),))
        kind = MODEL if model is None or model in ON_THE_SPOT else model
        return self._serving.ensure(cancelled, kind)

    def ensure_best(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[WorkEvent]:
        """The same for the more accurate model, beside everything else."""
        return self._serving.ensure_best(cancelled)

    def draws_ranker(self) -> Ranker | None:
        """`best`, if it is fitted to the ratings as they are; else None."""
        return self._ranker(BEST) if self._serving.fresh(kind=BEST) else None

    def factor_model(self) -> FactorModel:
        """`dot-bias`: one vector for each film. Raises `NoModel`."""
        from recommender.checkpoint import FactorModel

        model = self._ranker(MODEL).model
        assert isinstance(model, FactorModel)
        return model

    # --- groups of taste ---------------------------------------------------------------------

    def tastes(self) -> list[Taste]:
        """Eight groups of films that the same people watch; none in a small set. Raises `NoModel`."""
        from tutor.core.tastes import tastes

        ranker = self._ranker(MODEL if self._serving.ready() else None)
        with self._lock:
            if ranker.audience is None:
                return []
            if self._grouped is None or self._grouped[0] is not ranker:
                films = [ranker.catalogue.films.get(film) for film in ranker.model.film_ids]
                self._grouped = (ranker, tastes(ranker.audience, films))
            return self._grouped[1]

    @property
    def chosen_tastes(self) -> tuple[str, ...]:
        """Ids of the groups that the learner picked."""
        return tuple(self._store.settings.get("tastes", ()))

    def choose_tastes(self, chosen: Collection[str]) -> None:
        """Pick groups of taste; they count until enough films are rated. Raises `BadInput`."""
        known = [taste.id for taste in self.tastes()]
        for one in chosen:
            if one not in known:
                raise BadInput(f"There is no group {one!r}; there are {', '.join(known)}.")
        self._store.settings.set("tastes", list(chosen))

    def _person(self, ratings: Mapping[str, float] | None) -> tuple[Mapping[str, float], Groups]:
        """Stars by film id, and the films among them that stand for a group of taste.

        A group that was picked counts as two films that a typical viewer would give half a star less; with
        every third rating of the learner's own as one less.
        """
        if ratings is not None:
            return ratings, {}
        own, chosen = self._ratings.stars(), self.chosen_tastes
        each = STANDING - len(own) // FADES
        if not chosen or each <= 0:
            return own, {}
        ranker = self._ranker(MODEL if self._serving.ready() else None)
        stars, groups = dict(own), {}
        for taste in self.tastes():
            for film in taste.films[:each] if taste.id in chosen else ():
                typical = ranker.predicted({}, film.id)
                if film.id not in own and typical is not None:
                    stars[film.id] = min(5.0, typical + MORE)
                    groups[film.id] = (f"group:{taste.id}", f"your group {taste.name}")
        return stars, groups

    def _ranker(self, kind: str | None = None) -> Ranker:
        from tutor.core.recommending import Ranker

        (model, audience), catalogue = self._serving.served(kind=kind), self.catalogue()
        with self._lock:
            for ranker in self._rankers:
                if ranker.model is model and ranker.catalogue is catalogue:
                    return ranker
            ranker = Ranker(model, audience, catalogue)
            self._rankers = [ranker, *self._rankers[: _KEPT - 1]]
            return ranker
