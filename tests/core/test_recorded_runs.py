"""Predictions take their answers from recorded runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import small_course

from tutor.core.course_check import check
from tutor.core.course_schema import Item, Option
from tutor.core.curriculum import Course
from tutor.core.recorded_runs import NAME, bears_out, needed, recorded_runs, settled, written_runs

WORDS = ("rises", "falls", "stays")
ITEM = Item(
    id="i1",
    point="p1",
    form="predict",
    prompt="What will it do?",
    experiment="dot-product",
    measured="direction",
    options=tuple(Option(text=word, why=word, value=word) for word in WORDS),
)


@pytest.mark.parametrize("word", WORDS)
def test_the_run_says_which_option_is_right(word: str) -> None:
    item = settled(ITEM, {"dot-product": {"direction": word}})
    assert [option.text for option in item.options if option.correct] == [word]


def test_without_a_record_no_option_is_right() -> None:
    for runs in ({}, {"dot-product": {}}, {"other": {"direction": "rises"}}):
        assert not any(option.correct for option in settled(ITEM, runs).options)


@pytest.mark.parametrize(
    ("low", "high", "found", "right"),
    [
        (1.0, 2.0, 1.0, True),
        (1.0, 2.0, 2.0, False),
        (None, 2.0, -5.0, True),
        (1.0, None, 5.0, True),
        (None, None, 1.0, False),
        (1.0, 2.0, "1.5", False),
    ],
)
def test_numbers_lie_in_a_range(
    low: float | None, high: float | None, found: float | str, right: bool
) -> None:
    assert bears_out(Option(text="a", why="b", low=low, high=high), found) is right


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(
        written_runs({"x-y": {"word": 'a "b"', "number": 0.123456, "none": None}}), "utf-8"
    )
    assert recorded_runs(tmp_path) == {"x-y": {"word": 'a "b"', "number": 0.1235}}
    (tmp_path / NAME).write_text(written_runs({"x-y": {"word": "c"}}), "utf-8")
    assert recorded_runs(tmp_path) == {"x-y": {"word": "c"}}
    assert recorded_runs(tmp_path / "nowhere") == {}


def test_what_is_needed_is_what_items_ask_for(tmp_path: Path) -> None:
    course = Course.load(small_course(tmp_path / "course"))
    wanted = needed(course.question(entry.id).practice for entry in course.written)
    assert wanted == {
        "dot-product": {"cosine_when_stretched"},
        "weight-decay": {"shape", "train_direction"},
    }


def test_a_course_without_its_record_is_told_how_to_make_it(tmp_path: Path) -> None:
    root = small_course(tmp_path / "course")
    (root / NAME).unlink()
    found = [one for one in check(root) if one.code == "options"]
    assert len(found) == 3
    assert all("`tutor content runs`" in one.remedy and "0 options right" in one.message for one in found)
