"""The arithmetic of one list: fold the person in, rank, and take predictions apart. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recommender import listing
from recommender.listing import Ends, Served, Someone
from recommender.lists import Knobs, Ranked
from recommender.lists_audience import Audience
from tutor.core.catalogue import Catalogue
from tutor.core.film_records import Because, Recommendation, Why

DIGITS = 4
"""Decimals of stars: the parts of a prediction add up to it within 0.01 star all the same."""


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
        self._last: tuple[dict[str, float], Someone] | None = None

    def known(self, stars: Mapping[str, float]) -> int:
        """How many of these films the model knows."""
        return sum(film in self._row for film in stars)

    def folded(self, stars: Mapping[str, float]) -> Someone:
        """The person who gave these stars, by film id; films that the model does not know are left out."""
        known = {film: value for film, value in stars.items() if film in self._row}
        if self._last is None or self._last[0] != known:
            rows = [self._row[film] for film in known]
            self._last = (known, listing.fold(self.model, rows, list(known.values())))
        return self._last[1]

    def recommend(
        self, stars: Mapping[str, float], top: int, why: bool, knobs: Knobs | None = None
    ) -> list[Recommendation]:
        """The best films that were not rated, best first."""
        person = self.folded(stars)
        found = listing.ranked(self.model, self.audience, person, max(0, top), self._hidden, knobs)
        predicted, ends = listing.predict(self.model, person, found.rows)
        return [
            self._recommendation(found, at, float(predicted[at]), ends, person if why else None)
            for at in range(len(found.rows))
        ]

    def predicted(self, stars: Mapping[str, float], film: str) -> float | None:
        """Stars that this person would give a film."""
        row = self._row.get(film)
        if row is None:
            return None
        return round(float(listing.predict(self.model, self.folded(stars), [row])[0][0]), DIGITS)

    def why(self, stars: Mapping[str, float], film: str) -> Why | None:
        """The prediction for a film, taken apart."""
        row = self._row.get(film)
        return None if row is None else self._why(self.folded(stars), row)

    def similar(self, film: str, top: int) -> list[str] | None:
        """Ids of the films most like a film, the closest first; None if the model does not know it."""
        row = self._row.get(film)
        if row is None:
            return None
        hidden = {*self._hidden.tolist()}
        found = listing.similar(self.model, row, top + len(hidden))
        return [self.model.film_ids[one] for one in found if one not in hidden][:top]

    def _recommendation(
        self, found: Ranked, at: int, predicted: float, ends: Ends, person: Someone | None
    ) -> Recommendation:
        row = int(found.rows[at])
        film = self._films[self.model.film_ids[row]]
        low, high = (None, None) if ends is None else (round(float(end[at]), DIGITS) for end in ends)
        return Recommendation(
            rank=at + 1, id=film.id, title=film.title, year=film.year or None, genres=film.genres,
            keys=film.keys, predicted=round(predicted, DIGITS), low=low, high=high,
            why=None if person is None else self._why(person, row),
            diversity_cost=round(float(found.diversity_cost[at]), DIGITS),
        )  # fmt: skip

    def _why(self, person: Someone, row: int) -> Why:
        found = listing.why(self.model, person, row)
        parts: dict[str, Any] = {
            name: round(getattr(found, name), DIGITS)
            for name in ("mean", "user_bias", "item_bias", "taste", "clamp", "rest")
        }
        return Why(because=tuple(self._because(*one) for one in found.because), **parts)

    def _because(self, row: int, stars: float, push: float) -> Because:
        film = self.model.film_ids[row]
        title = self._films[film].title if film in self._films else film
        return Because(id=film, title=title, stars=stars, push=round(push, DIGITS))
