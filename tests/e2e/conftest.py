"""A learner who stays on the planted world, and terminals that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.core.small_course import small_course
from tutor.store.paths import Paths
from tutor.store.store import Store

from .terminal import Terminal, new_learner


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new learner's folder, and a course of two questions."""
    monkeypatch.setenv("TUTOR_CONTENT", str(small_course(tmp_path / "course")))
    return new_learner(tmp_path / "home")


@pytest.fixture
def open_terminal(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Start `tutor ARGS` in a terminal of this size."""
    opened: list[Terminal] = []

    def start(*argv: str, **size: int) -> Terminal:
        opened.append(Terminal("tutor", *argv, home=home, **size))
        return opened[-1]

    yield partial(start)
    for terminal in opened:
        terminal.close()


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The learner's file, opened beside the program."""
    store = Store(Paths(home))
    yield store
    store.close()
