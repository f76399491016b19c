"""A command that reports in JSON lines and ends."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from tutor.runner import oneshot
from tutor.runner.process import ChildDied

REPORT = "import json, sys, time\ndef emit(**e): print(json.dumps(e), flush=True)\n"


def run(tmp_path: Path, script: str, *rest: object) -> list[dict[str, object]]:
    return list(oneshot.run([sys.executable, "-c", REPORT + script], tmp_path / "log", *rest))  # type: ignore[arg-type]


def test_its_events_come_in_order_up_to_the_ending(tmp_path: Path) -> None:
    script = (
        "emit(event='progress', fraction=0.5); emit(event='finished', note='done'); emit(event='progress')"
    )
    assert [event["event"] for event in run(tmp_path, script)] == ["progress", "finished"]


def test_cancel_ends_the_process(tmp_path: Path) -> None:
    asked = threading.Event()
    script = "emit(event='progress'); time.sleep(60); emit(event='finished')"
    events = []
    started = time.monotonic()
    for event in oneshot.run([sys.executable, "-c", REPORT + script], tmp_path / "log", asked.is_set):
        events.append(event["event"])
        asked.set()
    assert events == ["progress", "cancelled"]
    assert time.monotonic() - started < 30


def test_an_end_without_an_ending_is_a_death_with_a_log(tmp_path: Path) -> None:
    with pytest.raises(ChildDied, match="exit code 3") as caught:
        run(tmp_path, "print('no pip here', file=sys.stderr); sys.exit(3)")
    assert caught.value.log.read_text() == "no pip here\n"


def test_closing_the_iterator_ends_the_process(tmp_path: Path) -> None:
    script = "import os; emit(event='progress', pid=os.getpid()); time.sleep(60)"
    events = oneshot.run([sys.executable, "-c", REPORT + script], tmp_path / "log")
    pid = next(events)["pid"]
    events.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
