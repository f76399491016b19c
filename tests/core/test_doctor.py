"""The doctor says what works, and what to do about what does not."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.core import doctor as module
from tutor.core.doctor import Check, doctor
from tutor.core.workspace import Workspace
from tutor.runner.child import TrainingChild
from tutor.store.paths import Paths

PONG = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    order = json.loads(line)\n"
    "    print(json.dumps({'event': 'finished', 'id': order['id']}), flush=True)\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(Paths(tmp_path / "home"))
    workspace._parts["child"] = TrainingChild(tmp_path / "logs", [sys.executable, "-c", PONG])
    yield workspace
    workspace.close()


def checks(workspace: Workspace) -> dict[str, Check]:
    return {check.name: check for check in doctor(workspace)}


def test_on_a_good_machine_everything_is_well(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("LINES", "40")
    loaded = "torch" in sys.modules  # another test of this process may have loaded it
    found = checks(workspace)
    assert [name for name, check in found.items() if not check.ok] == []
    assert "ratings, fingerprint " in found["data"].detail
    assert "invented viewers" in found["data"].detail
    assert "answers after" in found["training process"].detail
    assert found["sandbox"].detail.split(":")[0] in ("bubblewrap", "landlock", "limits")
    assert found["torch"].detail[0].isdigit()
    assert ("torch" in sys.modules) is loaded


def test_a_small_terminal_without_colours_is_said_with_a_remedy(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = checks(workspace)["terminal"]
    assert not terminal.ok
    assert terminal.detail.startswith("80x1, no colours (NO_COLOR is set)")
    assert terminal.remedy == "make the window at least 80x24"


def test_a_training_process_that_dies_is_said_and_the_rest_goes_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    dies = [sys.executable, "-c", "import sys; sys.exit('no torch')"]
    workspace._parts["child"] = TrainingChild(tmp_path / "logs", dies)
    found = checks(workspace)
    assert not found["training process"].ok
    assert "worker.log" in found["training process"].detail
    assert found["database"].ok


def test_a_training_process_that_says_nothing_is_given_up(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHILD_PATIENCE_S", 0.3)
    silent = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    workspace._parts["child"] = TrainingChild(tmp_path / "logs", silent, patience_s=0.2)
    process = checks(workspace)["training process"]
    assert not process.ok
    assert process.detail == "does not answer"


def test_a_missing_torch_is_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    torch = checks(workspace)["torch"]
    assert not torch.ok
    assert torch.remedy is not None


def test_a_corrupt_database_is_said_in_one_line(workspace: Workspace) -> None:
    workspace.paths.home.mkdir()
    workspace.paths.database.write_bytes(b"no database " * 500)
    found = checks(workspace)
    assert not found["database"].ok
    assert "\n" not in found["database"].detail
    assert found["python"].ok
