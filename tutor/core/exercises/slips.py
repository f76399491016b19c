"""Slips that look the same in every exercise, recognised by what came back, or by gaps that are left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.core.exercises.verdicts import Bug, Kind

_GAP = re.compile(r"(?<![A-Za-z0-9_])___(?![A-Za-z0-9_])")
Result = Mapping[str, Any]


def bug_of(id: str, bug: str, kind: Kind, message: str) -> Bug:
    """A bug by its parts."""
    return Bug(id=id, bug=bug, kind=kind, message=message)


def nothing_returned(found: Sequence[Result], wanted: Sequence[Result]) -> Bug | None:
    """Whether the first case that fails gave None: printed, or lost."""
    if not _lost(found[0].get("value", ""), wanted[0].get("value")):
        return None
    if any(one.get("printed") for one in found):
        message = (
            "Your code prints the result and hands nothing back. Which word gives a value to the caller?"
        )
        return bug_of("printed", "printed instead of returned", "actionable", message)
    message = "Nothing comes back from your code: it gives None. Is a return missing, or not reached?"
    return bug_of("no-return", "nothing is returned", "actionable", message)


def _lost(got: Any, want: Any) -> bool:
    """Whether None came where something was asked for, alone or in a list."""
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return any(map(_lost, got, want))
    return got is None and want is not None


def gap(code: str) -> int | None:
    """The first line that still holds a gap `___`."""
    lines = (number for number, line in enumerate(code.splitlines(), 1) if _GAP.search(line))
    return next(lines, None)


def gap_left(line: int) -> Bug:
    """The bug of a program with gaps."""
    message = f"Line {line} still holds a gap ___. What belongs there? The worked sibling shows one like it."
    return bug_of("gap", "a gap is left", "actionable", message)


def by_value(found: Sequence[Result], wanted: Sequence[Result]) -> Bug | None:
    """The slip behind wrong values: of cases that fail, what they gave and what they should."""
    both = [(a, b) for a, b in zip(found, wanted, strict=True) if "value" in a and "value" in b]
    pairs = [(a["value"], b["value"]) for a, b in both]
    return next(filter(None, (_shape_slip(got, want) or _parts_slip(got, want) for got, want in pairs)), None)


def _parts_slip(got: Any, want: Any) -> Bug | None:
    """Several things are asked for, and another number of them comes."""
    if not isinstance(want, list) or (isinstance(got, list) and len(got) == len(want)):
        return None
    found = f"{len(got)} item{'s' * (len(got) != 1)}" if isinstance(got, list) else "no list"
    message = (
        f"{len(want)} items are asked for, together in one tuple or list; your code gives {found}. "
        "What is missing?"
    )
    return bug_of("parts", "another number of items", "actionable", message)


def _shape_slip(got: Any, want: Any) -> Bug | None:
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return next(filter(None, map(_shape_slip, got, want)), None)
    if not (isinstance(want, dict) and "shape" in want):
        return None
    if isinstance(got, list):
        message = (
            "Your code gives a list where a tensor is asked for. Arithmetic on whole batches needs a tensor."
        )
        return bug_of("list", "a list instead of a tensor", "actionable", message)
    if not (isinstance(got, dict) and "shape" in got):
        return None
    return _between(got["shape"], want["shape"], want)


def _between(got: list[int], want: list[int], array: Mapping[str, Any]) -> Bug | None:
    if got == want:
        return None
    if array["is"] == "frame":
        message = (
            f"Your table has {_rows(got)}, the one asked for {_rows(want)}. What is one row of it, and "
            "what is one column?"
        )
        return bug_of("table-shape", "a table of another shape", "essential", message)
    if got == [*want, 1]:
        message = (
            f"An axis of length 1 is left over: shape {got} instead of {want}. Against [n] it would be "
            "repeated to [n, n]."
        )
        return bug_of("extra-axis", "[n, 1] against [n]", "actionable", message)
    if len(want) == 1 and got == [want[0], want[0]]:
        message = (
            f"Shape {got} instead of {want}: something of shape [n, 1] met something of shape [n]. Print "
            "both shapes."
        )
        return bug_of("broadcast", "[n, 1] against [n] repeated to [n, n]", "essential", message)
    if not got:
        message = (
            "One number is left for the whole batch. Over which dim may the sum run, and over which not?"
        )
        return bug_of("all-summed", "summed over everything", "essential", message)
    return None


def _rows(shape: list[int]) -> str:
    rows, columns = shape[0], shape[1] if len(shape) > 1 else 1
    return f"{rows} row{'s' * (rows != 1)} and {columns} column{'s' * (columns != 1)}"


CHANGED = Bug(
    id="changed",
    bug="changes what it was given",
    kind="actionable",
    message=(
        "Your results are right, but what your code was given is not left as it was. Which line "
        "works in place?"
    ),
)
