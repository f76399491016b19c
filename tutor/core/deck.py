"""The cards of a course: one for each point that some practice item asks for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cached_property

from tutor.core.course_files import read_text
from tutor.core.course_folder import points_asked_for
from tutor.core.course_schema import Item
from tutor.core.curriculum import Course
from tutor.core.leeches import contrasts_for
from tutor.store.practice import ReviewRow


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
                for point in points_asked_for(read_text(path)):
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
        return own + tuple(one.item(point.id) for one in contrasts_for(self._course, question.entry.id))


def choose(items: Sequence[Item], reviews: Sequence[ReviewRow], card: str, *, typed: bool = False) -> Item:
    """The item for the next review: another form than last time, then the one not seen for longest.

    Where the reply is to be typed, items without options come before those with. Items never seen come in an
    order that differs from card to card, so that siblings do not march in step.
    """
    last_seen = {review.item: number for number, review in enumerate(reviews)}
    forms = {item.id: item.form for item in items}
    last_form = forms.get(reviews[-1].item or "") if reviews else None
    shuffled = random.Random(card).sample(list(items), len(items))

    def rank(item: Item) -> tuple[bool, bool, int]:
        return item.form == last_form, typed and bool(item.options), last_seen.get(item.id, -1)

    return min(shuffled, key=rank)
