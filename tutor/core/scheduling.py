"""When a card comes back: FSRS with its default parameters, without its random fuzz.

A card travels as the JSON of `fsrs.Card.to_dict()`, so that a restart or an undo changes no bit of it.
fsrs is imported on use: counting what is due does not need it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tutor.core.agenda import iso
from tutor.core.errors import BadInput
from tutor.store.practice import CardRow

if TYPE_CHECKING:
    from fsrs import Scheduler

RETENTION = 0.9
"""Share of cards that should be remembered when they come due."""
GRADES = {1: "again", 2: "hard", 3: "good", 4: "easy"}


class BadGrade(BadInput):
    """A grade that is not 1, 2, 3 or 4."""


@cache
def scheduler() -> Scheduler:
    """The one scheduler of the program."""
    from fsrs import Scheduler

    return Scheduler(desired_retention=RETENTION, enable_fuzzing=False)


def new_card(card_id: str, fsrs_id: int, at: datetime) -> CardRow:
    """A card that was never reviewed; `fsrs_id` is the number by which fsrs knows it."""
    from fsrs import Card

    state = json.dumps(Card(card_id=fsrs_id, due=at).to_dict())
    return CardRow(card_id, fsrs_id, state, iso(at), iso(at))


def reviewed(card: CardRow, grade: int, at: datetime) -> CardRow:
    """The card after a review at that time (UTC). Raises `BadGrade`."""
    from fsrs import Card, Rating

    if grade not in GRADES:
        known = ", ".join(f"{number} {name}" for number, name in GRADES.items())
        raise BadGrade(f"{grade} is not a grade; grades are {known}.")
    after, _ = scheduler().review_card(Card.from_dict(json.loads(card.state)), Rating(grade), at)
    return replace(card, state=json.dumps(after.to_dict()), due=iso(after.due))


def recall(card: CardRow, at: datetime) -> float:
    """The chance (0 to 1) that a card is remembered at that time, as FSRS reckons by whole days."""
    from fsrs import Card

    return float(scheduler().get_card_retrievability(Card.from_dict(json.loads(card.state)), at))


def span(interval: timedelta) -> str:
    """How long, for people: "10 min", "3 h", "8 days", "4 months", "1.5 years"."""
    minutes = max(0, round(interval.total_seconds() / 60))
    if minutes < 60:
        return f"{max(1, minutes)} min"
    if minutes < 24 * 60:
        return f"{round(minutes / 60)} h"
    days = round(minutes / (24 * 60))
    if days < 60:
        return f"{days} day{'s' * (days != 1)}"
    if days < 365:
        return f"{round(days / 30.4)} months"
    return f"{days / 365:.1f} years"
