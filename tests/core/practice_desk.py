"""What tests of practice share: a clock that the test turns, a sitting, cards that are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tutor.core.practice import Practice, Quiz

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


def sit(practice: Practice, clock: Clock, grade: int = 3, most: int = 100) -> list[Quiz]:
    """Practise until nothing is left."""
    asked: list[Quiz] = []
    while (quiz := practice.next()) and len(asked) < most:
        practice.review(quiz, grade)
        clock.pass_(seconds=10)
        asked.append(quiz)
    return asked


def learn(practice: Practice, clock: Clock, cards: list[str]) -> None:
    """Make cards known: twice right, then long overdue."""
    for _ in range(2):
        for card in cards:
            practice.review(practice.quiz(card), 3)
        clock.pass_(days=3)
    clock.pass_(days=200)
