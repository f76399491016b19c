"""The points at which formulas are compared, and the kinds of values they come to.

Letters: W entries of the weights.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.text.formula_roles import COEFFICIENT, GRADIENT, LOSS, RATE, WEIGHTS
from tutor.text.formula_source import Unreadable

Doubles = NDArray[np.float64]
Value = float | Doubles | list[Any]

POINTS = 3
"""Points at which formulas are compared."""
ENTRIES = 5  # W
FIRST = 2  # entries in the first tensor
TWO = {
    "dot": operator.matmul, "inner": operator.matmul, "vdot": operator.matmul, "matmul": operator.matmul,
    "mul": operator.mul, "multiply": operator.mul, "mul_": operator.mul, "add": operator.add,
    "add_": operator.add, "sub": operator.sub, "subtract": operator.sub, "sub_": operator.sub,
    "div": operator.truediv, "divide": operator.truediv, "div_": operator.truediv,
}  # fmt: skip
ONE: dict[str, Callable[[Any], Any]] = {
    "sqrt": np.sqrt, "square": np.square, "abs": np.abs, "fabs": np.abs, "absolute": np.abs, "sign": np.sign,
    "sgn": np.sign, "norm": lambda value: np.sqrt(np.sum(np.square(value))),
    "norm1": lambda value: np.sum(np.abs(value)),
}  # fmt: skip


@cache
def point(index: int) -> dict[str, Any]:
    """Values of all roles at one point."""
    random = np.random.default_rng(20 + index)
    return {
        LOSS: float(random.uniform(0.5, 2)),
        COEFFICIENT: float(random.uniform(0.1, 0.9)),
        RATE: float(random.uniform(0.1, 0.9)),
        WEIGHTS: random.uniform(0.3, 2, ENTRIES) * np.array([1, -1, 1, 1, -1]),  # [W]
        GRADIENT: random.uniform(0.3, 2, ENTRIES) * np.array([-1, 1, 1, -1, 1]),  # [W]
    }


def kept(value: Any) -> Value:
    """A number or a vector as it is kept. Raises `Unreadable` where it is neither, or huge."""
    found = np.asarray(value, dtype=np.float64)
    if found.ndim > 1 or not np.all(np.isfinite(found)) or np.any(np.abs(found) > 1e9):
        raise Unreadable("no number")
    return float(found) if found.ndim == 0 else found


def number(value: Value) -> Any:
    """A number or a vector, to compute with. Raises `Unreadable` for a list."""
    if isinstance(value, list):
        raise Unreadable("a list")
    return value


def vector(value: Value) -> Doubles:
    """All entries. Raises `Unreadable` for a number."""
    if isinstance(value, float):
        raise Unreadable("a number")
    return np.asarray(flat(value))


def flat(value: Value) -> Value:
    """A list of tensors as one."""
    return (
        np.concatenate([np.atleast_1d(each) for each in value])
        if isinstance(value, list) and value
        else value
    )


def total(value: Value) -> float:
    """The sum of all entries."""
    if isinstance(value, list):
        return float(sum(total(each) for each in value))
    return float(np.sum(value))


def same(one: Value, other: Value) -> bool:
    """Whether two values agree to one part in a million."""
    if isinstance(one, list) or isinstance(other, list) or np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=1e-6, atol=1e-9))
