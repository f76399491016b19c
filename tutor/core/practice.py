"""Spaced repetition: which card is next, in which form, and when it comes back.

Every review is on disk before `review` returns. Times are UTC; a day begins at local midnight.
"""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from tutor.core.agenda import NEW_PER_DAY, Agenda, Counts, agenda, iso, tomorrow
from tutor.core.course_schema import Point
from tutor.core.curriculum import Course, Entry
from tutor.core.deck import Deck, choose
from tutor.core.errors import BadInput
from tutor.core.events import Record
from tutor.core.interleaving import look_alikes, pick
from tutor.core.items import Judged, Presented, present
from tutor.core.leeches import AnotherWay, another_way, experiments_for, is_due, lapses
from tutor.core.proposals import is_typed
from tutor.core.scheduling import GRADES, new_card, reviewed, span
from tutor.store.marks import MarkRow, Reteaching
from tutor.store.practice import CardRow
from tutor.store.store import Store

__all__ = ["NEW_PER_DAY", "Counts", "Practice", "Quiz", "Reviewed", "Undone", "UnknownCard", "utc_now"]

NOT_FOUND = "I do not find it in your words. If it is there, grade yourself higher."


class UnknownCard(BadInput):
    """No card of that name."""


@dataclass(frozen=True)
class Quiz:
    """A card as it is put before the learner."""

    card: str
    entry: Entry
    point: Point
    presented: Presented
    is_new: bool
    typed: bool = True
    """Whether the reply is to be typed; else looking and grading oneself is enough."""
    hints: tuple[str, ...] = ()
    """The last one is the answer."""
    another_way: AnotherWay | None = None
    """For a leech: how it is taught before it is asked."""
    experiment: str | None = None
    """The run that shows it, for somebody who was sure and wrong."""
    mark: MarkRow = field(default_factory=lambda: MarkRow(""))


class Reviewed(Record):
    """What a review did."""

    card: str
    rating: int
    due: str
    interval: str
    """Time until it is due, for people: "8 days"."""


@dataclass(frozen=True)
class Undone:
    """What was taken back: a review (then `rating` is its grade) or a mark."""

    card: str
    what: str
    rating: int | None = None


def utc_now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


