"""The training child: order, cancel by word and by force, death and a fresh start, the log."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.runner import process
from tutor.runner.child import TrainingChild
from tutor.runner.process import ChildDied

FAKE = Path(__file__).parent / "fake_worker.py"


@pytest.fixture
def child(tmp_path: Path) -> Iterator[TrainingChild]:
    child = TrainingChild(tmp_path / "logs", [sys.executable, str(FAKE)], patience_s=0.3)
    yield child
    child.stop()


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def kinds(events: list[dict[str, object]]) -> list[object]:
    return [event["event"] for event in events]


def test_it_starts_on_first_use_and_gets_warm(child: TrainingChild) -> None:
    assert not child.warm
    child.start()
    wait_for(lambda: child.warm)
    child.stop()
    assert not child.warm


def test_progress_comes_in_order_and_one_ending_comes_last(child: TrainingChild) -> None:
    events = list(child.run({"job": "count", "n": 200}))
    assert kinds(events) == ["progress"] * 200 + ["finished"]
    assert [event["fraction"] for event in events[:-1]] == [number / 200 for number in range(200)]
    assert events[-1]["threads"] == "1"


def test_one_process_serves_job_after_job(child: TrainingChild) -> None:
    pids = {list(child.run({"job": "count", "n": 1}))[-1]["pid"] for _ in range(3)}
    assert len(pids) == 1


def test_a_failure_is_an_ending_and_the_process_lives_on(child: TrainingChild) -> None:
    (event,) = child.run({"job": "fail"})
    assert (event["event"], event["message"]) == ("failed", "no such data set")
    assert child.warm


def test_several_jobs_at_once_each_get_their_own_events(child: TrainingChild) -> None:
    child.start()
    results: dict[int, list[dict[str, object]]] = {}

    def run(n: int) -> None:
        results[n] = list(child.run({"job": "count", "n": n, "pause": 0.001}))

    threads = [threading.Thread(target=run, args=(n,)) for n in (10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {n: kinds(events) for n, events in results.items()} == {
        n: ["progress"] * n + ["finished"] for n in (10, 20, 30, 40)
    }
    assert len({events[-1]["pid"] for events in results.values()}) == 1


def test_a_cancel_line_ends_the_job_and_not_the_process(child: TrainingChild) -> None:
    events = []
    asked = threading.Event()
    for event in child.run({"job": "count", "n": 10_000, "pause": 0.01}, asked.is_set):
        events.append(event)
        asked.set()
    assert kinds(events)[-1] == "cancelled"
    assert len(events) < 200
    assert child.warm


def test_closing_the_iterator_cancels_the_job(child: TrainingChild) -> None:
    running = child.run({"job": "count", "n": 10_000, "pause": 0.001})
    next(running)
    running.close()
    assert kinds(list(child.run({"job": "count", "n": 2}))) == ["progress", "progress", "finished"]


@pytest.mark.parametrize("to_terminate", [False, True], ids=["terminated", "killed"])
def test_a_deaf_child_is_ended_and_the_job_counts_as_cancelled(
    child: TrainingChild, to_terminate: bool
) -> None:
    asked = threading.Event()
    events = []
    for event in child.run({"job": "deaf", "to_terminate": to_terminate}, asked.is_set):
        events.append(event)
        asked.set()
        started = time.monotonic()
    assert kinds(events) == ["progress", "cancelled"]
    assert time.monotonic() - started < 20
    assert not child.warm
    assert kinds(list(child.run({"job": "count", "n": 1}))) == ["progress", "finished"]


def test_a_death_names_the_log_and_the_next_job_gets_a_fresh_process(child: TrainingChild) -> None:
    events = []
    with pytest.raises(ChildDied, match=r"exit code 7.*worker\.log") as caught:
        for event in child.run({"job": "die"}):
            events.append(event)
    assert kinds(events) == ["progress"]
    assert "out of memory" in caught.value.log.read_text()
    assert kinds(list(child.run({"job": "count", "n": 1}))) == ["progress", "finished"]


def test_a_death_ends_all_jobs_that_ran(child: TrainingChild) -> None:
    child.start()
    died = threading.Event()

    def run() -> None:
        with pytest.raises(ChildDied):
            list(child.run({"job": "count", "n": 10_000, "pause": 0.01}))
        died.set()

    thread = threading.Thread(target=run)
    thread.start()
    with pytest.raises(ChildDied):
        list(child.run({"job": "die"}))
    thread.join(20)
    assert died.is_set()


def test_a_stray_line_of_stdout_goes_to_the_log(child: TrainingChild) -> None:
    assert kinds(list(child.run({"job": "chatter"}))) == ["finished"]
    assert "a warning that some library prints" in child.log.read_text()


def test_a_child_that_cannot_start_is_a_death_too(tmp_path: Path) -> None:
    child = TrainingChild(tmp_path, [str(tmp_path / "no-such-program")])
    with pytest.raises(ChildDied, match="No such file"):
        list(child.run({"job": "count", "n": 1}))


def test_a_long_log_starts_afresh(
    child: TrainingChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "LOG_LIMIT", 100)
    child.log.parent.mkdir()
    child.log.write_text("old words " * 20)
    list(child.run({"job": "count", "n": 1}))
    assert child.log.read_text() == ""


def test_the_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tutor.runner.child import TrainingChild\n"
        f"child = TrainingChild(Path({str(tmp_path)!r}), [sys.executable, {str(FAKE)!r}])\n"
        "print(list(child.run({'job': 'count', 'n': 1}))[-1]['pid'], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists() or sys.platform != "linux"
        parent.kill()
    wait_for(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
