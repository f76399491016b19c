"""Programs that want more than a learner's program gets, and what counts as stopped.

`reached` is true in the end if the deed was done. `harmless` programs are judged by their end alone.
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.exercises.checking import PROGRAMS
from tutor.runner.sandbox import Ended, Sandbox
from tutor.runner.sandbox_layers import Layer
from tutor.runner.sandbox_watch import Limits

FORKS = 40
"""Bound of the fork storm: what it may start where nothing stops it."""


@dataclass(frozen=True)
class Attack:
    """One program; {secret}, {target}, {port} and {home} are filled in."""

    name: str
    code: str
    everywhere: bool
    """Whether every layer must stop it."""
    says: str
    """Words of which one must be in what the learner is told."""


ATTACKS = (
    Attack("endless loop", "while True: pass", True, "loop"),
    Attack("sleep", "import time; time.sleep(600); reached = True", True, "sleep"),
    Attack("20 GB of memory", "x = bytearray(20 * 10**9); x[::4096] = b'1' * len(x[::4096]); reached = True",
           True, "memory"),
    Attack("fork storm", f"""
import os, time
started = 0
for _ in range({FORKS}):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    started += 1
time.sleep(1)
reached = started == {FORKS}
""", False, "process|program"),
    Attack("1 GB printed", "for _ in range(10_000): print('x' * 100_000)\nreached = True", True, "printed"),
    Attack("1 GB past Python", """
import os
for _ in range(10_000): os.write(1, b'x' * 100_000)
reached = True
""", True, "printed|file"),
    Attack("file outside", "open('{target}', 'w').write('here'); reached = True", False, "file"),
    Attack("file read", "reached = 'secret' in open('{secret}').read()", False, "file"),
    Attack("the tutor's own state", """
import sqlite3
from tutor.store.paths import Paths
reached = bool(sqlite3.connect('{home}/tutor.db').execute('SELECT * FROM kept').fetchall())
""", False, "file|library"),
    Attack("socket", """
import socket
socket.create_connection(('127.0.0.1', {port}), 1).sendall(b'hello')
reached = True
""", False, "network"),
    Attack("signals ignored", """
import signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True: pass
""", True, "loop"),
    Attack("crash of Python", "import ctypes; ctypes.string_at(0)", True, "crashed"),
    Attack("another program", "import subprocess; subprocess.run(['true'], check=True); reached = True",
           False, "program"),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of an attack."""

    stopped: bool
    seconds: float
    told: str
    """What the learner reads."""


@contextmanager
def scene() -> Iterator[dict[str, Any]]:
    """Something to steal, something to write to, somebody who listens."""
    import sqlite3

    folder = Path(tempfile.mkdtemp(prefix="attack-"))
    (folder / "secret.txt").write_text("secret")
    database = sqlite3.connect(folder / "tutor.db")
    with database:
        database.execute("CREATE TABLE kept (x)")
        database.execute("INSERT INTO kept VALUES (1)")
    database.close()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield {
            "secret": folder / "secret.txt",
            "target": folder / "target.txt",
            "home": folder,
            "port": listener.getsockname()[1],
        }


def attempt(attack: Attack, layer: Layer, about: dict[str, Any], limits: Limits) -> Outcome:
    """Run an attack as if it were an answer; seconds count from the moment it got its job."""
    about = {**about, "target": f"{about['target']}-{layer}-{ATTACKS.index(attack)}"}
    code = attack.code
    for name, value in about.items():
        code = code.replace(f"{{{name}}}", str(value))
    job = {"code": f"reached = False\n{code}", "cases": [{"setup": "", "call": "reached"}]}
    sandbox = Sandbox(PROGRAMS, layer=layer, imports=())
    events = list(sandbox.run(job, limits))
    began = time.monotonic()
    ended = events[-1]
    assert isinstance(ended, Ended) and time.monotonic() - began < 1
    result = next((event["result"] for event in events[:-1] if isinstance(event, dict)), {})
    target = Path(about["target"])
    written = target.exists()
    target.unlink(missing_ok=True)
    stopped = not (result.get("value") is True or written)
    return Outcome(stopped, ended.seconds, _told(ended, result))


def _told(ended: Ended, result: dict[str, Any]) -> str:
    from tutor.core.exercises.slips_raised import by_error

    raised = result.get("raised")
    if ended.message or raised is None:
        return ended.message
    bug = by_error(raised, "", "")
    return bug.message if bug else f"{raised['type']}: {raised['message']}"
