"""The Lab while it runs: how soon a key is echoed, how soon a cancel is felt, how much memory it takes.

On MovieLens 100K where it can be fetched, else on the planted world; in a terminal, as a person has it.
Run on an idle machine: pytest -m benchmark tests/benchmarks/test_lab_response.py -s.
"""

from __future__ import annotations

import random
import statistics
import string
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tutor.core.course_schema import ExperimentFile
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths

from ..e2e.terminal import Terminal

pytestmark = pytest.mark.benchmark
KEYS = 300
TITLE = "weight decay from none"
"""The experiment with most curves."""
TYPING_S = 6.0
"""Seconds of typing during one run; the run takes longer."""
MOMENTS = 5
"""Cancels of each experiment, at moments spread over its run."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a learner with the larger data set."""
    home = Path(tmp_path_factory.mktemp("home"))
    with closing(Workspace(Paths(home))) as workspace:
        endings = [event.event for event in workspace.data.fetch()]
        print(f"\n{endings[-1]}: {workspace.data.dataset().label}")
    return home


@pytest.fixture(scope="module")
def workspace(home: Path) -> Iterator[Workspace]:
    with closing(Workspace(Paths(home))) as workspace:
        list(workspace.child.run({"job": "ping"}))
        yield workspace


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def resident(pid: int) -> float:
    """Megabytes in memory of a process and of those it has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    born = [int(child) for found in tasks for child in found.read_text("utf-8").split()]
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * 4096 / 1e6 + sum(map(resident, born))


def test_a_key_is_echoed_within_50_ms_while_it_trains(home: Path) -> None:
    app = Terminal("tutor", home=home, columns=120, rows=40)
    echoes: list[float] = []
    holds: list[float] = []
    megabytes = 0.0
    try:
        app.wait_for("ctrl+p all commands", seconds=60)
        app.press("alt+2")
        app.wait_for("enter opens it", seconds=60)
        app.settle()
        app.press("/", TITLE)
        app.wait_for(TITLE)
        app.press("enter")
        app.settle()
        app.press("enter")
        app.wait_for("Run is locked until you predict", seconds=60)
        while len(echoes) < KEYS:
            app.press("3", "r")
            app.wait_for("pause, go on", seconds=60)
            app.settle(0.5, 2)  # the first run of a process waits until it is warm
            holds += [echo(app, " ", text) for text in ("Paused.", "x cancels") * 3]
            app.press("alt+1")
            app.wait_for("enter send", seconds=60)
            echoes += list(typed(app))
            megabytes = max(megabytes, resident(app.child.pid))
            app.press("alt+2")
            app.wait_for("pause, go on", seconds=5)  # it ran all the time
            app.press("x")
            app.settle()
            app.press("a")
            app.settle()
    finally:
        app.close()
    print(f"\nkey to letter in the prompt: {said(echoes)}\nkey to 'Paused' beside the curves: {said(holds)}")
    print(f"app and training process: {megabytes:.0f} MB")
    assert p95(echoes) < 50
    assert megabytes < 700


def typed(app: Terminal) -> Iterator[float]:
    """Milliseconds from each key to its letter, for as many words as fit into TYPING_S seconds."""
    end = time.perf_counter() + TYPING_S
    draw = random.Random(7)
    while time.perf_counter() < end:
        word = ""
        for _ in range(20):
            word += draw.choice(string.ascii_lowercase)
            yield echo(app, word[-1], word)
            time.sleep(draw.uniform(0.02, 0.12))
            while app.read(0.0):  # what the app paints by itself
                pass
        app.press(" ")


def echo(app: Terminal, key: str, text: str) -> float:
    """Milliseconds from a key to the text on the screen."""
    began = time.perf_counter()
    app.press(key)
    app.wait_for(text, seconds=5)
    return (time.perf_counter() - began) * 1000


def said(values: list[float]) -> str:
    return f"median {statistics.median(values):.0f} ms, 95 % within {p95(values):.0f} ms of {len(values)}"


def test_a_cancel_is_felt_within_300_ms(workspace: Workspace) -> None:
    worst: dict[str, float] = {}
    for file in workspace.lab.experiments():
        worst[file.name] = max(cancels(workspace, file))
    for name, took in sorted(worst.items(), key=lambda item: -item[1])[:8]:
        print(f"{name:20} {took:4.0f} ms")
    assert max(worst.values()) < 300


def cancels(workspace: Workspace, file: ExperimentFile) -> Iterator[float]:
    """Milliseconds from the word to the ending, at moments spread over the run of one seed."""
    began = time.perf_counter()
    list(workspace.lab.run(file.name, seeds=1))
    whole = time.perf_counter() - began
    for moment in range(MOMENTS):
        yield cancelled_after(workspace, file, whole * (moment + 0.5) / MOMENTS)


def cancelled_after(workspace: Workspace, file: ExperimentFile, seconds: float) -> float:
    """Milliseconds from a cancel so long after the start to the run's ending."""
    given = time.perf_counter() + seconds
    *_, last = workspace.lab.run(file.name, seeds=1, cancelled=lambda: time.perf_counter() >= given)
    return (time.perf_counter() - given) * 1000 if last.event == "cancelled" else 0.0
