"""Runs Python programs for a parent: one job per line of JSON on stdin, one result per line on stdout.

A plain script: it imports nothing of the tutor. Where the system can fork, each job runs in a fork, so
that a job cannot disturb the next, and one that hangs or crashes costs only itself.

Jobs:
    {"blocks": [code, ...]}                          run the blocks in order in one namespace
    {"code": code, "cases": [{"setup", "call"}, ...]} for each case: run code and setup, evaluate call
Results:
    {"failed": null or {"block": index, **raised}}
    {"cases": [{"value": encoded} or {"raised": raised}, ...]}, each with what it "printed"
    {"ended": reason} where the job gave no result at all
    raised is {"type", "message", "line" (of the program at fault, or null), "in": "code", "setup" or "call"}
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

Job = dict[str, Any]
Result = dict[str, Any]
Encoded = Any
Raised = dict[str, Any]

PRINTED = 2_000
"""Characters of output that are kept of a case."""
PRINTED_AT_MOST = 1_000_000
"""Characters of output after which a case ends."""
ITEMS = 10_000
"""Numbers of an array or items of a list that are compared; longer ones are cut."""


# --- values --------------------------------------------------------------------------------


def encode(value: Any, depth: int = 0) -> Encoded:
    """A value as JSON: plain ones as they are, arrays with shape and kind, all others by type and repr."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)) and type(value) in (int, float):
        return _number(value)
    array = _array(value)
    if array is not None:
        return array
    if depth < 8:
        if isinstance(value, (list, tuple)):
            return [encode(one, depth + 1) for one in value[:ITEMS]]
        if isinstance(value, dict):
            pairs = [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in list(value.items())[:ITEMS]]
            return {"is": "dict", "pairs": pairs}
        if isinstance(value, (set, frozenset)):
            return {"is": "set", "items": sorted((encode(one, depth + 1) for one in value), key=repr)}
    return {"is": "object", "type": type(value).__name__}


def _number(value: float) -> Encoded:
    return value if math.isfinite(value) else {"is": "number", "text": str(value)}


def _array(value: Any) -> Encoded:
    """Tensors, numpy arrays and scalars, pandas frames and series; None for all else."""
    module = type(value).__module__.partition(".")[0]
    if module == "torch" and hasattr(value, "detach"):
        return _numbers(value.detach().cpu().resolve_conj().numpy(), "tensor")
    if module == "numpy" and hasattr(value, "dtype"):
        return _numbers(value, "array")
    if module == "pandas" and hasattr(value, "columns"):
        labels = {"index": list(map(str, value.index)), "columns": list(map(str, value.columns))}
        return _numbers(value.to_numpy(), "frame") | labels
    if module == "pandas" and hasattr(value, "index") and hasattr(value, "to_numpy"):
        return _numbers(value.to_numpy(), "series") | {"index": list(map(str, value.index))}
    return None


def _numbers(array: Any, name: str) -> dict[str, Any]:
    """`kind` is f (real), i (whole), b (truth values) or O (anything else)."""
    kind = {"f": "f", "i": "i", "u": "i", "b": "b"}.get(array.dtype.kind, "O")
    flat = array.reshape(-1)[:ITEMS].tolist()
    values = flat if kind in "ib" else [encode(one, 7) for one in flat]
    return {
        "is": name, "kind": kind, "dtype": str(array.dtype), "shape": list(array.shape), "values": values
    }  # fmt: skip


# --- running -------------------------------------------------------------------------------


def run(job: Job) -> Result:
    """Run one job in this process."""
    if "blocks" in job:
        return {"failed": _run_blocks(job["blocks"])}
    return {"cases": [run_case(job["code"], case) for case in job["cases"]]}


def _run_blocks(blocks: list[str]) -> Raised | None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    _seed()
    for index, block in enumerate(blocks):
        raised, _ = quietly(partial(_execute, block, "code", namespace))
        if raised:
            return {"block": index, **raised}
    return None


