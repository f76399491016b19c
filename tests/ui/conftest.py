"""Every test of the screen has its own empty home, no blinking cursor and no animations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.store.paths import Paths

from .fakes import FakeWorkspace

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none", raising=False)
    monkeypatch.setattr("tutor.ui.app._BREATH", 3600)  # tests start the slow things themselves


@pytest.fixture
def workspace(tmp_path: Path) -> FakeWorkspace:
    return FakeWorkspace(Paths(tmp_path / "home"))
