"""Which walls this machine can put round a learner's program, and what is missing where it has not all.

`bubblewrap`: namespaces of its own (files, processes, network), and Landlock and seccomp inside where they
work. `landlock`: Landlock and seccomp alone. `limits`: a process of its own with limits and a clock; it can
read and write what the learner can, and reach the network, so the learner is asked first.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tutor.runner import sandbox_lock

Layer = Literal["bubblewrap", "landlock", "limits"]
LAYERS: tuple[Layer, ...] = ("bubblewrap", "landlock", "limits")
HIDDEN = ("tutor", "recommender")
"""Packages that a learner's program does not see."""
_PROBE_S = 5.0


@dataclass(frozen=True)
class Wall:
    """One thing that a sandbox stops, and whether this machine's does."""

    name: str
    stands: bool


@cache
def best_layer() -> Layer:
    """The strongest layer that works here."""
    if _bubblewrap_works():
        return "bubblewrap"
    return "landlock" if _landlock_works() else "limits"


def working_layers() -> tuple[Layer, ...]:
    """All layers that work here, the strongest first."""
    works = {"bubblewrap": _bubblewrap_works(), "landlock": _landlock_works(), "limits": True}
    return tuple(layer for layer in LAYERS if works[layer])


def walls(layer: Layer) -> tuple[Wall, ...]:
    """What a layer stops: every one of these, or the learner is told what it does not."""
    strong = layer != "limits"
    return (
        Wall("time, memory and output are limited", True),
        Wall("your files cannot be read or changed", strong),
        Wall("the network cannot be reached", strong),
        Wall("no other program can be started", strong),
    )


def missing(layer: Layer) -> str:
    """What a layer does not stop, in one sentence; "" where nothing is missing."""
    if layer != "limits":
        return ""
    return (
        "your code runs in a process of its own with limits of time, memory and output, "
        f"but on {_system()} it can read and change your files and reach the network, like any "
        "program you start."
    )


def remedy(layer: Layer) -> str | None:
    """What would make the walls complete; None where they are or nothing can."""
    if layer != "limits" or not sys.platform.startswith("linux"):
        return None
    return "install bubblewrap (apt install bubblewrap), or use Linux 5.13 or later with Landlock"


def _system() -> str:
    return {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "this system")


@cache
def _landlock_works() -> bool:
    """Landlock and seccomp, both: one guards the files, the other processes and the network."""
    known = os.uname().machine in ("x86_64", "aarch64") if hasattr(os, "uname") else False
    return known and sandbox_lock.landlock_abi() > 0 and _seccomp_works()


def _seccomp_works() -> bool:
    """Whether the kernel was built with filters of calls (it then lists what they can answer)."""
    return Path("/proc/sys/kernel/seccomp/actions_avail").exists()


@cache
def _bubblewrap_works() -> bool:
    """Whether bwrap is here and may make namespaces (Ubuntu 24.04 forbids it by default)."""
    program = shutil.which("bwrap")
    if program is None or not sys.platform.startswith("linux"):
        return False
    command = [program, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--", "/bin/true"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


# --- the command -------------------------------------------------------------------------------


def command(layer: Layer, folder: Path, private: Sequence[Path]) -> list[str]:
    """The command that runs the child script which lies in `folder`; `private` is not to be seen."""
    python = [sys.executable, "-I", "-X", "utf8", str(folder / "sandbox_child.py")]
    if layer != "bubblewrap":
        return python
    program = shutil.which("bwrap")
    assert program is not None  # the layer was found to work
    walls_of = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    return [program, *walls_of, *_mounts(folder, private), "--chdir", str(folder), "--", *python]


def _mounts(folder: Path, private: Sequence[Path]) -> Iterator[str]:
    """Read-only: libraries; empty: /tmp and what is private; writable: the folder."""
    yield from ("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev")
    shown = [Path(path) for path in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")]
    shown += [Path("/sys/devices/system/cpu")]
    shown += [Path(path) for path in dict.fromkeys((sys.prefix, sys.base_prefix, *_package_folders()))]
    for path in shown:
        yield from ("--ro-bind-try", str(path), str(path))
    for path in private:
        if path.is_dir() and any(path.is_relative_to(one) for one in shown):
            yield from ("--tmpfs", str(path))
    yield from ("--bind", str(folder), str(folder))


def _package_folders() -> list[str]:
    """Folders of installed packages, in this environment or named by its .pth files."""
    named = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return [*site.getsitepackages(), *named]


def own_packages() -> Iterator[Path]:
    """Folders of the tutor's own packages."""
    for name in HIDDEN:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent
