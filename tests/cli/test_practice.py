"""The quiz on stdin: an answer and a grade per card; whatever was graded is stored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Tutor, complains


def test_a_card_is_asked_judged_and_scheduled(tutor: Tutor) -> None:
    before = tutor("due", "--json").json
    assert before["due"] == 0 and before["new"] > 0 and before["next_due_at"] is None
    ran = tutor("quiz", "--limit", "1", "--json", stdin="1\n3\n")
    item, judged, reviewed = ran.lines
    assert item["event"] == "item" and item["new"] and item["card"].startswith(item["id"])
    assert judged["event"] == "judged" and judged["answer"] and set(judged["intervals"]) == set("1234")
    assert (reviewed["event"], reviewed["rating"]) == ("reviewed", 3)
    after = tutor("due", "--json").json
    assert after["new"] == before["new"] - 1 and after["next_due_at"] == reviewed["due"]
    assert tutor("questions", "--json").json[5]["due"] == 0


def test_two_cards_as_a_person_reads_them(tutor: Tutor) -> None:
    out = tutor("quiz", "--question", "7", "--limit", "2", stdin="1\n4\n1\n1\n").out
    assert out.count("Due again in") == 2 and out.count("Dot product (q07.p") == 2
    assert "1 again (" in out and "4 easy (" in out and "2 reviewed; 0 due" in out


def test_the_end_of_the_input_ends_the_quiz_and_keeps_what_was_graded(tutor: Tutor) -> None:
    ran = tutor("quiz", "--json", stdin="1\n3\n1\n")
    events = [line["event"] for line in ran.lines]
    assert ran.code == 0 and events == ["item", "judged", "reviewed", "item", "judged"]
    assert tutor("quiz", "--undo", "--json").json == {
        "undone": ran.lines[0]["card"], "rating": 3, "what": "review",
    }  # fmt: skip
    assert tutor("quiz", "--undo", "--json").json == {"undone": None, "rating": None, "what": None}


def test_only_due_cards_when_asked(tutor: Tutor) -> None:
    ran = tutor("quiz", "--due", stdin="1\n3\n")
    assert ran.code == 0 and ran.out.startswith("0 reviewed; 0 due")


def test_a_grade_that_is_none_says_its_line_and_stores_nothing(tutor: Tutor) -> None:
    ran = tutor("quiz", "--question", "7", stdin="1\n7\n")
    assert (
        ran.code == 2
        and ran.err.startswith("tutor: stdin, line 2: '7' is no grade")
        and ran.err.count("\n") == 1
    )
    assert tutor("quiz", "--undo", "--json").json["undone"] is None


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["quiz", "--question", "99"], ["'99'"]),
        (["quiz", "--question", "8"], ["not written yet"]),
        (["quiz", "--question", "dot prodct"], ["q07"]),
    ],
)
def test_a_question_that_cannot_be_practised(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor(*argv), *words)


def test_hints_and_confidence_lower_and_keep_what_is_proposed(tutor: Tutor) -> None:
    ran = tutor("quiz", "--question", "7", "--limit", "1", "--confidence", "--json", stdin="?\n1\n2\n\n")
    item, hint, judged, reviewed = ran.lines
    assert item["typed"] and item["hints"] == 3
    assert (hint["event"], hint["last"]) == ("hint", False) and hint["text"]
    assert judged["proposed"] in (1, 3), "one hint: good at most"
    assert reviewed["rating"] == judged["proposed"], "an empty line takes the proposal"
    assert tutor("stats", "--json").json["calibration"][1]["answers"] == 1


def test_an_empty_answer_shows_and_proposes_again(tutor: Tutor) -> None:
    ran = tutor("quiz", "--limit", "1", "--json", stdin="\n4\n")
    assert ran.lines[1]["proposed"] == 1 and ran.lines[1]["answer"]
    assert ran.lines[2]["rating"] == 4, "the learner's key decides"


def test_due_loads_no_more_than_a_prompt_can_afford(tutor: Tutor, home: Path) -> None:
    tutor("quiz", "--limit", "1", stdin="1\n1\n")
    script = (
        "import sys; from tutor.cli.main import main; main(['due'])\n"
        "heavy = {'pydantic', 'fsrs', 'numpy', 'pandas', 'torch', 'textual', 'tutor.core.curriculum'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 due, 1 new, next at ")


def test_due_in_a_broken_course_says_where(
    tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text("title = \n")
    monkeypatch.setenv("TUTOR_CONTENT", str(tmp_path / "course"))
    ran = tutor("due")
    assert ran.code == 3 and "course.toml:1" in ran.err
