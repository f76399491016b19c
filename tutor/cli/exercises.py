"""`tutor exercise list | show | check | train | reset | agree`: code that the learner writes."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode, UsageError, note
from tutor.cli.following import cancellable, follow
from tutor.cli.output import columns, emit_json, emit_line, emit_lines, emit_table, prompt

if TYPE_CHECKING:
    from tutor.core.events import RunFinished
    from tutor.core.exercises.verdicts import CaseVerdict, Verdict

PLOT_HEIGHT, WIDEST_PLOT = 16, 100
HIGHEST = 2.5
"""Highest loss that is drawn, in stars squared: the first steps begin far above."""
_YES = ("y", "yes")


def listing(args: Namespace) -> ExitCode:
    """List the exercises with the learner's state."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        rows = workspace.exercises.all()
    if args.json:
        emit_json(rows)
    else:
        emit_table([(row.q or row.id, row.title, row.state) for row in rows], head=("N", "TITLE", "STATE"))
    return ExitCode.DONE


def show(args: Namespace) -> ExitCode:
    """Show the task, the worked example, the same with gaps, and the learner's text."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        view = workspace.exercises.show(args.question)
    if args.json:
        emit_json(view)
        return ExitCode.DONE
    emit_lines([f"{view.q or view.id}  {view.title} ({view.state})", "", view.task.strip(), ""])
    for title, code in (
        ("A sibling of the task, worked out", view.example),
        ("The task with gaps", view.blanks),
        ("Yours", view.text),
    ):
        emit_lines([f"--- {title}", code.strip(), ""])
    emit_line(f"tutor exercise check {view.q or view.id} FILE")
    return ExitCode.DONE


def check(args: Namespace) -> ExitCode:
    """Check a program; a verdict of any kind is a result."""
    from tutor.core.workspace import Workspace

    code = _code(args.file)
    with closing(Workspace()) as workspace, cancellable() as cancelled:
        exercises = workspace.exercises
        verdict = exercises.check(args.question, code, cancelled, once=True)
        if cancelled():
            raise KeyboardInterrupt
        if not code.strip():
            note("tutor: the file is empty; `tutor exercise show` prints where to start.")
    if args.json:
        emit_json(verdict)
    else:
        emit_lines(_told(verdict))
    return ExitCode.DONE


def train(args: Namespace) -> ExitCode:
    """Train the learner's program beside ours; text mode draws both curves."""
    from tutor.core.events import RunFinished
    from tutor.core.workspace import Workspace

    code = _code(args.file)
    with closing(Workspace()) as workspace, cancellable() as cancelled:
        events = workspace.exercises.train(args.question, code, args.name, args.seed, cancelled)
        result = follow(events, as_json=args.json)
    assert isinstance(result, RunFinished)  # what training ends with
    if not args.json:
        _draw(result)
        emit_line(result.sentence)
        emit_line(f'tutor recommend --model "yours:{args.name.strip()}"')
    return ExitCode.DONE


def reset(args: Namespace) -> ExitCode:
    """Forget what was written, after a question."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        what = "all exercises" if args.question is None else f"exercise {args.question}"
        if args.question is not None:
            workspace.exercises.show(args.question)  # a wrong name is told before the question
        if not args.yes and not _agreed(f"Forget what you wrote for {what}? (y/n) "):
            raise UsageError(f"nothing was changed; --yes forgets what you wrote for {what}.")
        forgotten = workspace.exercises.reset(args.question)
    if args.json:
        emit_json({"forgotten": forgotten})
    else:
        emit_line(f"{forgotten} text{'s' * (forgotten != 1)} forgotten; {what} start afresh.")
    return ExitCode.DONE


def agree(args: Namespace) -> ExitCode:
    """Agree, once, that programs run where the sandbox has gaps."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        warning = workspace.exercises.warning
        workspace.exercises.agree()
        layer = workspace.exercises.layer
    if args.json:
        emit_json({"agreed": True, "layer": layer, "missing": warning})
    else:
        emit_line(f"Agreed: {warning}" if warning else f"Nothing to agree to: the sandbox here is {layer}.")
    return ExitCode.DONE


def _code(file: str) -> str:
    """The text of a file, or of stdin."""
    from tutor.core.exercises.usecase import read_code

    return sys.stdin.read() if file == "-" else read_code(Path(file))


def _agreed(question: str) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    prompt(question)
    return sys.stdin.readline().strip().casefold() in _YES


# --- in words ------------------------------------------------------------------------------------


def _told(verdict: Verdict) -> Iterator[str]:
    """The cases in a line each, the first that fails in full, and what to make of it."""
    for case in verdict.cases:
        sign = "ok    " if case.passed else "not ok" if case.ran else "  -   "
        yield f"{sign}  {case.name}"
    yield ""
    failing = verdict.failing
    if failing is not None and failing.ran:
        yield from _in_full(failing)
    if verdict.line is not None:
        yield f"at        line {verdict.line}"
    label = "" if verdict.bug is None or verdict.passed else f"{verdict.bug.bug}: "
    yield f"{label}{verdict.message}"


def _in_full(case: CaseVerdict) -> Iterator[str]:
    for label, text in (("input", case.input), ("expected", case.expected), ("got", case.got)):
        for number, line in enumerate(str(text).splitlines() or [""]):
            yield f"{label if number == 0 else '':8}  {line}"
    if case.printed:
        yield f"printed   {case.printed.splitlines()[0]}"


def _draw(result: RunFinished) -> None:
    from tutor.core.plotting import Curve, Plot, draw

    curves = tuple(Curve(one.name, one.x, one.y) for one in result.series)
    plot = Plot(curves, "epoch", "MSE", y_limits=(0.0, HIGHEST))
    emit_lines(draw(plot, min(columns(), WIDEST_PLOT), PLOT_HEIGHT).lines)
    emit_table(result.table.rows, head=result.table.columns, right=(1, 2))
