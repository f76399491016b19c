"""Checks of a lesson: its shape, how it reads, and that its code runs."""

from __future__ import annotations

import re
from pathlib import Path

from tutor.core.course_check.findings import Finding, Notebook
from tutor.core.course_check.programs import Programs, fault
from tutor.core.course_check.prose import measure
from tutor.core.curriculum import split_lesson
from tutor.core.exercises.running import Result, blocks_job

TASK = "**Your turn.**"
"""How the last paragraph of each chunk begins."""

CHUNKS = (2, 5)
WORDS = (150, 400)
SENTENCE_WORDS = 18.0
GRADE = 9.0

_PYTHON = re.compile(r"^```python[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def check_lesson(path: Path, text: str, programs: Programs) -> list[Finding]:
    """Check one lesson.md; its code waits in `programs`."""
    notes = Notebook(path)
    _check_chunks(notes, text)
    _check_reading(notes, text)
    _add_code(path, text, programs)
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


def _add_code(path: Path, text: str, programs: Programs) -> None:
    """Note the Python blocks of a lesson as one program: later ones may use what earlier ones made."""
    blocks = list(_PYTHON.finditer(text))
    if not blocks:
        return

    def judge(results: list[Result]) -> list[Finding]:
        notes = Notebook(path)
        if found := fault(results[0]):
            line = text[: blocks[found[0]].start()].count("\n") + 1
            notes.add_line(line, "lesson-code", f"the code does not run: {found[1]}", "mend the block")
        return notes.findings

    programs.add([blocks_job([block[1] for block in blocks])], judge)
