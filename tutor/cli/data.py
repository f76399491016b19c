"""`tutor data list | fetch | use | add | train`: what the recommender learns from."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode
from tutor.cli.following import cancellable, follow
from tutor.cli.output import emit_json, emit_line, emit_table

if TYPE_CHECKING:
    from tutor.core.events import Rested, RunFinished


def listing(args: Namespace) -> ExitCode:
    """List the data sets: which is in use, which are here, what they are."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        rows = workspace.data.list()
    if args.json:
        emit_json(rows)
        return ExitCode.DONE
    emit_table(
        [
            (
                row.name,
                "in use" if row.current else "here" if row.ready else "to fetch",
                row.size,
                row.licence,
            )
            for row in rows
        ],
        head=("NAME", "STATE", "SIZE", "TERMS"),
    )
    return ExitCode.DONE


def fetch(args: Namespace) -> ExitCode:
    """Download and prepare a data set."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        return _finish(follow(workspace.data.fetch(args.name, cancelled), as_json=args.json), args.json)


def use(args: Namespace) -> ExitCode:
    """Choose the data set; ratings stay."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        row = workspace.data.use(args.name)
    if args.json:
        emit_json(row)
    else:
        emit_line(f"{row.label} is in use")
    return ExitCode.DONE


def add(args: Namespace) -> ExitCode:
    """Read ratings of your own and list them as a data set."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        events = workspace.data.add(Path(args.name), cancelled)
        return _finish(follow(events, as_json=args.json, of_input=True), args.json)


def train(args: Namespace) -> ExitCode:
    """Train the recommender of the data set in use again."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        return _finish(follow(workspace.movies.retrain(cancelled), as_json=args.json), args.json)


def _finish(result: RunFinished | Rested, as_json: bool) -> ExitCode:
    from tutor.core.events import Rested

    assert isinstance(result, Rested)  # what work on data sets ends with
    if not as_json:
        emit_line(result.note)
    return ExitCode.DONE
