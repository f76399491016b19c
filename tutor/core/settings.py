"""Reads an experiment's knobs, typed or given, against the parameters that its file declares."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.core.course_schema import ExperimentFile, Parameter
from tutor.core.errors import BadInput


class SettingError(BadInput):
    """A knob that does not exist, or a value it cannot take."""


def read_settings(experiment: ExperimentFile, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """All settings of a run: what was given, else the defaults. Raises `SettingError` in one clear line.

    Values may be typed: `"3"`, `"0, 0.01, 0.1"`.
    """
    known = {parameter.name: parameter for parameter in experiment.parameters}
    for name in given or {}:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known) or 'none'}."
            raise SettingError(f"{experiment.name} has no setting {name!r}; {hint}")
    return {name: read_value(known[name], (given or {}).get(name, known[name].default)) for name in known}


def read_value(parameter: Parameter, value: Any) -> Any:
    """One value in the parameter's own type and range. Raises `SettingError`."""
    if parameter.kind == "choice":
        if str(value).strip() not in parameter.choices:
            raise _wrong(parameter, value, f"one of {', '.join(parameter.choices)}")
        return str(value).strip()
    if parameter.kind == "numbers":
        parts = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(parts, Sequence) or not parts:
            raise _wrong(parameter, value, "numbers with commas between, like 0,0.01,0.1")
        return [_number(parameter, part) for part in parts]
    return _number(parameter, value)


def _number(parameter: Parameter, value: Any) -> float | int:
    whole = parameter.kind == "integer"
    low, high = parameter.low, parameter.high
    needed = ("a whole number" if whole else "a number") + _range(low, high)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _wrong(parameter, value, needed) from None
    outside = (low is not None and number < low) or (high is not None and number > high)
    if outside or not math.isfinite(number) or (whole and not number.is_integer()):
        raise _wrong(parameter, value, needed)
    return int(number) if whole else number


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if low is not None:
        return f", at least {low:g}"
    return f", at most {high:g}" if high is not None else ""


def _wrong(parameter: Parameter, value: Any, needed: str) -> SettingError:
    return SettingError(f"{parameter.name} cannot be {str(value)[:40]!r}; it takes {needed}.")
