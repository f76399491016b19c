"""What practice has brought: days, retention, forecast, strength, calibration, log loss.

All of it is counted from the stored reviews, calibration from the answers in the chat as well. A review tells
something about memory only after a night: those of a card within a day of the one before (first steps, a
second try) are left out of retention and log loss.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tutor.core.calibration import Sure, calibrated
from tutor.core.events import Record
from tutor.core.leeches import LAPSES, lapses
from tutor.core.practice import utc_now
from tutor.core.scheduling import RETENTION, recall
from tutor.store.practice import CardRow, ReviewRow

if TYPE_CHECKING:
    from tutor.core.curriculum import Course
    from tutor.core.workspace import Workspace
    from tutor.store.store import Store

FORECAST_DAYS = 30
ENOUGH_ANSWERS = 20
"""Answers with a confidence before the calibration is shown."""
_NEARLY_ONE = 1 - 1e-6


class DayReviews(Record):
    """Reviews on one day of the learner's calendar."""

    day: str
    reviews: int


class WeekRetention(Record):
    """How much of what came due was remembered in the week that begins with that Monday."""

    week: str
    remembered: float
    reviews: int


class DueDay(Record):
    """Cards that come due on a day; overdue ones count for today."""

    day: str
    due: int


class Strength(Record):
    """How well a question is known: the mean chance that its seen cards are remembered now."""

    q: int | None
    id: str
    title: str
    recall: float
    seen: int
    cards: int
    leeches: int


class Hits(Record):
    """Predictions that were made and those that came out."""

    made: int
    hits: int


class LogLoss(Record):
    """Mean surprise at what was remembered, in nats; less is better.

    `scheduler` predicts each review from the card's history; `constant` says the same share every time, and
    that share is the one that fits these very reviews best.
    """

    reviews: int
    scheduler: float | None
    constant: float | None


class PracticeStats(Record):
    """Everything that is shown of practice."""

    reviews: int
    wanted: float
    """Share that should be remembered when it comes due."""
    remembered: float | None
    """Share that was; None before the first such review."""
    streak: int
    """Days in a row with reviews, up to today or yesterday."""
    days: tuple[DayReviews, ...]
    weeks: tuple[WeekRetention, ...]
    forecast: tuple[DueDay, ...]
    strength: tuple[Strength, ...]
    experiments: Hits
    """Predictions of runs in the Lab."""
    items: Hits
    """Predictions in practice items."""
    calibration: tuple[Sure, ...]
    calibrated: bool
    """Whether there are enough answers to show it."""
    log_loss: LogLoss
    leeches: int
    taught_again: int


def practice_stats(workspace: Workspace, at: datetime | None = None) -> PracticeStats:
    """Count what a learner's practice has brought. Raises `StoreError`, `ContentError`."""
    return stats_of(workspace.store, workspace.course, workspace.practice.deck.cards, at or utc_now())


def stats_of(store: Store, course: Course, cards: dict[str, str], at: datetime) -> PracticeStats:
    """The same for any store."""
    history = store.practice.reviews()
    known = [row for row in store.practice.cards() if row.id in cards]
    aged = [review for review in history if came_due(review)]
    leeches, reviewed = _leeches(history), {review.card for review in history}
    calibration = calibrated(history, store.learning.attempts())
    days = Counter(_day(review.at) for review in history)
    return PracticeStats(
        reviews=len(history),
        wanted=RETENTION,
        remembered=remembered(aged),
        streak=_streak(days, at),
        days=tuple(DayReviews(day=day, reviews=days[day]) for day in sorted(days)),
        weeks=_weeks(aged),
        forecast=_forecast(known, store.marks.resting(at.isoformat()), at),
        strength=_strength(course, cards, [row for row in known if row.id in reviewed], leeches, at),
        experiments=_experiments(store),
        items=_items(course, history),
        calibration=calibration,
        calibrated=sum(level.answers for level in calibration) >= ENOUGH_ANSWERS,
        log_loss=log_loss(history),
        leeches=len(leeches & set(cards)),
        taught_again=len(store.marks.reteachings()),
    )


# --- the parts -------------------------------------------------------------------------------


def came_due(review: ReviewRow) -> bool:
    """Whether a review says something about memory: at least a day lies between it and the one before."""
    if review.before is None:
        return False
    last = json.loads(review.before.state)["last_review"]
    return datetime.fromisoformat(review.at) - datetime.fromisoformat(last) >= timedelta(days=1)


