"""Hands jobs to one child process that runs `case_runner.py` and gives back its results, in order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Job = dict[str, Any]
Result = dict[str, Any]

SCRIPT = Path(__file__).with_name("case_runner.py")
LIBRARIES = ("torch", "numpy", "pandas")
"""Loaded once, before the first job, where some job names them."""
SECONDS = 20.0
"""What one job may take."""


def blocks_job(blocks: Sequence[str]) -> Job:
    """A job that runs blocks of code in order in one namespace."""
    return {"blocks": list(blocks)}


def cases_job(code: str, cases: Sequence[tuple[str, str]]) -> Job:
    """A job that runs `code` and, for each (setup, call), gives the value of the call."""
    return {"code": code, "cases": [{"setup": setup, "call": call} for setup, call in cases]}


def run_jobs(jobs: Sequence[Job], *, seconds: float = SECONDS) -> list[Result]:
    """Run all jobs in one child process, in an empty folder; a job without a result says why in `ended`."""
    if not jobs:
        return []
    lines = "".join(json.dumps(one) + "\n" for one in jobs)
    named = [name for name in LIBRARIES if re.search(rf"\b{name}\b", lines)]
    options = json.dumps({"imports": named, "seconds": seconds})
    quiet = {"OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
    limit = 60 + seconds * len(jobs)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-X", "utf8", str(SCRIPT)],
                input=f"{options}\n{lines}",
                capture_output=True,
                encoding="utf-8",
                timeout=limit,
                cwd=folder,
                env={**os.environ, **quiet},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [{"ended": f"all together took more than {limit:g} s"}] * len(jobs)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return results + [{"ended": f"the process broke off: {said}"}] * (len(jobs) - len(results))
