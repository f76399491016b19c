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
    argv = [
        "weight-decay",
        *SMALL,
        "--seeds",
        "1",
        "--predict",
        "valley",
        "--seed",
        "3",
        "--export",
        str(table),
        "--json",
    ]
    ran = tutor("experiment", "run", *argv)
    first, *points, last = ran.lines
    assert ran.code == 0 and not ran.err
    assert (first["event"], first["prediction"]) == ("started", "valley")
    assert {point["event"] for point in points} <= {"point", "progress"} and len(points) > 4
    assert last["event"] == "finished" and last["token"].startswith("cf1:weight-decay:wd=0.0+0.1,")
    assert set(last) >= {"name", "config", "series", "table", "measured", "expected", "holds", "sentence"}
    settings = {"wd": [0.0, 0.1], "epochs": 1, "factors": 2}
    assert last["config"] == {**settings, "seed": 3, "seeds": 1, "data": "planted"}
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
        (["weight-decay", "--export", "curves.png"], ["curves.png", ".json, .csv or .svg"]),
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


def test_a_token_repeats_its_run_and_two_runs_stand_side_by_side(tutor: Tutor) -> None:
    argv = ["experiment", "run", "dot-product", "--predict", "stays", "--json"]
    one = tutor(*argv).lines[-1]
    other = tutor(*argv, "--set", "stretch=1,3").lines[-1]
    again = tutor("replay", one["token"], "--json").lines[-1]
    assert again["replay"] == {"same": True, "differs": []}
    assert (again["measured"], again["series"], again["token"]) == (
        one["measured"],
        one["series"],
        one["token"],
    )
    newest, second, first = tutor("experiment", "history", "--json").json
    assert (first["token"], second["token"], newest["token"]) == (one["token"], other["token"], one["token"])
    assert first["prediction"] == "stays" and first["hit"] is False and newest["hit"] is None
    both = tutor("experiment", "compare", one["token"], other["token"], "--json").json
    assert [row["name"] for row in both["settings"]] == ["stretch"]
    factor = next(row for row in both["measured"] if row["name"] == "factor")
    assert (factor["a"], factor["b"]) == (10.0, 3.0)
    assert {series["name"][:2] for series in both["series"]} == {"A ", "B "}
    assert "MEASURED" in tutor("experiment", "compare", one["token"], other["token"]).out
    assert "wrong" in tutor("experiment", "history").out


def test_a_run_on_other_ratings_is_not_repeated(tutor: Tutor) -> None:
    tutor("rate", "fargo-1996", "4.5")
    token = tutor("experiment", "run", "dot-product", "--json").lines[-1]["token"]
    assert tutor("replay", token).code == 0
    tutor("rate", "fargo-1996", "2")
    assert complains(tutor("replay", token), "other ratings")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", ["no token"]),
        ("cf1:dot-product:moves:seed=0,seeds=1,data=planted:a.b.c.d", ["damaged"]),
        ("cf1:no-such::seed=0,seeds=1,data=planted:a.-.c.d", ["no-such"]),
        ("cf1:dot-product:moves=sideways:seed=0,seeds=1,data=planted:a.-.c.d", ["moves"]),
    ],
)
def test_a_line_that_is_no_token_is_one_clear_line(tutor: Tutor, line: str, words: list[str]) -> None:
    assert complains(tutor("replay", line), *words)


def test_a_picture_can_be_exported(tutor: Tutor, tmp_path: Path) -> None:
    picture = tmp_path / "run.svg"
    assert tutor("experiment", "run", "dot-product", "--export", str(picture)).code == 0
    assert picture.read_text("utf-8").startswith("<svg") and "cosine" in picture.read_text("utf-8")
