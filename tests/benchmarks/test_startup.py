"""How fast the program is there. Run on an idle machine: pytest -m benchmark tests/benchmarks -s."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.curriculum import Course

from ..e2e.terminal import ROOT, Terminal, environment
from .bare_app import LINES

pytestmark = pytest.mark.benchmark
ALTERNATIONS = 9


def first_frame(home: Path, wanted: str, *module: str) -> tuple[float, float]:
    """Seconds until these words are on the screen, and the process's memory (MB resident) then."""
    terminal = Terminal(*module, home=home)
    try:
        seconds = terminal.wait_for(wanted)
        return seconds, resident(terminal.child.pid)
    finally:
        terminal.close()


def resident(pid: int) -> float:
    """Megabytes in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def opening_words() -> str:
    """The beginning of the question that a new learner sees first."""
    course = Course.load()
    return " ".join(course.question(course.written[0].id).file.ask.replace("*", "").split()[:4])


def milliseconds(action: Callable[[], object], times: int) -> Iterator[float]:
    for _ in range(times):
        began = time.perf_counter()
        action()
        yield (time.perf_counter() - began) * 1000


def test_first_frame_against_a_bare_app(tmp_path: Path) -> None:
    question = opening_words()
    ours, bare, memory = [], [], []
    for number in range(ALTERNATIONS):
        seconds, megabytes = first_frame(tmp_path / str(number), question, "tutor")
        ours.append(seconds)
        memory.append(megabytes)
        bare.append(first_frame(tmp_path, LINES[-1], "tests.benchmarks.bare_app")[0])
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    ours_ms, bare_ms = statistics.median(ours) * 1000, statistics.median(bare) * 1000
    print(f"\nfirst frame {ours_ms:.0f} ms, bare app {bare_ms:.0f} ms, ratio {ratio:.2f}", end="")
    print(f", {statistics.median(memory):.0f} MB resident")
    assert ratio <= 2
    assert statistics.median(memory) <= 80


def test_help_is_there_at_once(tmp_path: Path) -> None:
    def help_text() -> None:
        subprocess.run(
            [sys.executable, "-m", "tutor", "--help"], env=environment(tmp_path), cwd=ROOT,
            stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip

    median = statistics.median(milliseconds(help_text, ALTERNATIONS))
    print(f"\ntutor --help {median:.0f} ms")
    assert median < 150
