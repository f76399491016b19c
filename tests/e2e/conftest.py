"""A learner who stays on the planted world, and terminals that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tutor.store.paths import Paths
from tutor.store.store import Store

from .terminal import Terminal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """State in which a data set is chosen, so that no test depends on a network."""
    store = Store(Paths(tmp_path / "home"))
    store.settings.set("data", "planted")
    store.close()
    return tmp_path / "home"


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
