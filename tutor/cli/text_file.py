"""Text files that the learner names: a fault is one clear line."""

from __future__ import annotations

from pathlib import Path

from tutor.cli.diagnostics import UsageError


def write_text(name: str, text: str) -> None:
    """Write a file whole or not at all. Raises `UsageError`."""
    path = Path(name)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise UsageError(f"{name}: {fault.strerror}; name a file that can be written.") from None
