"""Sittings: stretches of work without a long gap, and how much time each kind of work takes.

Opening the app, greeting or asking for a recap is no work of itself; what was said just before the first work
belongs to its sitting, since a question is read before it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tutor.core.agenda import midnight
from tutor.core.errors import BadInput
from tutor.store.history import Moment

GAP = timedelta(minutes=30)
"""A longer time without anything ends a sitting."""
PAUSE = timedelta(minutes=5)
"""A longer time before something was done was not spent on it."""
_IDLE = frozenset([None, "plan", "welcome", "help", "quiz", "progress", "recap", "time"])
"""Labels of lines from which nothing is learned."""


@dataclass(frozen=True)
class Sitting:
    """A stretch of work. Times are UTC."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """How long it took, a minute at least."""
        return max(1, round((self.end - self.start).total_seconds() / 60))


@dataclass(frozen=True)
class Pace:
    """Minutes that one of a kind takes this learner."""

    card: float = 0.5
    question: float = 5.0
    run: float = 3.0


_ENOUGH = Pace(card=10, question=2, run=2)
"""How many of a kind it takes before the learner's own pace counts."""
_LEAST, _MOST = Pace(card=0.1, question=2.5, run=0.5), Pace(card=3, question=20, run=10)


def is_work(moment: Moment) -> bool:
    """Whether something was done, or learned."""
    return moment.kind != "talk" or moment.label not in _IDLE


def sittings(moments: Sequence[Moment]) -> list[Sitting]:
    """The sittings of moments in the order of time, oldest first."""
    found = []
    for stretch in _stretches(moments):
        work = [moment.at for moment in stretch if is_work(moment)]
        if work:
            found.append(Sitting(stretch[0].at, work[-1]))
    return found


def _stretches(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    stretch: list[Moment] = []
    for moment in moments:
        if stretch and moment.at - stretch[-1].at > GAP:
            yield stretch
            stretch = []
        stretch.append(moment)
    if stretch:
        yield stretch


def pace(moments: Sequence[Moment]) -> Pace:
    """Minutes for a card, a question and a run: the learner's own where there is enough to go by.

    The time between two moments is spent on what the second one is, unless it is longer than `PAUSE`.
    """
    spent = {"card": 0.0, "question": 0.0, "run": 0.0}
    counted: dict[str, list[str]] = {"card": [], "question": [], "run": []}
    for before, moment in pairwise(moments):
        kind = "question" if moment.kind in ("talk", "answer") else moment.kind
        taken = moment.at - before.at
        if kind in spent and taken <= PAUSE:
            spent[kind] += taken.total_seconds() / 60
            counted[kind] += [moment.ref] if moment.kind != "talk" else []
    counted["question"] = list(dict.fromkeys(counted["question"]))
    return Pace(**{kind: _own(kind, spent[kind], len(counted[kind])) for kind in spent})


def _own(kind: str, minutes: float, count: int) -> float:
    if count < getattr(_ENOUGH, kind):
        return float(getattr(Pace(), kind))
    return float(min(max(minutes / count, getattr(_LEAST, kind)), getattr(_MOST, kind)))


def since_when(text: str, now: datetime) -> datetime:
    """The time that `today`, `yesterday`, `3d`, `12h`, a date or a time names; local where no zone is said.

    Raises `BadInput` in one clear line.
    """
    word = text.strip().casefold()
    if word in ("today", "yesterday"):
        day = midnight(now)
        return day if word == "today" else midnight(day - timedelta(hours=6))
    ago = re.fullmatch(r"(\d{1,4}) ?([dh])", word)
    if ago:
        return now - int(ago[1]) * (timedelta(days=1) if ago[2] == "d" else timedelta(hours=1))
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(
            f"{text.strip()[:40]!r} is no time to look back to; say today, yesterday, 3d, 12h or 2026-11-24."
        ) from None
