"""`tutor rate --import FILE` and `--export FILE`: ratings from other services, and for them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.output import emit_json, emit_line, emit_lines

if TYPE_CHECKING:
    from tutor.core.film_import.report import Open, Report
    from tutor.core.workspace import Workspace

SHOWN = 20
"""Rows of each kind that are printed for a person; `--json` has them all."""


def take(workspace: Workspace, args: Namespace) -> ExitCode:
    """Import ratings and say what became of each row."""
    choices = dict(_choice(text) for text in args.choose)
    report = workspace.rating_files.take(Path(args.source), args.user, choices)
    if args.json:
        emit_json(report)
    else:
        emit_lines(_told(report, args.source))
    return ExitCode.DONE


def export(workspace: Workspace, args: Namespace) -> ExitCode:
    """Write all ratings into a file."""
    count = workspace.rating_files.export(Path(args.export))
    if args.json:
        emit_json({"file": args.export, "ratings": count})
    else:
        emit_line(f"{count} rating{'s' * (count != 1)} written to {args.export}")
    return ExitCode.DONE


def _choice(text: str) -> tuple[str, str]:
    line, equals, film = text.partition("=")
    if not equals or not film:
        raise UsageError(f"--choose {text}: write the row's line and its film, like 12=fargo-1996.")
    return line.strip(), film.strip()


def _told(report: Report, source: str) -> Iterator[str]:
    yield report.sentence
    yield from report.notes
    changed = [row for row in report.matched if row.before is not None]
    if changed:
        yield f"{len(changed)} had other stars before, like {changed[0].title} ({changed[0].before:g})."
    if report.uncertain:
        first = report.uncertain[0]
        yield "Uncertain; import again and say which film each row is, like "
        yield f"  tutor rate --import {source} --choose {first.file}:{first.line}={first.candidates[0].id}"
    yield from _rows(report.uncertain)
    if report.unmatched:
        yield f"Not in {report.data}:"
    yield from _rows(report.unmatched)
    if report.skipped:
        yield "Skipped:"
    yield from (f"  {row.file}, line {row.line}: {row.reason} · {row.text}" for row in report.skipped[:SHOWN])
    if report.batch is not None:
        yield "One `tutor rate --undo` takes all of it back."


def _rows(rows: Sequence[Open]) -> Iterator[str]:
    for row in rows[:SHOWN]:
        offers = ", ".join(f"{one.id} ({one.title}, {one.year})" for one in row.candidates)
        yield f"  {row.file}, line {row.line}: {row.named} - {offers or row.why}"
    if len(rows) > SHOWN:
        yield f"  and {len(rows) - SHOWN} more; --json lists them all"
