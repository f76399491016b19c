"""The chat as a line dialogue: a session can be driven and read by a pipe."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .conftest import Tutor

ANSWER = "you multiply the entries at the same place and add all the products up"


def kept(home: Path, role: str) -> list[str]:
    with sqlite3.connect(home / "tutor.db") as database:
        rows = database.execute("SELECT text FROM messages WHERE role = ? ORDER BY id", [role]).fetchall()
    return [text for (text,) in rows]


def test_each_turn_starts_with_its_speaker_and_the_end_of_input_is_done(tutor: Tutor) -> None:
    ran = tutor("chat", "--plain", stdin=f"{ANSWER}\nnext\n")
    assert ran.code == 0 and not ran.err
    assert all(line.startswith(("You: ", "Tutor: ", "  ")) or not line for line in ran.out.splitlines())
    assert f"You: {ANSWER}\nTutor: [your words] ✓ " in ran.out
    assert "Tutor: [Q7 · Dot product] " in ran.out and "Tutor: [Q22 · Why it generalises] " in ran.out


def test_a_returning_learner_goes_on_where_they_were(tutor: Tutor) -> None:
    tutor("chat", "--plain", stdin="next\n")
    again = tutor("chat", "--plain")
    assert "[welcome]" not in again.out and "Q22" in again.out


def test_events_are_one_per_line_and_every_turn_has_one_ending(tutor: Tutor, home: Path) -> None:
    ran = tutor("chat", "--plain", "--json", stdin=f"{ANSWER}\nhint\nwhat is an embedding?\n")
    kinds = [event["event"] for event in ran.lines]
    assert ran.code == 0 and kinds.count("finished") == 3 and kinds[-1] == "finished"
    assert kinds.count("graded") == 1 and "asked" in kinds
    said = [(event["role"], event["text"]) for event in ran.lines if event["event"] == "said"]
    assert [text for role, text in said if role == "you"] == kept(home, "you")
    assert [text for role, text in said if role == "tutor"] == kept(home, "tutor")


def test_an_empty_line_is_one_word_of_advice_and_no_turn(tutor: Tutor, home: Path) -> None:
    ran = tutor("chat", "--plain", stdin="\n  \x00\t\nhint\n")
    assert ran.code == 0 and ran.err.count("\n") == 2 and "empty" in ran.err
    assert kept(home, "you") == ["hint"]


def test_a_text_beyond_all_measure_is_refused_and_the_chat_goes_on(tutor: Tutor, home: Path) -> None:
    ran = tutor("chat", "--plain", stdin=f"{'x' * 100_001}\nhint\n")
    assert ran.code == 0 and ran.err.count("\n") == 1 and "100000" in ran.err
    assert kept(home, "you") == ["hint"]


def test_twenty_thousand_characters_are_an_answer_like_any_other(tutor: Tutor, home: Path) -> None:
    long = f"{ANSWER}. " * 300
    ran = tutor("chat", "--json", stdin=f"{long[:20_000]}\n")
    assert ran.code == 0 and [e["grade"]["verdict"] for e in ran.lines if e["event"] == "graded"] == [
        "correct"
    ]
    assert kept(home, "you") == [long[:20_000].strip()]


def test_control_characters_reach_neither_the_file_nor_the_terminal(tutor: Tutor, home: Path) -> None:
    ran = tutor("chat", "--plain", stdin="red \x1b[31m text\x07 and \udcff\u202e\n")
    assert "You: red [31m text and \ufffd" in ran.out
    assert not set(ran.out) & set("\x1b\x07\u202e")
    assert kept(home, "you") == ["red [31m text and \ufffd"]


def test_an_experiment_runs_inside_the_chat_after_a_prediction(tutor: Tutor) -> None:
    ran = tutor("chat", "--plain", stdin="run it\n1\n")
    assert "Tutor: [prediction] " in ran.out and "Tutor: [run] You said: " in ran.out
