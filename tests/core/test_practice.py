"""Practice: what fsrs says is what is stored, and the order of cards in a sitting."""

import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import fsrs
import pytest

from tests.core.practice_desk import NOON, Clock
from tests.core.small_course import small_course
from tutor.core.curriculum import Course, NotWrittenYet, UnknownQuestion
from tutor.core.practice import Practice, Quiz
from tutor.core.scheduling import BadGrade, iso, new_card, reviewed, span
from tutor.store.learning import Standing
from tutor.store.paths import Paths
from tutor.store.store import Store


def must(quiz: Quiz | None) -> Quiz:
    assert quiz is not None
    return quiz


def a_log(cards: int, reviews: int, seed: int) -> list[tuple[int, int, datetime]]:
    """A review log like a person's: (card, grade, time), minutes to months apart, mostly remembered."""
    rng = random.Random(seed)
    moments = [NOON + timedelta(minutes=rng.uniform(0, 60)) for _ in range(cards)]
    log = []
    for _ in range(reviews):
        card = rng.randrange(cards)
        log.append((card, rng.choices([1, 2, 3, 4], [15, 5, 75, 5])[0], moments[card]))
        moments[card] += timedelta(
            minutes=rng.choice([0.3, 1, 10, 24 * 60, 9000, 80_000]) * rng.uniform(0.5, 2)
        )
    return sorted(log, key=lambda row: row[2])


def test_states_equal_those_of_fsrs_after_every_review_save_and_restart(tmp_path: Path) -> None:
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    direct: dict[int, fsrs.Card] = {}
    store = Store(Paths(tmp_path))
    for number, (card, grade, at) in enumerate(a_log(cards=40, reviews=1500, seed=3)):
        name = f"q07.p{card}"
        known = direct.get(card) or fsrs.Card(card_id=len(direct) + 1, due=at)
        direct[card], _ = scheduler.review_card(known, fsrs.Rating(grade), at)
        row = store.practice.card(name) or new_card(name, store.practice.next_fsrs_id(), at)
        store.practice.save_review(reviewed(row, grade, at), grade, at=iso(at))
        stored = store.practice.card(name)
        assert stored is not None
        assert json.loads(stored.state) == direct[card].to_dict()
        assert datetime.fromisoformat(stored.due) == direct[card].due
        if number % 300 == 0:
            store.close()
            store = Store(Paths(tmp_path))
    assert {row.id for row in store.practice.cards()} == {f"q07.p{card}" for card in direct}
    assert len(store.practice.reviews()) == 1500


def test_undo_to_the_start_walks_back_through_every_state(practice: Practice, store: Store) -> None:
    states = [store.practice.cards()]
    for grade in [3, 1, 4, 2, 3, 3, 1, 3]:
        quiz = must(practice.next())
        practice.review(quiz, grade)
        states.append(store.practice.cards())
    for before in reversed(states[:-1]):
        assert practice.undo() is not None
        assert store.practice.cards() == before
    assert practice.undo() is None


def test_a_new_learner_meets_each_card_once_and_ends(practice: Practice) -> None:
    limit = practice.counts().new
    assert limit == min(10, len(practice.deck.cards))
    seen = []
    while quiz := practice.next():
        assert quiz.is_new
        practice.review(quiz, 4)
        seen.append(quiz.card)
    assert len(seen) == len(set(seen)) == limit
    assert practice.counts().due == 0
    assert practice.counts().new == 0


def test_siblings_are_apart_while_another_question_has_cards(practice: Practice) -> None:
    questions = []
    while quiz := practice.next():
        practice.review(quiz, 4)
        questions.append(quiz.entry.id)
    switches = sum(a != b for a, b in pairwise(questions))
    smaller = min(questions.count(question) for question in set(questions))
    assert switches >= 2 * smaller - 1 > 0


def test_new_cards_of_questions_that_were_met_come_first(
    practice: Practice, store: Store, course: Course
) -> None:
    second = course.written[1].id
    store.learning.save_standing(Standing(second, "started"))
    assert must(practice.next()).entry.id == second


def test_a_forgotten_card_comes_back_in_the_same_sitting(practice: Practice, clock: Clock) -> None:
    forgotten = must(practice.next())
    practice.review(forgotten, 1)
    sitting: list[str] = []
    while (quiz := practice.next()) and len(sitting) < 50:
        clock.pass_(seconds=2)
        practice.review(quiz, 4)
        sitting.append(quiz.card)
    assert sitting.count(forgotten.card) == 1
    assert practice.counts().due == 0


