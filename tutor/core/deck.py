"""The cards of a course: one for each point that some practice item asks for."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cached_property

from tutor.core.course_files import read_text
from tutor.core.course_schema import Item
from tutor.core.curriculum import Course
from tutor.store.practice import ReviewRow

_POINT = re.compile(r"""^point\s*=\s*["'](\w+)["']""", re.MULTILINE)


class Deck:
    """Which cards there are, at once; their items when one is shown."""

    def __init__(self, course: Course) -> None:
        self._course = course

    @cached_property
    def cards(self) -> dict[str, str]:
        """Card id ("q07.p2") to question id ("q07"), in the order of the course.

        Reads only the points' names, not whole items, since counting cards is part of every start.
        """
        cards: dict[str, str] = {}
        for entry in self._course.written:
            path = self._course.folder(entry.id) / "practice.toml"
            if path.exists():
                for point in sorted(set(_POINT.findall(read_text(path)))):
                    cards[f"{entry.id}.{point}"] = entry.id
        return cards

    def items(self, card: str) -> tuple[Item, ...]:
        """The ways of asking for a card's point; the first card of a question has its contrasts, too.

        Raises `ContentError`.
        """
        question, point = self._course.point(card)
        own = tuple(item for item in question.practice.items if item.point == point.id)
        first = next(name for name, ref in self.cards.items() if ref == question.entry.id)
        if card != first:
            return own
        contrasts = (one for one in self._course.contrasts() if question.entry.id in one.questions)
        return own + tuple(one.item(point.id) for one in contrasts if self._are_written(one.questions))

    def _are_written(self, refs: Sequence[str]) -> bool:
        """Whether all of these questions are written, so that a difference can be asked for."""
        return all(not self._course.entry(ref).planned for ref in refs)


def choose(items: Sequence[Item], reviews: Sequence[ReviewRow], card: str) -> Item:
    """The item for the next review: another form than last time, then the one not seen for longest.

    Items never seen come in an order that differs from card to card, so that siblings do not march in step.
    """
    last_seen = {review.item: number for number, review in enumerate(reviews)}
    forms = {item.id: item.form for item in items}
    last_form = forms.get(reviews[-1].item or "") if reviews else None
    shuffled = random.Random(card).sample(list(items), len(items))
    return min(shuffled, key=lambda item: (item.form == last_form, last_seen.get(item.id, -1)))
