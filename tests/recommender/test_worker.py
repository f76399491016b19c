"""The warm child: its protocol, driven as a real process and, where timing matters, in this one."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recommender import worker
from recommender.checkpoint import load
from recommender.events import Cancelled, Event, Failed, Finished, Point, Progress, Started

ENDINGS = {"finished", "failed", "cancelled"}
SWEEP = {
    "family": "weight-decay",
    "data": "planted",
    "settings": {"wd": [0.1, 1.0], "epochs": 2, "factors": 8},
}
LONG = {"family": "weight-decay", "data": "planted", "settings": {"epochs": 30, "factors": 200}}


class Child:
    """A worker process, spoken to line by line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recommender", "worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def send(self, message: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def until_end(self, job_id: Any) -> list[dict[str, Any]]:
        seen = [self.read()]
        while not (seen[-1]["id"] == job_id and seen[-1]["event"] in ENDINGS):
            seen.append(self.read())
        return seen


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    one = Child()
    assert one.read()["event"] == "ready"
    yield one
    assert one.process.stdin is not None
    one.process.stdin.close()
    assert one.process.wait(10) == 0


def test_ping(child: Child) -> None:
    child.send({"id": "a", "job": "ping"})
    assert child.until_end("a") == [{"event": "finished", "id": "a"}]


def test_an_experiment_sends_points_and_one_ending(child: Child) -> None:
    child.send({"id": 1, "job": "experiment", "spec": SWEEP})
    events = child.until_end(1)
    assert {event["id"] for event in events} == {1}
    assert events[0]["event"] == "started"
    assert [event["event"] in ENDINGS for event in events].count(True) == 1
    points = [event for event in events if event["event"] == "point"]
    series = {s["name"]: s for s in events[-1]["series"]}
    assert set(series) == {"wd 0.1 train", "wd 0.1 valid", "wd 1 train", "wd 1 valid"}
    assert len(points) == sum(len(s["x"]) for s in series.values())


def test_fit_writes_a_checkpoint_that_serves(child: Child, tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    child.send({"id": 2, "job": "fit", "data": "planted", "model": "dot-bias", "seed": 1, "out": str(out)})
    end = child.until_end(2)[-1]
    assert end["event"] == "finished" and end["path"] == str(out)
    assert load(out).kind == "dot-bias"


def test_prepare_counts(child: Child) -> None:
    child.send({"id": 3, "job": "prepare", "data": "planted"})
    end = child.until_end(3)[-1]
    assert (end["event"], end["data"]) == ("finished", "planted")
    assert end["ratings"] > end["users"] > 0


def test_cancel_ends_a_running_job_soon(child: Child) -> None:
    child.send({"id": 4, "job": "experiment", "spec": LONG})
    while child.read()["event"] != "point":
        pass
    began = time.monotonic()
    child.send({"cancel": 4})
    assert child.until_end(4)[-1]["event"] == "cancelled"
    assert time.monotonic() - began < 1


def test_a_waiting_job_is_cancelled_at_once_and_the_running_one_goes_on(child: Child) -> None:
    child.send({"id": 5, "job": "experiment", "spec": LONG})
    child.send({"id": 6, "job": "ping"})
    child.send({"id": 7, "job": "ping"})
    child.send({"cancel": 6})
    assert child.until_end(6)[-1]["event"] == "cancelled"
    child.send({"cancel": 5})
    assert child.until_end(5)[-1]["event"] == "cancelled"
    assert child.until_end(7) == [{"event": "finished", "id": 7}]


def test_pause_and_resume(child: Child) -> None:
    child.send({"id": 8, "job": "experiment", "spec": LONG})
    while child.read()["event"] != "point":
        pass
    child.send({"pause": 8})
    child.send({"id": 9, "job": "no such job"})
    time.sleep(0.5)  # whatever was on its way has arrived
    assert child.process.stdout is not None
    fd = child.process.stdout.fileno()
    os.set_blocking(fd, False)
    try:
        while child.process.stdout.readline():
            pass
        time.sleep(0.3)
        assert child.process.stdout.readline() == ""
    finally:
        os.set_blocking(fd, True)
    child.send({"resume": 8})
    assert child.read()["id"] == 8
    child.send({"pause": 8})
    child.send({"step": 8})
    child.send({"cancel": 8})  # a job that waits for the next step can be cancelled
    assert child.until_end(8)[-1]["event"] == "cancelled"
    assert child.until_end(9)[-1]["event"] == "failed"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"job": "boil"}, "unknown job"),
        ({"job": "experiment"}, "has no 'spec'"),
        ({"job": "experiment", "spec": {"family": "nothing"}}, "unknown experiment family"),
        ({"job": "experiment", "spec": {**SWEEP, "settings": {"wd": [-1]}}}, "wd must be from 0 to 10"),
        ({"job": "fit", "data": "no-such-data", "out": "x"}, "no-such-data"),
        ({"job": "fit", "data": "planted", "model": "nn", "out": "x"}, "cannot be served"),
    ],
)
def test_a_job_that_cannot_be_done_fails_in_one_line(
    child: Child, request_: dict[str, Any], words: str
) -> None:
    child.send({"id": "bad", **request_})
    (end,) = child.until_end("bad")
    assert end["event"] == "failed"
    assert words in end["message"]
    assert "\n" not in end["message"] and "Traceback" not in end["message"]


