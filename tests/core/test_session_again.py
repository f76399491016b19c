"""What was told comes back: fresh numbers, tomorrow's card, one more try, and never in the way."""

from pathlib import Path

import pytest
from session_world import RIGHT_7, World, said, turn

from tutor.core.chat_beside import beside
from tutor.core.curriculum import Course
from tutor.core.session import Session
from tutor.store.learning import Standing

REAL = Course.load(Path(__file__).parents[2] / "content")


class WholeCourse(World):
    """The same world around the real course."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.course = REAL


@pytest.fixture
def world(tmp_path: Path) -> World:
    return WholeCourse(tmp_path)


@pytest.fixture
def session(world: World) -> Session:
    started = world.session(inline=True)
    started.opening()
    turn(started.act("goto", "q22"))
    return started


def asked(session: Session) -> str:
    return str(beside(session)["text"])


def once_more(session: Session) -> str:
    """The point comes back on the second "next" at the latest, when another question has been opened."""
    events, finished = turn(session.act("next"))
    if said(events)[-1].label != "once more":
        events, finished = turn(session.act("next"))
    assert [one.label for one in said(events)] == ["once more"]
    assert finished.data["again"]["question"] == "q22"
    return said(events)[0].text


def test_a_told_point_comes_back_with_fresh_numbers_within_five_questions(session: Session) -> None:
    turn(session.act("reveal"))
    first = once_more(session)
    turn(session.ask("no idea"))
    turn(session.act("goto", "q22"))
    turn(session.act("reveal"))
    second = once_more(session)
    assert "with fresh numbers" in first and "with fresh numbers" in second
    assert first != second


def test_the_last_rung_marks_its_point_too(world: World, session: Session) -> None:
    for _ in range(3):
        turn(session.act("hint"))
    assert world.store.learning.standing("q22").rungs == {"p1": 4}
    assert world.introduced == ["q22.p1"]
    once_more(session)


def test_a_right_reply_goes_on_to_what_was_wanted(world: World, session: Session) -> None:
    turn(session.act("reveal"))
    once_more(session)
    mark = beside(session)
    answer = _answer(session)
    events, finished = turn(session.ask(f"it is {answer}"))
    assert finished.data["again"]["right"] is True
    assert said(events)[0].text.startswith(f"✓ “it is {answer}” is right.")
    assert finished.question == mark["then"]
    assert beside(session) == {}
    assert world.store.learning.attempts() == []  # no answer to the question on the screen


def test_a_wrong_reply_shows_the_way_and_comes_once_more_only(session: Session) -> None:
    turn(session.act("reveal"))
    for _ in range(2):
        once_more(session)
        events, finished = turn(session.ask("−77"))
        assert finished.data["again"]["right"] is False
        assert "is not it; it is" in said(events)[0].text
    for _ in range(3):
        events, _ = turn(session.act("next"))
        assert "once more" not in [one.label for one in said(events)]


def test_not_knowing_is_fair_and_next_skips_it(session: Session) -> None:
    turn(session.act("reveal"))
    once_more(session)
    events, _ = turn(session.ask("no idea"))
    assert said(events)[0].text.startswith("That is a fair answer. It is ")
    once_more(session)
    then = beside(session)["then"]
    _, finished = turn(session.ask("skip"))
    assert finished.question == then and beside(session) == {}


def test_a_question_asked_meanwhile_is_answered_and_the_check_waits(session: Session) -> None:
    turn(session.act("reveal"))
    text = once_more(session)
    _, finished = turn(session.ask("what is an epoch?"))
    assert finished.intent == "answer_from_lecture"
    assert asked(session) == text


def test_a_kill_in_between_asks_it_again(world: World, session: Session) -> None:
    turn(session.act("reveal"))
    text = once_more(session)
    turn(session.ask("what is an epoch?"))
    assert said(world.session(inline=True).opening())[-1].text == text


def test_a_jump_is_not_held_up_before_the_fourth_question(session: Session) -> None:
    turn(session.act("reveal"))
    labels = []
    for ref in ("q07", "q09", "q11", "q12", "q19"):
        events, _ = turn(session.act("goto", ref))
        labels += [one.label for one in said(events) if one.label == "once more"]
    assert labels == ["once more"]
    _, finished = turn(session.ask("skip"))
    assert finished.question == "q19"


def test_every_question_has_something_to_ask_once_more(world: World, session: Session) -> None:
    kinds = set()
    for entry in REAL.written:
        turn(session.act("goto", entry.id))
        if beside(session):
            turn(session.ask("skip"))
        world.store.learning.save_standing(Standing(entry.id))
        turn(session.act("reveal"))
        world.store.settings.set(
            "points_told", [{**world.store.settings.get("points_told")[-1], "waited": 1}]
        )
        events, finished = turn(session.act("next"))
        assert finished.data["again"]["question"] == entry.id
        assert "{" not in said(events)[0].text.replace("{}", "")
        kinds.add("with fresh numbers" in said(events)[0].text)
        turn(session.ask("skip"))
    assert kinds == {True, False}


def test_an_answer_of_ones_own_is_not_marked(world: World, session: Session) -> None:
    turn(session.act("goto", "q07"))
    turn(session.ask(RIGHT_7))
    assert world.store.settings.get("points_told", []) == []


def test_ask_with_a_question_is_not_taken_for_the_reply(world: World, session: Session) -> None:
    from tutor.core.session import answer_line

    turn(session.act("reveal"))
    once_more(session)
    told = answer_line(world, "Noise is not fitted any more.", question=22)  # type: ignore[arg-type]
    assert told.data["grade"]["id"] == "q22"
    assert beside(session)  # what `ask` did is forgotten


def _answer(session: Session) -> str:
    from tutor.core.chat_again import _presented

    mark = beside(session)
    return _presented(REAL.question(mark["question"]), mark).answer
