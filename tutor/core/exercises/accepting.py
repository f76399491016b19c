"""Whether a learner's result is right: strict in what is asked for, blind to what is not.

A number may be a plain one or a tensor without an axis. A table may hold its rows and columns in any order,
and whole numbers where the solution has real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.core.exercises.comparing import same_result


def accepted(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether an encoded result of a case is as right as that of the solution."""
    return same_result(_plain(found), _plain(wanted))


def _plain(result: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**result, "value": _undressed(result["value"])} if "value" in result else result


def _undressed(value: Any) -> Any:
    if isinstance(value, list):
        return [_undressed(one) for one in value]
    if not isinstance(value, dict) or "shape" not in value:
        return value
    if value["shape"] == [] and value["is"] in ("tensor", "array"):
        return value["values"][0] if value["values"] else value
    return _sorted(value) if value["is"] == "frame" and len(value["shape"]) == 2 else value


def _sorted(frame: dict[str, Any]) -> dict[str, Any]:
    """A table by its labels; one that repeats a label stays as it is."""
    index, columns, values = frame["index"], frame["columns"], frame["values"]
    numbers = "f" if frame["kind"] in "if" or all(map(_is_number, values)) else frame["kind"]
    unique = len(set(index)) == len(index) and len(set(columns)) == len(columns)
    if not unique or len(values) != len(index) * len(columns):
        return {**frame, "kind": numbers}
    cell = {
        (row, column): values[at * len(columns) + place]
        for at, row in enumerate(index)
        for place, column in enumerate(columns)
    }
    rows, across = sorted(index), sorted(columns)
    ordered = [cell[row, column] for row in rows for column in across]
    return {**frame, "kind": numbers, "index": rows, "columns": across, "values": ordered}


def _is_number(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("is") == "number"
    return isinstance(value, (int, float)) and not isinstance(value, bool)
