"""Compares values as `case_runner.py` encodes them, and says how one differs from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCE = 1e-4
"""Real numbers this close are equal, beside 1e-4 of their size."""
_KINDS = {"f": "real numbers", "i": "whole numbers", "b": "truth values", "O": "objects"}


def same(found: Any, wanted: Any) -> bool:
    """Whether two encoded values are equal; arrays with shape and kind, numbers within the tolerance."""
    return difference(found, wanted) is None


def same_result(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether two results of a case are equal: the same value, or an error of the same type."""
    if "raised" in found or "raised" in wanted:
        types = [one.get("raised", {}).get("type") for one in (found, wanted)]
        return bool(types[0] == types[1])
    return same(found["value"], wanted["value"])


def as_expected(found: Any, expected: Any) -> bool:
    """Whether an encoded value is the known answer of a course file; an array may be written as lists."""
    if isinstance(found, dict) and "shape" in found:
        values = found["values"]
        return found["shape"] == _shape(expected) and _equal_lists(values, _flat(expected))
    return same(found, expected)


def difference(found: Any, wanted: Any) -> str | None:
    """In what the found value differs, in words; None where it does not."""
    if isinstance(wanted, dict) and isinstance(found, dict) and found.get("is") == wanted.get("is"):
        return _difference_within(found, wanted)
    if isinstance(wanted, list) and isinstance(found, list):
        if len(found) != len(wanted):
            return f"{len(found)} items instead of {len(wanted)}"
        return next(filter(None, map(difference, found, wanted)), None)
    if _is_number(found) and _is_number(wanted):
        return None if _close(found, wanted) else f"{found:g} instead of {wanted:g}"
    if type(found) is not type(wanted) or isinstance(wanted, dict):
        return f"{_type(found)} instead of {_type(wanted)}"
    return None if found == wanted else f"{found!r} instead of {wanted!r}"


def _difference_within(found: dict[str, Any], wanted: dict[str, Any]) -> str | None:
    """The difference of two arrays, frames, dicts, sets or objects."""
    if "shape" in wanted:
        if found["shape"] != wanted["shape"]:
            return f"shape {_listed(found['shape'])} instead of {_listed(wanted['shape'])}"
        if found["kind"] != wanted["kind"]:
            return f"{_KINDS[found['kind']]} instead of {_KINDS[wanted['kind']]}"
        if not _equal_lists(found["values"], wanted["values"]):
            return "other numbers in the right shape"
        labels = [key for key in ("columns", "index") if found.get(key) != wanted.get(key)]
        return f"other labels in the {labels[0]}" if labels else None
    if wanted["is"] == "dict":
        return difference(sorted(found["pairs"], key=repr), sorted(wanted["pairs"], key=repr))
    return None if found == wanted else f"{_type(found)} that differs"


def _equal_lists(found: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return len(found) == len(wanted) and all(map(same, found, wanted))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _close(found: float, wanted: float) -> bool:
    return math.isclose(found, wanted, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _shape(value: Any) -> list[int]:
    """Shape of nested lists; a plain value has none."""
    if not isinstance(value, (list, tuple)):
        return []
    return [len(value), *(_shape(value[0]) if value else [])]


def _flat(value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        return [value]
    return [one for part in value for one in _flat(part)]


def _listed(shape: Sequence[int]) -> str:
    return "[" + ", ".join(map(str, shape)) + "]"


def _type(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("type") or value["is"])
    names = {bool: "a truth value", str: "a text", list: "a list", int: "a number", float: "a number"}
    return "None" if value is None else names[type(value)]