def test_a_remembered_card_waits_for_its_time(practice: Practice, clock: Clock) -> None:
    practice._store.settings.set("new_per_day", 1)
    quiz = must(practice.next())
    practice.review(quiz, 3)
    counts = practice.counts()
    assert (counts.due, counts.new) == (0, 0)
    assert counts.next_due_at is not None
    assert datetime.fromisoformat(counts.next_due_at) - clock.now == timedelta(minutes=10)
    assert practice.next() is None
    clock.pass_(minutes=10)
    assert practice.counts().due == 1
    assert must(practice.next(due_only=True)).card == quiz.card


def test_new_cards_are_rationed_by_the_day(practice: Practice, store: Store, clock: Clock) -> None:
    store.settings.set("new_per_day", 2)
    for _ in range(2):
        practice.review(must(practice.next()), 4)
    assert practice.next() is None
    clock.pass_(days=1)
    assert practice.counts().new == 2
    assert must(practice.next()).is_new
    assert practice.next(due_only=True) is None


def test_one_question_alone_is_not_rationed(practice: Practice, store: Store, course: Course) -> None:
    store.settings.set("new_per_day", 0)
    question = course.written[0]
    asked = []
    while quiz := practice.next(question.id):
        practice.review(quiz, 4)
        asked.append(quiz.card)
    assert asked == [card for card, owner in practice.deck.cards.items() if owner == question.id]
    assert practice.next() is None


def test_a_question_that_is_not_there_is_said_so(practice: Practice, store: Store, tmp_path: Path) -> None:
    with pytest.raises(UnknownQuestion):
        practice.next("q99")
    small = Course.load(small_course(tmp_path / "course"))
    with pytest.raises(NotWrittenYet):
        Practice(store, small).next("q08")


def test_the_form_changes_and_the_numbers_are_fresh(practice: Practice, clock: Clock) -> None:
    card = next(
        card
        for card in practice.deck.cards
        if len({item.form for item in practice.deck.items(card)}) > 1
        and any(item.generator for item in practice.deck.items(card))
    )
    forms, prompts = [], []
    for _ in range(8):
        quiz = practice.quiz(card)
        assert quiz.presented == practice.quiz(card).presented, "the same until it is reviewed"
        practice.review(quiz, 3)
        forms.append(quiz.presented.item.form)
        prompts.append(quiz.presented.prompt)
        clock.pass_(days=30)
    assert all(a != b for a, b in pairwise(forms))
    assert {item.id for item in practice.deck.items(card)} == {
        review.item for review in practice._store.practice.reviews(card)
    }
    generated = [p for p, f in zip(prompts, forms, strict=True) if f == "compute"]
    assert len(set(generated)) > 1


def test_intervals_say_what_each_grade_would_do_and_change_nothing(practice: Practice, store: Store) -> None:
    quiz = must(practice.next())
    promised = practice.intervals(quiz)
    assert promised == {1: "1 min", 2: "6 min", 3: "10 min", 4: "8 days"}
    assert store.practice.cards() == []
    for grade, interval in promised.items():
        assert practice.review(quiz, grade).interval == interval
        practice.undo()


@pytest.mark.parametrize("grade", [0, 5, -1])
def test_a_grade_that_is_none_stores_nothing(practice: Practice, store: Store, grade: int) -> None:
    with pytest.raises(BadGrade, match="1 again"):
        practice.review(must(practice.next()), grade)
    assert store.practice.reviews() == []


def test_cards_of_points_that_left_the_course_wait_unseen(
    practice: Practice, store: Store, clock: Clock
) -> None:
    gone = new_card("q07.p99", 1, clock.now)
    store.practice.save_review(reviewed(gone, 1, clock.now), 1)
    clock.pass_(days=1)
    assert practice.counts().due == 0
    practice._store.settings.set("new_per_day", 0)
    assert practice.next() is None
    assert [row.id for row in store.practice.cards()] == ["q07.p99"]


def test_the_deck_is_what_the_items_ask_for(practice: Practice, course: Course) -> None:
    asked = {
        f"{entry.id}.{item.point}"
        for entry in course.written
        for item in course.question(entry.id).practice.items
    }
    assert set(practice.deck.cards) == asked
    assert all(practice.deck.items(card) for card in practice.deck.cards)


def test_spans_are_written_for_people() -> None:
    days = {
        0.0004: "1 min",
        0.02: "29 min",
        0.2: "5 h",
        1: "1 day",
        8: "8 days",
        100: "3 months",
        550: "1.5 years",
    }
    assert {number: span(timedelta(days=number)) for number in days} == days


def test_counting_needs_no_fsrs(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tutor.core.workspace import Workspace\n"
        "from tutor.store.paths import Paths\n"
        f"print(Workspace(Paths(Path({str(tmp_path)!r}))).practice.counts().new)\n"
        "assert not {'fsrs', 'numpy', 'pandas', 'torch', 'textual'} & set(sys.modules), sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0
