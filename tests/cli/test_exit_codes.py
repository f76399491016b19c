"""The exit codes, as the interface promises them: 0 done, 1 failed, 2 bad input, 3 content invalid.

130 (interrupted) needs a signal; tests/e2e/test_lines.py has it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Tutor

DONE = {
    "a wrong answer": ["grade", "--question", "7", "--answer", "pizza"],
    "help": ["--help"],
    "nothing found": ["movies", "search", "qqqqqq"],
    "nothing to take back": ["rate", "--undo"],
    "nothing due": ["quiz", "--due"],
    "no input": ["chat", "--plain"],
    "an empty batch": ["grade", "--batch"],
    "places": ["where"],
}
BAD_INPUT = {
    "no terminal": [],
    "unknown command": ["quizz"],
    "unknown option": ["due", "--all"],
    "unknown question": ["quiz", "--question", "77"],
    "empty answer": ["grade", "--question", "7", "--answer", ""],
    "impossible stars": ["rate", "Fargo (1996)", "11"],
    "ambiguous or unknown film": ["rate", "Zzzz", "4"],
    "unknown data set": ["data", "fetch", "ml-zillion"],
    "missing file": ["recommend", "--ratings", "none.csv"],
    "unknown experiment": ["experiment", "run", "nothing"],
}


@pytest.mark.parametrize("argv", DONE.values(), ids=DONE)
def test_done_is_0(tutor: Tutor, argv: list[str]) -> None:
    ran = tutor(*argv)
    assert ran.code == 0 and not ran.err


@pytest.mark.parametrize("argv", BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_2(tutor: Tutor, argv: list[str]) -> None:
    ran = tutor(*argv)
    assert ran.code == 2 and not ran.out and ran.err.count("\n") == 1


def test_a_failed_run_is_1(tutor: Tutor, home: Path) -> None:
    home.mkdir()
    (home / "logs").write_text("a file where a folder should be")
    ran = tutor("experiment", "run", "weight-decay")
    assert ran.code == 1 and not ran.out and ran.err.count("\n") == 1 and "Traceback" not in ran.err


def test_invalid_content_is_3(tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "course.toml").write_text("format_version = \n", "utf-8")
    assert tutor("content", "check", str(tmp_path)).code == 3
    monkeypatch.setenv("TUTOR_CONTENT", str(tmp_path))
    ran = tutor("questions")
    assert ran.code == 3 and "course.toml:1:" in ran.err and ran.err.count("\n") == 1
