"""Each experiment of the course in its smoke settings through the command line, in one training process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.core.curriculum import Course
from tutor.core.lab_results import in_words
from tutor.core.workspace import Workspace
from tutor.runner.child import TrainingChild

from .conftest import Tutor

UNFILLED = re.compile(r"\{[a-z_]+(:[^}]*)?\}")
NAMES = Course.load().experiment_names


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingChild]:
    child = TrainingChild(tmp_path_factory.mktemp("logs"))
    yield child
    child.stop()


@pytest.fixture(autouse=True)
def one_child(child: TrainingChild, monkeypatch: pytest.MonkeyPatch) -> None:
    """All commands use the same process, starting one takes longer than the runs; and the whole course."""
    monkeypatch.delenv("TUTOR_CONTENT")
    monkeypatch.setattr(Workspace, "child", property(lambda self: child))


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_runs_it(tutor: Tutor, name: str, tmp_path: Path) -> None:
    file = Course.load().experiment(name)
    knobs = []
    for key, value in file.smoke.items():
        text = ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
        knobs += ["--set", f"{key}={text}"]
    asked = file.prediction
    said = str(asked.low) if asked.is_number else asked.choices[0].key
    run = ["experiment", "run", name, *knobs, "--data", "planted", "--predict", said, "--seeds"]
    ended = tutor(*run, "1", "--json")
    assert ended.code == 0, ended.err
    last = ended.lines[-1]
    assert last["event"] == "finished" and last["token"].startswith(f"cf1:{name}:")
    assert last["series"] or last["charts"], "there is something to see"
    assert all(chart["says"] for chart in last["charts"])
    assert not UNFILLED.search(last["sentence"])
    again = tutor("replay", last["token"], "--json")
    assert again.lines[-1]["replay"] == {"same": True, "differs": []}, "it repeats bit for bit"
    shown = tutor(*run, str(min(2, file.seeds)))
    assert shown.code == 0, shown.err
    assert f"Measured: {in_words(file, last['outcome'])}" in shown.out
