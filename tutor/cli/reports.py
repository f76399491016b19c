"""`tutor progress | where | doctor | schema`: what the program knows about the learner and itself."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_table
from tutor.store.paths import Paths

if TYPE_CHECKING:
    from tutor.core.progress import ProgressReport


def progress(args: Namespace) -> ExitCode:
    """Say what is done, due and rated."""
    from tutor.core.practice_charts import lines
    from tutor.core.practice_stats import practice_stats
    from tutor.core.progress import progress as report_on
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        report, practice = report_on(workspace), practice_stats(workspace)
    if args.json:
        emit_json({**report.model_dump(), "practice": practice})
    else:
        emit_table([*_figures(report), *(lines(practice)[1:] if practice.reviews else [])])
    return ExitCode.DONE


def _figures(report: ProgressReport) -> list[tuple[str, str]]:
    questions, cards, runs = report.questions, report.cards, report.runs
    kept = "" if cards.remembered is None else f", {cards.remembered:.0%} remembered"
    return [
        ("questions", f"{questions.done} of {questions.written} done, {questions.started} begun"),
        ("answers", f"{questions.attempts}"),
        ("cards", f"{cards.seen} of {cards.total} seen, {cards.due} due, {cards.new} new today"),
        ("reviews", f"{cards.reviews}{kept}"),
        ("ratings", f"{report.ratings}"),
        ("experiments", f"{runs.finished} run, {runs.hits} of {runs.predicted} predictions came out"),
        ("days", f"{len(report.days)}"),
    ]


def doctor(args: Namespace) -> ExitCode:
    """Say what works here; a fault is a finding, so the command itself is done."""
    from tutor.core.doctor import doctor as examine
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        checks = examine(workspace)
    if args.json:
        emit_json(checks)
        return ExitCode.DONE
    rows: list[tuple[str, str, str]] = []
    for check in checks:
        rows.append((check.name, "ok" if check.ok else "FAULT", check.detail))
        if check.remedy:
            rows.append(("", "", f"-> {check.remedy}"))
    emit_table(rows)
    return ExitCode.DONE


def where(args: Namespace) -> ExitCode:
    """Say where files live; creates none of them."""
    from tutor.core.curriculum import content_root

    places = {**Paths.default().to_dict(), "content": str(content_root())}
    if args.json:
        emit_json(places)
    else:
        emit_table(list(places.items()))
    return ExitCode.DONE


def schema(args: Namespace) -> ExitCode:
    """Print the JSON Schema of all events; it is JSON with or without `--json`."""
    from pydantic import TypeAdapter

    from tutor.core.events import Event

    emit_json(TypeAdapter(Event).json_schema())
    return ExitCode.DONE
