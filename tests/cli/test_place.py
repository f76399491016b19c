"""`tutor place`: where to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.core.curriculum import Course
from tutor.core.placement import Placement

from .conftest import Tutor, complains

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(autouse=True)
def whole_course(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_CONTENT", str(CONTENT))


def right_answers() -> list[str]:
    items = Placement(Course.load(CONTENT)).items
    return [str([one.correct for one in item.presented.options].index(True) + 1) for item in items]


def test_it_says_where_to_start_and_stores_nothing(tutor: Tutor, home: Path) -> None:
    answers = right_answers()
    best = tutor("place", "--json", stdin="\n".join(answers)).json
    assert [item["right"] for item in best["items"]] == [True] * 6
    answers[3] = "?"
    less = tutor("place", "--json", stdin="\n".join(answers)).json
    assert less["start_at"] != best["start_at"]
    assert [item["right"] for item in less["items"]] == [True, True, True, False, True, True]
    assert all(item["why"] and item["answer"] and item["options"] for item in less["items"])
    assert not home.exists()


def test_input_that_ends_early_leaves_the_rest_unanswered(tutor: Tutor) -> None:
    placed = tutor("place", "--json", stdin=right_answers()[0] + "\n").json
    assert [item["right"] for item in placed["items"]] == [True] + [None] * 5
    assert placed["start_at"] == Placement(Course.load(CONTENT)).start_at([True]).id


def test_in_words(tutor: Tutor) -> None:
    ran = tutor("place", stdin="\n".join(right_answers()))
    assert ran.code == 0 and not ran.err
    assert ran.out.count("Right.") == 6 and "6 of 6 right. A good place to start: " in ran.out


def test_a_reply_that_is_none_says_its_line(tutor: Tutor) -> None:
    assert complains(tutor("place", "--json", stdin="1\n9\n"), "stdin, line 2", "'9'")


def test_a_course_without_a_check_says_so(
    tutor: Tutor, course_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_CONTENT", str(course_folder))
    assert complains(tutor("place"), "no placement check")
