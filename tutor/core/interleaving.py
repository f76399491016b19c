"""In which order cards are asked: siblings apart, look-alikes one after the other.

Mixing helps where things are confusable, and hardly elsewhere (Brunmair & Richter 2019), so due cards of
questions that `contrasts.toml` sets side by side follow each other; new ones keep the order of the course.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from tutor.core.curriculum import Course


def look_alikes(course: Course) -> dict[str, set[str]]:
    """For each question those that it is easily mixed up with. Raises `ContentError`."""
    alike: dict[str, set[str]] = defaultdict(set)
    for contrast in course.contrasts():
        for question in contrast.questions:
            alike[question].update(other for other in contrast.questions if other != question)
    return dict(alike)


def pick(
    due: Sequence[str],
    new: Sequence[str],
    question_of: Mapping[str, str],
    last: str | None,
    alike: Mapping[str, Container[str]],
) -> str | None:
    """The card to ask after one of the question `last`; None where there is none.

    A due look-alike first; else the first card of another question, due ones before new ones; else any.
    """
    near = alike.get(last or "", ())
    for card in due:
        if question_of[card] in near and question_of[card] != last:
            return card
    cards = [*due, *new]
    return next((card for card in cards if question_of[card] != last), next(iter(cards), None))
