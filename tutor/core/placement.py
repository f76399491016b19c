"""The placement check: a few items, and where to start after the answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.core.course_files import read
from tutor.core.curriculum import Course, CourseError, Entry
from tutor.core.items import Judged, NotAnOption, Presented
from tutor.core.path_schema import PlacementFile, PlacementItem
from tutor.text.phrases import is_dont_know

NAME = "placement.toml"


@dataclass(frozen=True)
class Placed:
    """An item as it is put before the learner; its options keep the order of the file."""

    item: PlacementItem
    presented: Presented

    def judge(self, reply: str) -> Judged:
        """Judge a reply; not knowing is an answer. Raises `NotAnOption`."""
        try:
            return self.presented.judge(reply)
        except NotAnOption:
            if is_dont_know(reply) or reply.strip() in ("", "?", "-"):
                return Judged(False, self.presented.why)
            raise


class Placement:
    """The check of one course."""

    def __init__(self, course: Course) -> None:
        """Raises `CourseError` where the course has no placement check, and `ContentError`."""
        path = course.root / NAME
        if not path.exists():
            raise CourseError("This course has no placement check; `tutor chat` starts at its beginning.")
        self._course = course
        self._file = read(path, PlacementFile)

    @property
    def intro(self) -> str:
        """What the check is for."""
        return self._file.intro

    @property
    def items(self) -> tuple[Placed, ...]:
        """The items in the order of the course."""
        return tuple(Placed(item, _presented(item)) for item in self._file.items)

    def start_at(self, right: Sequence[bool]) -> Entry:
        """Where to start: at the first item that was not answered right, counted in the order of the course.

        Where that question is not written yet, at the next one that is. `right` may be shorter than the
        items; what was not answered was not right.
        """
        missed = [
            item.start_at
            for number, item in enumerate(self._file.items)
            if number >= len(right) or not right[number]
        ]
        return self._from(missed[0] if missed else self._file.otherwise)

    def _from(self, ref: str) -> Entry:
        wanted = self._course.entry(ref)
        entries = self._course.entries
        later = entries[entries.index(wanted) :]
        return next((entry for entry in later if not entry.planned), wanted)


def _presented(item: PlacementItem) -> Presented:
    right = next((option.why for option in item.options if option.correct), "")
    return Presented(item.item, seed=0, prompt=item.prompt, options=item.options, accepted=(), why=right)
