"""The chat, turn by turn: what is said, what is stored, and in which order."""

import pytest
from session_world import HALF_7, RIGHT_7, WRONG_7, World, kinds, said, turn

from tutor.core.events import Asked, Failed, Graded, Opened, Said, TurnFinished
from tutor.core.session import Session

# --- opening ---------------------------------------------------------------------------------


def test_the_first_start_welcomes_plans_and_asks(world: World) -> None:
    events = world.session().opening()
    assert kinds(events) == ["said", "said", "asked", "said"]
    welcome, plan, ask = said(events)
    assert (welcome.label, plan.label, ask.label) == ("welcome", "plan", None)
    assert plan.text == "2 questions here. We start with Q7 · Dot product."
    assert ask.text == world.course.question(7).file.ask.strip()
    assert [message.text for message in world.store.learning.messages()] == [one.text for one in said(events)]


def test_a_second_start_repeats_nothing_that_stands_there(world: World) -> None:
    world.session().opening()
    again = world.session()
    events = again.opening()
    assert [one.label for one in said(events)] == ["plan"]
    assert said(world.session().opening()) == []
    assert again.current is not None
    assert again.current.id == "q07"


def test_a_return_in_the_middle_asks_the_open_question_again(world: World, session: Session) -> None:
    turn(session.ask(HALF_7))
    turn(session.act("goto", "q22"))
    turn(session.act("hint"))
    events = world.session().opening()
    assert said(events)[-1].text == world.course.question(22).file.ask.strip()
    assert any(isinstance(event, Asked) and event.id == "q22" for event in events)


def test_the_plan_counts_what_is_done(world: World, session: Session) -> None:
    turn(session.ask(RIGHT_7))
    _, finished = turn(session.ask("plan"))
    assert finished.intent == "plan"
    assert (
        finished.reply
        == "1 of 2 questions done. We are at Q7 · Dot product. Next comes Q22 · Why it generalises."
    )


# --- answers ---------------------------------------------------------------------------------


def test_a_turn_has_its_order_and_one_ending(session: Session) -> None:
    events, finished = turn(session.ask(HALF_7))
    assert kinds(events) == ["said", "graded", "said", "said", "finished"]
    assert isinstance(events[0], Said)
    assert (events[0].role, events[0].text) == ("you", HALF_7)
    assert finished.intent == "answer"
    assert finished.question == "q07"
    assert finished.reply == "\n".join(one.text for one in said(events))


def test_everything_shown_is_stored_before_it_is_shown(world: World, session: Session) -> None:
    for event in session.ask(HALF_7):
        stored = [message.text for message in world.store.learning.messages()]
        if isinstance(event, Said):
            assert event.text in stored
        if isinstance(event, Graded):
            assert world.store.learning.attempts("q07")[-1].answer == HALF_7
            assert world.store.learning.standing("q07").covered == {"p1"}


def test_half_an_answer_gets_its_half_quoted_and_one_move(world: World, session: Session) -> None:
    events, _ = turn(session.ask(HALF_7))
    quoted, move = said(events)
    assert quoted.text.startswith('✓ "You multiply the matching numbers"')
    assert (quoted.label, move.label) == ("your words", "what else")
    assert move.text == world.course.question(7).point("p2").pump


def test_what_is_missing_may_come_later(world: World, session: Session) -> None:
    turn(session.ask(HALF_7))
    events, _ = turn(session.ask("Then the products are added up."))
    assert said(events)[-1].label == "done"
    assert "Next: Q22" in said(events)[-1].text
    assert "still open" not in said(events)[0].text
    assert world.store.learning.standing("q07").state == "done"


def test_a_full_answer_is_done_and_yes_goes_on(session: Session) -> None:
    events, _ = turn(session.ask(RIGHT_7))
    assert said(events)[-1].text.startswith("That is the whole of it.")
    events, finished = turn(session.ask("yes"))
    assert (finished.intent, finished.question) == ("next", "q22")
    assert kinds(events) == ["said", "said", "asked", "finished"]


def test_a_misconception_is_met_with_a_run_not_with_a_rung(world: World, session: Session) -> None:
    events, _ = turn(session.ask("You add the pairs first and multiply the sums afterwards."))
    assert "`run it`" in said(events)[-1].text
    assert world.store.learning.standing("q07").rungs == {}


def test_off_topic_and_unsure_use_up_no_rung(world: World, session: Session) -> None:
    turn(session.ask("My grandmother bakes bread every week and her neighbour sells honey."))
    assert world.store.learning.standing("q07").rungs == {}
    assert world.store.learning.standing("q07").attempts == 1


