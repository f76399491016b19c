"""What an import did, row by row: the report that a screen shows and `--json` prints."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.core.film_import.rows import Broken, What


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film that a row may mean."""

    id: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Matched:
    """A row whose film was found. `before`: the rating that it replaced."""

    file: str
    line: int
    what: What
    named: str
    """As the file has it: "Fargo (1996)"."""
    stars: float | None
    id: str
    title: str
    year: int | None
    keys: dict[str, str]
    how: str
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A row whose film was not found, or not for sure."""

    file: str
    line: int
    what: What
    named: str
    stars: float | None
    why: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of each row of a file; nothing is left out."""

    source: str
    data: str
    """Label of the data set whose films were looked through."""
    matched: tuple[Matched, ...]
    uncertain: tuple[Open, ...]
    unmatched: tuple[Open, ...]
    skipped: tuple[Broken, ...]
    notes: tuple[str, ...] = ()
    batch: int | None = field(default=None)
    """What one undo takes back; None if nothing changed."""

    @property
    def sentence(self) -> str:
        """The same in a line."""
        rated = sum(row.what == "rating" for row in self.matched)
        seen = sum(row.what == "seen" for row in self.matched)
        wished = sum(row.what == "watchlist" for row in self.matched)
        parts = [f"{rated} rating{'s' * (rated != 1)} taken over"]
        parts += [f"{seen} seen without a rating"] if seen else []
        parts += [f"{wished} put on your watchlist"] if wished else []
        parts += [f"{len(self.uncertain)} uncertain"] if self.uncertain else []
        parts += [f"{len(self.unmatched)} not in {self.data}"] if self.unmatched else []
        parts += [f"{len(self.skipped)} skipped"] if self.skipped else []
        return f"{self.source}: {', '.join(parts)}."
