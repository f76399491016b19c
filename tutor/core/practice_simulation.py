"""A made-up learner with a known forgetting curve practises for some weeks: what the schedule brings.

Memory of a card: recall after t days is 1 / (1 + t / (9 S)), so that S days bring it down to 90 % (the curve
of FSRS v4; the scheduler here is FSRS-6 and knows neither S nor how it grows). A success multiplies S, the
more the closer the card was to being forgotten; a lapse sets it back. A few cards are hard: theirs hardly
grows, until another route makes them understood.
"""

from __future__ import annotations

import math
import random
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tutor.core.curriculum import Course
from tutor.core.events import Record
from tutor.core.plotting import Curve, Plot
from tutor.core.practice import Practice, Quiz
from tutor.core.practice_charts import Figure, figures
from tutor.core.practice_charts import lines as stats_lines
from tutor.core.practice_stats import PracticeStats, stats_of
from tutor.store.paths import Paths
from tutor.store.store import Store

BEGIN = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A Monday; each day's sitting begins at this hour."""
SECONDS_A_CARD = 15
HARD_SHARE = 0.08
UNDERSTOOD = 0.6
"""Chance that another route makes a hard card an ordinary one."""
_MOST = 300
"""Cards of a sitting at most."""


class SimulatedDay(Record):
    """One sitting."""

    day: int
    """From 1."""
    reviews: int
    new: int
    forgotten: int
    """Cards that had come due and were forgotten."""


class TaughtAgain(Record):
    """A leech and the route by which it was taught."""

    day: int
    card: str
    lapses: int
    route: str
    name: str


class Simulation(Record):
    """What came of it."""

    days: int
    seed: int
    daily: tuple[SimulatedDay, ...]
    recall: float | None
    """Mean true chance of recall at the reviews that count for retention: what the learner's curve says."""
    recall_of_ordinary: float | None
    """The same without the cards that are hard."""
    hard_cards: int
    taught_again: tuple[TaughtAgain, ...]
    end: str
    """Day of the last sitting."""
    stats: PracticeStats


@dataclass
class _Memory:
    """What the learner has of one card."""

    stability: float
    """Days until recall is 90 %."""
    growth: float
    hard: bool
    last: datetime

    def recall(self, at: datetime) -> float:
        """The chance to remember it at that time."""
        days = (at - self.last).total_seconds() / 86_400
        return 1 / (1 + days / (9 * self.stability))

    def practise(self, at: datetime, remembered: bool) -> None:
        """Take what a review does to memory."""
        recall = self.recall(at)
        if remembered:
            self.stability *= 1 + self.growth * 10 * (1 - recall)
        else:
            self.stability = max(0.5, 0.25 * self.stability)
        self.last = at


class _Learner:
    """Grades cards by a memory that is known; chance is seeded."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.memory: dict[str, _Memory] = {}

    def answer(self, quiz: Quiz, at: datetime) -> tuple[int, int, float | None]:
        """The grade, how sure the learner says to be, and the true chance of recall (None for a new card)."""
        memory = self.memory.get(quiz.card)
        if memory is None:
            return self._first(quiz.card, at), self._chance.choice((1, 1, 2)), None
        if quiz.another_way and memory.hard and self._chance.random() < UNDERSTOOD:
            memory.hard, memory.growth, memory.stability = False, 1.5, max(2.0, memory.stability)
        recall = memory.recall(at)
        remembered = self._chance.random() < recall
        felt = recall + self._chance.gauss(0, 0.12)
        memory.practise(at, remembered)
        grade = self._chance.choices((2, 3, 4), (1, 7, 2))[0] if remembered else 1
        return grade, 3 if felt > 0.9 else 2 if felt > 0.7 else 1, recall

    def _first(self, card: str, at: datetime) -> int:
        hard = self._chance.random() < HARD_SHARE
        grade = self._chance.choices((1, 2, 3, 4), (3, 2, 4, 1))[0]
        stability = 0.6 if hard else math.exp(self._chance.gauss(0.6 * (grade - 1), 0.4))
        growth = 0.05 if hard else self._chance.uniform(0.8, 2.5)
        self.memory[card] = _Memory(stability, growth, hard, at)
        return grade


class _Clock:
    """The time of the made-up learner."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


