"""`tutor exercise`: list, show, check, reset, agree; verdicts are results, bad input is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.kept_references import kept_reference

from .conftest import Tutor, complains

RIGHT = "def dot(x, y):\n    return sum(a * b for a, b in zip(x, y, strict=True))\n"
WRONG = "def dot(x, y):\n    return [a * b for a, b in zip(x, y, strict=True)]\n"


@pytest.fixture(autouse=True)
def _without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Question 7 needs none, and loading them takes seconds."""
    from tutor.core.exercises import usecase

    monkeypatch.setattr(usecase, "reference", kept_reference)
    monkeypatch.setattr(
        usecase.Exercises.__init__, "__kwdefaults__", {"layer": None, "limits": None, "libraries": ()}
    )


@pytest.fixture
def agreed(tutor: Tutor) -> None:
    assert tutor("exercise", "agree").code == 0


def test_the_exercises_are_listed_and_shown(tutor: Tutor) -> None:
    assert tutor("exercise", "list", "--json").json == [
        {"q": 7, "id": "q07", "title": "Dot product", "state": "new"}
    ]
    assert "Dot product" in tutor("exercise", "list").out
    shown = tutor("exercise", "show", "7", "--json").json
    assert {"task", "example", "blanks", "starter", "text"} <= set(shown)
    assert "___" in tutor("exercise", "show", "q07").out


@pytest.mark.usefixtures("agreed")
def test_a_verdict_of_any_kind_is_done(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(WRONG)
    wrong = tutor("exercise", "check", "7", str(file), "--json")
    assert wrong.code == 0
    assert {"q", "passed", "cases", "bug", "message"} <= set(wrong.json)
    assert (wrong.json["q"], wrong.json["passed"], wrong.json["bug"]["kind"]) == (7, False, "essential")
    assert wrong.json["cases"][0]["got"]["text"] == "[6, 0, 1]"
    told = tutor("exercise", "check", "7", str(file)).out
    assert "expected  7" in told and "got       [6, 0, 1]" in told
    right = tutor("exercise", "check", "7", "-", stdin=RIGHT)
    assert right.code == 0 and "not ok" not in right.out
    assert tutor("exercise", "list", "--json").json[0]["state"] == "passed"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("check", "7", "none.py"), "none.py"),
        (("check", "22", "-"), "asks for no code"),
        (("check", "99", "-"), "no question"),
        (("train", "7", "-", "--name", "x"), "no recommender"),
        (("reset",), "--yes"),
        (("show", "22"), "q07"),
    ],
)
@pytest.mark.usefixtures("agreed")
def test_bad_input_is_one_line(tutor: Tutor, argv: tuple[str, ...], words: str) -> None:
    ran = tutor("exercise", *argv)
    assert complains(ran) and words in ran.err


def test_reset_forgets_after_yes(tutor: Tutor) -> None:
    assert tutor("exercise", "reset", "7", "--yes", "--json").json == {"forgotten": 0}
    assert tutor("exercise", "reset", "--yes").code == 0


def test_where_walls_are_missing_it_asks_for_agreement(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.core.exercises.usecase.missing", lambda layer: "it can read your files.")
    ran = tutor("exercise", "check", "7", "-", stdin=RIGHT)
    assert complains(ran) and "tutor exercise agree" in ran.err
    assert "read your files" in tutor("exercise", "agree").out
    assert tutor("exercise", "check", "7", "-", stdin=RIGHT).code == 0


def test_an_own_recommender_that_is_not_there_is_named(tutor: Tutor) -> None:
    ran = tutor("recommend", "--model", "yours:none")
    assert ran.code == 1 and "yours:none" in ran.err
    assert complains(tutor("recommend", "--model", "bset"))
