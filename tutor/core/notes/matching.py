"""Which question of the course each question of a file is: by its wording, its number and its place.

Wordings are compared by meaning (cosine of their vectors, the course's titles beside its questions); where
there is no encoder, by their words. What is worded beyond doubt is settled first, whatever its number. The
others are where the settled ones before and after them say they should be, if their wording allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tutor.core.curriculum import Course, Entry
from tutor.core.notes.lines import same_wording
from tutor.core.notes.reading import ALIKE, HARDLY_ALIKE, RATHER_ALIKE, Section

How = Literal["wording", "place", "number", "choice"]
_MARGIN = 0.12
"""By so much the nearest question is nearer than the next one, where the wording leaves no doubt."""
_BY_WORDS = 0.7 / 100
"""What a percentage of common words counts for."""
_BEHIND = 0.3
_HARDLY_BEHIND = 0.05
"""By so much at most another question is nearer than the one that number and place name: where these agree,
and where they do not."""


class Match(NamedTuple):
    """What a question of a file is; without `sure` the likeliest, or None where none is likely."""

    entry: Entry | None
    sure: bool
    how: How | None = None


class Wordings:
    """The numbered questions of a course, to compare wordings with."""

    def __init__(self, course: Course) -> None:
        self.entries = tuple(entry for entry in course.entries if entry.q is not None)
        self._known: dict[str, list[float]] = {}

    def nearest(self, wordings: Sequence[str]) -> list[float]:
        """How much each wording resembles the question that is nearest to it."""
        return [max(row, default=0.0) for row in self.scores(wordings)]

    def scores(self, wordings: Sequence[str]) -> list[list[float]]:
        """For each wording how much it resembles each question, 0 to 1."""
        new = [one for one in dict.fromkeys(wordings) if one not in self._known]
        if new:
            self._known.update(zip(new, self._compared(new), strict=True))
        return [self._known[one] for one in wordings]

    def _compared(self, wordings: list[str]) -> list[list[float]]:
        rows = self._by_meaning(wordings) or self._by_words(wordings)
        for wording, row in zip(wordings, rows, strict=True):
            for at, entry in enumerate(self.entries):
                if same_wording(wording, entry.prompt):
                    row[at] = 1.0 + _BEHIND  # the very words: nothing else comes near
        return rows

    def _by_meaning(self, wordings: list[str]) -> list[list[float]] | None:
        from tutor.core.grading.meaning import encoder

        found = encoder()
        if found is None:
            return None
        asked = found.encode(wordings)  # [n, D]
        views = [found.encode(texts) for texts in self._views()]  # each [entries, D]
        best = (asked @ views[0].T).clip(0, 1)
        for view in views[1:]:
            best = best.clip(min=asked @ view.T)
        return [[float(score) for score in row] for row in best]

    def _by_words(self, wordings: list[str]) -> list[list[float]]:
        """Words alone leave a doubt."""
        from rapidfuzz import fuzz, utils

        return [
            [
                max(fuzz.token_set_ratio(wording, text, processor=utils.default_process) for text in texts)
                * _BY_WORDS
                for texts in zip(*self._views(), strict=True)
            ]
            for wording in wordings
        ]

    def _views(self) -> tuple[list[str], list[str], list[str]]:
        """Each question in three wordings."""
        return (
            [entry.prompt for entry in self.entries],
            [entry.title for entry in self.entries],
            [f"{entry.title}: {entry.prompt}" for entry in self.entries],
        )


def match(sections: Sequence[Section], known: Wordings) -> list[Match]:
    """What each question of a file is, in the order of the file."""
    rows = known.scores([section.wording for section in sections])
    places = {entry.q: at for at, entry in enumerate(known.entries)}
    settled = {at: best for at, row in enumerate(rows) if (best := _beyond_doubt(row)) is not None}
    taken = set(settled.values())
    found = []
    for at, (section, row) in enumerate(zip(sections, rows, strict=True)):
        if at in settled:
            found.append(Match(known.entries[settled[at]], True, "wording"))
            continue
        expected = _expected(at, sections, {one: known.entries[best].q or 0 for one, best in settled.items()})
        spots = [places[q] for q in expected if q in places]
        found.append(_by_place(section, row, spots, taken, known, HARDLY_ALIKE if settled else RATHER_ALIKE))
    return found


def _beyond_doubt(row: list[float]) -> int | None:
    """The question that a wording names without doubt."""
    best = max(range(len(row)), key=row.__getitem__, default=None)
    if best is None:
        return None
    others = max((score for at, score in enumerate(row) if at != best), default=0.0)
    return best if row[best] >= ALIKE and row[best] - others >= _MARGIN else None


def _expected(at: int, sections: Sequence[Section], settled: dict[int, int]) -> list[int]:
    """Numbers that the settled questions before and after it give a question; else its own number."""
    number = sections[at].number
    before = max((one for one in settled if one < at), default=None)
    after = min((one for one in settled if one > at), default=None)
    counted = []
    for one in (before, after):
        if one is None:
            continue
        other = sections[one].number
        steps = at - one if number is None or other is None else number - other
        counted.append(settled[one] + steps)
    return list(dict.fromkeys(counted)) or ([number] if number is not None else [])


def _by_place(
    section: Section, row: list[float], spots: list[int], taken: set[int], known: Wordings, least: float
) -> Match:
    """The question that number and place name, if the wording is at least so much like it."""
    top = max(row, default=0.0)
    behind = _BEHIND if len(spots) == 1 else _HARDLY_BEHIND
    fitting = [at for at in spots if at not in taken and row[at] >= max(least, top - behind)]
    if fitting:
        best = max(fitting, key=row.__getitem__)
        entry = known.entries[best]
        return Match(entry, True, "number" if entry.q == section.number else "place")
    return Match(known.entries[row.index(top)] if top >= RATHER_ALIKE else None, False)