def run_case(code: str, case: dict[str, str]) -> Result:
    """One case in a namespace of its own: its value or what it raised, and what it printed.

    The case sees the names of the program; the program does not see those of the case.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    found: Result = {}

    def steps() -> None:
        _execute(code, "code", namespace)
        _seed()
        scene = dict(namespace)
        _execute(case.get("setup") or "", "setup", scene)
        found["value"] = encode(eval(compile(case["call"].strip(), "<call>", "eval"), scene))

    raised, printed = quietly(steps)
    return {**({"raised": raised} if raised else found), "printed": printed}


def _execute(code: str, name: str, namespace: dict[str, Any]) -> None:
    exec(compile(code, f"<{name}>", "exec"), namespace)


class OutputLimit(BaseException):
    """A case printed more than anybody reads."""


class _Printed(io.StringIO):
    """What a case prints, up to a limit."""

    def write(self, text: str, /) -> int:
        if self.tell() + len(text) > PRINTED_AT_MOST:
            raise OutputLimit(f"more than {PRINTED_AT_MOST:,} characters were printed")
        return super().write(text)


def quietly(call: Callable[[], None]) -> tuple[Raised | None, str]:
    """Call with stdout kept: what was raised (or None) and what was printed."""
    out = _Printed()
    raised: Raised | None = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(_Printed()):
        try:
            call()
        except (Exception, SystemExit, OutputLimit) as error:
            raised = _raised(error)
    return raised, out.getvalue()[:PRINTED]


def _raised(error: BaseException) -> Raised:
    """What was raised, and the last line of ours that it passed."""
    place, line = "code", None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in ("<code>", "<setup>", "<call>"):
            place, line = frame.filename.strip("<>"), frame.lineno
    if isinstance(error, SyntaxError) and error.filename in ("<code>", "<setup>", "<call>"):
        place, line = error.filename.strip("<>"), error.lineno
    message = str(error) if not isinstance(error, SyntaxError) else str(error.msg)
    return {"type": type(error).__name__, "message": message[:500], "line": line, "in": place}


def _seed() -> None:
    """Equal chances for every case."""
    random.seed(0)
    for name, seed in (("numpy", "random.seed"), ("torch", "manual_seed")):
        if name in sys.modules:
            target: Any = sys.modules[name]
            for part in seed.split("."):
                target = getattr(target, part)
            target(0)


# --- forks ---------------------------------------------------------------------------------


def run_apart(job: Job, seconds: float) -> Result:
    """Run one job in a fork; it is ended after so many seconds. Without fork it runs here."""
    if not hasattr(os, "fork"):
        return run(job)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _answer(job, writer)
    os.close(writer)
    answer = _read(reader, seconds)
    os.close(reader)
    ended = _has_ended(child)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if answer:
        result: Result = json.loads(answer)
        return result
    return {"ended": "the process broke off" if ended else f"it took more than {seconds:g} s"}


def _answer(job: Job, writer: int) -> None:
    """In the fork: run the job, write the result, end without any clean-up of the parent's things."""
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nothing, stream)
        with os.fdopen(writer, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(run(job)))
    finally:
        os._exit(0)


def _read(reader: int, seconds: float) -> bytes:
    """All that comes through a pipe until it is closed, or nothing once the time is over."""
    parts: list[bytes] = []
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([reader], [], [], left)[0]:
            part = os.read(reader, 65536)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return b""


def _has_ended(child: int) -> bool:
    """Give a process that has closed its pipe a moment to go."""
    for _ in range(200):
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    return False


def main() -> None:
    """First line: {"imports": [modules to load once], "seconds": limit of a job}. Then one job per line."""
    options = json.loads(sys.stdin.readline())
    for module in options.get("imports", []):
        with contextlib.suppress(ImportError):
            __import__(module)
    results = sys.stdout
    for line in sys.stdin:
        results.write(json.dumps(run_apart(json.loads(line), options.get("seconds", 20))) + "\n")
        results.flush()


if __name__ == "__main__":
    main()
