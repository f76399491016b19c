"""A child process that speaks JSON lines: objects in on stdin, objects out on stdout, words into a log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

PATIENCE_S = 2.0
"""How long a child may take to follow a request before the next, firmer one."""
LOG_LIMIT = 1_000_000
"""Bytes after which a log starts afresh."""


class ChildDied(Exception):
    """A child process ended before its work did. `log` holds what it said last."""

    def __init__(self, what: str, log: Path, code: int | None = None) -> None:
        self.log = log
        ending = f" (exit code {code})" if code else ""
        super().__init__(f"{what} stopped unexpectedly{ending}; what it said is in {log}")


def python(*arguments: str) -> list[str]:
    """The command that runs a module with this Python; -P keeps the current folder off its path."""
    return [sys.executable, "-P", *arguments]


class JsonProcess:
    """One life of a child process. A thread hands each object to `on_object`, then calls `on_end` once."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        on_object: Callable[[dict[str, Any]], None],
        on_end: Callable[[], None],
    ) -> None:
        self.log = log
        self._on_object = on_object
        self._on_end = on_end
        self._writing = threading.Lock()
        log.parent.mkdir(parents=True, exist_ok=True)
        with _open_log(log) as errors:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(),
                start_new_session=True,  # ctrl+c reaches the parent alone, which then cancels in order
            )
        threading.Thread(target=self._read, name=f"reads {log.stem}", daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.poll() is None

    @property
    def code(self) -> int | None:
        """Exit code, None while it runs."""
        return self._child.poll()

    def send(self, value: dict[str, Any]) -> bool:
        """Write one object to its stdin; False when nobody reads any more."""
        assert self._child.stdin is not None
        try:
            with self._writing:
                self._child.stdin.write(json.dumps(value).encode() + b"\n")
                self._child.stdin.flush()
        except (OSError, ValueError):  # a broken pipe, or closed by `stop`
            return False
        return True

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """End it: close stdin, then terminate, then kill, each after a pause. Returns when it is gone."""
        self._close_stdin()
        for harder in (signal.SIGTERM, signal.SIGKILL):
            try:
                self._child.wait(patience_s)
                return
            except subprocess.TimeoutExpired:
                self._signal(harder)
        self._child.wait()

    def terminate(self, patience_s: float = PATIENCE_S) -> None:
        """End it at once: terminate, and kill after a pause. Returns when it is gone."""
        self._signal(signal.SIGTERM)
        self.stop(patience_s)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the process and all that it started; they form one group."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, number)

    def _read(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as lines:
            for line in lines:
                try:
                    value = json.loads(line)
                except ValueError:
                    value = None
                if isinstance(value, dict):
                    self._on_object(value)
                else:
                    self._note(line)
        self._close_stdin()
        self._child.wait()
        self._on_end()

    def _close_stdin(self) -> None:
        assert self._child.stdin is not None
        with suppress(OSError), self._writing:
            self._child.stdin.close()

    def _note(self, line: bytes) -> None:
        """Keep a stray line of stdout: a warning of some library, useful after a death."""
        with suppress(OSError), self.log.open("ab") as file:
            file.write(line)


def _open_log(log: Path) -> IO[bytes]:
    too_long = log.exists() and log.stat().st_size > LOG_LIMIT
    return log.open("wb" if too_long else "ab")


def _environment() -> dict[str, str]:
    """One thread of arithmetic (more are slower on these sizes), which sleeps when it waits."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "passive",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }
