"""kill -9 in the middle of `tutor quiz`: what was said to be reviewed is stored, nothing twice or by half.

`TUTOR_TEST_KILLS=1000 pytest tests/store/test_kill.py` kills the store alone a thousand times.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from .terminal import ROOT, environment

KILLS = 5
ANSWERS = "1\n3\n" * 200


def killed(home: Path, after: float) -> list[str]:
    """Practise one question on and on, be killed; returns the cards that were said to be reviewed."""
    command = [sys.executable, "-m", "tutor", "quiz", "--json"]
    with subprocess.Popen(
        command, env=environment(home), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as quiz:  # fmt: skip
        assert quiz.stdin and quiz.stdout
        quiz.stdin.write(ANSWERS.encode())
        quiz.stdin.flush()
        first = quiz.stdout.readline()
        time.sleep(after)
        quiz.kill()
        lines = [first, *quiz.stdout.read().splitlines(keepends=True)]
    events = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return [event["card"] for event in events if event["event"] == "reviewed"]


def test_a_killed_quiz_loses_and_doubles_no_review(tmp_path: Path) -> None:
    chance = random.Random(5)
    said: list[str] = []
    for number in range(KILLS):
        said += killed(tmp_path, chance.uniform(0, 0.08))
        with sqlite3.connect(tmp_path / "tutor.db") as database:
            stored = [row[0] for row in database.execute("SELECT card FROM reviews ORDER BY id")]
            cards = {row[0] for row in database.execute("SELECT id FROM cards")}
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(stored) - len(said) in range(number + 2), "at most one a kill was not yet said"
        assert cards == set(stored)
        said = stored  # what was stored but not said counts from now on
        if number == 0:
            database = sqlite3.connect(tmp_path / "tutor.db")
            with database:
                database.execute("INSERT OR REPLACE INTO settings VALUES ('new_per_day', '1000')")
                database.execute("INSERT OR REPLACE INTO settings VALUES ('bury_siblings', 'false')")
            database.close()