def test_a_turn_has_at_most_six_lines_and_one_question(session: Session) -> None:
    lines = [
        HALF_7,
        "hint",
        "no idea",
        "dunno",
        "numbers",
        RIGHT_7,
        "help",
        WRONG_7,
        "this makes no sense",
        "plan",
    ]
    for line in lines:
        events, _ = turn(session.ask(line))
        text = "\n".join(one.text for one in said(events))
        assert len(text.splitlines()) <= 6, text
    assert text


# --- moving about ----------------------------------------------------------------------------


def test_next_previous_and_goto(session: Session) -> None:
    assert turn(session.ask("skip this one"))[1].question == "q22"
    assert turn(session.ask("go back"))[1].question == "q07"
    assert turn(session.ask("go to 22"))[1].question == "q22"
    assert turn(session.ask("go to weight decay"))[1].question == "q22"
    turn(session.act("previous"))
    assert turn(session.act("previous"))[1].reply.startswith("This is the first question.")


def test_a_planned_question_is_named_but_not_opened(session: Session) -> None:
    _, finished = turn(session.ask("go to 18"))
    assert finished.reply.startswith("Q18 · What bias adds is not written yet.")
    assert finished.question == "q07"


def test_an_unknown_question_is_one_clear_line(session: Session) -> None:
    _, finished = turn(session.ask("go to question 77"))
    assert finished.reply.startswith("There is no question '77'")


def test_the_lesson_comes_in_parts(world: World, session: Session) -> None:
    chunks = world.course.question(7).lesson
    for number, chunk in enumerate(chunks, start=1):
        _, finished = turn(session.ask("lesson"))
        assert chunk.heading in finished.reply
        assert finished.sources == (f"lesson q07: {chunk.heading}",)
        assert ("goes on" in finished.reply) == (number < len(chunks))
    assert chunks[0].heading in turn(session.ask("lesson"))[1].reply


# --- questions -------------------------------------------------------------------------------


def test_a_question_is_answered_from_the_course_with_its_source(session: Session) -> None:
    events, finished = turn(session.ask("what is an embedding?"))
    assert finished.intent == "answer_from_lecture"
    assert finished.sources == ("glossary: embedding",)
    assert "A table of trainable numbers" in said(events)[0].text


def test_a_question_that_carries_a_misconception_is_corrected(session: Session) -> None:
    _, finished = turn(session.ask("is the dot product just the correlation?"))
    assert finished.reply.startswith("Not quite. Nothing in it divides by the lengths.")


def test_out_of_scope_is_said_kindly(session: Session) -> None:
    _, finished = turn(session.ask("what is the capital of France?"))
    assert finished.intent == "out_of_scope"
    assert "rather not guess" in finished.reply


def test_unclear_and_empty_lines_are_met_without_a_verdict(world: World, session: Session) -> None:
    for line in ("", "   ", "\n"):
        assert turn(session.ask(line))[1].intent == "clarify"
    assert world.store.learning.attempts() == []


# --- faults ----------------------------------------------------------------------------------


def test_a_broken_part_is_one_failed_event_and_the_text_is_kept(
    world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("tutor.core.grading.grade", broken)
    events = list(session.ask(HALF_7))
    assert kinds(events) == ["said", "failed"]
    assert isinstance(events[-1], Failed)
    assert "ZeroDivisionError: by zero" in events[-1].message
    assert session.draft == HALF_7
    assert world.store.learning.messages()[-1].text == HALF_7
    assert world.store.learning.attempts() == []


def test_verdict_and_standing_are_stored_together_or_not_at_all(
    world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(world.store.learning, "save_standing", broken)
    assert isinstance(list(session.ask(HALF_7))[-1], Failed)
    assert world.store.learning.attempts() == []


def test_a_sent_text_is_no_draft_any_more(session: Session) -> None:
    session.draft = "half an ans"
    assert session.draft == "half an ans"
    turn(session.ask(HALF_7))
    assert session.draft == ""


def test_a_question_that_left_the_course_is_not_current(world: World, session: Session) -> None:
    world.store.settings.set("current_question", "q99")
    assert session.current is None
    _, finished = turn(session.ask("hint"))
    assert "`next` opens one" in finished.reply


@pytest.mark.parametrize("text", ["a" * 20_000, "\x00\x1b[31m", "?" * 500, "🙂", "`" * 50])
def test_any_text_ends_well(session: Session, text: str) -> None:
    events = list(session.ask(text))
    assert isinstance(events[-1], TurnFinished)


def test_opened_comes_last_before_the_end(session: Session) -> None:
    events, _ = turn(session.ask("run it"))
    assert kinds(events) == ["said", "said", "opened", "finished"]
    assert isinstance(events[2], Opened)
