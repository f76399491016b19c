"""Vectors: products, lengths, angles and orders."""

from __future__ import annotations

import math
import random
from decimal import Decimal

from tutor.core.generators.writing import Draw, Values, bracketed, hundredths, listed, written


def _vectors(draw: random.Random, length: int = 3) -> tuple[list[int], list[int]]:
    """Two vectors of small integers without zeros."""
    values = [value for value in range(-5, 7) if value != 0]
    return draw.choices(values, k=length), draw.choices(values, k=length)


def _dot_product(draw: random.Random) -> Values:
    """`x`, `y`, the `working` of x · y and its value."""
    x, y = _vectors(draw)
    working = " + ".join(f"{bracketed(a)}·{bracketed(b)}" for a, b in zip(x, y, strict=True))
    answer = sum(a * b for a, b in zip(x, y, strict=True))
    return {"x": listed(x), "y": listed(y), "working": working, "answer": written(answer)}


def _third_product(draw: random.Random) -> Values:
    """`x`, `y`, their third entries `a`, `b` and the product of these."""
    x, y = _vectors(draw)
    a, b = x[2], y[2]
    values = {"x": listed(x), "y": listed(y), "a": bracketed(a), "b": bracketed(b)}
    return values | {"answer": written(a * b)}


def _stretch(draw: random.Random) -> Values:
    """A dot product `before` (`bracketed` in formulas), the `factor` of the stretch, the product after it."""
    before = draw.choice([value for value in range(-12, 16) if value != 0])
    factor = draw.choice([-3, -1, 2, 3, 5, 10])
    values = {"before": written(before), "bracketed": bracketed(before), "factor": written(factor)}
    return values | {"answer": written(before * factor)}


_WHOLE_LENGTHS = ((3, 4), (4, 3), (6, 8), (8, 6), (5, 12), (12, 5), (0, 5), (5, 0), (0, 2), (4, 0))
"""Entries of vectors whose length is a whole number."""


def _whole_vector(draw: random.Random) -> tuple[list[int], int]:
    """A vector of two entries and its whole length."""
    entries = [one * draw.choice([-1, 1]) for one in draw.choice(_WHOLE_LENGTHS)]
    return entries, math.isqrt(sum(one * one for one in entries))


def _cosine(draw: random.Random) -> Values:
    """`x` and `y`, their product `dot`, their lengths (`lengths`: multiplied); dot / lengths."""
    (x, x_length), (y, y_length) = _whole_vector(draw), _whole_vector(draw)
    dot = sum(a * b for a, b in zip(x, y, strict=True))
    lengths = {"x_length": str(x_length), "y_length": str(y_length), "lengths": str(x_length * y_length)}
    answer = hundredths(Decimal(dot) / (x_length * y_length))
    return {"x": listed(x), "y": listed(y), "dot": written(dot), **lengths, "answer": answer}


def _distance(draw: random.Random) -> Values:
    """Two points whose difference `gap` has a whole length; `squares` is the sum under the root."""
    gap, length = _whole_vector(draw)
    x = [draw.randint(-4, 5) for _ in gap]
    y = [a - d for a, d in zip(x, gap, strict=True)]
    squares = str(length * length)
    return {"x": listed(x), "y": listed(y), "gap": listed(gap), "squares": squares, "answer": str(length)}


def _numbers(draw: random.Random) -> list[Decimal]:
    """Four different numbers with one decimal."""
    return [Decimal(one) / 10 for one in draw.sample([one for one in range(-9, 20) if one], k=4)]


def _argsort(draw: random.Random) -> Values:
    """`values`, the `ordered` values and the positions that order them, lowest first."""
    values = _numbers(draw)
    order = sorted(range(len(values)), key=values.__getitem__)
    ordered = listed([values[place] for place in order])
    return {"values": listed(values), "ordered": ordered, "answer": listed(order)}


def _argsort_descending(draw: random.Random) -> Values:
    """The same from the highest to the lowest."""
    values = _numbers(draw)
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    ordered = listed([values[place] for place in order])
    return {"values": listed(values), "ordered": ordered, "answer": listed(order)}


GENERATORS: dict[str, Draw] = {
    "argsort": _argsort,
    "argsort-descending": _argsort_descending,
    "cosine": _cosine,
    "distance": _distance,
    "dot-product": _dot_product,
    "stretch": _stretch,
    "third-product": _third_product,
}
