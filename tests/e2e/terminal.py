"""The real program in a pseudo-terminal: type keys, read the screen as a person would."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pexpect
import pyte

from tutor.store.paths import Paths
from tutor.store.store import Store

ROOT = Path(__file__).parents[2]
_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[\?[\d;]*\$p|\x1bP.*?\x1b\\", re.DOTALL)
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "down": "\x1b[B",
    "f2": "\x1bOQ",
    "ctrl+c": "\x03",
    "ctrl+d": "\x04",
    "ctrl+q": "\x11",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a learner of their own."""
    quiet = {"OMP_NUM_THREADS": "1", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**own, **quiet, "TUTOR_HOME": str(home), **more}


def new_learner(home: Path) -> Path:
    """State of a learner who has done nothing but choose a data set, so that nothing is downloaded."""
    store = Store(Paths(home))
    store.settings.set("data", "planted")
    store.close()
    return home


class Terminal:
    """A program and the screen it has painted."""

    def __init__(self, *argv: str, home: Path, columns: int = 100, rows: int = 30) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._rest = ""
        self.started = time.perf_counter()
        self.child = pexpect.spawn(
            sys.executable, ["-m", *(argv or ("tutor",))], env=environment(home), dimensions=(rows, columns),
            encoding="utf-8", codec_errors="replace", cwd=ROOT, timeout=1,
        )  # fmt: skip
        self.child.delaybeforesend = None

    @property
    def text(self) -> str:
        """The screen, its lines joined by newlines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def words(self) -> str:
        """The screen as running words: line ends and frames do not count."""
        return " ".join(re.sub(r"[│┃|▏▕▎▌▐█▊]", " ", self.text).split())

    def wait_for(self, *wanted: str, seconds: float = 20) -> float:
        """Read until all the words are on the screen; return the seconds since the start."""
        end = time.perf_counter() + seconds
        while not all(text in self.words for text in wanted):
            assert time.perf_counter() < end, f"{wanted} did not appear in {seconds} s:\n{self.text}"
            assert self.read() or self.child.isalive(), f"the program ended:\n{self.text}"
        return time.perf_counter() - self.started

    def wait_for_prompt(self, prompt: str, seconds: float = 20) -> None:
        """Read until the screen ends in the prompt and the program waits for keys.

        What is typed while a line editor takes the terminal over may be lost, a signal or ctrl+d for good.
        """
        end = time.perf_counter() + seconds
        while not self.words.endswith(prompt):
            assert time.perf_counter() < end, f"no {prompt!r} at the end in {seconds} s:\n{self.text}"
            assert self.read() or self.child.isalive(), f"the program ended:\n{self.text}"
        self.settle()

    def read(self, seconds: float = 0.05) -> bool:
        """Paint what the program has written; True if there was something."""
        try:
            raw = self._rest + self.child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        cut = raw.rfind("\x1b") if "\x1b" in raw[-24:] else len(raw)  # a sequence may be cut in two
        painted, self._rest = (raw[:cut], raw[cut:]) if cut > 0 else (raw, "")
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", painted))
        return True

    def settle(self, quiet: float = 0.25, at_most: float = 3) -> None:
        """Read until the program has written nothing for a while (a blinking cursor may never let it)."""
        end = time.perf_counter() + at_most
        while self.read(quiet) and time.perf_counter() < end:
            pass

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `alt+3`) or type a text."""
        for key in keys:
            plain = "\x1b" + key.removeprefix("alt+") if key.startswith("alt+") else key
            self.child.send(KEYS.get(key, plain))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window, as a person dragging its corner."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def end(self, seconds: float = 10) -> int | None:
        """Wait for the end of the program and return its exit code, or minus the signal."""
        limit = time.perf_counter() + seconds
        while self.child.isalive():
            assert time.perf_counter() < limit, f"the program did not end in {seconds} s:\n{self.text}"
            self.read()
        while self.read():
            pass
        return -self.child.signalstatus if self.child.signalstatus else self.child.exitstatus

    def close(self) -> None:
        """End the program whatever it does."""
        if self.child.isalive():
            self.child.kill(signal.SIGKILL)
        self.child.close(force=True)
