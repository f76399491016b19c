"""Ratings in and out: the door to importing and exporting, which loads neither before it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.store.ratings import RatingTable

if TYPE_CHECKING:
    from tutor.core.catalogue import Catalogue
    from tutor.core.film_import.importing import Importer
    from tutor.core.film_import.report import Matched, Open, Report


class RatingFiles:
    """Imports into and exports from one learner's ratings."""

    def __init__(self, ratings: RatingTable, catalogue: Callable[[], Catalogue]) -> None:
        self._ratings = ratings
        self._catalogue = catalogue
        self._made: Importer | None = None

    def take(self, path: Path, user: str | None = None, choices: Mapping[str, str] | None = None) -> Report:
        """Import a file, a folder or a zip (see `Importer.take`). Raises `UnreadableFile`, `UnknownFilm`."""
        return self._importer.take(path, user, choices)

    def settle(self, row: Open, ref: str, batch: int | None) -> tuple[Matched, int | None]:
        """Say which film a row means (see `Importer.settle`). Raises `UnknownFilm`, `AmbiguousTitle`."""
        return self._importer.settle(row, ref, batch)

    def export(self, path: Path) -> int:
        """Write all ratings: `.csv` as Letterboxd imports them, `.json` with all that is known.

        Returns how many there were. Raises `CannotWrite`.
        """
        from tutor.core.film_import.own import write

        rows = self._ratings.all()
        write(path, rows, self._ratings.marked("seen"), self._ratings.marked("watchlist"))
        return len(rows)

    @property
    def _importer(self) -> Importer:
        from tutor.core.film_import.importing import Importer

        if self._made is None:
            self._made = Importer(self._ratings, self._catalogue)
        return self._made
