"""`tutor`: reads the command line, runs one command, returns its exit code.

Importing this costs argparse and nothing else; a command's own module is imported when it runs.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.parser import build_parser

Handler = Callable[[Namespace], ExitCode]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises."""
    try:
        _prepare_streams()
        return _run(sys.argv[1:] if argv is None else list(argv))
    except BrokenPipeError:
        _detach_stdout()
        return ExitCode.DONE
    except SystemExit as end:  # argparse after --help
        return ExitCode.DONE if end.code is None else int(end.code)
    except BaseException as error:
        return _explain(error)


def handler_of(name: str) -> Handler:
    """Import the function that serves a command, named as `"module:function"` below `tutor.cli`."""
    module, _, function = name.partition(":")
    handler: Handler = getattr(importlib.import_module(f"tutor.cli.{module}"), function)
    return handler


def _run(argv: list[str]) -> ExitCode:
    args, unknown = build_parser().parse_known_args(argv)
    if unknown:
        raise UsageError(f"unknown {unknown[0]!r}. See `{args.prog} --help`.")
    if args.handler is None:
        return _app()
    if not args.handler:
        raise UsageError(f"a command is missing. See `{args.prog} --help`.")
    return handler_of(args.handler)(args)


def _app() -> ExitCode:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the app needs a terminal; `tutor chat --plain` is the same tutor for pipes")
    from tutor.ui.app import TutorApp

    app = TutorApp()
    app.run()
    return ExitCode(app.return_code or 0)


def _explain(error: BaseException) -> ExitCode:
    code = diagnostics.exit_code_of(error)
    if code is None:
        diagnostics.report_bug(error)
        return ExitCode.FAILED
    if code is ExitCode.INTERRUPTED:
        diagnostics.clear_progress()
    else:
        diagnostics.report(str(error))
    return code


def _prepare_streams() -> None:
    """Read any bytes without failing; write what the terminal's encoding cannot say as `?`."""
    for stream, encoding in ((sys.stdin, "utf-8"), (sys.stdout, None), (sys.stderr, None)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="replace")


def _detach_stdout() -> None:
    """The reader has what it wanted: let the interpreter's last flush go nowhere, quietly."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
