"""The app in a terminal, from the first frame to the end, and what it leaves on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tutor.store.store import Store

from .terminal import Terminal

Open = Callable[..., Terminal]
ANSWER = "you multiply the entries at the same place"


def children(pid: int) -> list[int]:
    """Ids of the processes that a process has started, from whichever thread."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for found in lists for child in found.read_text("utf-8").split()]


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"


def test_a_first_lesson_and_a_first_film(open_terminal: Open, store: Store) -> None:
    app = open_terminal()
    app.wait_for("Q7 · Dot product", "A guess is useful", "planted world, invented viewers")

    app.press(ANSWER, "enter")
    app.wait_for("still open", "your words")
    assert [attempt.answer for attempt in store.learning.attempts("q07")] == [ANSWER]

    app.press("f2")
    app.wait_for("boils them down")
    assert store.learning.standing("q07").hints == 1

    app.press("alt+3")
    app.wait_for("For a typical viewer", "Why", seconds=60)
    app.wait_for("not seen")
    app.press("n", "/")
    app.wait_for("to the films found")
    app.press("fargo")
    app.wait_for("Found", "Fargo")
    app.press("enter")
    app.wait_for("1-9 ½-4½ stars")
    app.press("8")
    app.wait_for("Fargo:", "You rated 1")
    assert store.ratings.stars() == {"fargo-1996": 4.0}

    app.press("ctrl+q")
    assert app.end() == 0

    again = open_terminal()
    again.wait_for("Q7 · Dot product", "still open")
    again.press("ctrl+q")
    assert again.end() == 0


def test_ctrl_c_in_the_middle_of_a_run_leaves_nothing_running(open_terminal: Open, store: Store) -> None:
    app = open_terminal()
    app.wait_for("A guess is useful")
    app.press("alt+2")
    app.wait_for("Stretch and turn", "enter opens it")
    app.press("down", "enter")
    app.wait_for("What will the error on ratings")
    app.press("3", "r")
    app.wait_for("wd 0", "cancel", seconds=60)
    processes = children(app.child.pid)
    assert processes or not Path("/proc").exists()

    app.press("ctrl+c")
    app.wait_for("another ctrl+c")
    app.press("ctrl+c")
    assert app.end() == 0
    assert "Traceback" not in app.text
    time.sleep(0.2)
    assert not any(map(is_running, processes))
    assert [run.status for run in store.runs.all()] in (["cancelled"], ["finished"])


def test_one_line_is_enough_to_keep_everything(open_terminal: Open, store: Store) -> None:
    app = open_terminal(columns=80, rows=1)
    app.wait_for("enter send")
    app.press(ANSWER, "enter")
    app.settle(0.5)
    app.resize(100, 30)
    app.wait_for(ANSWER, "still open")
    app.press("half an ans")
    app.wait_for("half an ans")
    app.resize(80, 1)
    app.settle()
    app.resize(40, 12)
    app.wait_for("half an ans")
    app.settle(1.0)
    app.press("ctrl+q")
    assert app.end() == 0
    assert len(store.learning.attempts()) == 1
    assert store.settings.get("draft") == "half an ans"


def test_both_sizes_show_the_question_and_the_way_out(open_terminal: Open) -> None:
    for columns, rows in ((80, 24), (120, 40)):
        app = open_terminal(columns=columns, rows=rows)
        app.wait_for("Q7", "A guess is useful", "1 Learn", "enter send", "ctrl+p")
        app.press("ctrl+q")
        assert app.end() == 0
