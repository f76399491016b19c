"""How drawn numbers are written: true minus signs, no trailing zeros, brackets where a formula needs them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

Values = dict[str, str]
Draw = Callable[[random.Random], Values]


def written(value: int | Decimal) -> str:
    """A number as the course writes it: `−3`, `0.25`; no trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def listed(values: Sequence[int | Decimal]) -> str:
    """A list of numbers: `[2, −1, 0.5]`."""
    return "[" + ", ".join(map(written, values)) + "]"


def bracketed(value: int | Decimal) -> str:
    """A factor inside a longer formula: negative ones in brackets."""
    return f"({written(value)})" if value < 0 else written(value)


def hundredths(value: Decimal) -> str:
    """A number with exactly two decimals, halves away from zero: an answer that forgives 0.005."""
    return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):f}".replace("-", "−")


def texts(values: dict[str, Decimal]) -> Values:
    """Each number as it is written."""
    return {name: written(value) for name, value in values.items()}
