"""What a learner typed, made safe: no control characters, and not longer than can be read."""

from __future__ import annotations

import sys

from tutor.cli.diagnostics import UsageError
from tutor.cli.output import printable

MAX_CHARACTERS = 100_000


def learner_text(raw: str) -> str:
    """Return the text without control characters. Raises `UsageError` when it is too long."""
    if len(raw) > MAX_CHARACTERS:
        raise UsageError(
            f"this text has {len(raw)} characters; at most {MAX_CHARACTERS} are read. Shorten it."
        )
    return printable(raw).strip()


def required_text(raw: str, what: str) -> str:
    """Return the text as `learner_text` does. Raises `UsageError` when nothing is left."""
    text = learner_text(raw)
    if not text:
        raise UsageError(f"{what} is empty; write a few words.")
    return text


def from_stdin() -> str:
    """Return all of stdin, or as much as shows that it is too long."""
    return sys.stdin.read(MAX_CHARACTERS + 1)
