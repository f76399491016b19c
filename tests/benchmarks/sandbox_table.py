"""The table of attacks: attack x layer x user, each cell "stopped" or "not stopped, announced".

    .venv/bin/python -m tests.benchmarks.sandbox_table [--user]

It runs every layer that works here, as whoever runs it. Root gets a second part, as an ordinary user
(65534), in a mount namespace of its own where that user can read this Python. `--user` is that part alone.
Each program runs as if it were an answer; seconds count from the moment it got its job; the limit is 3.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.runner.attacks import ATTACKS, Outcome, attempt, scene
from tutor.runner.sandbox_layers import LAYERS, missing, working_layers
from tutor.runner.sandbox_watch import Limits

NOBODY = 65534
SECONDS = 3.0


def main() -> int:
    """Print the table; 1 if a cell is neither stopped nor announced."""
    layers = working_layers()
    user = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "ordinary user"
    absent = [layer for layer in LAYERS if layer not in layers]
    print(
        f"\n{user}, {sys.platform}: {', '.join(layers)}; not on this machine: {', '.join(absent) or 'none'}"
    )
    print(f"{'attack':24}" + "".join(f"{layer:34}" for layer in layers))
    wrong = 0
    with scene() as about:
        for attack in ATTACKS:
            cells = []
            for layer in layers:
                outcome = attempt(attack, layer, about, Limits())
                cell, fits = _cell(outcome, attack.everywhere or not missing(layer), attack.says)
                wrong += not fits
                cells.append(cell)
            print(f"{attack.name:24}" + "".join(f"{cell:34}" for cell in cells), flush=True)
    if user == "root" and "--user" not in sys.argv:
        wrong += _as_ordinary_user()
    return int(wrong > 0)


def _cell(outcome: Outcome, must: bool, says: str) -> tuple[str, bool]:
    """What stands in the table, and whether it may."""
    if outcome.stopped and outcome.seconds <= SECONDS:
        told = bool(re.search(says, outcome.told)) or not must
        return f"stopped, {outcome.seconds:.1f} s" + ("" if told else " NOT TOLD"), told
    if must:
        return f"NOT STOPPED ({outcome.seconds:.1f} s)", False
    return "not stopped, announced", True


def _as_ordinary_user() -> int:
    """The same once more as nobody, who may not be able to enter the folder in which Python lies."""
    base = Path(sys.base_prefix)
    closed = next((one for one in reversed(base.parents) if not one.stat().st_mode & 0o001), None)
    steps = ["mount --make-rprivate /"]
    with tempfile.TemporaryDirectory() as aside:
        if closed is not None:
            shown = base.relative_to(closed).parts[0]
            steps += [
                f"mount --bind {closed / shown} {aside}",
                f"mount -t tmpfs -o mode=755 none {closed}",
                f"mkdir {closed / shown}",
                f"mount --bind {aside} {closed / shown}",
            ]
        run = f"{sys.executable} -m tests.benchmarks.sandbox_table --user"
        steps.append(f"exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups {run}")
        command = ["unshare", "--mount", "sh", "-ec", "\n".join(steps)]
        return subprocess.run(command, check=False, env={**os.environ, "HOME": "/nonexistent"}).returncode


if __name__ == "__main__":
    raise SystemExit(main())
