"""A kill at any moment loses nothing that was acknowledged and doubles nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tutor.store.paths import Paths
from tutor.store.store import Store

KILLS = int(os.environ.get("TUTOR_TEST_KILLS", "50"))

WRITER = """
import json, os, random, sys
from pathlib import Path
from tutor.store.learning import Standing
from tutor.store.paths import Paths
from tutor.store.practice import CardRow
from tutor.store.ratings import FilmRow
from tutor.store.store import Store

round = sys.argv[2]
rng = random.Random(round)
store = Store(Paths(Path(sys.argv[1])))
os.write(1, b"ready\\n")
for number in range(100_000):
    mark = f"{round}-{number}"
    kind = rng.randrange(4)
    if kind == 0:
        name = rng.choice(["q07.p1", "q07.p2", "q22.p1"])
        row = store.practice.card(name)
        fsrs_id = row.fsrs_id if row else store.practice.next_fsrs_id()
        card = CardRow(name, fsrs_id, json.dumps({"mark": mark}), "2030-01-01", "2026-01-01")
        store.practice.save_review(card, rng.randint(1, 4), item=mark)
    elif kind == 1:
        film = FilmRow(f"film-{mark}", mark, 1996, ("Crime",), {})
        store.ratings.set(film, rng.randint(1, 10) / 2)
    elif kind == 3:
        films = [FilmRow(f"batch-{mark}-{n}", f"batch-{mark}-{n}", 1996, (), {}) for n in range(4)]
        store.ratings.change_all([(film, "seen" if film is films[0] else "stars", 1.0) for film in films])
    else:
        with store.transaction():
            store.learning.say("you", mark)
            store.learning.add_attempt("q07", mark, {"verdict": "partial", "score": 0.5})
            store.learning.save_standing(Standing("q07", "started", attempts=number))
    os.write(1, f"{kind} {mark}\\n".encode())
"""


def kill_while_writing(home: Path, name: str, patience_s: float) -> list[list[str]]:
    """Start a writer, kill it after a while; returns what it had acknowledged as [kind, mark]."""
    command = [sys.executable, "-c", WRITER, str(home), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(patience_s)
        writer.send_signal(signal.SIGKILL)
        lines = writer.stdout.read().decode().splitlines()
    assert writer.returncode == -signal.SIGKILL, "it was killed while it wrote, it did not end by itself"
    return [line.split() for line in lines]


def test_kills_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    rng = random.Random(7)
    acknowledged: list[list[str]] = []
    for number in range(KILLS):
        acknowledged += kill_while_writing(tmp_path, str(number), rng.uniform(0, 0.03))
    assert len(acknowledged) > KILLS, "the kills came while it wrote"

    store = Store(Paths(tmp_path))
    reviews = store.practice.reviews()
    stored: dict[str, list[str | None]] = {
        "0": [review.item for review in reviews],
        "1": [row.film.title for row in store.ratings.all() if not row.film.id.startswith("batch")],
        "2": [attempt.answer for attempt in store.learning.attempts()],
        "3": [row.title.removeprefix("batch-").removesuffix("-0") for row in store.ratings.marked("seen")],
    }
    for kind, marks in stored.items():
        assert len(marks) == len(set(marks)), "something was stored twice"
        assert {mark for k, mark in acknowledged if k == kind} <= set(marks), "something was lost"
    total = sum(len(marks) for marks in stored.values())
    assert total - len(acknowledged) <= KILLS, "at most one write per kill was not yet acknowledged"

    said = [message.text for message in store.learning.messages(limit=1_000_000)]
    assert said == stored["2"], "an attempt and its message go together"
    log = store.database.all("SELECT * FROM rating_log")
    assert len([row for row in log if row["batch"] is None]) == len(stored["1"])
    sizes = Counter(row["batch"] for row in log if row["batch"] is not None)
    assert {*sizes.values()} == {4}, "an import is kept whole or not at all"
    rated = [row.film.id for row in store.ratings.all() if row.film.id.startswith("batch")]
    assert (len(rated), len(store.ratings.marked("seen"))) == (3 * len(sizes), len(sizes))
    last = {review.card: review.item for review in reviews}
    states = {card.id: card.state for card in store.practice.cards()}
    assert states == {card: f'{{"mark": "{item}"}}' for card, item in last.items()}
    assert store.database.all("PRAGMA integrity_check")[0][0] == "ok"
