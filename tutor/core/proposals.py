"""Which grade the machine proposes; the learner's own key decides.

No hint: up to easy; one hint: good at most; two: hard; told the answer: again.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.store.practice import ReviewRow

CONFIDENCE = {1: "guess", 2: "fairly sure", 3: "sure"}
TYPED_SUCCESSES = 2
"""So many successes in a row are typed; then looking and grading oneself is enough, until a lapse."""
EASY_MS = 10_000
"""A right answer that was sure and took less time than this is proposed as easy."""
TOLD = 3
"""The third hint is the answer."""


def is_typed(reviews: Sequence[ReviewRow]) -> bool:
    """Whether the next reply is to be typed: until there are two successes since the last lapse."""
    grades = [review.rating for review in reviews]
    since = len(grades) - grades[::-1].index(1) if 1 in grades else 0
    return len(grades) - since < TYPED_SUCCESSES


def propose(
    right: bool | None,
    *,
    hints: int = 0,
    told: bool = False,
    quick: bool = False,
    confidence: int | None = None,
    took_ms: int | None = None,
) -> int | None:
    """The proposed grade, 1 to 4; None where only the learner can compare.

    `told`: looked without a reply; `quick`: nothing was to be typed, so good is taken for granted.
    """
    if told or hints >= TOLD or right is False:
        return 1
    if right is None:
        return 3 if quick and confidence != 1 and not hints else None
    if hints:
        return 3 if hints == 1 else 2
    quick = took_ms is not None and took_ms < EASY_MS
    return 4 if confidence == 3 and quick else 3
