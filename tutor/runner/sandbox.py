"""Runs one program of a learner in a process that is made for it and thrown away afterwards.

A child waits with its libraries loaded (`warm`), so that a verdict takes no longer than the program itself.
It has a folder of its own, an empty environment and the walls of `sandbox_layers`; from here it is watched:
silence, time, memory, processes, output and disk each have a limit, beyond which its whole group is killed.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tutor.runner.sandbox_layers import HIDDEN, Layer, best_layer, command, own_packages
from tutor.runner.sandbox_watch import Limits, Watch, kill_all

Json = dict[str, Any]
LIBRARIES = ("torch", "torch._dynamo", "numpy", "pandas")
"""Loaded by a child that waits; the second comes with the first optimiser and takes a second."""
SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("sandbox_child.py", "sandbox_lock.py"))
OUTPUT = "printed.txt"
READY_S = 60.0
"""What loading the libraries may take, on a machine that is busy with something else."""
POLL_S = 0.02
LONGEST = 64_000_000
"""Characters that one program may tell in all."""


@dataclass(frozen=True)
class Ended:
    """How a program ended: `kind` is done, failed, cancelled, or the limit that it hit (see `Watch`)."""

    kind: str
    message: str
    """What happened, in a sentence; "" where it is done."""
    printed: str = ""
    seconds: float = 0.0
    """From the moment the program got its job."""


class Sandbox:
    """Children for programs of one kind. `run` may be called from any thread, by several at once."""

    def __init__(
        self,
        programs: Sequence[Path],
        *,
        layer: Layer | None = None,
        private: Sequence[Path] = (),
        imports: Sequence[str] = LIBRARIES,
    ) -> None:
        """Take the scripts that know the job, the last one with `work(job, tell)`.

        `private`: folders that the learner's program must not see, beside our own packages.
        """
        self.layer = layer or best_layer()
        self._programs = tuple(programs)
        self._private = (*private, *own_packages())
        self._imports = tuple(imports)
        self._lock = threading.Lock()
        self._spare: _Child | None = None
        self._closed = False

    def warm(self) -> None:
        """Start a child that waits, unless one does."""
        with self._lock:
            if self._closed or (self._spare is not None and self._spare.alive):
                return
            self._spare = self._start()

    @property
    def is_warm(self) -> bool:
        """Whether a child waits with everything loaded."""
        spare = self._spare
        return spare is not None and spare.alive and spare.ready

    def run(
        self,
        job: Json,
        limits: Limits | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Json | Ended]:
        """Run a job and yield what its program tells; the last thing is how it `Ended`.

        `files` are put into its folder before.
        """
        with self._lock:
            spare, self._spare = self._spare, None
        child = spare if spare is not None and spare.alive else self._start()
        try:
            yield from child.serve(job, limits or Limits(), files or {}, cancelled)
        finally:
            child.discard()

    def close(self) -> None:
        """End the child that waits."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.discard()

    def _start(self) -> _Child:
        return _Child(self.layer, self._programs, self._private, self._imports)


class _Child:
    """One life: started, ready, one job, gone."""

    def __init__(
        self,
        layer: Layer,
        programs: Sequence[Path],
        private: Sequence[Path],
        imports: Sequence[str],
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tutor-code-")).resolve()
        self._layer = layer
        self._options = {
            "programs": [path.stem for path in programs],
            "imports": list(imports),
            "hidden": list(HIDDEN),
            "landlock": layer != "limits",
            "seccomp": layer != "limits",
            "capabilities": layer != "limits",
            "output": str(self.folder / OUTPUT),
        }
        for path in (*SCRIPTS, *programs):
            shutil.copyfile(path, self.folder / path.name)
        self._events: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self.ready = False
        self._process = subprocess.Popen(
            command(layer, self.folder, private),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=_environment(self.folder),
            start_new_session=True,
        )
        self._send({**self._options, "limits": Limits().of_the_system()})
        threading.Thread(target=self._read, name="reads sandbox", daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def serve(
        self, job: Json, limits: Limits, files: Mapping[str, bytes], cancelled: Callable[[], bool]
    ) -> Iterator[Json | Ended]:
        """Hand over the job and yield what comes back."""
        if not self._wait_ready(cancelled):
            died = "The sandbox did not start. `tutor doctor` says what is wrong here."
            yield Ended("cancelled", "Stopped.") if cancelled() else Ended("failed", died)
            return
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        self._send(job)
        watch = Watch(self._process.pid, self.folder, self.folder / OUTPUT, limits)
        for event in self._served(watch, cancelled):
            yield replace(event, seconds=watch.seconds) if isinstance(event, Ended) else event

    def _served(self, watch: Watch, cancelled: Callable[[], bool]) -> Iterator[Json | Ended]:
        """What comes back, watched."""
        while True:
            event = self._next()
            if event is None:
                yield self._gone(watch)
                return
            if event.get("done") is True:
                yield Ended(*(watch.printed_too_much() or ("done", "")), self._printed())
                return
            if event and not event.keys() & {"ready", "locked"}:
                watch.heard()
                yield event
            if ending := self._stop(watch, cancelled):
                yield ending
                return

    def _next(self) -> Json | None:
        """The next thing that was told, {} if nothing was for a moment, None when the process is gone."""
        try:
            return self._events.get(timeout=POLL_S)
        except queue.Empty:
            return {}

    def _stop(self, watch: Watch, cancelled: Callable[[], bool]) -> Ended | None:
        """Kill the program if it was cancelled or went beyond a limit."""
        if cancelled():
            kill_all(self._process)
            return Ended("cancelled", "Stopped.", self._printed())
        if hit := watch.broken():
            kill_all(self._process)
            return Ended(*hit, self._printed())
        return None

    def _gone(self, watch: Watch) -> Ended:
        """The process ended by itself, or by one of the system's limits."""
        code = self._process.wait()
        return Ended(*watch.after_death(code), self._printed())

    def _wait_ready(self, cancelled: Callable[[], bool]) -> bool:
        end = time.monotonic() + READY_S
        while not self.ready and time.monotonic() < end and not cancelled():
            event = self._next()
            if event is None:
                return False
            self.ready = "ready" in event
        return self.ready

    def _read(self) -> None:
        """Hand on each line that is an object; a program that tells too much is cut off."""
        assert self._process.stdout is not None
        room = LONGEST
        with self._process.stdout as lines:
            while room > 0 and (line := lines.readline(room)):
                room -= len(line)
                with suppress(ValueError, RecursionError):
                    value = json.loads(line)
                    if isinstance(value, dict):
                        self.ready = self.ready or "ready" in value
                        self._events.put(value)
        if room <= 0:
            kill_all(self._process)
        self._process.wait()
        self._events.put(None)

    def _send(self, value: Json) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(value).encode() + b"\n")
            self._process.stdin.flush()

    def _printed(self) -> str:
        """The beginning of what was printed past Python."""
        with suppress(OSError), (self.folder / OUTPUT).open("rb") as file:
            return file.read(2_000).decode("utf-8", "replace")
        return ""

    def discard(self) -> None:
        """Kill the process with all that it started and remove its folder."""
        kill_all(self._process)
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the learner's: one thread of arithmetic, and the folder as home."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    system = {name: os.environ[name] for name in ("SystemRoot", "SYSTEMROOT") if name in os.environ}
    home = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), str(folder))
    return {**threads, **home, **(system if sys.platform == "win32" else {})}