def simulate(days: int, seed: int = 0, course: Course | None = None) -> Simulation:
    """Practise the course for so many days, one sitting a day, in a store that is thrown away."""
    course = course or Course.load()
    with tempfile.TemporaryDirectory() as folder, closing(Store(Paths(Path(folder)))) as store:
        clock, learner = _Clock(), _Learner(seed)
        practice = Practice(store, course, clock)
        daily: list[SimulatedDay] = []
        chances: list[tuple[float, bool]] = []
        for day in range(days):
            clock.now = BEGIN + timedelta(days=day)
            daily.append(_sitting(day + 1, practice, learner, clock, chances))
        end = clock.now + timedelta(hours=1)
        taught = tuple(
            TaughtAgain(
                day=(datetime.fromisoformat(one.at) - BEGIN).days + 1, card=one.card, lapses=one.lapses,
                route=one.route, name=one.name,
            )
            for one in store.marks.reteachings()
        )  # fmt: skip
        return Simulation(
            days=days, seed=seed, daily=tuple(daily), taught_again=taught,
            recall=_mean([chance for chance, _ in chances]),
            recall_of_ordinary=_mean([chance for chance, hard in chances if not hard]),
            hard_cards=sum(one.hard for one in learner.memory.values()),
            end=end.astimezone().date().isoformat(),
            stats=stats_of(store, course, practice.deck.cards, end),
        )  # fmt: skip


def _sitting(
    day: int, practice: Practice, learner: _Learner, clock: _Clock, chances: list[tuple[float, bool]]
) -> SimulatedDay:
    reviews = new = forgotten = 0
    while reviews < _MOST and (quiz := practice.next()):
        memory = learner.memory.get(quiz.card)
        rested = memory is not None and clock.now - memory.last >= timedelta(days=1)
        hard = memory is not None and memory.hard
        grade, confidence, recall = learner.answer(quiz, clock.now)
        practice.review(quiz, grade, SECONDS_A_CARD * 1000, confidence=confidence)
        if rested and recall is not None:
            chances.append((recall, hard))
            forgotten += grade == 1
        reviews, new = reviews + 1, new + quiz.is_new
        clock.now += timedelta(seconds=SECONDS_A_CARD)
    return SimulatedDay(day=day, reviews=reviews, new=new, forgotten=forgotten)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


# --- what is shown ---------------------------------------------------------------------------


def simulation_figures(done: Simulation) -> list[Figure]:
    """The daily load, then what Progress shows of a learner."""
    days = [day.day for day in done.daily]
    load = Plot(
        (
            Curve("reviews", days, [day.reviews for day in done.daily], "bars"),
            Curve("new cards", days, [day.new for day in done.daily]),
        ),
        "day", "cards",
    )  # fmt: skip
    return [
        Figure("Daily load", load, 11, load_in_words(done)),
        *figures(done.stats, date.fromisoformat(done.end)),
    ]


def load_in_words(done: Simulation) -> str:
    """How much there was to do, in a sentence."""
    counts = [day.reviews for day in done.daily]
    minutes = sum(counts) / len(counts) * SECONDS_A_CARD / 60
    last = counts[-14:]
    return (
        f"{sum(counts)} reviews in {done.days} days, at most {max(counts)} a day; in the last {len(last)} "
        f"days {sum(last) / len(last):.0f} a day; {minutes:.0f} min a day at {SECONDS_A_CARD} s a card"
    )


def simulation_lines(done: Simulation) -> list[tuple[str, str]]:
    """The figures in words."""
    said = [("learner", f"made up, {done.days} days, seed {done.seed}"), ("load", load_in_words(done))]
    if done.recall is not None and done.recall_of_ordinary is not None:
        ordinary = f"{done.recall_of_ordinary:.0%} without the hard cards"
        said.append(("true recall", f"{done.recall:.0%} by the learner's own curve, {ordinary}"))
    said += [line for line in stats_lines(done.stats) if line[0] not in ("reviews", "how sure")]
    said += [
        (f"day {one.day}", f"{one.card}, forgotten {one.lapses} times: {one.route} “{one.name}”")
        for one in done.taught_again
    ]
    return [*said, ("still hard", f"{done.hard_cards} cards")]
