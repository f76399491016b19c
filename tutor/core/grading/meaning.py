"""The encoder that this process grades with: loaded once, on first need or beforehand."""

from __future__ import annotations

from functools import cache

from tutor.core.curriculum import Question
from tutor.core.grading.sense import references_in
from tutor.store.paths import Paths
from tutor.text.encoder import Encoder, NoEncoder, load, prepare


@cache
def encoder() -> Encoder | None:
    """The encoder, loaded on the first call (half a second); None where it cannot be had."""
    try:
        return load(Paths.default().encoder)
    except NoEncoder:
        return None


def warm_up(question: Question | None = None) -> None:
    """Do beforehand, in a thread of the app, what the first grade would have to wait for."""
    if encoder.cache_info().currsize == 0:
        prepare(Paths.default().encoder)
    found = encoder()
    if found and question:
        found.encode(references_in(question))
