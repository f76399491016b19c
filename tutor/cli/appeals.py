"""`tutor appeals add | export`: a verdict that the learner objects to counts, and goes to a teacher."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_line
from tutor.cli.text_file import write_text


def add(args: Namespace) -> ExitCode:
    """Count the last answer to a question as right and keep the case."""
    from tutor.core.appeals import add_appeal
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        case = add_appeal(workspace.store, workspace.course.question(args.question))
    if args.json:
        emit_json(case)
    else:
        emit_line(f"{case.question} is marked as done. `tutor appeals export FILE` writes it for a teacher.")
    return ExitCode.DONE


def export(args: Namespace) -> ExitCode:
    """Write the appealed answers as graded examples."""
    from tutor.core.appeals import appeals, as_examples
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        cases = appeals(workspace.store)
        text = as_examples(workspace.course, cases)
    write_text(args.file, text)
    if args.json:
        emit_json({"file": args.file, "appeals": len(cases)})
    else:
        emit_line(f"{args.file}: {len(cases)} appealed answer{'' if len(cases) == 1 else 's'}.")
    return ExitCode.DONE