@pytest.mark.parametrize(
    "line", ["{", "[]", "7", '{"job": "ping"}', '{"id": null, "job": "ping"}', '{"id": [1]}']
)
def test_a_line_that_is_no_request_is_refused_and_the_child_lives(child: Child, line: str) -> None:
    child.send(line)
    refused = child.read()
    assert refused["event"] == "failed" and refused["id"] is None
    child.send({"id": "after", "job": "ping"})
    assert child.until_end("after")[-1]["event"] == "finished"


def test_orders_for_jobs_that_are_over_are_no_errors(child: Child) -> None:
    for order in ("cancel", "pause", "resume", "step"):
        child.send({order: "long gone"})
    child.send({"id": "x", "job": "ping"})
    assert child.until_end("x") == [{"event": "finished", "id": "x"}]


def test_ctrl_c_in_the_terminal_is_not_for_the_child(child: Child) -> None:
    child.process.send_signal(signal.SIGINT)
    child.send({"id": "alive", "job": "ping"})
    assert child.until_end("alive")[-1]["event"] == "finished"


def test_the_child_ends_with_its_parent_and_cancels_what_runs() -> None:
    one = Child()
    one.read()
    one.send({"id": 1, "job": "experiment", "spec": LONG})
    one.send({"id": 2, "job": "ping"})
    out, _ = one.process.communicate(timeout=30)
    events = [json.loads(line) for line in out.splitlines()]
    endings = {e["id"]: e["event"] for e in events if e["event"] in ENDINGS}
    assert endings == {1: "cancelled", 2: "cancelled"}
    assert one.process.returncode == 0


# in this process: what a fake job shows


def served(
    monkeypatch: pytest.MonkeyPatch, events: Iterator[Event], lines: list[Any]
) -> list[dict[str, Any]]:
    monkeypatch.setattr(worker, "warm_up", lambda: 0.0)
    monkeypatch.setitem(worker.JOBS, "fake", lambda request, cancelled: events)
    gate, out = threading.Event(), io.StringIO()

    def feed() -> Iterator[str]:
        yield from (json.dumps(line) for line in lines)
        gate.wait(5)

    server = worker.Worker(feed(), out)
    end = server._end

    def ended(job: worker.Job, ending: Event) -> None:
        end(job, ending)
        gate.set()

    monkeypatch.setattr(server, "_end", ended)
    server.serve()
    seen = [json.loads(line) for line in out.getvalue().splitlines()]
    return [event for event in seen if event["event"] != "ready"]


def test_progress_is_throttled_and_points_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> Iterator[Event]:
        yield Started()
        for i in range(200):
            yield Progress(i / 200)
            yield Point("a", i, i)
        yield Finished({"x": 1})

    seen = served(monkeypatch, busy(), [{"id": 1, "job": "fake"}])
    kinds = [event["event"] for event in seen]
    assert kinds.count("point") == 200
    assert 1 <= kinds.count("progress") <= 20
    assert kinds[-1] == "finished"


@pytest.mark.parametrize("ending", [Finished({"ok": True}), Failed("no"), Cancelled()])
def test_nothing_follows_an_ending(monkeypatch: pytest.MonkeyPatch, ending: Event) -> None:
    def chatty() -> Iterator[Event]:
        yield ending
        yield Point("late", 0, 0)
        yield Finished()

    assert [e["event"] for e in served(monkeypatch, chatty(), [{"id": 1, "job": "fake"}])] == [ending.name]


def test_a_job_without_an_ending_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [e["event"] for e in served(monkeypatch, iter([Started()]), [{"id": 1, "job": "fake"}])] == [
        "started",
        "failed",
    ]


def test_a_crash_is_a_failed_event_and_a_traceback_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash() -> Iterator[Event]:
        yield Started()
        raise RuntimeError("two\nlines")

    seen = served(monkeypatch, crash(), [{"id": 1, "job": "fake"}])
    assert seen[-1] == {"event": "failed", "message": "RuntimeError: two lines", "id": 1}
    captured = capsys.readouterr()
    assert "Traceback" in captured.err and captured.out == ""


def test_an_id_may_not_be_used_twice_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Event()

    def slow() -> Iterator[Event]:
        started.wait(2)
        yield Finished()

    lines = [{"id": 1, "job": "fake"}, {"id": 1, "job": "ping"}]
    threading.Timer(0.2, started.set).start()
    seen = served(monkeypatch, slow(), lines)
    assert [(e["event"], e["id"]) for e in seen] == [("failed", None), ("finished", 1)]


def test_numbers_that_are_none_become_null(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = served(monkeypatch, iter([Finished({"mse": float("nan")})]), [{"id": 1, "job": "fake"}])
    assert seen[-1]["mse"] is None
