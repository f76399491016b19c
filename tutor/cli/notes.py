"""`tutor notes import | show | export`: the learner's own notes, in, beside the answers, and out again."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.output import emit_json, emit_line, emit_lines

if TYPE_CHECKING:
    from tutor.core.notes.importing import Report, Row

SHOWN = 20
"""Rows of each kind that are printed for a person; `--json` has them all."""


def import_(args: Namespace) -> ExitCode:
    """Take in a file of notes and say what became of each question."""
    from tutor.core.notes.importing import decoded, read_file, take
    from tutor.core.workspace import Workspace

    choices = dict(_choice(text) for text in args.choose)
    if args.file == "-":
        name, text = "stdin", decoded("stdin", sys.stdin.read().encode("utf-8", "replace"))
    else:
        name, text = Path(args.file).name, read_file(Path(args.file))
    with closing(Workspace()) as workspace:
        report = take(workspace.store.notes, workspace.course, text, name, choices)
    if args.json:
        emit_json(report)
    else:
        emit_lines(_told(report, args.file))
    return ExitCode.DONE


def show(args: Namespace) -> ExitCode:
    """Put the notes on a question beside the answer."""
    from tutor.core.notes.comparing import as_text, side_by_side
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        question = workspace.course.question(args.question)
        pair = side_by_side(workspace.store, question, anyway=args.anyway)
    if args.json:
        emit_json(pair)
    else:
        emit_line(as_text(pair))
        if pair.hidden:
            emit_line(f"`tutor notes show {args.question} --anyway` shows them now.")
    return ExitCode.DONE


def export(args: Namespace) -> ExitCode:
    """Write all questions with the learner's best answers."""
    from tutor.core.notes.writing import check_target, finished_notes, write_file
    from tutor.core.workspace import Workspace

    to_stdout = args.file == "-"
    if not (to_stdout or args.yes):
        check_target(Path(args.file))
    with closing(Workspace()) as workspace:
        notes = finished_notes(workspace.store, workspace.course)
    counts = {"answered": notes.answered, "kept": notes.kept, "open": notes.open}
    if not to_stdout:
        write_file(Path(args.file), notes.text)
    if args.json:
        emit_json({"file": args.file, **counts, **({"text": notes.text} if to_stdout else {})})
    elif to_stdout:
        emit_line(notes.text.rstrip("\n"))
    else:
        emit_line(f"{args.file}: {notes.sentence}")
    return ExitCode.DONE


def _choice(text: str) -> tuple[int, str]:
    line, equals, question = text.partition("=")
    if not equals or not question.strip() or not line.strip().isdecimal():
        raise UsageError(f"--choose {text}: write the line of the question and which it is, like 57=q12.")
    return int(line), question.strip()


def _told(report: Report, source: str) -> Iterator[str]:
    count = len(report.matched)
    replaced = f" ({report.replaced} in the place of earlier ones)" if report.replaced else ""
    yield f"{report.file}: notes on {count} question{'s' * (count != 1)} taken in{replaced}."
    moved = [row for row in report.matched if row.number not in (None, row.q)]
    if moved:
        yield "Numbered otherwise there; I went by the wording:"
        yield from _rows(moved, with_question=True)
    if report.empty:
        named = ", ".join(f"{row.q} (line {row.line})" for row in report.empty)
        yield f"Nothing is written yet for {named}."
    if report.uncertain:
        first = report.uncertain[0]
        yield "Uncertain and left out; import again and say which question each is, like"
        yield f"  tutor notes import {source} --choose {first.line}={first.id}"
        yield from _rows(report.uncertain, with_question=True)
    if report.unmatched:
        yield "Not in this course, left out:"
        yield from _rows(report.unmatched, with_question=False)
    if count:
        yield "They stay shut until you have answered a question again; then `show my notes` compares."


def _rows(rows: Sequence[Row], *, with_question: bool) -> Iterator[str]:
    for row in rows[:SHOWN]:
        said = f"{row.number}. {row.wording}" if row.number is not None else row.wording
        is_it = f" - {row.id}: {row.prompt}" if with_question else ""
        yield f"  line {row.line}: {said}{is_it}"
    if len(rows) > SHOWN:
        yield f"  and {len(rows) - SHOWN} more; --json lists them all"
