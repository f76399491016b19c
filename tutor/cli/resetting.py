"""`tutor reset --yes`: delete everything that the tutor keeps."""

from __future__ import annotations

from argparse import Namespace

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.output import emit_json, emit_line
from tutor.store.paths import Paths


def reset(args: Namespace) -> ExitCode:
    """Delete answers, ratings, reviews, data sets and models; only with --yes."""
    from tutor.core.resetting import reset as delete

    paths = Paths.default()
    if not args.yes:
        raise UsageError(
            f"this deletes your answers, ratings, reviews, data sets and models in {paths.home}. "
            "Keep your ratings with: tutor rate --export ratings.json. If you are sure: tutor reset --yes"
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
