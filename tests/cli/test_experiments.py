"""Running experiments: events for programs, a picture for people, nothing stored after a mistake."""

from __future__ import annotations

import csv
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.cli.diagnostics import RunFailed, UsageError
from tutor.cli.following import cancellable, follow
from tutor.core.events import Cancelled, Failed, Progress, Rested, WorkEvent
from tutor.store.paths import Paths
from tutor.store.store import Store

from .conftest import Tutor, complains

SMALL = ["--set", "epochs=1", "--set", "factors=2", "--set", "wd=0,0.1"]


def statuses(home: Path) -> list[str]:
    store = Store(Paths(home))
    try:
        return [run.status for run in store.runs.all()]
    finally:
        store.close()


def test_the_list_has_what_a_run_needs(tutor: Tutor) -> None:
    rows = {row["name"]: row for row in tutor("experiment", "list", "--json").json}
    assert set(rows["weight-decay"]) >= {"name", "title", "questions", "parameters", "budget_s"}
    assert "q22" in rows["weight-decay"]["questions"]
    assert "dot-product" in tutor("experiment", "list").out


def test_a_run_streams_its_events_and_ends_with_the_whole_result(
    tutor: Tutor, home: Path, tmp_path: Path
) -> None:
    table = tmp_path / "curves.csv"
    argv = ["weight-decay", *SMALL, "--predict", "valley", "--seed", "3", "--export", str(table), "--json"]
    ran = tutor("experiment", "run", *argv)
    first, *points, last = ran.lines
    assert ran.code == 0 and not ran.err
    assert (first["event"], first["prediction"]) == ("started", "valley")
    assert {point["event"] for point in points} <= {"point", "progress"} and len(points) > 4
    assert last["event"] == "finished" and last["token"] is None
    assert set(last) >= {"name", "config", "series", "table", "measured", "expected", "holds", "sentence"}
    assert last["config"] == {"wd": [0.0, 0.1], "epochs": 1, "factors": 2, "seed": 3, "data": "planted"}
    assert last["data"]["invented"] is True and last["holds"] is (last["outcome"] == "valley")
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(series["x"]) for series in last["series"])
    assert float(rows[0]["y"]) == last["series"][0]["y"][0]
    assert statuses(home) == ["finished"]


def test_a_person_gets_a_picture_the_numbers_and_a_sentence(tutor: Tutor, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    ran = tutor("experiment", "run", "dot-product", "--export", str(result))
    assert ran.code == 0
    assert any("\u2801" <= letter <= "\u28ff" for letter in ran.out)
    told = json.loads(result.read_text("utf-8"))
    assert told["sentence"] in ran.out and "Measured: " in ran.out and "invented viewers" in ran.out
    assert max(map(len, ran.out.split("Course:")[0].splitlines()[1:18])) <= 80


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["weigt-decay"], ["weigt-decay", "did you mean weight-decay"]),
        (["weight-decay", "--set", "epoch=3"], ["'epoch'", "epochs"]),
        (["weight-decay", "--set", "epochs=many"], ["epochs", "'many'", "whole number"]),
        (["weight-decay", "--set", "wd=0,-1"], ["wd", "0 to 10"]),
        (["weight-decay", "--set", "epochs"], ["epochs", "name=value"]),
        (["weight-decay", "--predict", "sideways"], ["sideways", "valley"]),
        (["weight-decay", "--data", "ml-100k"], ["ml-100k", "tutor data fetch ml-100k"]),
        (["weight-decay", "--data", "ml-zillion"], ["ml-zillion"]),
        (["weight-decay", "--export", "curves.png"], ["curves.png", ".json or .csv"]),
        (["weight-decay", "--export", "/no/such/folder/curves.csv"], ["/no/such/folder"]),
    ],
)
def test_a_mistake_runs_and_stores_nothing(
    tutor: Tutor, home: Path, argv: list[str], words: list[str]
) -> None:
    assert complains(tutor("experiment", "run", *argv), *words)
    assert statuses(home) == []


def test_ctrl_c_ends_a_run_with_130_and_stores_that(tutor: Tutor, home: Path) -> None:
    timer = threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    ran = tutor("experiment", "run", "weight-decay", "--set", "epochs=30", "--set", "factors=200")
    timer.join()
    assert ran.code == 130 and not ran.out and "Traceback" not in ran.err
    assert statuses(home) == ["cancelled"]
    assert time.monotonic() - began < 25


# --- following -----------------------------------------------------------------------------------


def stream(*events: WorkEvent) -> Iterator[WorkEvent]:
    yield from events


def test_following_returns_the_good_ending_and_prints_events_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = (Progress(fraction=0.5, note="half"), Rested(note="done"))
    assert follow(stream(*events), as_json=False) == events[1]
    assert capsys.readouterr() == ("", "")
    follow(stream(*events), as_json=True)
    written = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert written == ["progress", "finished"]


def test_following_raises_the_bad_endings() -> None:
    with pytest.raises(RunFailed, match=r"no more room \(see /x/worker\.log\)"):
        follow(stream(Failed(message="no more room", log="/x/worker.log")), as_json=False)
    with pytest.raises(RunFailed, match=r"^said so in /x/worker\.log$"):
        follow(stream(Failed(message="said so in /x/worker.log", log="/x/worker.log")), as_json=False)
    with pytest.raises(UsageError, match=r"line 3 is broken"):
        follow(stream(Failed(message="line 3 is broken")), as_json=False, of_input=True)
    with pytest.raises(KeyboardInterrupt):
        follow(stream(Cancelled()), as_json=False)
    with pytest.raises(RunFailed, match="without saying how"):
        follow(stream(Progress(note="on my way")), as_json=False)


def test_the_first_ctrl_c_is_a_wish_the_second_an_order() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), cancellable() as cancelled:
        assert not cancelled()
        signal.raise_signal(signal.SIGINT)
        assert cancelled()
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
