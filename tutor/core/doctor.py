"""What works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata, util
from typing import TYPE_CHECKING

from tutor.core.events import Record

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace

ROOM_MB = 500
"""Free space below which training data and models may not fit."""
CHILD_PATIENCE_S = 60.0
SMALLEST = (80, 24)
"""Columns and rows that the screens are made for."""


class Check(Record):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def doctor(workspace: Workspace) -> list[Check]:
    """Look at everything the program needs; takes seconds, since it starts the training process once."""
    checks: list[tuple[str, Callable[[Workspace], Check]]] = [
        ("python", _python), ("torch", _torch), ("training process", _child), ("data", _data),
        ("disk", _disk), ("database", _database), ("terminal", _terminal), ("sandbox", _sandbox),
    ]  # fmt: skip
    return [_safely(name, check, workspace) for name, check in checks]


def _safely(name: str, check: Callable[[Workspace], Check], workspace: Workspace) -> Check:
    """A check that breaks is a finding, not an end of the others."""
    try:
        return check(workspace)
    except Exception as fault:
        return Check(name=name, ok=False, detail=str(fault) or type(fault).__name__, remedy=None)


def _python(_: Workspace) -> Check:
    fits = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return Check(
        name="python",
        ok=fits,
        detail=f"{platform.python_version()} at {sys.executable}",
        remedy=None if fits else "install Python 3.11 to 3.14 and make the environment anew",
    )


def _torch(_: Workspace) -> Check:
    if util.find_spec("torch") is None:
        remedy = "run the first command of the README again; without torch nothing can be trained"
        return Check(name="torch", ok=False, detail="not installed", remedy=remedy)
    return Check(name="torch", ok=True, detail=metadata.version("torch"))


def _child(workspace: Workspace) -> Check:
    started = time.monotonic()
    events = workspace.child.run({"job": "ping"}, lambda: time.monotonic() - started > CHILD_PATIENCE_S)
    last = list(events)[-1]
    ok = last["event"] == "finished"
    return Check(
        name="training process",
        ok=ok,
        detail=f"answers after {time.monotonic() - started:.1f} s" if ok else "does not answer",
        remedy=None if ok else f"see {workspace.child.log}",
    )


def _data(workspace: Workspace) -> Check:
    dataset = workspace.data.dataset()
    viewers = ", invented viewers" if dataset.invented else ""
    print_ = dataset.ratings.fingerprint[:12]
    detail = f"{dataset.label}{viewers}: {len(dataset.ratings):,} ratings, fingerprint {print_}"
    remedy = "tutor data fetch ml-100k gets real ratings" if dataset.invented else None
    return Check(name="data", ok=True, detail=detail, remedy=remedy)


def _disk(workspace: Workspace) -> Check:
    home = workspace.paths.home
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=home) as file:
        file.write(b"x")
    free = shutil.disk_usage(home).free / 1e6
    roomy = free >= ROOM_MB
    return Check(
        name="disk",
        ok=roomy,
        detail=f"{home} can be written, {free:,.0f} MB free",
        remedy=None if roomy else f"free some space: data and models may need {ROOM_MB} MB",
    )


def _database(workspace: Workspace) -> Check:
    database = workspace.store.database
    found = database.one("PRAGMA quick_check(1)")
    healthy = found is not None and found[0] == "ok"
    return Check(
        name="database",
        ok=healthy,
        detail=f"{database.path}, schema {database.version}" + ("" if healthy else f": {found and found[0]}"),
        remedy=None if healthy else f"put back a copy from {workspace.paths.backups}",
    )


def _terminal(_: Workspace) -> Check:
    columns, rows = shutil.get_terminal_size()
    fits = columns >= SMALLEST[0] and rows >= SMALLEST[1]
    return Check(
        name="terminal",
        ok=fits,
        detail=", ".join([f"{columns}x{rows}", *_colours()]),
        remedy=None if fits else f"make the window at least {SMALLEST[0]}x{SMALLEST[1]}",
    )


def _sandbox(workspace: Workspace) -> Check:
    """Which walls stand round a learner's program, tried with one that needs PyTorch."""
    from tutor.core.exercises.checking import PROGRAMS
    from tutor.runner.sandbox import Ended, Sandbox
    from tutor.runner.sandbox_layers import missing, remedy

    sandbox = Sandbox(PROGRAMS, private=(workspace.paths.home,), imports=("torch",))
    job = {"code": "import torch", "cases": [{"setup": "", "call": "torch.ones(2).sum()"}]}
    events = list(sandbox.run(job))
    results = [event["result"] for event in events if not isinstance(event, Ended)]
    works = bool(results) and "value" in results[0]
    gaps = missing(sandbox.layer)
    detail = f"{sandbox.layer}: {gaps or 'your code reaches neither your files nor the network'}"
    return Check(
        name="sandbox",
        ok=works,
        detail=detail if works else f"{sandbox.layer}, but a small program does not run in it",
        remedy=remedy(sandbox.layer),
    )


def _colours() -> Iterator[str]:
    term, depth = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    if "NO_COLOR" in os.environ:
        yield "no colours (NO_COLOR is set)"
    elif depth in ("truecolor", "24bit"):
        yield "16 million colours"
    else:
        yield "256 colours" if "256" in term else "16 colours"
    yield f"TERM={term or 'not set'}"
    if not sys.stdout.isatty():
        yield "output is not a terminal"
