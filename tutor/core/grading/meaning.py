"""The encoder that this process grades with: loaded once, on first need or beforehand."""

from __future__ import annotations

from functools import cache

from tutor.core.curriculum import Question
from tutor.core.grading.sense import references_in
from tutor.text.encoder import Encoder, MiniLm, NoEncoder


@cache
def encoder() -> Encoder | None:
    """The encoder, loaded on the first call (0.2 s); None where it cannot be had."""
    try:
        return MiniLm()
    except NoEncoder:
        return None


def warm_up(question: Question | None = None) -> None:
    """Do beforehand, in a thread of the app, what the first grade would have to wait for."""
    found = encoder()
    if found and question:
        found.encode(references_in(question))