class Practice:
    """The quiz over the cards of a course."""

    def __init__(self, store: Store, course: Course, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._table = store.practice
        self._course = course
        self._clock = clock
        self.deck = Deck(course)

    @property
    def two_buttons(self) -> bool:
        """Whether one only says forgotten or known (setting `two_buttons`)."""
        return bool(self._store.settings.get("two_buttons", False))

    @two_buttons.setter
    def two_buttons(self, wanted: bool) -> None:
        self._store.settings.set("two_buttons", wanted)

    def settings(self, **change: int | bool) -> dict[str, int | bool]:
        """The settings of practice, after the given ones were changed."""
        defaults = {"new_per_day": NEW_PER_DAY, "bury_siblings": True, "two_buttons": False}
        with self._store.transaction():
            for name, value in change.items():
                self._store.settings.set(name, value)
            return {name: self._store.settings.get(name, default) for name, default in defaults.items()}

    def counts(self) -> Counts:
        """Count what is due now, what is new today, and when the next card comes due."""
        return agenda(self._store, self.deck.cards, self._clock()).counts

    def next(self, question: str | None = None, *, due_only: bool = False) -> Quiz | None:
        """The card to ask now, of one question or of all; None when there is nothing to do.

        Due cards first, the longest overdue leading and look-alikes together; then today's new ones (for one
        question: all its new ones); then cards forgotten in this sitting. Raises `CourseError` for a question
        that is not there, `ContentError`.
        """
        wanted = None if question is None else self._course.question(question).entry.id
        now = self._agenda(wanted)
        card = self._pick(now.due, () if due_only else now.new) or self._pick(now.forgotten)
        return self.quiz(card) if card else None

    def quiz(self, card: str) -> Quiz:
        """Put one card. Raises `UnknownCard`, `ContentError`."""
        self._known(card)
        question, point = self._course.point(card)
        reviews = self._table.reviews(card)
        items = self.deck.items(card)
        typed, count, past = is_typed(reviews), lapses(reviews), self._store.marks.reteachings(card)
        way = another_way(self._course, question, point, count, past) if is_due(count, past) else None
        item = choose(items, reviews, card, typed=typed)
        if way and way.route == "contrast":
            item = next(one.item(point.id) for one in self._course.contrasts() if one.id == way.name)
        seed = zlib.crc32(f"{card} {len(reviews)}".encode())  # the same numbers until the card is reviewed
        own = item in question.practice.items
        return Quiz(
            card=card,
            entry=question.entry,
            point=point,
            presented=present(item, seed),
            is_new=self._table.card(card) is None,
            typed=typed,
            hints=(point.hint, point.prompt, point.assertion) if own else (),
            another_way=way,
            experiment=next(iter(experiments_for(question, point)), None),
            mark=self._store.marks.get(card),
        )

    def judge(self, quiz: Quiz, reply: str) -> Judged:
        """Judge a reply; what is said in own words by whether it covers the card's point.

        Raises `NotAnOption` where there are options and the reply names none of them.
        """
        judged = quiz.presented.judge(reply)
        item, question = quiz.presented.item, self._course.question(quiz.entry.id)
        if judged.right is not None or not reply.strip() or item not in question.practice.items:
            return judged
        from tutor.core.own_words import evidence

        words = evidence(question, item, reply)
        if words is not None:
            return replace(judged, right=True, note=f"Your words say it: “{words}”.")
        return judged if item.form == "code" else replace(judged, right=False, note=NOT_FOUND)

    def review(
        self, quiz: Quiz, rating: int, duration_ms: int | None = None, *,
        confidence: int | None = None, correct: bool | None = None, hints: int = 0,
    ) -> Reviewed:  # fmt: skip
        """Store a review: 1 again, 2 hard, 3 good, 4 easy. Raises `BadGrade`, and then stores nothing."""
        at = self._clock()
        item = quiz.presented.item
        with self._store.transaction():
            after = reviewed(self._row(quiz.card, at), rating, at)
            self._table.save_review(
                after, rating, at=iso(at), duration_ms=duration_ms, item=item.id, confidence=confidence,
                correct=None if item.form in ("explain", "code") else correct, hints=hints,
            )  # fmt: skip
            if way := quiz.another_way:
                self._store.marks.teach_again(Reteaching(quiz.card, way.lapses, way.route, way.name, iso(at)))
        return Reviewed(card=quiz.card, rating=rating, due=after.due, interval=_until(after, at))

    def introduce(self, card: str) -> None:
        """Let a card that is new come tomorrow: its point was told. One that is known, or none, stays."""
        at = self._clock()
        with self._store.transaction():
            if card in self.deck.cards and self._table.card(card) is None:
                first = new_card(card, self._table.next_fsrs_id(), tomorrow(at))
                self._table.add_card(replace(first, introduced_at=iso(at)))

    def intervals(self, quiz: Quiz) -> dict[int, str]:
        """What each grade would do: the time until the card is due again, for people."""
        at = self._clock()
        row = self._row(quiz.card, at)
        return {grade: _until(reviewed(row, grade, at), at) for grade in GRADES}

    def undo(self) -> Undone | None:
        """Take back the last review or mark; the card is what it was before. None if there is none."""
        with self._store.transaction():
            review, change = self._table.last_review(), self._store.marks.last_change()
            if change and (review is None or change.at >= review.at):
                self._store.marks.undo()
                return Undone(change.card, change.what)
            if review:
                self._table.undo_review()
                return Undone(review.card, "review", review.rating)
        return None

    # --- marks -------------------------------------------------------------------------------

    def suspend(self, card: str, on: bool = True) -> MarkRow:
        """Leave a card out until it is taken in again. Raises `UnknownCard`."""
        return self._mark(card, "suspend" if on else "unsuspend", suspended=on)

    def bury(self, card: str) -> MarkRow:
        """Leave a card out until tomorrow. Raises `UnknownCard`."""
        return self._mark(card, "bury", buried_until=iso(tomorrow(self._clock())))

    def unbury(self, card: str) -> MarkRow:
        """Take a buried card in again. Raises `UnknownCard`."""
        return self._mark(card, "unbury", buried_until=None)

    def flag(self, card: str) -> MarkRow:
        """Flag a card, or take its flag away. Raises `UnknownCard`."""
        self._known(card)
        flagged = not self._store.marks.get(card).flagged
        return self._mark(card, "flag" if flagged else "unflag", flagged=flagged)

    def note(self, card: str, text: str) -> MarkRow:
        """Keep a private note with a card; an empty one removes it. Raises `UnknownCard`."""
        return self._mark(card, "note", note=text.strip())

    def _mark(self, card: str, what: str, **change: object) -> MarkRow:
        self._known(card)
        with self._store.transaction():
            mark = replace(self._store.marks.get(card), **change)  # type: ignore[arg-type]
            self._store.marks.set(mark, what, iso(self._clock()))
        return mark

    def _known(self, card: str) -> None:
        if card not in self.deck.cards:
            near = difflib.get_close_matches(card, self.deck.cards, n=2, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`tutor cards list` names them all."
            raise UnknownCard(f"There is no card {card!r}; {hint}")

    # --- choosing ----------------------------------------------------------------------------

    def _agenda(self, question: str | None) -> Agenda:
        met = self._store.learning.standings()
        return agenda(self._store, self.deck.cards, self._clock(), question=question, met=met)

    def _pick(self, due: tuple[str, ...], new: tuple[str, ...] = ()) -> str | None:
        last = self._table.last_review()
        before = None if last is None else self.deck.cards.get(last.card)
        return pick(due, new, self.deck.cards, before, self._look_alikes)

    @cached_property
    def _look_alikes(self) -> dict[str, set[str]]:
        return look_alikes(self._course)

    def _row(self, card: str, at: datetime) -> CardRow:
        return self._table.card(card) or new_card(card, self._table.next_fsrs_id(), at)


def _until(card: CardRow, at: datetime) -> str:
    return span(datetime.fromisoformat(card.due) - at)
