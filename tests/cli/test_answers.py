"""`tutor ask` and `tutor grade`, one by one and in batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Tutor, complains

ANSWER = "you multiply the entries at the same place and add all the products up"


def batch(*records: Any) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


# --- grade ---------------------------------------------------------------------------------------


def test_a_grade_says_which_points_are_covered_and_by_which_words(tutor: Tutor, home: Path) -> None:
    grade = tutor("grade", "--question", "7", "--answer", ANSWER, "--json").json
    assert set(grade) == {"q", "id", "verdict", "score", "points", "misconceptions", "reply"}
    assert (grade["q"], grade["id"], grade["verdict"], grade["score"]) == (7, "q07", "correct", 1.0)
    assert set(grade["points"][0]) == {"id", "required", "covered", "evidence"}
    assert grade["points"][0]["evidence"] in ANSWER
    assert not home.exists()  # grading stores nothing


def test_an_answer_can_come_from_stdin_and_a_question_by_its_id(tutor: Tutor) -> None:
    assert tutor("grade", "--question", "q07", "--answer", "-", stdin=ANSWER).out.startswith("q07: correct")


def test_explain_shows_what_matched_what(tutor: Tutor) -> None:
    argv = ["grade", "--question", "7", "--answer", ANSWER, "--explain"]
    assert tutor(*argv, "--json").json["explanation"]
    assert "matched" in tutor(*argv).out


def test_every_verdict_is_done(tutor: Tutor) -> None:
    assert tutor("grade", "--question", "7", "--answer", "pizza", "--json").code == 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--question", "7"], ["--answer"]),
        (["--answer", "x"], ["--question"]),
        (["--question", "7", "--answer", " \x00 "], ["empty"]),
        (["--question", "7", "--answer", "-"], ["empty"]),
        (["--question", "7", "--answer", "x" * 100_001], ["100000"]),
        (["--question", "99", "--answer", "x"], ["'99'", "q01-q31"]),
        (["--question", "8", "--answer", "x"], ["q08", "not written yet"]),
        (["--question", "dot prodct", "--answer", "x"], ["q07"]),
        (["--batch", "--question", "7"], ["--batch"]),
    ],
)
def test_what_cannot_be_graded(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor("grade", *argv), *words)


def test_a_batch_keeps_its_order(tutor: Tutor) -> None:
    records = [
        {"q": 7, "answer": ANSWER},
        {"id": "q22", "answer": ""},
        {"q": None, "id": "q07", "answer": "no"},
    ]
    ran = tutor("grade", "--batch", stdin=batch(*records))
    assert ran.code == 0
    assert [(line["id"], line["verdict"] == "correct") for line in ran.lines] == [
        ("q07", True), ("q22", False), ("q07", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ('{"q": 7, "answer"}', ["line 2, column 18"]),
        ({"q": 7}, ["line 2", '"answer" is missing']),
        ({"answer": "x"}, ["line 2", '"q"', '"id"']),
        ({"q": 99, "answer": "x"}, ["line 2", "'99'"]),
        ({"q": 8, "answer": "x"}, ["line 2", "not written yet"]),
    ],
)
def test_a_batch_ends_at_the_first_bad_line(tutor: Tutor, record: Any, words: list[str]) -> None:
    good = {"q": 7, "answer": ANSWER}
    ran = tutor("grade", "--batch", stdin=batch(good, record, good))
    assert ran.code == 2 and len(ran.lines) == 1
    assert ran.err.count("\n") == 1 and all(word in ran.err for word in ["stdin", *words])


# --- ask -----------------------------------------------------------------------------------------


def test_a_line_is_a_turn_of_the_chat(tutor: Tutor) -> None:
    turn = tutor("ask", "what is an embedding?", "--json").json
    assert set(turn) == {"intent", "reply", "sources", "question", "data"}
    assert turn["intent"] == "answer_from_lecture" and turn["sources"]
    assert turn["reply"] == tutor("ask", "what", "is", "an", "embedding?").out.rstrip("\n")


def test_with_a_question_an_attempt_is_graded_and_nothing_is_stored(tutor: Tutor) -> None:
    assert tutor("ask", ANSWER, "--question", "7", "--json").json["intent"] == "answer"
    assert tutor("progress", "--json").json["questions"]["attempts"] == 0


def test_a_batch_of_lines_keeps_its_fields_and_stores_nothing(tutor: Tutor) -> None:
    records = [
        {"text": "hint", "context_q": 7, "note": "mine"},
        {"text": ANSWER, "context_q": 7},
        {"text": "what is an embedding?", "context_q": None},
        {"text": "rate Fargo 4"},
    ]
    ran = tutor("ask", "--batch", stdin=batch(*records))
    assert ran.code == 0
    assert [
        {key: line[key] for key in record} for line, record in zip(ran.lines, records, strict=True)
    ] == records
    assert ran.lines[0]["intent"] == "hint" and ran.lines[1]["intent"] != "answer"
    assert tutor("rate", "--list", "--json").json == []


@pytest.mark.parametrize(
    ("argv", "stdin", "words"),
    [
        (["ask"], "", ["empty"]),
        (["ask", "\x1b\x07"], "", ["empty"]),
        (["ask", "hello", "--question", "99"], "", ["'99'"]),
        (["ask", "hello", "--batch"], "", ["--batch"]),
        (["ask", "--batch"], '{"text": 4}\n', ["line 1", '"text"']),
        (["ask", "--batch"], '{"text": "x", "context_q": 7.5}\n', ["line 1", '"context_q"']),
        (["ask", "--batch"], '{"text": "x", "context_q": 99}\n', ["line 1", "'99'"]),
        (["ask", "--batch"], "hello\n", ["line 1, column 1"]),
    ],
)
def test_what_cannot_be_asked(tutor: Tutor, argv: list[str], stdin: str, words: list[str]) -> None:
    assert complains(tutor(*argv, stdin=stdin), *words)


def test_a_broken_file_is_bad_input_and_a_broken_course_says_so(
    tutor: Tutor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "tutor.db").write_bytes(b"no database" * 500)
    assert complains(tutor("ask", "hello"), "tutor.db", "Move the file away")
    monkeypatch.setenv("TUTOR_HOME", str(home / "tutor.db" / "below"))
    assert complains(tutor("ask", "hello"), "cannot make the folder", "TUTOR_HOME")
    monkeypatch.setenv("TUTOR_HOME", str(home / "other"))
    monkeypatch.setenv("TUTOR_CONTENT", str(home))
    ran = tutor("ask", "hello")
    assert ran.code == 3 and ran.err.count("\n") == 1 and "course.toml" in ran.err
