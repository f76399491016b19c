"""The learner's notes as Markdown, finished: every question with the best answer they have given.

The shape is the one that an import reads: numbered questions, answers as bullets and fenced code, a mark
where nothing is written yet. Below an answer stands one line of ours: points made and open, the next review.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tutor.core.curriculum import Course, Entry
from tutor.core.errors import BadInput
from tutor.core.notes.lines import MARK, fenced, heading_level, start_of
from tutor.core.notes.matching import Wordings
from tutor.core.notes.own_answers import OwnAnswer, own_answer
from tutor.core.notes.reading import read_sections
from tutor.store.notes import Note
from tutor.store.store import Store

HEAD = "<!-- Written by `tutor notes export`; `tutor notes import` reads it back. -->"
TODO = "**(TODO)** "
_BULLET = re.compile(r"\s*[*+-] ")
_FENCE = re.compile(r"\s*(?:```|~~~)")


class CannotWrite(BadInput):
    """A file that the tutor did not write stands there, or none can be written."""


@dataclass(frozen=True)
class Written:
    """The notes with how many questions are answered anew, stand as they were, and are open."""

    text: str
    answered: int
    kept: int
    open: int

    @property
    def sentence(self) -> str:
        """The counts in a line."""
        return f"{self.answered} answered here, {self.kept} as you wrote them before, {self.open} to do."


def check_target(path: Path) -> None:
    """Raise `CannotWrite` where a file would be lost that was not written by an export."""
    try:
        with path.open("rb") as file:
            start = file.read(len(HEAD.encode()))
    except OSError:  # nothing there, or nothing that can be read: writing will tell
        return
    if start and start != HEAD.encode():
        raise CannotWrite(
            f"{path} exists and is not an export of the tutor's; name another file "
            "(`tutor notes export FILE --yes` replaces it)."
        )


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises `CannotWrite`."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise CannotWrite(f"{path}: {fault.strerror or fault}; name a file that can be written.") from None


def finished_notes(store: Store, course: Course) -> Written:
    """All numbered questions in their order, each with an answer, a note, or a mark that it is to do."""
    notes, known = store.notes.all(), Wordings(course)
    due = _reviews(store)
    blocks, counts = [], {"answered": 0, "kept": 0, "open": 0}
    for entry in sorted(known.entries, key=lambda one: one.q or 0):
        own, note = own_answer(store, entry.id), notes.get(entry.id)
        kind, body = _body(entry, own, note, known)
        counts[kind] += 1
        remark = [f"{MARK}{_remark(course, entry, kind, own, due.get(entry.id))}"]
        todo = TODO if kind == "open" else ""
        has_remark = kind != "open" or entry.id in due
        blocks.append("\n".join([f"{entry.q}. {todo}{entry.prompt}", *body, *(remark if has_remark else [])]))
    text = "\n\n".join([HEAD, f"# {course.title}", "## Questions", *blocks]) + "\n"
    return Written(text, **counts)


def _body(entry: Entry, own: OwnAnswer | None, note: Note | None, known: Wordings) -> tuple[str, list[str]]:
    """Which answer stands for a question, and its lines."""
    if own and (own.is_right or own.evidence or note is None):
        return "answered", _as_markdown(own)
    if note:
        return "kept", _as_it_was(f"{entry.q}. {entry.prompt}", note.text, known)
    return "open", []


def _as_markdown(own: OwnAnswer) -> list[str]:
    """An answer as bullets; code in a fence."""
    lines = own.text.strip().splitlines()
    if own.is_code or _is_code(own.text):
        fence = "````" if "```" in own.text else "```"
        return [f"{fence}python", *lines, fence]
    if any(_FENCE.match(line) for line in lines):
        return _closed([f"* {lines[0]}", *(f"  {line}".rstrip() for line in lines[1:])])
    return [line if _BULLET.match(line) else f"* {line.strip()}" for line in lines if line.strip()]


def _is_code(text: str) -> bool:
    """Whether an answer is a piece of Python as a whole, of more than a name or a number."""
    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(text.splitlines()) > 1 and not all(
        isinstance(one, ast.Expr) and isinstance(one.value, ast.Name | ast.Constant) for one in statements
    )


def _as_it_was(question: str, text: str, known: Wordings) -> list[str]:
    """A note, line by line; where one of its lines would be read as a question, all like it are indented."""
    lines = _closed(text.splitlines())
    read = read_sections("\n".join([question, *lines]), known.nearest)
    if len(read) == 1 and read[0].answer == "\n".join(lines):
        return lines
    code = fenced(lines)
    return [
        f"  {line}" if not code[at] and (heading_level(line) or start_of(line)) else line
        for at, line in enumerate(lines)
    ]


def _closed(lines: list[str]) -> list[str]:
    """The lines, with an end to the fence that is open at their end."""
    stray = [
        line for line, is_code in zip(lines, fenced(lines), strict=True) if not is_code and _FENCE.match(line)
    ]
    for line in reversed(stray):
        closed = [*lines, re.sub(r"[^`~].*", "", line.strip())]
        if fenced(closed)[-1]:
            return closed
    return lines


# --- our own line --------------------------------------------------------------------------------


def _remark(course: Course, entry: Entry, kind: str, own: OwnAnswer | None, due: str | None) -> str:
    parts = list(_points(course, entry, own)) if kind == "answered" and own else []
    if kind == "kept":
        parts = [
            "as you wrote it before" if own is None else "as you wrote it before; the new try made no point"
        ]
    return "; ".join([*parts, *([f"next review {due}"] if due else [])])


def _points(course: Course, entry: Entry, own: OwnAnswer) -> Iterator[str]:
    if own.is_code:
        yield "✓ passes its checks" if own.is_right else "○ does not pass its checks yet"
    if entry.planned:
        return
    points = course.question(entry.id).rubric.points
    yield from (f"✓ {point.title}" for point in points if point.id in own.evidence)
    if not (own.is_right and own.is_code):
        missing = [point.title for point in points if point.required and point.id not in own.evidence]
        yield from (f"○ open: {title}" for title in missing)


def _reviews(store: Store) -> dict[str, str]:
    """The day on which the first card of each question comes due, by the local calendar."""
    days: dict[str, str] = {}
    for card in store.practice.schedule():  # the longest overdue first
        question = card.id.partition(".")[0]
        days.setdefault(question, datetime.fromisoformat(card.due).astimezone().date().isoformat())
    return days
