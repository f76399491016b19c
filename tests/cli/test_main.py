"""The grammar, the exit codes, and one clear line for each mistake."""

from __future__ import annotations

import importlib
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

import pytest

from tutor.cli import diagnostics, main, reports
from tutor.cli.diagnostics import EXPECTED, ExitCode
from tutor.cli.parser import build_parser

from .conftest import Tutor, complains


def commands(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    for action in parser._actions:
        if hasattr(action, "choices") and isinstance(action.choices, dict):
            for below in action.choices.values():
                yield from commands(below)
    if parser.get_default("handler"):
        yield parser


ALL = list(commands(build_parser()))


@pytest.mark.parametrize("command", ALL, ids=lambda parser: parser.prog)
def test_every_command_has_a_handler_help_and_takes_json_and_seed(command: ArgumentParser) -> None:
    assert callable(main.handler_of(command.get_default("handler")))
    assert command.description
    assert {"--json", "--seed"} <= set(command._option_string_actions)


def test_every_expected_fault_exists() -> None:
    for name in EXPECTED:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(importlib.import_module(module), kind), Exception)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["quizz"], ["'quizz'", "did you mean quiz"]),
        (["data", "fech", "ml-100k"], ["'data fech'", "did you mean fetch"]),
        (["xyzzy"], ["'xyzzy'", "known are", "doctor"]),
        (["data"], ["command is missing", "tutor data --help"]),
        (["due", "--frobnicate"], ["--frobnicate", "tutor due --help"]),
        (["due", "--seed", "-1"], ["--seed", "whole number"]),
        (["quiz", "--limit", "0"], ["--limit", "at least 1"]),
        (["quiz", "--due", "--undo"], ["--undo", "--due"]),
        (["experiment", "run"], ["NAME", "tutor experiment run --help"]),
        ([], ["terminal", "tutor chat --plain"]),
    ],
)
def test_a_mistake_is_one_line_that_says_how_to_mend_it(
    tutor: Tutor, argv: list[str], words: list[str]
) -> None:
    assert complains(tutor(*argv), *words)


def test_help_is_data(tutor: Tutor) -> None:
    ran = tutor("--help")
    assert ran.code == 0 and not ran.err
    assert "recommend" in ran.out and "130 interrupted" in ran.out
    assert "NAME" in tutor("experiment", "run", "--help").out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (diagnostics.UsageError("no such thing"), ExitCode.BAD_INPUT),
        (diagnostics.RunFailed("broke"), ExitCode.FAILED),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (ZeroDivisionError("division by zero"), ExitCode.FAILED),
    ],
)
def test_what_a_command_raises_becomes_its_exit_code(
    tutor: Tutor, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: ExitCode
) -> None:
    def raising(_args: Namespace) -> ExitCode:
        raise error

    monkeypatch.setattr(reports, "where", raising)
    ran = tutor("where")
    assert ran.code == code and not ran.out and "Traceback" not in ran.err
    assert ran.err.count("\n") == (0 if code is ExitCode.INTERRUPTED else 1)


def test_a_bug_leaves_its_traceback_in_a_file(tutor: Tutor, monkeypatch: pytest.MonkeyPatch, home) -> None:
    monkeypatch.setattr(reports, "where", lambda _args: 1 // 0)
    ran = tutor("where")
    log = home / "logs" / "crash.log"
    assert str(log) in ran.err and "ZeroDivisionError" in log.read_text("utf-8")


def test_a_corrupt_database_is_bad_input(tutor: Tutor, home) -> None:
    home.mkdir()
    (home / "tutor.db").write_text("this is no database, " * 100)
    before = (home / "tutor.db").read_bytes()
    ran = tutor("questions")
    assert complains(ran, str(home / "tutor.db"), "backups")
    assert (home / "tutor.db").read_bytes() == before


def test_a_course_that_is_not_there_is_invalid_content(tutor: Tutor, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TUTOR_CONTENT", str(tmp_path))
    ran = tutor("questions")
    assert ran.code == 3 and not ran.out and "course.toml" in ran.err and ran.err.count("\n") == 1


def test_messages_of_many_lines_are_folded_into_one(capsys: pytest.CaptureFixture[str]) -> None:
    diagnostics.report("first\n  second\n")
    assert capsys.readouterr().err == "tutor: first second\n"


def test_progress_stays_off_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    diagnostics.progress("training", 0.5)
    assert capsys.readouterr() == ("", "")


def test_progress_is_one_line_that_goes_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    diagnostics.progress("training " * 40, 0.5)
    diagnostics.report("broken")
    err = capsys.readouterr().err
    shown, _, rest = err.removeprefix("\r\x1b[K").partition("\r\x1b[K")
    assert shown.startswith(" 50% training") and len(shown) < 80
    assert rest == "tutor: broken\n"
