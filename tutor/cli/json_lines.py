"""Batches: one JSON object per line of stdin, and the place of whatever is wrong with one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tutor.cli.diagnostics import ExitCode, UsageError, exit_code_of


def read_objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's object with its line number; blank lines are skipped.

    Raises `UsageError` at the first line that is no JSON object; what came before it is served.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _parsed(number, line)


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as fault:
        place = f"stdin, line {number}, column {fault.colno}"
        raise UsageError(f"{place}: not JSON: {fault.msg}. Write one object per line.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise UsageError(f"stdin, line {number}: this JSON is too large to read.") from None
    if not isinstance(value, dict):
        raise UsageError(f"stdin, line {number}, column 1: not an object; write {{...}} on each line.")
    return value


def text_field(record: dict[str, Any], name: str) -> str:
    """Return a field that must be a text."""
    value = record.get(name)
    if not isinstance(value, str):
        what = "is missing" if name not in record else f"is {json.dumps(value)[:40]}"
        raise UsageError(f'"{name}" {what}; it must be a text.')
    return value


def question_field(record: dict[str, Any], *names: str) -> str | None:
    """Return the question that the first of these fields names; None if all are null or absent."""
    for name in names:
        value = record.get(name)
        if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
            raise UsageError(f'"{name}" is {json.dumps(value)[:40]}; it must be a number or an id.')
        if value is not None:
            return str(value)
    return None


@contextmanager
def at_line(number: int) -> Iterator[None]:
    """Name the line in any complaint about its content."""
    try:
        yield
    except Exception as error:
        if exit_code_of(error) is not ExitCode.BAD_INPUT:
            raise
        raise UsageError(f"stdin, line {number}: {error}") from error
