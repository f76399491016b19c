"""Cards on the command line: marks, what goes out and in, and what practice has brought."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from .conftest import Tutor, complains


def test_marks_are_listed_and_undone(tutor: Tutor) -> None:
    assert tutor("cards", "suspend", "q07.p1", "--json").json["suspended"]
    assert tutor("cards", "flag", "q07.p2").out == "q07.p2: flagged\n"
    tutor("cards", "note", "q07.p2", "like", "a", "shopping", "bill")
    tutor("cards", "bury", "q07.p3")
    rows = {row["card"]: row for row in tutor("cards", "list", "--json").json}
    assert rows["q07.p1"]["suspended"] and rows["q07.p3"]["buried_until"]
    assert (rows["q07.p2"]["flagged"], rows["q07.p2"]["note"]) == (True, "like a shopping bill")
    asked = tutor("quiz", "--question", "7", "--limit", "1", "--json", stdin="1\n3\n").lines[0]["card"]
    assert asked == "q07.p2"
    tutor("cards", "unsuspend", "q07.p1")
    assert not {row["card"]: row for row in tutor("cards", "list", "--json").json}["q07.p1"]["suspended"]
    undone = [tutor("quiz", "--undo", "--json").json["what"] for _ in range(7)]
    assert undone == ["unsuspend", "unbury", "review", "bury", "note", "flag", "suspend"]
    assert "shopping" not in tutor("cards", "list").out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["cards", "suspend", "q07.p9"], ["'q07.p9'", "did you mean"]),
        (["cards", "export", "cards.xls"], [".apkg", ".csv"]),
        (["cards", "import", "cards.apkg"], ["cannot read cards.apkg"]),
        (["cards", "import", "cards.txt"], ["holds no reviews"]),
        (["cards", "import", "cards.xls"], [".csv or .json"]),
        (["cards", "import", "nowhere.csv"], ["cannot read nowhere.csv"]),
        (["cards", "export", "/nowhere/cards.txt"], ["cannot write"]),
        (["cards"], ["a command is missing"]),
    ],
)
def test_bad_input_is_one_clear_line(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor(*argv), *words)


def test_settings_are_kept_and_obeyed(tutor: Tutor) -> None:
    assert tutor("cards", "settings", "--json").json == {
        "new_per_day": 10, "bury_siblings": True, "two_buttons": False,
    }  # fmt: skip
    assert tutor("due", "--json").json["new"] == 2, "one of each question a day"
    tutor("cards", "settings", "--new", "3", "--siblings", "show", "--grades", "2")
    assert tutor("cards", "settings").out.split() == [
        "new_per_day", "3", "bury_siblings", "False", "two_buttons", "True",
    ]  # fmt: skip
    assert tutor("due", "--json").json["new"] == 3
    assert complains(
        tutor("cards", "settings", "--siblings", "maybe"), "--siblings cannot be 'maybe'", "bury, show"
    )


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_log_goes_out_and_comes_in_once(
    tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    tutor("quiz", "--limit", "2", stdin="1\n3\n1\n1\n")
    file = tmp_path / f"log.{ending}"
    assert tutor("cards", "export", str(file), "--json").json == {"reviews": 2, "file": str(file)}
    before = tutor("cards", "list", "--json").json
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "another"))
    assert tutor("cards", "import", str(file), "--json").json == {
        "added": 2, "known": 0, "cards": 2, "skipped": [],
    }  # fmt: skip
    assert tutor("cards", "import", str(file)).out == "0 reviews added to 0 cards, 2 were there already\n"
    after = tutor("cards", "list", "--json").json
    assert [row["due"] for row in after] == [row["due"] for row in before]
    assert tutor("quiz", "--undo", "--json").json["what"] == "review"


def test_a_broken_row_costs_that_row_alone(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["card_id", "review_rating", "review_time", "review_duration", "card"])
        rows.writerow([5, 3, "2026-01-02T10:00:00+00:00", 9000, "q07.p1"])
        rows.writerow([5, 7, "2026-01-03T10:00:00+00:00", 9000, "q07.p1"])
        rows.writerow([6, 3, "2026-01-03T10:00:00+00:00", "", ""])
        rows.writerow([5, 3, "yesterday", 9000, "q07.p1"])
    ran = tutor("cards", "import", str(file), "--json").json
    assert ran["added"] == 1 and [row["line"] for row in ran["skipped"]] == [3, 4, 5]
    assert "rating" in ran["skipped"][0]["why"] and "column `card`" in ran["skipped"][1]["why"]
    file.write_text("a,b\n1,2\n")
    assert complains(tutor("cards", "import", str(file)), "no column review_rating")
    (tmp_path / "log.json").write_text("{}")
    assert complains(tutor("cards", "import", str(tmp_path / "log.json")), "no list")


def test_stats_and_progress_say_what_practice_brought(tutor: Tutor) -> None:
    assert tutor("stats").out == "No reviews yet. `tutor quiz` asks the first cards.\n"
    tutor("quiz", "--limit", "2", stdin="1\n3\n1\n1\n")
    out = tutor("stats").out
    assert "Reviews by day" in out and "Coming due" in out and "20 more answers" in out
    found = tutor("stats", "--json").json
    assert found["reviews"] == 2 and len(found["forecast"]) == 30 and found["forecast"][0]["due"] == 2
    assert tutor("progress", "--json").json["practice"] == found


def test_a_made_up_learner_is_the_same_for_the_same_seed(tutor: Tutor) -> None:
    first, again, other = (
        tutor("stats", "--simulate", "8", "--seed", seed, "--json").json for seed in ("1", "1", "2")
    )
    assert first == again != other
    assert [day["day"] for day in first["daily"]] == list(range(1, 9))
    assert first["daily"][0]["new"] == 2, "one new card of each question"
    assert "Daily load" in tutor("stats", "--simulate", "8").out
    assert tutor("due", "--json").json["new"] == 2, "the learner's own file is not touched"
    assert json.dumps(first)
