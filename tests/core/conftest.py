"""What tests of the core share: a session in the small fixed course, and practice of the whole course."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from session_world import World

from tests.core.practice_desk import Clock
from tutor.core.curriculum import Course
from tutor.core.practice import Practice
from tutor.core.session import Session
from tutor.store.paths import Paths
from tutor.store.store import Store


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def session(world: World) -> Session:
    """A session of the screen, opened."""
    started = world.session()
    started.opening()
    return started


@pytest.fixture
def pipe(world: World) -> Session:
    """A session of the pipe, opened: what it runs, it runs in the turn."""
    started = world.session(inline=True)
    started.opening()
    return started


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Paths(tmp_path))
    yield store
    store.close()


@pytest.fixture
def practice(store: Store, course: Course, clock: Clock) -> Practice:
    return Practice(store, course, clock)
