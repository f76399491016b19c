"""How fast the program is there. Run on an idle machine: pytest -m benchmark tests/benchmarks -s."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..e2e.first_frame import measure_starts
from ..e2e.terminal import ROOT, environment

pytestmark = pytest.mark.benchmark
ALTERNATIONS = 9


def test_first_frame_against_a_bare_app(tmp_path: Path) -> None:
    starts = measure_starts(tmp_path, ALTERNATIONS)
    print(f"\n{starts}")
    assert starts.ratio <= 2
    assert statistics.median(starts.megabytes) <= 80


def test_help_is_there_at_once(tmp_path: Path) -> None:
    took = []
    for _ in range(ALTERNATIONS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "tutor", "--help"], env=environment(tmp_path), cwd=ROOT,
            stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        took.append((time.perf_counter() - began) * 1000)
    print(f"\ntutor --help {statistics.median(took):.0f} ms")
    assert statistics.median(took) < 150
