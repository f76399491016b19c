"""kill -9 at random moments of a talking session: what was shown is stored, nothing is stored twice."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from .terminal import ROOT, environment

KILLS = 50
SCRIPT = (
    "a dot product multiplies the entries by place, round {n}",
    "hint",
    "and then it adds up all the products to one number, round {n}",
    "I do not know, round {n}",
    "tell me",
    "rate Fargo (1996) {stars}",
    "next",
    "big weights fit the noise of the ratings it has seen, round {n}",
    "hint",
    "previous",
)


class Talk:
    """A plain chat that is fed a whole script and read event by event until it is killed."""

    def __init__(self, home: Path, lines: list[str]) -> None:
        self.events: list[dict[str, object]] = []
        self.spoke = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutor", "chat", "--plain", "--json"], env=environment(home), cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self.process.stdin
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()  # and stay open: the session waits for more

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.endswith(b"\n"):  # a line that was cut off was not shown
                self.events.append(json.loads(line))
                self.spoke.set()
        self.spoke.set()

    def kill(self, after: float) -> None:
        assert self.spoke.wait(20), "the session said nothing"
        time.sleep(after)
        self.process.kill()
        self.process.wait()
        assert self.process.stdin
        self.process.stdin.close()
        self._reader.join()

    @property
    def said(self) -> list[tuple[object, object]]:
        return [(event["role"], event["text"]) for event in self.events if event["event"] == "said"]

    @property
    def grades(self) -> list[object]:
        return [event["grade"] for event in self.events if event["event"] == "graded"]


def stored(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "tutor.db") as database:
        return database.execute(sql).fetchall()


def stars(number: int) -> float:
    return 1 + number % 9 / 2


def script(number: int) -> list[str]:
    return [line.format(n=number, stars=stars(number)) for line in SCRIPT]


def length_of_a_session(home: Path) -> float:
    """Seconds between the first and the last word of an undisturbed session."""
    talk = Talk(home, script(0))
    assert talk.spoke.wait(20), "the session said nothing"
    began = time.monotonic()
    assert talk.process.stdin
    talk.process.stdin.close()
    assert talk.process.wait(60) == 0
    return time.monotonic() - began


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    draw = random.Random(7)
    length = length_of_a_session(tmp_path)
    cut_short = 0
    for number in range(1, KILLS + 1):
        last = stored(tmp_path, "SELECT max(id) FROM messages")[0][0]
        graded = stored(tmp_path, "SELECT count(*) FROM attempts")[0][0]
        talk = Talk(tmp_path, script(number))
        talk.kill(after=draw.uniform(0, length))

        assert stored(tmp_path, "PRAGMA integrity_check") == [("ok",)]
        kept = stored(tmp_path, f"SELECT role, text FROM messages WHERE id > {last} ORDER BY id")
        assert kept[: len(talk.said)] == talk.said
        verdicts = stored(tmp_path, f"SELECT grade FROM attempts ORDER BY id LIMIT -1 OFFSET {graded}")
        assert [json.loads(str(row[0])) for row in verdicts][: len(talk.grades)] == talk.grades
        if any("Fargo (1996): " in str(text) for role, text in talk.said if role == "tutor"):
            assert stored(tmp_path, "SELECT stars FROM ratings") == [(stars(number),)]
        heard = [text for role, text in kept if role == "you"]
        assert heard == script(number)[: len(heard)]
        cut_short += len(heard) < len(SCRIPT)
    assert cut_short > KILLS / 3, "most kills came after the talk: the moments were not random enough"
