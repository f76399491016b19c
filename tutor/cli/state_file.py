"""`tutor export FILE` and `tutor import FILE`: all that is kept of the learner in one file, and back."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_line
from tutor.store.paths import Paths


def export(args: Namespace) -> ExitCode:
    """Write all that is kept of the learner into one file."""
    from tutor.core.state_file import export_state

    done = export_state(Paths.default(), Path(args.file))
    if args.json:
        emit_json(done)
    else:
        emit_line(f"{done.file}: {_held(done.counts)}. `tutor import {done.file}` takes it in elsewhere.")
    return ExitCode.DONE


def import_(args: Namespace) -> ExitCode:
    """Replace what is kept of the learner by an exported file."""
    from tutor.core.state_file import import_state

    done = import_state(Paths.default(), Path(args.file))
    if args.json:
        emit_json(done)
        return ExitCode.DONE
    emit_line(f"Taken in from {done.file}: {_held(done.counts)}.")
    if done.backup:
        emit_line(f"What was here before is in {done.backup}")
    return ExitCode.DONE


def _held(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items())
