"""The few lines that stand for each experiment: short, and they run as they are shown."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tutor.core.curriculum import Course
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths

MOST_LINES = 25
RUNNER = """
import contextlib, io, json, sys, traceback
import torch
torch.set_num_threads(1)
for line in sys.stdin:
    name, code = json.loads(line)
    out, fault = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(code, name, "exec"), {"__name__": "__main__"})
    except BaseException:
        fault = traceback.format_exc(limit=-1)
    print(json.dumps([name, out.getvalue(), fault]), flush=True)
"""


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    workspace = Workspace(Paths(tmp_path_factory.mktemp("home")))
    names = Course.load().experiment_names
    smoke = {name: dict(workspace.course.experiment(name).smoke) for name in names}
    found = {name: workspace.lab.code(name, smoke[name], "planted").strip() for name in names}
    workspace.close()
    return found


def test_each_experiment_shows_its_code_and_it_is_short(codes: dict[str, str]) -> None:
    missing = [name for name, code in codes.items() if not code]
    long = [name for name, code in codes.items() if len(code.splitlines()) > MOST_LINES]
    assert (missing, long) == ([], [])


def test_each_code_runs_as_shown_and_says_something(codes: dict[str, str]) -> None:
    given = "".join(json.dumps([name, code]) + "\n" for name, code in codes.items())
    ran = subprocess.run(
        [sys.executable, "-c", RUNNER], input=given, capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, ran.stderr
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [name for name, _, _ in results] == list(codes)
    assert [(name, fault) for name, _, fault in results if fault] == []
    assert [name for name, out, _ in results if not out.strip()] == []
