"""Old notes beside the new answer: hidden before a try, graded alike, corrected where they go wrong."""

from __future__ import annotations

from pathlib import Path

import own_notes
import pytest
from session_world import HALF_7, RIGHT_7, WRONG_7, World, said, turn

from tutor.core.appeals import add_appeal
from tutor.core.curriculum import Course
from tutor.core.dialogue import MAX_LINES
from tutor.core.events import Opened
from tutor.core.notes.comparing import NoNote, as_text, side_by_side, where_made, without_bullets
from tutor.core.notes.own_answers import own_answer
from tutor.store.paths import Paths
from tutor.store.store import Store

CONTENT = Path(__file__).parents[2] / "content"
NOTE = "* You multiply the matching numbers."


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.store.notes.keep([("q07", NOTE, 12)], "NOTES.md")
    return made


# --- side by side ------------------------------------------------------------------------------


def test_the_notes_are_hidden_until_the_question_was_tried(world: World) -> None:
    question = world.course.question(7)
    pair = side_by_side(world.store, question)
    assert pair.hidden and pair.note is None and pair.points == ()
    assert "Try first" in as_text(pair) and NOTE not in as_text(pair)
    shown = side_by_side(world.store, question, anyway=True)
    assert (shown.note, shown.answer, shown.hidden) == (NOTE, None, False)


def test_an_answer_that_asks_back_is_no_try(world: World) -> None:
    session = world.session(inline=True)
    session.opening()
    turn(session.act("hint"))
    turn(session.ask("hint"))
    assert side_by_side(world.store, world.course.question(7)).hidden


def test_both_are_graded_point_by_point(world: World) -> None:
    session = world.session(inline=True)
    session.opening()
    turn(session.ask(RIGHT_7))
    pair = side_by_side(world.store, world.course.question(7))
    assert pair.answer == RIGHT_7
    made = {one.id: (one.note is not None, one.answer is not None) for one in pair.points}
    assert made["p1"] == (True, True) and made["p2"] == (False, True)
    first = next(one for one in pair.points if one.id == "p1")
    assert first.note is not None and first.note in NOTE and where_made(first).startswith("✓")
    text = as_text(pair)
    assert NOTE in text and RIGHT_7 in text and f"✓ new: {pair.points[1].about}" in text


def test_a_note_that_states_a_misconception_is_corrected(world: World) -> None:
    world.store.notes.keep([("q07", f"* {WRONG_7}", 12)], "NOTES.md")
    pair = side_by_side(world.store, world.course.question(7), anyway=True)
    assert [one.id for one in pair.errata] == ["m1"]
    assert pair.errata[0].quote in WRONG_7 and "true: " in as_text(pair)


def test_errata_are_shown_where_the_note_says_so_and_not_elsewhere(tmp_path: Path) -> None:
    store, question = Store(Paths(tmp_path)), Course.load(CONTENT).question(18)
    store.notes.keep([("q18", own_notes.BIAS, 1)], "NOTES.md")
    pair = side_by_side(store, question, anyway=True)
    erratum = question.errata[0]
    assert ("e1", erratum.true) in [(one.id, one.true) for one in pair.errata]
    right = next(one.answer for one in question.rubric.examples if one.verdict == "correct")
    store.notes.keep([("q18", right, 1)], "NOTES.md")
    assert side_by_side(store, question, anyway=True).errata == ()


def test_without_a_note_it_says_how_to_bring_one(world: World) -> None:
    with pytest.raises(NoNote, match="tutor notes import"):
        side_by_side(world.store, world.course.question(22))


def test_bullets_and_emphasis_are_no_words() -> None:
    assert (
        without_bullets("* a **b** c\n    - d\n1. e\n> f\n```\nx * y\n```")
        == "a b c\n    d\ne\nf\n```\nx * y\n```"
    )


# --- the learner's best answer -----------------------------------------------------------------


def test_the_best_answer_is_the_newest_right_one_else_what_made_the_points(world: World) -> None:
    session = world.session(inline=True)
    session.opening()
    assert own_answer(world.store, "q07") is None
    turn(session.ask(HALF_7))
    turn(session.ask(WRONG_7))
    half = own_answer(world.store, "q07")
    assert half is not None and half.text == HALF_7 and set(half.evidence) == {"p1"} and not half.is_right
    turn(session.ask(RIGHT_7))
    best = own_answer(world.store, "q07")
    assert best is not None and best.text == RIGHT_7 and best.is_right and {"p1", "p2"} <= set(best.evidence)


def test_an_appealed_answer_and_code_that_passed_count_as_right(world: World) -> None:
    session = world.session(inline=True)
    session.opening()
    turn(session.ask(HALF_7))
    add_appeal(world.store, world.course.question(7))
    best = own_answer(world.store, "q07")
    assert best is not None and best.is_right and {"p1", "p2"} <= set(best.evidence)
    world.store.code.add_check("q22", "print(1)\n", True, None)
    code = own_answer(world.store, "q22")
    assert code is not None and (code.text, code.is_code, code.is_right) == ("print(1)", True, True)


# --- in the chat -------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [HALF_7, RIGHT_7, WRONG_7])
def test_the_first_answer_announces_the_notes_in_a_turn_of_six_lines(world: World, answer: str) -> None:
    session = world.session(inline=True)
    session.opening()
    events, finished = turn(session.ask(answer))
    assert finished.reply.count("show my notes") == 1
    assert sum(len(one.text.splitlines()) for one in said(events)) <= MAX_LINES
    assert "?" in said(events)[-1].text
    _, again = turn(session.ask("You add all of the products up in the end."))
    assert "show my notes" not in again.reply


@pytest.mark.parametrize("words", ["show my notes", "my notes", "compare my notes", "what did my notes say?"])
def test_the_notes_are_shown_when_asked_for(world: World, words: str) -> None:
    session = world.session(inline=True)
    session.opening()
    _, early = turn(session.ask(words))
    assert "Try first" in early.reply and early.intent == "lesson"
    assert early.data["notes"]["note"] is None
    turn(session.ask(HALF_7))
    _, finished = turn(session.ask(words))
    assert NOTE in finished.reply and HALF_7 in finished.reply
    assert finished.data["notes"]["id"] == "q07" and finished.sources == ("your notes: NOTES.md",)


def test_on_a_screen_they_open_a_sheet(world: World) -> None:
    session = world.session()
    session.opening()
    turn(session.ask(HALF_7))
    events, _ = turn(session.act("lesson", "notes"))
    assert [event for event in events if isinstance(event, Opened)] == [Opened(place="notes", argument="q07")]


def test_without_notes_nothing_is_announced(tmp_path: Path) -> None:
    world = World(tmp_path)
    session = world.session(inline=True)
    session.opening()
    assert "notes" not in turn(session.ask(HALF_7))[1].reply
    assert "tutor notes import" in turn(session.ask("my notes"))[1].reply


def test_a_remark_about_notes_is_still_an_answer(world: World) -> None:
    session = world.session(inline=True)
    session.opening()
    _, finished = turn(session.ask("my notes say that you multiply the matching numbers and add them"))
    assert finished.intent == "answer"
