"""Reviews a second through the store, and `tutor due` in a shell prompt, on an idle machine:

pytest -m benchmark tests/benchmarks/test_practice_speed.py -s
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.core.real_log import SAMPLE, by_store, read
from tutor.core.practice_simulation import simulate

pytestmark = pytest.mark.benchmark


def test_a_thousand_reviews_a_second(tmp_path: Path) -> None:
    log = read(SAMPLE)
    took = []
    for number in range(5):
        began = time.perf_counter()
        by_store(log, tmp_path / str(number))
        took.append(time.perf_counter() - began)
    rate = len(log) / statistics.median(took)
    print(f"\n{rate:,.0f} reviews a second, each in its own transaction")
    assert rate >= 1000


def test_due_is_there_within_150_ms(tmp_path: Path) -> None:
    environment = {**os.environ, "TUTOR_HOME": str(tmp_path)}
    took = []
    for _ in range(9):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "tutor", "due"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        took.append(time.perf_counter() - began)
    print(f"\ntutor due: {statistics.median(took) * 1000:.0f} ms")
    assert statistics.median(took) < 0.15


def test_sixty_days_are_simulated_in_seconds() -> None:
    began = time.perf_counter()
    done = simulate(60)
    print(f"\n{sum(day.reviews for day in done.daily)} reviews in {time.perf_counter() - began:.1f} s")
    assert time.perf_counter() - began < 10
