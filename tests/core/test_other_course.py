"""A course of another subject is taught, practised and checked by the same code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import session_world
from session_world import World, said, turn

from tutor.core.course_table import coverage
from tutor.core.curriculum import Course
from tutor.core.deck import Deck
from tutor.core.errors import BadInput
from tutor.core.events import Graded
from tutor.core.items import present
from tutor.core.lookup import look_up
from tutor.core.new_course import make_course

RIGHT = "The mean shoots up and the median hardly moves."
WRONG = "The mean stays as it was, because a single person cannot change it."


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    make_course(tmp_path / "averages")
    monkeypatch.setattr(session_world, "COURSE", tmp_path / "averages")
    world = World(tmp_path / "home")
    yield world
    world.store.close()


def test_it_is_taught(world: World) -> None:
    session = world.session()
    opened = said(session.opening())
    assert [one.text for one in opened[:2]] == [
        world.course.welcome.strip(),
        "1 question here. We start with Q1 · Mean or median.",
    ]
    for answer, verdict in ((WRONG, "incorrect"), (RIGHT, "correct")):
        events, ended = turn(session.ask(answer))
        assert ended.intent == "answer"
        assert [one.grade.verdict for one in events if isinstance(one, Graded)] == [verdict]
    assert world.store.learning.standing("q01").state == "done"


def test_lesson_errata_exercise_and_terms_are_its_own(world: World) -> None:
    session = world.session()
    session.opening()
    shown = [said(turn(session.ask(text))[0]) for text in ("lesson", "errata", "exercise")]
    assert shown[0][0].text.startswith("**The mean shares everything out**")
    assert "Half of all people earn less than the mean." in shown[1][0].text
    assert "Mean and median" in shown[2][0].text and shown[2][0].label == "exercise"
    task = world.course.question("q01").exercise
    assert task and "def mean_and_median(values):" in task.starter
    found = look_up(world.course, "what is a median?", None)
    assert found and found.source == "glossary: median"
    assert look_up(world.course, "what is an embedding?", None) is None


def test_it_is_practised(world: World) -> None:
    deck = Deck(world.course)
    assert deck.cards == {"q01.p1": "q01", "q01.p2": "q01"}
    for item in (item for card in deck.cards for item in deck.items(card)):
        shown = present(item, 3)
        if item.form != "code" and item.form != "explain":
            assert shown.judge(shown.answer).right


def test_the_table_has_its_rows(world: World) -> None:
    written, planned = coverage(world.course)
    assert (written.id, written.points, written.exercise, written.errata) == ("q01", 2, True, 1)
    assert (planned.id, planned.written, planned.items) == ("q02", False, {})


def test_it_is_not_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(BadInput, match="is there already"):
        make_course(tmp_path)
    with pytest.raises(BadInput, match="is there already"):
        make_course(tmp_path / "notes.txt")
    assert Course.load(_made(tmp_path / "new")).written


def _made(folder: Path) -> Path:
    make_course(folder)
    return folder
