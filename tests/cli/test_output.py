"""What reaches stdout: exact JSON, aligned columns, nothing that steers a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.cli import output
from tutor.core.events import Said

Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Film:
    title: str
    stars: float


def test_one_value_is_one_line(capsys: Capture) -> None:
    output.emit_json(
        {"film": Film("Amélie", float("nan")), "at": Path("/x"), "said": Said(role="you", text="a\nb")}
    )
    line = capsys.readouterr().out
    assert line.endswith("}\n") and line.count("\n") == 1
    value = json.loads(line)
    assert value["film"] == {"title": "Amélie", "stars": None}
    assert value["at"] == "/x" and value["said"]["text"] == "a\nb"


@given(st.text())
def test_any_text_survives_as_json(text: str) -> None:
    written = json.dumps(output.jsonable(text), ensure_ascii=False).encode("utf-8")
    expected = "".join("?" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
    assert json.loads(written) == expected


@given(st.text())
def test_no_text_steers_the_terminal(text: str) -> None:
    shown = output.printable(text)
    assert not any(ord(c) < 32 and c != "\n" for c in shown)
    assert not set(shown) & set("\x1b\x7f\x9b\u202e\u2066")
    shown.encode("utf-8")


def test_printable_keeps_what_people_write() -> None:
    text = "Amélie (2001): ½ ★, 天国と地獄, 👩‍👩‍👧\nsecond line"
    assert output.printable(text) == text
    assert output.printable("a\tb\x1b[31mred\x00") == "a    b[31mred"


def test_columns_are_aligned_also_with_wide_letters(capsys: Capture) -> None:
    output.emit_table([("天国", 3.5), ("Fargo", None), ("é", 10)], head=("FILM", "STARS"), right=(1,))
    assert capsys.readouterr().out.splitlines() == [
        "FILM   STARS",
        "天国     3.5",
        "Fargo",
        "é         10",
    ]


def test_a_table_of_nothing_is_nothing(capsys: Capture) -> None:
    output.emit_table([], head=("FILM",))
    assert capsys.readouterr().out == ""


def test_emphasis_is_for_terminals_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    assert output.emphasis("Tutor:") == "Tutor:"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert output.emphasis("Tutor:") == "\x1b[1mTutor:\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.emphasis("Tutor:") == "Tutor:"
