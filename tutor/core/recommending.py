"""The arithmetic of one list: fold the person in, rank, and take predictions apart. NumPy only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import listing
from recommender.listing import Ends, Served, Someone
from recommender.lists import Knobs, Ranked
from recommender.lists_audience import Audience
from tutor.core.catalogue import Catalogue
from tutor.core.film_records import Because, Recommendation, Why

DIGITS = 4
"""Decimals of stars: the parts of a prediction add up to it within 0.01 star all the same."""


Groups = Mapping[str, tuple[str, str]]
"""Films that stand for a group of taste: film id -> id and title under which their pushes are added up."""
NO_GROUPS: Groups = {}
PEOPLE = 4
"""So many people who were folded in are kept: the learner, and the learner had they rated otherwise."""


class Ranker:
    """A model and the catalogue whose films it ranks. A film may have several rows; one stands for it."""

    def __init__(self, model: Served, audience: Audience | None, catalogue: Catalogue) -> None:
        self.model = model
        self.audience = audience
        self.catalogue = catalogue
        self._films = catalogue.films
        self._row: dict[str, int] = {}
        for row, (film, item) in enumerate(zip(model.film_ids, model.item_ids, strict=True)):
            if film not in self._row or catalogue.main_items.get(film) == item:
                self._row[film] = row
        shown = [row for film, row in self._row.items() if film in self._films]
        self._hidden = np.setdiff1d(np.arange(model.n_items), shown)
        self._people: list[tuple[dict[str, float], Someone]] = []
        """The last people who were folded in, the newest first."""

    def known(self, stars: Mapping[str, float]) -> int:
        """How many of these films the model knows."""
        return sum(film in self._row for film in stars)

    def folded(self, stars: Mapping[str, float]) -> Someone:
        """The person who gave these stars, by film id; films that the model does not know are left out."""
        known = {film: value for film, value in stars.items() if film in self._row}
        for given, person in self._people:
            if given == known:
                return person
        rows = [self._row[film] for film in known]
        person = listing.fold(self.model, rows, list(known.values()))
        self._people = [(known, person), *self._people[: PEOPLE - 1]]
        return person

    def rows_of(self, films: Collection[str]) -> NDArray[np.intp]:
        """Rows of the films that the model knows."""
        return np.array([self._row[film] for film in films if film in self._row], dtype=np.intp)

    def recommend(
        self,
        stars: Mapping[str, float],
        top: int,
        why: bool,
        knobs: Knobs | None = None,
        never: Collection[str] = (),
        groups: Groups = NO_GROUPS,
    ) -> list[Recommendation]:
        """The best films that were not rated and are not in `never`, best first."""
        person = self.folded(stars)
        gone = np.concatenate([self._hidden, self.rows_of(never)])
        assumed = self.rows_of(groups)
        found = listing.ranked(self.model, self.audience, person, max(0, top), gone, knobs, assumed)
        predicted, ends = listing.predict(self.model, person, found.rows)
        return [
            self._recommendation(found, at, float(predicted[at]), ends, (person, groups) if why else None)
            for at in range(len(found.rows))
        ]

    def predicted(self, stars: Mapping[str, float], film: str) -> float | None:
        """Stars that this person would give a film."""
        row = self._row.get(film)
        if row is None:
            return None
        return round(float(listing.predict(self.model, self.folded(stars), [row])[0][0]), DIGITS)

    def why(self, stars: Mapping[str, float], film: str, groups: Groups = NO_GROUPS) -> Why | None:
        """The prediction for a film, taken apart; what films stand for in `groups` is added up."""
        row = self._row.get(film)
        return None if row is None else self._why(self.folded(stars), row, groups)

    def alike(self, film: str, others: Collection[str], top: int) -> list[tuple[str, float]]:
        """Those of `others` that are most like a film, with the cosine of their audiences; closest first."""
        row, rows = self._row.get(film), self.rows_of(others)
        if row is None or self.audience is None or not len(rows):
            return []
        cosines = self.audience.directions(rows) @ self.audience.directions(np.array([row]))[0]
        order = np.argsort(-cosines, kind="stable")[:top]
        return [(self.model.film_ids[rows[at]], float(cosines[at])) for at in order]

    def similar(self, film: str, top: int) -> list[str] | None:
        """Ids of the films most like a film, the closest first; None if the model does not know it."""
        row = self._row.get(film)
        if row is None:
            return None
        hidden = {*self._hidden.tolist()}
        found = listing.similar(self.model, row, top + len(hidden))
        return [self.model.film_ids[one] for one in found if one not in hidden][:top]

    def _recommendation(
        self, found: Ranked, at: int, predicted: float, ends: Ends, reason: tuple[Someone, Groups] | None
    ) -> Recommendation:
        row = int(found.rows[at])
        film = self._films[self.model.film_ids[row]]
        low, high = (None, None) if ends is None else (round(float(end[at]), DIGITS) for end in ends)
        return Recommendation(
            rank=at + 1, id=film.id, title=film.title, year=film.year or None, genres=film.genres,
            keys=film.keys, predicted=round(predicted, DIGITS), low=low, high=high,
            why=None if reason is None else self._why(reason[0], row, reason[1]),
            diversity_cost=round(float(found.diversity_cost[at]), DIGITS),
            ratings=self.catalogue.counts[film.id],
        )  # fmt: skip

    def _why(self, person: Someone, row: int, groups: Groups) -> Why:
        found = listing.why(self.model, person, row)
        parts: dict[str, Any] = {
            name: round(getattr(found, name), DIGITS)
            for name in ("mean", "user_bias", "item_bias", "taste", "clamp", "rest")
        }
        because: dict[str, Because] = {}
        for one in found.because:
            told = self._because(*one, groups)
            push = told.push + (because[told.id].push if told.id in because else 0)
            because[told.id] = Because(told.id, told.title, told.stars, round(push, DIGITS))
        return Why(because=tuple(because.values()), **parts)

    def _because(self, row: int, stars: float, push: float, groups: Groups) -> Because:
        film = self.model.film_ids[row]
        group, title = groups.get(film, (film, ""))
        title = title or (self._films[film].title if film in self._films else film)
        return Because(id=group, title=title, stars=stars, push=round(push, DIGITS))
