"""How often one was right when one was so sure: over reviews of cards and answers in the chat alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tutor.core.events import Record
from tutor.core.proposals import CONFIDENCE
from tutor.store.learning import Attempt
from tutor.store.practice import ReviewRow


class Sure(Record):
    """How often one was right when one was so sure."""

    confidence: int
    name: str
    answers: int
    right: int


def calibrated(history: Sequence[ReviewRow], attempts: Sequence[Attempt]) -> tuple[Sure, ...]:
    """Answers and right ones for each degree of being sure."""
    said = [(review.confidence, _is_right(review)) for review in history]
    said += [(one.grade.get("confidence"), _holds(one)) for one in attempts if one.verdict != "unsure"]
    answers = Counter(level for level, _ in said)
    right = Counter(level for level, is_right in said if is_right)
    return tuple(
        Sure(confidence=level, name=name, answers=answers[level], right=right[level])
        for level, name in CONFIDENCE.items()
    )


def _is_right(review: ReviewRow) -> bool:
    return review.rating > 1 if review.correct is None else review.correct


def _holds(attempt: Attempt) -> bool:
    """In the chat an answer may say one point of several: it is right where it says any, and no slip."""
    return attempt.verdict in ("correct", "partial") and not attempt.grade.get("misconceptions")
