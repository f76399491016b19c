"""`tutor recap`: a sitting as Markdown, on stdout or in a file."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_line
from tutor.cli.text_file import write_text


def recap(args: Namespace) -> ExitCode:
    """Look back on the last sitting, or on all since a time; nothing to look back on is a friendly line."""
    from tutor.core.practice import utc_now
    from tutor.core.recap import recap as look_back
    from tutor.core.recap_text import markdown
    from tutor.core.sittings import since_when
    from tutor.core.workspace import Workspace

    now = utc_now()
    since = since_when(args.since, now) if args.since is not None else None
    with closing(Workspace()) as workspace:
        found = look_back(workspace, now, since)
    if args.file and not found.is_empty:
        write_text(args.file, markdown(found))
    if args.json:
        emit_json(found)
    elif args.file and not found.is_empty:
        emit_line(f"{args.file}: the recap is written.")
    else:
        emit_line(markdown(found).rstrip("\n"))
    return ExitCode.DONE
