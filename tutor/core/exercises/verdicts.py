"""What a check of a learner's program says: each case, the first one that fails in full, the bug by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from tutor.core.events import Record

Kind = Literal["essential", "actionable", "informative", "celebratory"]
"""Of a message: about the idea, about a slip, about something that works but; about a success."""
LONGEST = 300
"""Characters of a value that are shown."""
_WORDS = {"tensor": "tensor", "array": "NumPy array", "frame": "DataFrame", "series": "Series"}


class Shown(Record):
    """A value in words."""

    text: str
    type: str
    shape: tuple[int, ...] | None = None
    dtype: str | None = None

    def __str__(self) -> str:
        parts = [self.text]
        if self.shape is not None:
            shape = ", ".join(map(str, self.shape))
            parts.append(f"({self.type}, shape [{shape}], {self.dtype})")
        return "  ".join(parts)


class Bug(Record):
    """A bug that was recognised, with a question back."""

    id: str
    bug: str
    kind: Kind
    message: str


class CaseVerdict(Record):
    """One case. `got` and `expected` are None where it did not come to that."""

    name: str
    passed: bool
    ran: bool
    """False: an earlier case ended the program."""
    input: str
    expected: Shown | None = None
    got: Shown | None = None
    difference: str = ""
    """In what they differ."""
    printed: str = ""


class Verdict(Record):
    """The check of one program."""

    q: int | None
    id: str
    title: str
    passed: bool
    cases: tuple[CaseVerdict, ...]
    bug: Bug | None
    """Also the praise of a right program, of kind `celebratory`."""
    message: str
    line: int | None = None
    """Line of the program at which it broke."""
    layer: str
    """Which walls stood round the program."""
    seconds: float

    @property
    def failing(self) -> CaseVerdict | None:
        """The first case that fails."""
        return next((case for case in self.cases if not case.passed), None)


def shown(value: Any) -> Shown:
    """An encoded value (see `case_runner.encode`) in words."""
    if isinstance(value, dict) and "shape" in value:
        text = _array_text(value)
        return Shown(
            text=_cut(text), type=_WORDS[value["is"]], shape=tuple(value["shape"]), dtype=value.get("dtype")
        )
    return Shown(text=_cut(_plain(value)), type=_type(value))


def shown_error(raised: dict[str, Any]) -> Shown:
    """An error in words, with the line of the program at fault."""
    where = f", line {raised['line']}" if raised.get("line") and raised.get("in") == "code" else ""
    text = f"{raised['type']}: {raised['message']}" if raised.get("message") else str(raised["type"])
    return Shown(text=_cut(text + where), type="error")


def _array_text(value: dict[str, Any]) -> str:
    """Numbers as nested lists; a frame as lines of a table."""
    if value["is"] == "frame" and value.get("columns") is not None:
        return _frame_text(value)
    return _nested(value["values"], value["shape"])


def _frame_text(value: dict[str, Any]) -> str:
    rows, columns = value["shape"]
    lines = ["\t".join(["", *value["columns"]])]
    for row in range(min(rows, 8)):
        cells = value["values"][row * columns : (row + 1) * columns]
        lines.append("\t".join([value["index"][row], *map(_plain, cells)]))
    widths = [max(len(line.split("\t")[at]) for line in lines) for at in range(columns + 1)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line.split("\t"), widths, strict=True))
        for line in lines
    )


def _nested(values: Sequence[Any], shape: Sequence[int]) -> str:
    if not shape:
        return _plain(values[0]) if values else ""
    if len(shape) == 1:
        return "[" + ", ".join(map(_plain, values[:20])) + (", ...]" if len(values) > 20 else "]")
    step = math.prod(shape[1:])
    rows = [values[at * step : (at + 1) * step] for at in range(min(shape[0], 8))]
    inner = ", ".join(_nested(row, shape[1:]) for row in rows)
    return f"[{inner}{', ...' if shape[0] > 8 else ''}]"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, dict):
        return _special(value)
    return f"{value:.6g}" if isinstance(value, float) else repr(value)


def _special(value: dict[str, Any]) -> str:
    if "shape" in value:
        return str(shown(value))
    if value["is"] == "number":
        return str(value["text"])
    if value["is"] == "dict":
        return "{" + ", ".join(f"{_plain(k)}: {_plain(v)}" for k, v in value["pairs"]) + "}"
    if value["is"] == "set":
        return "{" + ", ".join(map(_plain, value["items"])) + "}"
    return f"an object of type {value.get('type')}"


def _type(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("type") or value["is"])
    return "None" if value is None else type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
