"""Measures the start: our app and a bare one of the same widgets, by turns, in a terminal."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass
from pathlib import Path

from tutor.core.curriculum import Course

from .bare_app import LINES
from .terminal import Terminal, new_learner


@dataclass(frozen=True)
class Starts:
    """Seconds until the question is on the screen, and the memory (MB resident) at that moment."""

    ours: list[float]
    bare: list[float]
    megabytes: list[float]

    @property
    def ratio(self) -> float:
        """How many times as long as the bare app ours takes: the median over the turns."""
        return statistics.median(ours / bare for ours, bare in zip(self.ours, self.bare, strict=True))

    def __str__(self) -> str:
        ours, bare = (statistics.median(times) * 1000 for times in (self.ours, self.bare))
        memory = statistics.median(self.megabytes)
        return f"first frame {ours:.0f} ms, bare {bare:.0f} ms, ratio {self.ratio:.2f}, {memory:.0f} MB"


def measure_starts(homes: Path, turns: int) -> Starts:
    """Start both by turns; each of our starts is that of a new learner, below `homes`."""
    course = Course.load()
    question = " ".join(course.question(course.written[0].id).file.ask.replace("*", "").split()[:4])
    starts = Starts([], [], [])
    for number in range(turns):
        home = new_learner(homes / str(number))
        seconds, megabytes = _first_frame(home, question, "tutor")
        starts.ours.append(seconds)
        starts.megabytes.append(megabytes)
        starts.bare.append(_first_frame(homes, LINES[-1], "tests.e2e.bare_app")[0])
    return starts


def _first_frame(home: Path, wanted: str, module: str) -> tuple[float, float]:
    terminal = Terminal(module, home=home)
    try:
        seconds = terminal.wait_for(wanted)
        return seconds, _resident(terminal.child.pid)
    finally:
        terminal.close()


def _resident(pid: int) -> float:
    """Megabytes in memory; not a number where the system does not say."""
    statm = Path(f"/proc/{pid}/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
