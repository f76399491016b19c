"""Figures of practice against answers that are known, and the made-up learner of 60 days."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest

from tests.core.practice_desk import NOON, Clock
from tutor.core.curriculum import Course
from tutor.core.deck import Deck
from tutor.core.practice import Practice
from tutor.core.practice_charts import figures, lines
from tutor.core.practice_simulation import simulate, simulation_figures
from tutor.core.practice_stats import PracticeStats, stats_of
from tutor.core.scheduling import recall


def stats(practice: Practice, clock: Clock) -> PracticeStats:
    return stats_of(practice._store, practice._course, practice.deck.cards, clock.now)


def test_nobody_has_practised_yet(practice: Practice, clock: Clock) -> None:
    found = stats(practice, clock)
    assert (found.reviews, found.remembered, found.streak, found.calibrated) == (0, None, 0, False)
    assert found.log_loss.model_dump() == {"reviews": 0, "scheduler": None, "constant": None}
    assert sum(day.due for day in found.forecast) == 0 and figures(found, NOON.date()) == []


def test_log_loss_and_retention_are_those_of_what_came_due(practice: Practice, clock: Clock) -> None:
    chances, came = [], []
    for grades in ((4, 3, 3), (4, 1, 3), (4, 3, 1), (4, 3, 3)):
        card = f"q07.p{len(came) // 2 + 1}"
        for place, grade in enumerate(grades):
            row = practice._table.card(card)
            if place:
                assert row is not None
                chances.append(recall(row, clock.now))
                came.append(grade > 1)
            practice.review(practice.quiz(card), grade)
            practice.review(practice.quiz(card), 3)  # at once again: says nothing about memory
            clock.pass_(days=6)
    found = stats(practice, clock)
    assert found.remembered == 6 / 8 and found.log_loss.reviews == 8
    wanted = -sum(math.log(p if yes else 1 - p) for p, yes in zip(chances, came, strict=True)) / 8
    assert found.log_loss.scheduler == pytest.approx(wanted)
    assert found.log_loss.constant == pytest.approx(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))
    assert sum(week.reviews for week in found.weeks) == 8
    assert all(date.fromisoformat(week.week).weekday() == 0 for week in found.weeks)


def test_days_in_a_row_and_what_comes_due(practice: Practice, clock: Clock) -> None:
    for card in ("q07.p1", "q22.p1", "q01.p1"):
        practice.review(practice.quiz(card), 4)
        clock.pass_(days=1)
    found = stats(practice, clock)
    assert [day.reviews for day in found.days] == [1, 1, 1] and found.streak == 3
    assert [number for number, day in enumerate(found.forecast) if day.due] == [5, 6, 7]
    practice.suspend("q07.p1")
    assert sum(day.due for day in stats(practice, clock).forecast) == 2
    clock.pass_(days=2)
    assert stats(practice, clock).streak == 0
    clock.pass_(days=60)
    assert stats(practice, clock).forecast[0].due == 2, "what is overdue counts for today"
    assert {row.id: row.seen for row in stats(practice, clock).strength} == {"q01": 1, "q07": 1, "q22": 1}
    assert all(0 < row.recall < 0.9 for row in stats(practice, clock).strength)


def test_calibration_waits_for_twenty_answers(practice: Practice, clock: Clock) -> None:
    for number in range(20):
        assert not stats(practice, clock).calibrated
        quiz = practice.quiz("q07.p3")
        right = number % 4 != 0
        practice.review(quiz, 3 if right else 1, confidence=1 + number % 2, correct=right)
        clock.pass_(days=1)
    found = stats(practice, clock)
    assert found.calibrated
    assert [(level.answers, level.right) for level in found.calibration] == [(10, 5), (10, 10), (0, 0)]
    shown = {figure.title: figure.words for figure in figures(found, clock.now.date())}
    assert shown["How sure, how right"] == "guess: 5 of 10 right, fairly sure: 10 of 10 right"
    assert set(shown) == {
        "Reviews by day", "Coming due", "Retention", "Strength by question", "How sure, how right",
    }  # fmt: skip


def test_answers_in_the_chat_count_as_well(practice: Practice, clock: Clock) -> None:
    learning = practice._store.learning
    for number, verdict in enumerate(("correct", "partial", "incorrect", "off_topic", "unsure") * 5):
        grade = {
            "verdict": verdict,
            "score": 0,
            "misconceptions": [],
            "confidence": 3 if number < 24 else None,
        }
        learning.add_attempt("q07", "so", grade)
    learning.add_attempt(
        "q07", "so", {"verdict": "partial", "score": 0, "misconceptions": [{}], "confidence": 1}
    )
    learning.add_attempt("q07", "so", {"verdict": "partial", "score": 0})  # not said
    found = stats(practice, clock)
    assert [(level.answers, level.right) for level in found.calibration] == [(1, 0), (0, 0), (20, 10)]
    assert found.calibrated
    assert [one.title for one in figures(found, clock.now.date())] == ["How sure, how right"]
    assert dict(lines(found)).keys().isdisjoint({"reviews", "how sure"})


def test_a_card_that_was_told_comes_tomorrow_and_has_no_strength_yet(
    practice: Practice, clock: Clock
) -> None:
    practice.introduce("q07.p2")
    practice.introduce("q07.p2")
    practice.introduce("q99.p1")  # no such card
    found = stats(practice, clock)
    assert [number for number, day in enumerate(found.forecast) if day.due] == [1]
    assert not found.strength and not found.reviews
    assert practice.next(due_only=True) is None
    clock.pass_(days=1)
    quiz = practice.next(due_only=True)
    assert quiz is not None and quiz.card == "q07.p2" and not quiz.is_new
    practice.review(quiz, 3)
    practice.introduce("q07.p2")
    assert practice.next(due_only=True) is None


def test_predictions_in_the_quiz_and_the_lab_are_counted(practice: Practice, clock: Clock) -> None:
    store = practice._store
    for hit in (True, False, True):
        run = store.runs.start("weight-decay", {}, "valley")
        store.runs.end(run, "finished", {"outcome": "valley", "hit": hit})
    asked = 0
    for _ in range(12):
        quiz = practice.quiz("q22.p1")
        if quiz.presented.item.form == "predict":
            asked += 1
        practice.review(quiz, 3, correct=True)
        clock.pass_(days=30)
    found = stats(practice, clock)
    assert found.experiments.model_dump() == {"made": 3, "hits": 2}
    assert found.items.model_dump() == {"made": asked, "hits": asked} and asked


def test_sixty_days_of_a_learner_whose_curve_is_known(course: Course) -> None:
    done = simulate(60, 0, course)
    assert done.recall is not None and done.recall_of_ordinary is not None
    assert 0.82 < done.recall < done.recall_of_ordinary < 0.96, "90 % were wanted"
    assert done.stats.remembered == pytest.approx(done.recall, abs=0.05)
    loads = [day.reviews for day in done.daily]
    assert sum(day.new for day in done.daily) == len(Deck(course).cards)
    assert max(day.new for day in done.daily) == 10
    assert sum(loads[-14:]) / 14 < max(loads) / 2, "what is known comes ever less often"
    assert done.taught_again and all(one.lapses >= 4 for one in done.taught_again)
    titles = [figure.title for figure in simulation_figures(done)]
    assert titles[:2] == ["Daily load", "Reviews by day"]


def test_days_are_those_of_the_learner(practice: Practice, clock: Clock) -> None:
    practice.review(practice.quiz("q07.p1"), 3)
    found = stats(practice, clock)
    assert found.days[0].day == NOON.astimezone().date().isoformat()
    assert found.forecast[1].day == (NOON + timedelta(days=1)).astimezone().date().isoformat()
