"""`tutor where | schema`: what the program knows about itself."""

from __future__ import annotations

from argparse import Namespace

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_table
from tutor.store.paths import Paths


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
