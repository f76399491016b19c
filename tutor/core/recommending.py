"""The arithmetic of one list: fold the person in, rank, and take predictions apart. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recommender import foldin, ranking
from recommender.checkpoint import FactorModel
from recommender.foldin import Folded
from tutor.core.catalogue import Catalogue
from tutor.core.movies import Because, Recommendation, Why

DIGITS = 4
"""Decimals of stars: the parts of a prediction add up to it within 0.01 star all the same."""


class Ranker:
    """A model and the catalogue whose films it ranks. A film may have several rows; one stands for it."""

    def __init__(self, model: FactorModel, catalogue: Catalogue) -> None:
        self.model = model
        self.catalogue = catalogue
        self._films = catalogue.films
        self._row: dict[str, int] = {}
        for row, (film, item) in enumerate(zip(model.film_ids, model.item_ids, strict=True)):
            if film not in self._row or catalogue.main_items.get(film) == item:
                self._row[film] = row
        shown = [row for film, row in self._row.items() if film in self._films]
        self._hidden = np.setdiff1d(np.arange(model.n_items), shown)
        self._last: tuple[dict[str, float], Folded] | None = None

    def known(self, stars: Mapping[str, float]) -> int:
        """How many of these films the model knows."""
        return sum(film in self._row for film in stars)

    def folded(self, stars: Mapping[str, float]) -> Folded:
        """The person who gave these stars, by film id; films that the model does not know are left out."""
        known = {film: value for film, value in stars.items() if film in self._row}
        if self._last is None or self._last[0] != known:
            rows = [self._row[film] for film in known]
            self._last = (known, foldin.fold_in(self.model, rows, list(known.values())))
        return self._last[1]

    def recommend(self, stars: Mapping[str, float], top: int, why: bool) -> list[Recommendation]:
        """The best films that were not rated, best first."""
        folded = self.folded(stars)
        left_out = np.concatenate([self._hidden, folded.rows])
        rows = ranking.top_n(self.model, folded, max(0, top), left_out)
        predicted = ranking.predict(self.model, folded, rows) if len(rows) else ()
        return [
            self._recommendation(rank, int(row), float(value), self._why(folded, int(row)) if why else None)
            for rank, (row, value) in enumerate(zip(rows, predicted, strict=True), start=1)
        ]

    def predicted(self, stars: Mapping[str, float], film: str) -> float | None:
        """Stars that this person would give a film."""
        row = self._row.get(film)
        if row is None:
            return None
        return round(float(ranking.predict(self.model, self.folded(stars), [row])[0]), DIGITS)

    def why(self, stars: Mapping[str, float], film: str) -> Why | None:
        """The prediction for a film, taken apart."""
        row = self._row.get(film)
        return None if row is None else self._why(self.folded(stars), row)

    def _recommendation(self, rank: int, row: int, predicted: float, why: Why | None) -> Recommendation:
        film = self._films[self.model.film_ids[row]]
        return Recommendation(
            rank=rank, id=film.id, title=film.title, year=film.year or None, genres=film.genres,
            keys=film.keys, predicted=round(predicted, DIGITS), why=why,
        )  # fmt: skip

    def _why(self, folded: Folded, row: int) -> Why:
        found = ranking.why(self.model, folded, row)
        parts: dict[str, Any] = {
            name: round(getattr(found, name), DIGITS)
            for name in ("mean", "user_bias", "item_bias", "taste", "clamp", "rest")
        }
        return Why(because=tuple(self._because(*one) for one in found.because), **parts)

    def _because(self, row: int, stars: float, push: float) -> Because:
        film = self.model.film_ids[row]
        title = self._films[film].title if film in self._films else film
        return Because(id=film, title=title, stars=stars, push=round(push, DIGITS))
