"""Every test of the screen: an empty home, a course of two questions, no blinking cursor, no animations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core.small_course import small_course
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp

from .fakes import FakeWorkspace
from .looks import app_on

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_course(tmp_path_factory.mktemp("content") / "course")


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, course_folder: Path) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TUTOR_CONTENT", str(course_folder))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none", raising=False)
    monkeypatch.setattr("tutor.ui.app._BREATH", 3600)  # tests start the slow things themselves


@pytest.fixture
def workspace(tmp_path: Path) -> FakeWorkspace:
    return FakeWorkspace(Paths(tmp_path / "home"))


@pytest.fixture
def app(workspace: Any) -> TutorApp:
    """The app on the workspace of the test's file."""
    return app_on(workspace)
