"""The line commands as separate processes: pipes, interrupts, prompts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.store.store import Store

from .terminal import ROOT, Terminal, environment

Open = Callable[..., Terminal]
LONG_RUN = ("experiment", "run", "weight-decay", "--set", "epochs=30", "--set", "factors=200")


def start(home: Path, *argv: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tutor", *argv]
    return subprocess.Popen(command, env=environment(home), cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)


def test_a_reader_who_leaves_ends_a_command_quietly(home: Path) -> None:
    for argv in (["questions"], ["schema"], ["--help"], ["chat", "--json"]):
        process = start(home, *argv)
        assert process.stdout and process.stdin and process.stderr
        process.stdout.close()
        process.stdin.write(b"hint\n" * 50)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_bytes_that_are_no_text_are_answered(home: Path) -> None:
    process = start(home, "chat", "--plain")
    out, err = process.communicate(b"\xff\xfe multiply \x00\x1b[2J\n" + b"\xc3", timeout=30)
    assert process.returncode == 0 and err == b""
    assert "You: \ufffd\ufffd multiply [2J" in out.decode("utf-8") and b"\x1b" not in out


def test_an_ascii_terminal_gets_question_marks_and_a_program_gets_escapes(home: Path) -> None:
    ascii_only = {**environment(home), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for argv in (["movies", "search", "Amelie"], ["movies", "search", "Amelie", "--json"]):
        command = [sys.executable, "-m", "tutor", *argv]
        ran = subprocess.run(command, env=ascii_only, cwd=ROOT, capture_output=True, timeout=30, check=True)
        assert ran.stdout.isascii() and b"2001" in ran.stdout
    assert json.loads(ran.stdout)[0]["title"] == "Amélie"


@pytest.mark.parametrize("argv", [LONG_RUN, ("chat", "--plain"), ("quiz",)], ids=lambda argv: argv[0])
def test_an_interrupt_is_130_without_a_traceback(home: Path, argv: tuple[str, ...]) -> None:
    process = start(home, *argv)
    assert process.stdout and process.stderr
    if argv == LONG_RUN:
        time.sleep(2.5)  # it says nothing before its end
    else:
        assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stderr.read() == b""


def test_an_interrupted_run_is_kept_as_cancelled_and_says_so(home: Path, store: Store) -> None:
    process = start(home, *LONG_RUN, "--json")
    assert process.stdout
    assert json.loads(process.stdout.readline())["event"] == "started"
    process.send_signal(signal.SIGINT)
    events = [json.loads(line)["event"] for line in process.stdout]
    assert process.wait(20) == 130 and events[-1] == "cancelled"
    assert [run.status for run in store.runs.all()] == ["cancelled"]


def test_the_chat_prompts_at_a_terminal_and_ends_with_the_input(open_terminal: Open, store: Store) -> None:
    chat = open_terminal("chat", columns=100, rows=40)
    chat.wait_for("Tutor: [Q7 · Dot product]")
    chat.wait_for_prompt("You:")
    chat.press("you multiply the entries pairwise\n")
    chat.wait_for("still open")
    chat.wait_for_prompt("You:")
    assert chat.words.count("you multiply the entries pairwise") == 2  # as typed, and quoted
    chat.press("ctrl+d")
    assert chat.end() == 0
    assert len(store.learning.attempts("q07")) == 1


def test_ctrl_c_in_the_chat_is_130(open_terminal: Open) -> None:
    chat = open_terminal("chat")
    chat.wait_for_prompt("You:")
    chat.press("half a lin")
    chat.wait_for_prompt("You: half a lin")
    chat.press("ctrl+c")
    assert chat.end() == 130
    assert "Traceback" not in chat.text


def test_a_run_shows_its_progress_on_one_line_and_ctrl_c_takes_it_away(open_terminal: Open) -> None:
    run = open_terminal(*LONG_RUN)
    run.settle(0.5, at_most=6)
    run.press("ctrl+c")
    assert run.end(20) == 130
    assert "Traceback" not in run.text and "%" not in run.text


def test_the_app_without_a_terminal_names_the_chat(home: Path) -> None:
    process = start(home)
    out, err = process.communicate(b"", timeout=30)
    assert process.returncode == 2 and out == b""
    assert err.count(b"\n") == 1 and b"tutor chat --plain" in err
