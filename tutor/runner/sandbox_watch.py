"""Watches a learner's program from outside: what it may take, and what to say when it takes more."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PATIENCE_S = 0.1
"""Between the request to end and the kill."""
_MB = 1_000_000
_HAND_S = 0.1
"""Between two looks at the folder."""
_SIGNALS = {"SIGSEGV": "it reached for memory that is not its own", "SIGABRT": "it aborted",
            "SIGFPE": "its arithmetic failed", "SIGILL": "it ran what is no instruction",
            "SIGBUS": "it reached for memory that is not there"}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What a program may take. Seconds are of the clock on the wall, if not said otherwise."""

    silence_s: float = 2.2
    """Without telling a result: one case of an exercise."""
    total_s: float = 10.0
    cpu_s: int = 20
    """Of the processor; the system sees to it, whatever happens to us."""
    memory_mb: int = 1_000
    """Beside what the loaded libraries take."""
    output_mb: int = 1
    file_mb: int = 16
    disk_mb: int = 64
    files: int = 64
    """Open at once."""
    processes: int = 1

    def of_the_system(self) -> dict[str, int]:
        """Those that the process sets for itself (see `sandbox_lock.limit`)."""
        return {
            "memory_mb": self.memory_mb,
            "cpu_s": self.cpu_s,
            "file_mb": self.file_mb,
            "files": self.files,
        }


@dataclass
class Watch:
    """Looks after one process from the moment it got its job."""

    pid: int
    folder: Path
    output: Path
    limits: Limits
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._heard = self._began
        self._looked = 0.0
        tree = self._tree()
        self._usual = len(tree)  # bubblewrap adds a process or two of its own
        self._memory = _resident(tree)

    @property
    def seconds(self) -> float:
        """Since the process got its job."""
        return time.monotonic() - self._began

    def heard(self) -> None:
        """A result came: the clock for silence starts again."""
        self._heard = time.monotonic()

    def broken(self) -> tuple[str, str] | None:
        """The limit that was passed and what to say about it."""
        now, limits = time.monotonic(), self.limits
        if now - self._heard > limits.silence_s:
            return "time", _too_long(limits.silence_s)
        if now - self._began > limits.total_s:
            return "time", _too_long(limits.total_s)
        tree = self._tree()
        if _resident(tree) - self._memory > limits.memory_mb * _MB:
            return "memory", _too_much_memory(limits.memory_mb)
        if len(tree) - self._usual >= limits.processes:
            return "processes", "Your code started another process and was stopped. One is enough here."
        return self._disk(now)

    def _disk(self, now: float) -> tuple[str, str] | None:
        if now - self._looked < _HAND_S:
            return None
        self._looked = now
        if too_much := self.printed_too_much():
            return too_much
        if sum(map(_size, self.folder.rglob("*"))) > self.limits.disk_mb * _MB:
            return "disk", f"Your code wrote more than {self.limits.disk_mb} MB into files and was stopped."
        return None

    def printed_too_much(self) -> tuple[str, str] | None:
        """As `broken`, of the output alone."""
        if _size(self.output) <= self.limits.output_mb * _MB:
            return None
        return "output", too_much_output(self.limits.output_mb)

    def after_death(self, code: int) -> tuple[str, str]:
        """What to say of a process that ended before its work did."""
        if too_much := self.printed_too_much():
            return too_much
        number = -code if code < 0 else code - 128 if code > 128 else 0  # bubblewrap adds 128
        try:
            name = signal.Signals(number).name
        except ValueError:
            return "crash", f"Your code ended Python itself (exit code {code}): is there an exit in it?"
        if name == "SIGXCPU":
            return "time", f"Your code used the processor for {self.limits.cpu_s} s and was stopped."
        if name == "SIGKILL":
            return "memory", "Your code was killed by the system, which happens when memory runs out."
        said = _SIGNALS.get(name, f"it got the signal {name}")
        return "crash", f"Your code crashed Python itself: {said}. The tutor is not affected."

    def _tree(self) -> list[psutil.Process]:
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            return [process, *process.children(recursive=True)]
        return []


def too_much_output(limit_mb: float) -> str:
    """What to say of a program that prints without end."""
    return f"Your code printed more than {limit_mb:g} MB and was stopped. Is there a print in a loop?"


def _too_long(seconds: float) -> str:
    return (
        f"Your code took more than {seconds:g} s and was stopped. Is there a loop that never ends, or "
        "a sleep?"
    )


def _too_much_memory(limit_mb: float) -> str:
    return (
        f"Your code took more than {limit_mb:g} MB of memory and was stopped. How long is that list, "
        "or tensor?"
    )


def _resident(tree: list[psutil.Process]) -> int:
    """Bytes of memory that processes hold."""
    held = 0
    for process in tree:
        with suppress(psutil.Error):
            held += process.memory_info().rss
    return held


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def kill_all(child: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: ask, then kill; returns when it is gone."""
    tree: list[psutil.Process] = []
    with suppress(psutil.Error):
        tree = psutil.Process(child.pid).children(recursive=True)
    if child.poll() is None:
        _signal_group(child, "SIGTERM")
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE_S)
    _signal_group(child, "SIGKILL")
    for process in tree:
        with suppress(psutil.Error):
            process.kill()
    if child.poll() is None:
        child.kill()
    child.wait()


def _signal_group(child: subprocess.Popen[bytes], name: str) -> None:
    """Signal the group that the process leads; the group may outlive its leader."""
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(child.pid, getattr(signal, name))
    elif child.poll() is None:
        child.terminate()
