"""Reading an experiment's settings: values from 'settings' checked against what the family allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recommender.experiments import SpecError


def only(settings: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse a setting that the family does not have."""
    for name in settings:
        if name not in known:
            raise SpecError(f"unknown setting {name!r}; there are {', '.join(known)}")


def number(settings: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    """One number from low to high."""
    return _checked(name, settings.get(name, default), low, high)


def whole(settings: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """One whole number from low to high."""
    value = _checked(name, settings.get(name, default), low, high)
    if value != int(value):
        raise SpecError(f"{name} must be a whole number, not {value:g}")
    return int(value)


def numbers(
    settings: Mapping[str, Any], name: str, default: Sequence[float], low: float, high: float, most: int
) -> tuple[float, ...]:
    """A rising list of one to `most` different numbers; one number stands for a list of one."""
    given = settings.get(name, default)
    values = list(given) if isinstance(given, (list, tuple)) else [given]
    if not 1 <= len(values) <= most:
        raise SpecError(f"{name} takes 1 to {most} values, not {len(values)}")
    return tuple(sorted({_checked(name, value, low, high) for value in values}))


def flag(settings: Mapping[str, Any], name: str, default: bool) -> bool:
    """True or false."""
    value = settings.get(name, default)
    if not isinstance(value, bool):
        raise SpecError(f"{name} must be true or false, not {value!r}")
    return value


def choice(settings: Mapping[str, Any], name: str, default: str, allowed: Sequence[str]) -> str:
    """One of the allowed words."""
    value = settings.get(name, default)
    if value not in allowed:
        raise SpecError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return str(value)


def _checked(name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SpecError(f"{name} must be a number, not {value!r}")
    if not low <= value <= high:
        raise SpecError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
    return float(value)