def remembered(reviews: Sequence[ReviewRow]) -> float | None:
    """The share of reviews that were not forgotten; None of none."""
    return sum(review.rating > 1 for review in reviews) / len(reviews) if reviews else None


@cache
def _date(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone().date()


def _day(moment: str) -> str:
    return _date(moment).isoformat()


def _streak(days: Counter[str], at: datetime) -> int:
    day = at.astimezone().date()
    if not days[day.isoformat()]:
        day -= timedelta(days=1)
    length = 0
    while days[day.isoformat()]:
        length, day = length + 1, day - timedelta(days=1)
    return length


def _weeks(aged: Sequence[ReviewRow]) -> tuple[WeekRetention, ...]:
    weeks: dict[str, list[ReviewRow]] = defaultdict(list)
    for review in aged:
        day = _date(review.at)
        weeks[(day - timedelta(days=day.weekday())).isoformat()].append(review)
    return tuple(
        WeekRetention(week=week, remembered=remembered(rows) or 0.0, reviews=len(rows))
        for week, rows in sorted(weeks.items())
    )


def _forecast(known: Sequence[CardRow], resting: set[str], at: datetime) -> tuple[DueDay, ...]:
    today = at.astimezone().date()
    due = Counter(max(today, _date(row.due)) for row in known if row.id not in resting)
    days = (today + timedelta(days=number) for number in range(FORECAST_DAYS))
    return tuple(DueDay(day=day.isoformat(), due=due[day]) for day in days)


def _leeches(history: Sequence[ReviewRow]) -> set[str]:
    by_card: dict[str, list[ReviewRow]] = defaultdict(list)
    for review in history:
        by_card[review.card].append(review)
    return {card for card, reviews in by_card.items() if lapses(reviews) >= LAPSES}


def _strength(
    course: Course, cards: dict[str, str], known: Sequence[CardRow], leeches: set[str], at: datetime
) -> tuple[Strength, ...]:
    chances: dict[str, list[float]] = defaultdict(list)
    for row in known:
        chances[cards[row.id]].append(recall(row, at))
    total = Counter(cards.values())
    bad = Counter(cards[card] for card in leeches if card in cards)
    rows = []
    for entry in course.written:
        if mine := chances[entry.id]:
            mean = sum(mine) / len(mine)
            rows.append(
                Strength(
                    q=entry.q, id=entry.id, title=entry.title, recall=mean, seen=len(mine),
                    cards=total[entry.id], leeches=bad[entry.id],
                )
            )  # fmt: skip
    return tuple(rows)


def _experiments(store: Store) -> Hits:
    told = [
        run.result.get("hit", run.prediction == run.result["outcome"])
        for run in store.runs.all()
        if run.status == "finished" and run.prediction is not None and run.result and "outcome" in run.result
    ]
    return Hits(made=len(told), hits=sum(map(bool, told)))


def _items(course: Course, history: Sequence[ReviewRow]) -> Hits:
    """Replies to items that ask for a prediction."""
    forms: dict[str, dict[str, str]] = {}
    judged: list[bool] = []
    for review in history:
        if review.correct is None or review.item is None:
            continue
        question = review.card.partition(".")[0]
        if question not in forms:
            forms[question] = _forms(course, question)
        if forms[question].get(review.item) == "predict":
            judged.append(review.correct)
    return Hits(made=len(judged), hits=sum(judged))


def _forms(course: Course, question: str) -> dict[str, str]:
    if all(entry.id != question for entry in course.written):
        return {}
    return {item.id: item.form for item in course.question(question).practice.items}


def log_loss(history: Sequence[ReviewRow]) -> LogLoss:
    """How surprised the scheduler was by what came due, and how surprised one constant chance would be."""
    aged = [review for review in history if came_due(review)]
    predicted = [recall(review.before, datetime.fromisoformat(review.at)) for review in aged if review.before]
    came = [review.rating > 1 for review in aged]
    share = remembered(aged)
    if share is None:
        return LogLoss(reviews=0, scheduler=None, constant=None)
    return LogLoss(
        reviews=len(aged), scheduler=_surprise(predicted, came), constant=_surprise([share] * len(came), came)
    )


def _surprise(chances: Sequence[float], came: Sequence[bool]) -> float:
    """Mean of -ln(chance given to what came)."""
    given = (chance if yes else 1 - chance for chance, yes in zip(chances, came, strict=True))
    return -sum(math.log(min(_NEARLY_ONE, max(1 - _NEARLY_ONE, chance))) for chance in given) / len(came)
