"""Checks of a lesson: its shape, how it reads, and that its code runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.course_check.prose import measure
from tutor.core.curriculum import split_lesson

TASK = "**Your turn.**"
"""How the last paragraph of each chunk begins."""

CHUNKS = (2, 5)
WORDS = (150, 400)
SENTENCE_WORDS = 18.0
GRADE = 9.0
CODE_SECONDS = 60

_PYTHON = re.compile(r"^```python[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def check_lesson(path: Path, text: str) -> list[Finding]:
    """Check one lesson.md."""
    notes = Notebook(path)
    _check_chunks(notes, text)
    _check_reading(notes, text)
    _check_code(notes, text)
    return notes.findings


def _check_chunks(notes: Notebook, text: str) -> None:
    chunks = split_lesson(text)
    low, high = CHUNKS
    if not low <= len(chunks) <= high:
        message = f"the lesson has {len(chunks)} chunks, not {low} to {high}"
        notes.add_line(1, "lesson-chunks", message, "start each chunk with a line `## Heading`")
    for chunk in chunks:
        if not chunk.heading:
            notes.add_line(1, "lesson-heading", "text before the first heading", "put `## Heading` above it")
        last = chunk.markdown.rpartition("\n\n")[2]
        if not last.startswith(TASK):
            line = text[: text.find(last)].count("\n") + 1
            message = f"chunk {chunk.heading!r} does not end in something to do"
            notes.add_line(line, "lesson-task", message, f"end it with a paragraph that starts {TASK}")


def _check_reading(notes: Notebook, text: str) -> None:
    reading = measure(text)
    low, high = WORDS
    if not low <= reading.words <= high:
        message = f"the lesson has {reading.words} words, not {low} to {high} (code and formulas left out)"
        notes.add_line(1, "lesson-length", message, "cut it, or say what is missing")
    if reading.sentence_words > SENTENCE_WORDS:
        message = f"sentences have {reading.sentence_words:.1f} words on average, above {SENTENCE_WORDS:.0f}"
        notes.add_line(1, "lesson-sentences", message, "split the long ones")
    if reading.grade > GRADE:
        message = f"reads at grade {reading.grade:.1f} (Flesch-Kincaid), above {GRADE:.0f}"
        notes.add_line(1, "lesson-grade", message, "use shorter words and sentences")


def _check_code(notes: Notebook, text: str) -> None:
    """Run the Python blocks of a lesson in order, as one program, so that later ones may use earlier."""
    program = ""
    for block in _PYTHON.finditer(text):
        program += block[1] + "\n"
        fault = _run(program)
        if fault:
            line = text[: block.start()].count("\n") + 1
            notes.add_line(line, "lesson-code", f"the code does not run: {fault}", "mend the block")
            return


def _run(program: str) -> str | None:
    """Run a program in a child process, away from the course; the last line of its error, or None."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-X", "utf8", "-"],
                input=program,
                capture_output=True,
                encoding="utf-8",
                timeout=CODE_SECONDS,
                cwd=folder,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"it takes more than {CODE_SECONDS} s"
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
