"""The only writer of stderr: one clear line per fault, a progress line on a terminal, exit codes.

Faults of the core are known here by name, so that a command that never loads the course or the
database does not pay for importing them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit means; part of the interface."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    CONTENT_INVALID = 3
    INTERRUPTED = 130


class UsageError(Exception):
    """Bad input. The message says what is wrong, where, and how to mend it."""


class RunFailed(Exception):
    """The work itself broke off; the message says why."""


EXPECTED: dict[str, ExitCode] = {
    "tutor.cli.diagnostics.UsageError": ExitCode.BAD_INPUT,
    "tutor.cli.diagnostics.RunFailed": ExitCode.FAILED,
    "tutor.store.database.StoreError": ExitCode.BAD_INPUT,
    "tutor.core.course_files.ContentError": ExitCode.CONTENT_INVALID,
    "tutor.core.errors.BadInput": ExitCode.BAD_INPUT,
    "tutor.core.errors.CannotDo": ExitCode.FAILED,
}
"""Exceptions that are answers, not bugs; subclasses included."""


def exit_code_of(error: BaseException) -> ExitCode | None:
    """Return the exit code an expected fault stands for, or None for a bug."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((EXPECTED[name] for name in names if name in EXPECTED), None)


def with_log(message: str, log: str | None) -> str:
    """The message, and where its details are unless it says so itself."""
    return message if log is None or log in message else f"{message} (see {log})"


def report(message: str) -> None:
    """Say one fault in one line."""
    clear_progress()
    _write(f"tutor: {' '.join(message.split())}\n")


def note(message: str) -> None:
    """Say something that is neither data nor a fault."""
    clear_progress()
    _write(f"{message}\n")


def report_bug(error: BaseException) -> None:
    """Say that the program broke, and keep the traceback in a file for whoever mends it."""
    line = f"{type(error).__name__}: {error}"
    try:
        log = _keep_traceback(error)
    except OSError as fault:
        report(f"broke off: {line} (and the details could not be written: {fault})")
    else:
        report(f"broke off: {line}. The details are in {log}")


def _keep_traceback(error: BaseException) -> str:
    import traceback

    from tutor.store.paths import Paths

    log = Paths.default().logs / "crash.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8", errors="replace") as file:
        file.writelines(traceback.format_exception(error))
    return str(log)


# --- progress --------------------------------------------------------------------------------

_progress_shown = False


def progress(text: str, fraction: float | None = None) -> None:
    """Show how far the work is, on a terminal only; a newer line replaces an older one."""
    global _progress_shown
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return
    share = "" if fraction is None else f"{fraction:4.0%} "
    width = _columns() - 1
    _write(f"\r\x1b[K{f'{share}{text}'[:width]}")
    _progress_shown = True


def clear_progress() -> None:
    """Take the progress line away."""
    global _progress_shown
    if _progress_shown:
        _write("\r\x1b[K")
        _progress_shown = False


def _columns() -> int:
    try:
        return max(20, os.get_terminal_size(sys.stderr.fileno()).columns)
    except (OSError, ValueError):
        return 80


def _write(text: str) -> None:
    _quietly(lambda: sys.stderr.write(text))
    _quietly(sys.stderr.flush)


def _quietly(action: Callable[[], object]) -> None:
    """Nobody listens any more: there is nobody left to tell."""
    try:
        action()
    except (BrokenPipeError, ValueError):
        return
