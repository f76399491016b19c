"""Which films a person gets, and why: the model, the knobs, what is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tutor.core.errors import BadInput
from tutor.core.film_models import ON_THE_SPOT, FilmModels
from tutor.core.film_records import Basis, Film, Near, Recommendation, Why
from tutor.core.own_list import OWN, own_list, own_names
from tutor.core.serving import MODEL, NoModel
from tutor.store.ratings import FilmRow

if TYPE_CHECKING:
    from recommender.foldin import Folded
    from recommender.lists import Knobs

MODELS = ("best", "dot-bias", "als", *ON_THE_SPOT)
"""Recommenders that make personal lists."""


class BadKnob(BadInput):
    """A knob that cannot be turned so far."""


class FilmLists(FilmModels):
    """What a person would give the films of the current data set, and the list that comes of it."""

    def recommend(
        self,
        top: int = 10,
        *,
        ratings: Mapping[str, float] | None = None,
        why: bool = False,
        model: str | None = None,
        knobs: Mapping[str, float] | None = None,
        genres: Collection[str] = (),
        without: Collection[str] = (),
        what_if: Mapping[str, float | None] | None = None,
    ) -> list[Recommendation]:
        """The best films for the learner, or for the person who gave `ratings` (stars by film id).

        Never a rated film, one that was seen or put away, or one film twice. Without ratings it is a typical
        viewer's list; `basis` says what it rests on. `model`: one of MODELS, by default the best that is
        ready; `knobs`: stars for `popularity`, `novelty`, `diversity` (see `recommender.lists.Knobs`); only
        films of one of `genres` and of none in `without`; `what_if`: other stars, None for not rated.
        Raises `NoModel`, `BadKnob`, and `CannotDo` for what a model cannot do.
        """
        turned = _knobs(knobs or {})
        self._check_genres([*genres, *without])
        stars, groups = self._person(ratings)
        stars = _had_they(stars, what_if)
        never = self._never(genres, without, own=ratings is None)
        if model is not None and model.startswith(OWN):
            films = self.catalogue()
            data = self._data.current
            return own_list(model, self._code, data, films, stars, top, knobs=bool(knobs), never=never)
        if model in ON_THE_SPOT:
            from tutor.core.recommending_baselines import recommend

            audience = self._serving.served(kind=MODEL)[1]
            return recommend(
                model, self._data.dataset(), self.catalogue(), audience, stars, top, turned, never
            )
        ranker = self._ranker(model)
        if knobs and ranker.audience is None:
            raise NoModel("The knobs need a recommender that knows who rates what; train it again.")
        return ranker.recommend(stars, top, why, turned, never, groups)

    @property
    def models(self) -> tuple[str, ...]:
        """Recommenders that can be asked for here: ours, then those that the learner trained."""
        return (*MODELS, *own_names(self._code, self._data.current))

    def similar(self, ref: str, top: int = 10) -> list[Film]:
        """Films that please the same people, closest first; none if the model does not know the film.

        Raises `NoModel`, `UnknownFilm`, `AmbiguousTitle`.
        """
        found = self._ranker().similar(self._row(ref).id, top) or []
        stars, films = self._ratings.stars(), self.catalogue().films
        return [film_of(films[film], stars) for film in found]

    def basis(self, ratings: Mapping[str, float] | None = None) -> Basis:
        """What `recommend` would rest on, with a sentence to show above the list. Raises `NoModel`."""
        stars = self._ratings.stars() if ratings is None else ratings
        used = self._ranker().known(stars)
        dataset = self._data.dataset()
        groups = len(self.chosen_tastes) if ratings is None and self._person(None)[1] else 0
        return Basis(
            data=dataset.name,
            used=used,
            left_out=len(stars) - used,
            invented=dataset.invented,
            note=_basis_note(used, len(stars), dataset.label, dataset.invented, groups),
        )

    def predicted(self, ref: str, ratings: Mapping[str, float] | None = None) -> float | None:
        """Stars that the person would give a film; None if the model does not know it. Raises `NoModel`."""
        return self._ranker().predicted(self._person(ratings)[0], self._row(ref).id)

    def why(self, ref: str, ratings: Mapping[str, float] | None = None) -> Why | None:
        """A prediction taken apart; None if the model does not know the film. Raises `NoModel`."""
        stars, groups = self._person(ratings)
        return self._ranker().why(stars, self._row(ref).id, groups)

    def nearest_rated(self, ref: str, top: int = 3) -> list[Near]:
        """Of the learner's own films those that the same people watch as this one, the closest first."""
        rated = {row.film.id: row for row in self._ratings.all()}
        found = self._ranker().alike(self._row(ref).id, [*rated], top)
        return [
            Near(id=film, title=rated[film].film.title, stars=rated[film].stars, cosine=round(cosine, 4))
            for film, cosine in found
        ]

    def learner_vector(self, ratings: Mapping[str, float] | None = None) -> Folded:
        """The learner (or the person of `ratings`) as `dot-bias` sees them. Raises `NoModel`."""
        from recommender.foldin import Folded

        person = self._ranker(MODEL).folded(self._ratings.stars() if ratings is None else ratings)
        assert isinstance(person, Folded)  # dot-bias is a model of points
        return person

    # --- what is left out --------------------------------------------------------------------

    def _never(self, genres: Collection[str], without: Collection[str], own: bool) -> set[str]:
        """Films that no list shows: of other genres, and those that the learner has seen or put away."""
        never = (
            {film for mark in ("seen", "hidden") for film in self._ratings.marks()[mark]} if own else set()
        )
        if not genres and not without:
            return never
        wanted, unwanted = ({one.casefold() for one in some} for some in (genres, without))
        for film in self.catalogue().films.values():
            has = {one.casefold() for one in film.genres}
            if has & unwanted or (wanted and not has & wanted):
                never.add(film.id)
        return never

    def genres(self) -> list[str]:
        """The genres of the data set, most films first."""
        return self.catalogue().genres

    def _check_genres(self, named: Collection[str]) -> None:
        known = self.genres() if named else []
        for one in named:
            if one.casefold() not in {genre.casefold() for genre in known}:
                raise BadKnob(f"No film here has the genre {one!r}; there are {', '.join(sorted(known))}.")


