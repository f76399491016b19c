"""The length of a sitting in the chat: planned for, kept over restarts, closed once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from session_world import HALF_7, RIGHT_7, WRONG_7, World, said, turn

from tutor.core.curriculum import ContentError
from tutor.core.events import ChatEvent
from tutor.core.session import Session, answer_line
from tutor.core.time_plan import current_plan


class Clock:
    """Stands until a test moves it. It starts with the real time, as the rows of the learner's file do."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pipe(world: World, clock: Clock) -> Session:
    return begun(world, clock)


def begun(world: World, clock: Clock, *, inline: bool = True) -> Session:
    session = world.session(inline=inline)
    session.clock = clock
    session.opening()
    return session


def labels(events: list[ChatEvent]) -> list[str | None]:
    return [line.label for line in said(events)]


def closing(events: list[ChatEvent]) -> str:
    return "\n".join(line.text for line in said(events) if line.label == "time")


# --- planning ------------------------------------------------------------------------------------


def test_a_length_is_planned_for_in_two_lines(pipe: Session, clock: Clock) -> None:
    events, finished = turn(pipe.ask("I have 10 minutes"))
    (line,) = said(events)
    assert finished.intent == "plan" and line.label == "plan"
    until = (clock.now + timedelta(minutes=10)).astimezone()
    first, second = line.text.splitlines()
    assert first.startswith(
        f"10 minutes, until {until:%H:%M}. What fits: 2 due cards (about 1 min), then Q7 ·"
    )
    assert second == "Start: `quiz me`. I say when the time is up."
    assert finished.data["plan"]["minutes"] == 10
    assert (finished.data["plan"]["cards"], finished.data["plan"]["questions"]) == (2, 1)


def test_a_short_time_is_a_start_on_a_question(world: World, pipe: Session) -> None:
    world.practice.counts().due = 0
    _, finished = turn(pipe.ask("2 minutes"))
    assert "That is a start on Q7" in finished.reply


@pytest.mark.parametrize("line", ["0 minutes", "1000000 minutes", "-5 min", "30 hours", "20 seconds"])
def test_nonsense_is_one_clear_line_and_changes_nothing(
    world: World, pipe: Session, clock: Clock, line: str
) -> None:
    turn(pipe.ask("20 minutes"))
    before = current_plan(world.store.settings, clock.now)
    _, finished = turn(pipe.ask(line))
    assert (
        finished.reply == "I can plan for 1 minute to 8 hours, for example `10 minutes`. Nothing was changed."
    )
    assert current_plan(world.store.settings, clock.now) == before


def test_minutes_in_an_attempt_are_graded_and_planned_for_by_nobody(
    world: World, pipe: Session, clock: Clock
) -> None:
    _, finished = turn(pipe.ask("You multiply the matching numbers, which takes 10 minutes by hand."))
    assert finished.intent == "answer"
    assert current_plan(world.store.settings, clock.now) is None


def test_plan_says_how_much_is_left_and_more_time_can_be_had(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("10 minutes"))
    clock.passes(4)
    assert turn(pipe.ask("plan"))[1].reply.startswith("6 of 10 minutes left. ")
    turn(pipe.ask("10 more minutes"))
    assert turn(pipe.ask("how much time is left?"))[1].reply.startswith("16 of 16 minutes left. ")
    turn(pipe.ask("forget the time"))
    assert "left" not in turn(pipe.ask("plan"))[1].reply


# --- closing -------------------------------------------------------------------------------------


def test_the_first_turn_after_the_time_is_up_closes_once(world: World, pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("10 minutes"))
    events, _ = turn(pipe.ask(HALF_7))
    assert "time" not in labels(events)
    clock.passes(11)
    events, finished = turn(pipe.ask(RIGHT_7))
    assert labels(events) == ["your words", "done", "time"], "the answer has its verdict first"
    assert "Shall we?" not in finished.reply and finished.data["time_is_up"] is True
    told = closing(events)
    assert told.startswith("Your 10 minutes are up: 1 question. Done: Q7.")
    assert "Next: " in told and "no card is due" in told.casefold()
    assert len(told.splitlines()) <= 3
    events, _ = turn(pipe.ask("plan"))
    assert "time" not in labels(events)
    assert current_plan(world.store.settings, clock.now) is None


def test_an_answer_that_is_not_whole_gets_its_next_step_all_the_same(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("5 minutes"))
    clock.passes(6)
    events, _ = turn(pipe.ask(HALF_7))
    assert labels(events)[-2:] == ["what else", "time"]
    assert "Begun: Q7 (still open: " in closing(events)


