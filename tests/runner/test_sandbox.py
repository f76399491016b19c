"""The sandbox: every attack in every layer of this machine, and what is told of it."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from tests.runner.attacks import ATTACKS, Attack, Outcome, attempt, scene
from tutor.core.exercises.checking import PROGRAMS
from tutor.runner import sandbox_layers
from tutor.runner.sandbox import Ended, Sandbox
from tutor.runner.sandbox_layers import LAYERS, Layer, missing, walls, working_layers
from tutor.runner.sandbox_watch import Limits

HERE = working_layers()
HANGS = ("endless loop", "sleep", "signals ignored")
SHORT, LONG = Limits(silence_s=0.7), Limits(silence_s=20.0, total_s=40.0)


@cache
def outcomes() -> dict[tuple[str, str], Outcome]:
    """What became of every attack in every layer; several run at once, since most of them only wait."""
    pairs = [(attack, layer) for layer in HERE for attack in ATTACKS]
    with scene() as about, ThreadPoolExecutor(max_workers=3) as pool:
        found = pool.map(lambda pair: attempt(*pair, about, SHORT if pair[0].name in HANGS else LONG), pairs)
        return {(attack.name, layer): one for (attack, layer), one in zip(pairs, found, strict=True)}


def test_the_layers_of_this_machine_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    absent = [layer for layer in LAYERS if layer not in HERE]
    with capsys.disabled():
        print(f"\nsandbox layers tried here: {', '.join(HERE)}; not on this machine: {absent or 'none'}")
    assert "limits" in HERE
    assert all(wall.stands for wall in walls(HERE[0])) is (missing(HERE[0]) == "")


@pytest.mark.parametrize("layer", HERE)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_an_attack_is_stopped_or_announced(attack: Attack, layer: Layer) -> None:
    outcome = outcomes()[attack.name, layer]
    if attack.everywhere or layer != "limits":
        assert outcome.stopped, outcome
        assert re.search(attack.says, outcome.told), outcome
    else:
        assert outcome.stopped or missing(layer), outcome


@pytest.mark.parametrize("layer", HERE)
def test_nothing_is_left_behind(layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sandbox = Sandbox(PROGRAMS, layer=layer, imports=())
    job = {
        "code": "open('mine.txt', 'w').write('x')",
        "cases": [{"setup": "", "call": "open('mine.txt').read()"}],
    }
    told, ended = sandbox.run(job, LONG)
    assert isinstance(told, dict) and told["result"]["value"] == "x"
    assert isinstance(ended, Ended) and ended.kind == "done"
    assert list(tmp_path.iterdir()) == []


def test_one_child_serves_one_program() -> None:
    sandbox = Sandbox(PROGRAMS, imports=())
    job = {
        "code": "import os",
        "cases": [{"setup": "", "call": "[os.getpid(), sorted(os.environ), os.getcwd()]"}],
    }
    values = []
    for _ in range(2):
        sandbox.warm()
        told = next(iter(sandbox.run(job, LONG)))
        assert isinstance(told, dict)
        values.append(told["result"]["value"])
    sandbox.close()
    assert values[0][2] != values[1][2]  # another folder: another child
    assert not set(values[0][1]) & {"PATH", "USER", "TUTOR_HOME", "PYTHONPATH"}


def test_what_is_cancelled_ends_at_once() -> None:
    sandbox = Sandbox(PROGRAMS, imports=())
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    *_, ended = sandbox.run(
        {"code": "while True: pass", "cases": [{"setup": "", "call": "1"}]}, LONG, cancelled=stop.is_set
    )
    assert isinstance(ended, Ended) and ended.kind == "cancelled"


def test_a_program_without_end_of_telling_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.runner.sandbox.LONGEST", 2_000)
    sandbox = Sandbox(PROGRAMS, imports=())
    events = list(sandbox.run({"code": "", "cases": [{"setup": "", "call": "'x' * 5000"}]}, LONG))
    assert len(events) == 1 and isinstance(events[0], Ended) and events[0].kind != "done"


def test_landlock_or_seccomp_alone_is_not_taken_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_layers.sandbox_lock, "landlock_abi", lambda: 0)
    sandbox_layers._landlock_works.cache_clear()
    try:
        assert "landlock" not in working_layers()
        assert "read and change your files" in missing("limits")
    finally:
        monkeypatch.undo()
        sandbox_layers._landlock_works.cache_clear()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="groups of processes are looked up in /proc")
def test_grandchildren_die_with_the_program() -> None:
    """In the weakest layer a program may start others; all of them go with it."""
    code = "import subprocess; subprocess.Popen(['sleep', '431'])\nwhile True: pass"
    sandbox = Sandbox(PROGRAMS, layer="limits", imports=())
    *_, ended = sandbox.run({"code": code, "cases": [{"setup": "", "call": "1"}]}, LONG)
    assert isinstance(ended, Ended)
    end = time.monotonic() + 5
    while time.monotonic() < end and _running("sleep 431"):
        time.sleep(0.02)
    assert not _running("sleep 431")


def _running(command: str) -> bool:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return command in listed.stdout.splitlines()
