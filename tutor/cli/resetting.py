"""`tutor reset [--question N] --yes`: delete all that the tutor keeps, or what it keeps of one question."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.output import emit_json, emit_line
from tutor.store.paths import Paths


def reset(args: Namespace) -> ExitCode:
    """Delete answers, ratings, reviews, data sets and models, or one question's; only with --yes."""
    from tutor.core.resetting import reset as delete

    paths = Paths.default()
    if args.question is not None:
        return _reset_question(args)
    if not args.yes:
        raise UsageError(
            f"this deletes your answers, ratings, reviews, data sets and models in {paths.home}. "
            "Keep all but data and models with: tutor export FILE, ratings alone with: tutor rate --export "
            "ratings.json. If you are sure: tutor reset --yes"
        )
    removed = delete(paths)
    if args.json:
        emit_json({"removed": [str(place) for place in removed]})
    elif removed:
        emit_line(
            f"Deleted: {', '.join(place.name for place in removed)} in {paths.home}. Nothing of you is left."
        )
    else:
        emit_line(f"Nothing was kept in {paths.home}.")
    return ExitCode.DONE


def _reset_question(args: Namespace) -> ExitCode:
    from tutor.core.resetting import reset_question
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        entry = workspace.course.entry(args.question)
        if not args.yes:
            raise UsageError(
                f"this deletes your answers, notes, cards, reviews and code of {entry.id} "
                f"({entry.title}). If you are sure: tutor reset --question {entry.id} --yes"
            )
        gone = reset_question(workspace.store, entry.id)
    if args.json:
        emit_json({"question": entry.id, "removed": gone})
    else:
        words = [f"{number} {table.replace('_', ' ')}" for table, number in gone.items() if number]
        emit_line(
            f"Deleted of {entry.id}: {', '.join(words)}." if words else f"Nothing was kept of {entry.id}."
        )
    return ExitCode.DONE