def test_a_key_closes_as_well(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("5 minutes"))
    clock.passes(6)
    events, _ = turn(pipe.act("hint"))
    assert labels(events) == ["hint", "time"]


def test_nothing_is_closed_while_a_run_waits_for_its_prediction(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("5 minutes"))
    clock.passes(6)
    assert labels(turn(pipe.ask("run it"))[0]) == ["prediction"]
    assert labels(turn(pipe.ask("1"))[0]) == ["run", "time"]


def test_a_turn_that_leads_elsewhere_does_not_close(world: World, clock: Clock) -> None:
    app = begun(world, clock, inline=False)
    turn(app.ask("5 minutes"))
    clock.passes(6)
    assert "time" not in labels(turn(app.ask("quiz me"))[0])
    assert "time" in labels(turn(app.ask("hint"))[0])


def test_a_course_that_cannot_be_read_takes_no_turn_away(
    world: World, pipe: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ContentError(Path("rubric.toml"), "a bracket is missing", "close it")

    monkeypatch.setattr("tutor.core.recap.recap", broken)
    turn(pipe.ask("5 minutes"))
    clock.passes(6)
    events, _ = turn(pipe.ask(HALF_7))
    assert closing(events) == "Your 5 minutes are up. `recap` looks back."


def test_a_plan_survives_a_restart(world: World, pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("10 minutes"))
    clock.passes(5)
    again = World(world.paths.home).session(inline=True)
    again.clock = clock
    assert any(line.text.startswith("5 of 10 minutes left. ") for line in said(again.opening()))
    assert turn(again.ask("plan"))[1].reply.startswith("5 of 10 minutes left. ")
    clock.passes(6)
    assert "time" in labels(turn(again.ask("hint"))[0])


def test_who_comes_back_much_later_is_not_told_that_the_time_was_up(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("10 minutes"))
    clock.passes(180)
    events, finished = turn(pipe.ask("plan"))
    assert labels(events) == ["plan"] and "left" not in finished.reply


def test_a_single_line_is_not_closed_and_plans_for_nobody(world: World, pipe: Session, clock: Clock) -> None:
    answer = answer_line(world, "I have 10 minutes", context_q="q07")  # type: ignore[arg-type]
    assert answer.intent == "plan" and "What fits" in answer.reply
    assert current_plan(world.store.settings, clock.now) is None


# --- keeping to it -------------------------------------------------------------------------------


def test_near_the_end_no_new_question_is_begun(world: World, pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("10 minutes"))
    clock.passes(8)
    _, finished = turn(pipe.ask(RIGHT_7))
    assert (
        "2 minutes left, short for Q22" in finished.reply and "`quiz me` has 2 due cards." in finished.reply
    )
    assert "Shall we?" not in finished.reply


def test_with_time_enough_the_next_question_is_offered(pipe: Session, clock: Clock) -> None:
    turn(pipe.ask("20 minutes"))
    clock.passes(8)
    assert "Shall we?" in turn(pipe.ask(RIGHT_7))[1].reply


# --- looking back --------------------------------------------------------------------------------


def test_a_recap_in_the_chat_has_at_most_six_lines(pipe: Session) -> None:
    for line in (WRONG_7, HALF_7, RIGHT_7, "i loved Fargo"):
        turn(pipe.ask(line))
    events, finished = turn(pipe.ask("what did we do today?"))
    lines = finished.reply.splitlines()
    assert finished.intent == "progress" and labels(events) == ["recap"]
    assert len(lines) <= 6 and "1 question, 1 film" in lines[0]
    assert any("multiply the matching numbers" in line.casefold() for line in lines)
    assert any(line.startswith("· Put right on Q7") for line in lines)
    assert lines[-1].startswith("→ ") and "`tutor recap`" in lines[-1]
    assert finished.data["recap"]["questions"][0]["id"] == "q07"


def test_a_recap_of_nothing_is_one_friendly_line(pipe: Session) -> None:
    assert len(turn(pipe.ask("recap"))[1].reply.splitlines()) == 1


def test_a_day_without_work_points_to_the_sitting_before(world: World, pipe: Session, clock: Clock) -> None:
    turn(pipe.ask(HALF_7))
    clock.passes(60 * 40)
    reply = turn(pipe.ask("what did we do today?"))[1].reply
    assert reply.startswith("Nothing yet since today; before that:") and len(reply.splitlines()) <= 6
