"""A real review log, replayed through our store and by calling fsrs directly.

`review_log/sample.csv` holds every 15th card of py-fsrs' own test log (MIT, see the licence beside it).
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import fsrs

from tutor.core.scheduling import iso, new_card, reviewed
from tutor.store.paths import Paths
from tutor.store.store import Store

SAMPLE = Path(__file__).parent / "review_log" / "sample.csv"


@dataclass(frozen=True)
class Logged:
    """One review of the log."""

    number: int
    rating: int
    at: datetime
    duration_ms: int

    @property
    def card(self) -> str:
        """The name under which our store knows the card."""
        return f"q01.p{self.number}"


def read(file: Path) -> list[Logged]:
    with file.open(newline="", encoding="utf-8") as text:
        return [
            Logged(
                int(row["card_id"]),
                int(row["review_rating"]),
                datetime.fromisoformat(row["review_time"]),
                int(row["review_duration"]),
            )
            for row in csv.DictReader(text)
        ]


def by_fsrs(log: list[Logged]) -> dict[str, dict[str, object]]:
    """The state of every card, from calling fsrs directly with default parameters and no fuzz."""
    scheduler = fsrs.Scheduler(desired_retention=0.9, enable_fuzzing=False)
    cards: dict[str, fsrs.Card] = {}
    for one in log:
        known = cards.get(one.card) or fsrs.Card(card_id=one.number, due=one.at)
        cards[one.card], _ = scheduler.review_card(known, fsrs.Rating(one.rating), one.at)
    return {name: card.to_dict() for name, card in cards.items()}


def by_store(
    log: list[Logged], home: Path, *, restart_every: int = 0, undo_every: int = 0
) -> dict[str, dict[str, object]]:
    """The same through our store, closed and opened, undone and redone every so often."""
    chance = random.Random(7)
    store = Store(Paths(home))
    for place, one in enumerate(log, start=1):
        save(store, one)
        if undo_every and place % undo_every == 0:
            back = min(place, chance.randint(1, 20))
            for _ in range(back):
                assert store.practice.undo_review() is not None
            for again in log[place - back : place]:
                save(store, again)
        if restart_every and place % restart_every == 0:
            store.close()
            store = Store(Paths(home))
    states = states_of(store)
    assert len(store.practice.reviews()) == len(log)
    store.close()
    return states


def save(store: Store, one: Logged) -> None:
    row = store.practice.card(one.card) or new_card(one.card, one.number, one.at)
    after = reviewed(row, one.rating, one.at)
    store.practice.save_review(after, one.rating, at=iso(one.at), duration_ms=one.duration_ms)


def states_of(store: Store) -> dict[str, dict[str, object]]:
    return {row.id: json.loads(row.state) for row in store.practice.cards()}
