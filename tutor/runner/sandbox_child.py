"""The process in which a learner's program runs: it gets ready, locks itself in, serves one job, and ends.

A plain script, run by `python -I` from the sandbox's own folder, into which the parent copied it with
`sandbox_lock.py` and the programs that know what to do with a job. Nothing of the tutor is imported.

stdin, line 1: the options (see `Options` in `sandbox.py`); line 2: the job, once there is one.
stdout: one JSON object per line: {"ready": [what was locked]}, what the program tells, {"done": true}.
All that is printed goes to a file. The program is a module with `work(job, tell)`.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PACKAGES = ("site-packages", "dist-packages")
SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/proc/self",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip
"""What Python and the libraries read beside their own files."""

Tell = Callable[[Any], None]


def main() -> None:
    """Get ready, wait for the job, serve it."""
    options = json.loads(sys.stdin.readline())
    here = Path.cwd()
    tell = _teller()
    locks = _load("sandbox_lock", here)
    work = [_load(name, here) for name in options["programs"]][-1].work
    locked = _close_files(locks, here, options["hidden"]) if options["landlock"] else []
    for module in options["imports"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    tell({"ready": locked})
    line = sys.stdin.readline()
    if not line:
        return
    job = json.loads(line)
    _let_go_of_streams(options["output"])
    locked += _lock(locks, options)
    tell({"locked": locked})
    try:
        work(job, tell)
        tell({"done": True})
    finally:  # at once: taking PyTorch down in order costs a second or two
        os._exit(0)


def _teller() -> Tell:
    """A function that writes JSON lines to what was stdout, through a descriptor of its own."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")

    def tell(value: Any) -> None:
        pipe.write(json.dumps(value) + "\n")
        pipe.flush()

    return tell


def _load(name: str, folder: Path) -> Any:
    """Load a script of the folder as a module; later ones may import it by its name."""
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _let_go_of_streams(output: str) -> None:
    """Stdin gives nothing any more; whatever is printed, by whomever, goes to a file of limited length."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _lock(locks: Any, options: dict[str, Any]) -> list[str]:
    done: list[str] = locks.limit(**options["limits"])
    if options["seccomp"] and locks.seccomp():
        done.append("seccomp")
    if options["capabilities"] and locks.drop_capabilities():
        done.append("capabilities")
    return done


def _close_files(locks: Any, here: Path, hidden: list[str]) -> list[str]:
    """Leave to be read what Python needs, and to be written the sandbox's own folder."""
    sys.path[:] = [path for path in sys.path if _is_pythons(path)]
    readable, listable = [*SYSTEM], []
    for path in sys.path:
        listable.append(path)
        readable += _parts(path, hidden)
    return ["landlock"] if locks.landlock(readable, listable, [str(here), os.devnull]) else []


def _is_pythons(path: str) -> bool:
    """Whether a folder of the module path belongs to Python or its packages, not to a program's source."""
    base = os.path.realpath(sys.base_prefix)
    name = Path(path).name
    return name in PACKAGES or (os.path.realpath(path).startswith(base + os.sep) and name != "src")


def _parts(path: str, hidden: list[str]) -> Iterator[str]:
    """All that a folder of modules holds, but the packages below it and the tutor's own."""
    if not Path(path).is_dir():
        yield path
        return
    for part in Path(path).iterdir():
        name = part.name
        package = name.partition("-")[0]
        if name not in PACKAGES and package not in hidden and not name.startswith("__editable__"):
            yield str(part)


if __name__ == "__main__":
    main()
