"""A workspace opens nothing before it is needed, and each thing once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tutor.core.workspace import Workspace
from tutor.store.paths import Paths


def test_making_one_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    workspace = Workspace()
    assert workspace.paths.home == tmp_path / "home"
    assert len(workspace.course.entries) > 40
    workspace.close()
    assert list(tmp_path.iterdir()) == []


def test_the_start_needs_nothing_heavy(tmp_path: Path) -> None:
    """What a first frame asks for: what is due, what is done, which data; no numpy and no recommender."""
    script = (
        "import sys; from pathlib import Path; from tutor.core.workspace import Workspace\n"
        "from tutor.store.paths import Paths\n"
        f"workspace = Workspace(Paths(Path({str(tmp_path)!r})))\n"
        "assert workspace.practice.counts().due == 0\n"
        "assert workspace.data.current == 'planted'\n"
        "assert workspace.data.fetch_wanted\n"
        "heavy = {'numpy', 'pandas', 'torch', 'fsrs', 'textual', 'rapidfuzz', 'recommender', 'rich'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_threads_that_ask_at_once_get_the_same_store(tmp_path: Path) -> None:
    workspace = Workspace(Paths(tmp_path))
    barrier = threading.Barrier(8)
    found: list[object] = []

    def ask() -> None:
        barrier.wait()
        found.append(workspace.movies)
        found.append(workspace.store)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    workspace.close()
    assert len({id(part) for part in found}) == 2


def test_two_workspaces_on_one_folder_see_each_others_ratings(tmp_path: Path) -> None:
    one, other = Workspace(Paths(tmp_path)), Workspace(Paths(tmp_path))
    one.movies.rate("fargo-1996", 4.5)
    assert other.movies.film("fargo-1996").rated == 4.5
    other.movies.undo()
    assert one.movies.rated() == []
    one.close()
    other.close()


def test_closing_stops_the_training_process(tmp_path: Path) -> None:
    workspace = Workspace(Paths(tmp_path))
    child = workspace.child
    child._command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    child.start()
    life = child._life
    assert life is not None
    assert life.usable
    workspace.close()
    assert not life.process.alive
