"""Sittings, pace, what fits into a length of time, and for how long a plan holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.core.errors import BadInput
from tutor.core.sittings import Pace, Sitting, pace, since_when, sittings
from tutor.core.time_plan import Fits, TimePlan, current_plan, keep_plan, what_fits
from tutor.store.history import Kind, Moment
from tutor.store.paths import Paths
from tutor.store.store import Store

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PACE = Pace(card=0.5, question=5, run=3)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def moments(kind: Kind, *minutes: float, ref: str = "q07", label: str | None = None) -> list[Moment]:
    return [Moment(at(one), kind, ref, label) for one in minutes]


# --- sittings ------------------------------------------------------------------------------------


def test_a_gap_of_more_than_half_an_hour_ends_a_sitting() -> None:
    assert sittings(moments("answer", 0, 30, 60.5)) == [Sitting(at(0), at(30)), Sitting(at(60.5), at(60.5))]


def test_what_was_said_before_the_first_work_belongs_to_it_and_what_was_said_after_the_last_does_not() -> (
    None
):
    found = sittings([*moments("talk", 0, 2), *moments("card", 5, 8), *moments("talk", 20, label="plan")])
    assert found == [Sitting(at(0), at(8))]
    assert found[0].minutes == 8


def test_opening_and_asking_for_a_recap_is_no_sitting() -> None:
    talk = [*moments("talk", 0, label="welcome"), *moments("talk", 1), *moments("talk", 2, label="recap")]
    assert sittings(talk) == []
    assert len(sittings(moments("talk", 0, label="lesson"))) == 1


# --- pace ----------------------------------------------------------------------------------------


def test_without_enough_to_go_by_the_pace_is_the_usual_one() -> None:
    assert pace([]) == Pace() == pace(moments("card", 0, 1, 2))


def test_the_learners_own_pace_counts_once_there_is_enough() -> None:
    cards = moments("card", *range(11))
    assert pace(cards).card == 1.0
    questions = [
        *moments("answer", 20, 24, ref="q07"),
        *moments("talk", 26, ref="q22"),
        *moments("answer", 28),
    ]
    second = moments("answer", 32, ref="q22")
    assert pace([*questions, *second]).question == 6.0
    assert pace([*moments("talk", 0), *moments("run", 1), *moments("talk", 2), *moments("run", 4)]).run == 1.5


def test_a_pause_was_not_spent_on_what_came_after_it() -> None:
    slow = [moment for hour in range(11) for moment in moments("card", hour * 20, hour * 20 + 0.25)]
    assert pace(slow).card == pytest.approx(11 * 0.25 / 11)


def test_a_pace_stays_plausible() -> None:
    at_once = moments("card", *(one / 1000 for one in range(30)))
    assert pace(at_once).card == 0.1


# --- what fits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "due", "questions", "fits"),
    [
        (10, 0, 9, Fits(0, 0, 1, True)),
        (10, 4, 9, Fits(4, 2, 1, True)),
        (10, 40, 9, Fits(10, 5, 1, False)),
        (5, 4, 9, Fits(4, 2, 0, False)),
        (5, 40, 9, Fits(10, 5, 0, False)),
        (2, 0, 9, Fits(0, 0, 0, False)),
        (60, 4, 9, Fits(4, 2, 9, True)),
        (60, 200, 0, Fits(120, 60, 0, False)),
        (60, 0, 0, Fits(0, 0, 0, False)),
    ],
)
def test_due_cards_come_first_then_questions_and_one_run(
    minutes: int, due: int, questions: int, fits: Fits
) -> None:
    assert what_fits(minutes, PACE, due=due, questions=questions, can_run=True) == fits
    assert not what_fits(minutes, PACE, due=due, questions=questions, can_run=False).run


@pytest.mark.parametrize("minutes", [1, 7, 10, 33, 480])
@pytest.mark.parametrize("due", [0, 3, 50])
def test_what_fits_does_not_take_longer_than_there_is(minutes: int, due: int) -> None:
    fits = what_fits(minutes, PACE, due=due, questions=44, can_run=True)
    assert fits.cards * PACE.card + fits.questions * PACE.question + fits.run * PACE.run <= minutes


# --- the plan ------------------------------------------------------------------------------------


def test_a_plan_holds_over_restarts_until_half_an_hour_after_its_end(tmp_path: Path) -> None:
    plan = TimePlan(START, 10)
    store = Store(Paths(tmp_path))
    keep_plan(store.settings, plan)
    store.close()
    settings = Store(Paths(tmp_path)).settings
    assert current_plan(settings, at(3)) == plan
    assert [plan.left(at(one)) for one in (0, 0.5, 3, 9.9, 10, 25)] == [10, 10, 7, 1, 0, 0]
    assert current_plan(settings, at(40)) == plan
    assert current_plan(settings, at(40.1)) is None
    assert current_plan(settings, at(-60)) is None
    keep_plan(settings, None)
    assert current_plan(settings, at(3)) is None


# --- since when ----------------------------------------------------------------------------------


def test_times_to_look_back_to() -> None:
    assert since_when("12h", START) == START - timedelta(hours=12)
    assert since_when("3d", START) == START - timedelta(days=3)
    assert since_when("2026-11-20T10:00+00:00", START) == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert since_when("2026-11-20", START).astimezone().hour == 0
    assert since_when("yesterday", START) < since_when("today", START) <= START


@pytest.mark.parametrize("text", ["", "soon", "3w", "2026-13-01", "-3d"])
def test_what_is_no_time_is_one_clear_line(text: str) -> None:
    with pytest.raises(BadInput, match=r"say today, yesterday, 3d, 12h"):
        since_when(text, START)
