"""The only writer of stdout: JSON for programs, aligned plain lines for people.

Everything written here is data that the core has already committed; each line is flushed at once.
Control characters never reach a terminal: JSON escapes them, `printable` drops them.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: they could make a text read as another."""


def emit_json(value: Any) -> None:
    """Write one JSON value on one line."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    _write(json.dumps(jsonable(value), ensure_ascii=not utf8, allow_nan=False))


def emit_line(text: str = "") -> None:
    """Write one line, or several, for a person."""
    _write(printable(text))


def emit_lines(lines: Iterable[str]) -> None:
    """Write lines for a person."""
    for line in lines:
        emit_line(line)


def emit_table(
    rows: Sequence[Sequence[object]], *, head: Sequence[str] = (), right: Iterable[int] = ()
) -> None:
    """Write rows in aligned columns; columns numbered in `right` are flush right, None is blank."""
    texts = [[("" if cell is None else printable(str(cell))) for cell in row] for row in rows]
    if head and texts:
        texts.insert(0, list(head))
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    flush_right = frozenset(right)
    for row in texts:
        cells = (_padded(cell, widths[i], i in flush_right) for i, cell in enumerate(row))
        _write("  ".join(cells).rstrip())


def emphasis(text: str) -> str:
    """The text in bold where that can be seen: on a terminal, unless NO_COLOR asks for none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    return text if plain else f"\x1b[1m{text}\x1b[0m"


def write_styled(text: str) -> None:
    """Write one line that `emphasis` has marked; everything else in it must be `printable` already."""
    _write(text)


def prompt(text: str) -> None:
    """Ask a person at a terminal for a line; the cursor stays behind the text."""
    sys.stdout.write(text)
    sys.stdout.flush()


def columns() -> int:
    """Width of the terminal, or 80."""
    return shutil.get_terminal_size((80, 24)).columns


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# --- text ------------------------------------------------------------------------------------


def printable(text: str) -> str:
    """The text without what would steer a terminal: control and direction characters, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(filter(None, map(_shown, text.replace("\r\n", "\n"))))


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return "    "
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind == "Cc" or character in _BIDI else character


def width(text: str) -> int:
    """Columns that a line takes in a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _padded(text: str, columns: int, flush_right: bool) -> str:
    gap = " " * (columns - width(text))
    return gap + text if flush_right else text + gap


# --- values ----------------------------------------------------------------------------------


def jsonable(value: Any) -> Any:
    """The value as JSON can say it: records become objects, a number that is none becomes null."""
    if hasattr(value, "model_dump"):
        return jsonable(value.model_dump())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(one) for one in value]
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """A lone surrogate cannot be written as UTF-8."""
    return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