def _knobs(turned: Mapping[str, float]) -> Knobs:
    from recommender.lists import Knobs

    try:
        return Knobs(**turned)
    except ValueError as error:
        raise BadKnob(f"{error}.") from None


def film_of(row: FilmRow, stars: Mapping[str, float]) -> Film:
    """A film as it is listed, with the learner's stars."""
    return Film(
        id=row.id, title=row.title, year=row.year or None, genres=row.genres, keys=row.keys,
        rated=stars.get(row.id),
    )  # fmt: skip


def _had_they(
    stars: Mapping[str, float], otherwise: Mapping[str, float | None] | None
) -> Mapping[str, float]:
    """The stars as they would be after other answers."""
    changed = {**stars, **(otherwise or {})}
    return {film: value for film, value in changed.items() if value is not None}


def _basis_note(used: int, given: int, label: str, invented: bool, groups: int = 0) -> str:
    where = f"{label} (invented viewers)" if invented else label
    if groups and not given:
        return f"From the {groups} group{'s' * (groups != 1)} you picked and {where}; ratings make it yours."
    if not given:
        return f"No ratings yet: this is what a typical viewer of {where} would get."
    missing = given - used
    if groups and not missing:
        return f"From your {given} rating{'s' * (given != 1)}, the groups you picked and {where}."
    if not missing:
        return f"From your {given} rating{'s' * (given != 1)} and {where}."
    are = "are of films" if missing != 1 else "is of a film"
    return f"From {used} of your {given} ratings and {where}; {missing} {are} not in it and counts later."
