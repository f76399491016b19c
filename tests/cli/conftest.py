"""Runs commands in this process and reads what they wrote."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.core.small_course import small_course
from tutor.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code and its two streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Tutor = Callable[..., Ran]


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of two questions, so that what the commands print stays when the course grows."""
    return small_course(tmp_path_factory.mktemp("content") / "course")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, course_folder: Path) -> Iterator[Path]:
    """A learner of its own for each test, before the small course."""
    home = tmp_path / "home"
    monkeypatch.setenv("TUTOR_CONTENT", str(course_folder))
    monkeypatch.setenv("TUTOR_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    yield home


@pytest.fixture
def tutor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tutor:
    """Run `tutor ARGS` with a text on stdin."""

    def run(*argv: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(argv)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


def complains(ran: Ran, *words: str) -> bool:
    """True for bad input: exit 2, one line on stderr with these words, nothing on stdout."""
    one_line = ran.err.count("\n") == 1 and ran.err.startswith("tutor: ") and "Traceback" not in ran.err
    return ran.code == 2 and not ran.out and one_line and all(word in ran.err for word in words)
