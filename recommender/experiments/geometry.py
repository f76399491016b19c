"""The dot product as geometry: pure functions on two vectors, fast enough for each key press. NumPy only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """What there is to say of two vectors and the score that they make."""

    dot: float
    """a · b"""
    cosine: float
    """a · b / (|a| |b|), from -1 to 1; 0 if one vector has no length"""
    angle: float
    """degrees between them, 0 to 180"""
    length: float
    """|a| of the vector that is moved"""
    other_length: float
    """|b|"""
    stars: float
    """predicted stars"""


@dataclass(frozen=True, eq=False)
class Scene:
    """A film's vector and a person's, and how their dot product becomes stars.

    stars = link(rest + film · person), with the biases in `rest`. The link "sigmoid" squashes into
    (low, high), "clip" cuts.
    """

    film: Vector
    person: Vector
    rest: float
    link: str
    low: float
    high: float

    def stars(self, score: float) -> float:
        """Predicted stars for a dot product of `score`."""
        raw = self.rest + score
        if self.link == "clip":
            return min(max(raw, self.low), self.high)
        return self.low + (self.high - self.low) * 0.5 * (1 + math.tanh(raw / 2))

    def measure(self, moves: str = "film", factor: float = 1.0, degrees: float = 0.0) -> Measures:
        """Stretch and turn one vector ("film" or "person") and leave the other: what comes out?

        A positive angle turns away from the other vector, in the plane of the two.
        """
        moved, other = (self.film, self.person) if moves == "film" else (self.person, self.film)
        moved = turn(stretch(moved, factor), other, degrees)
        return Measures(
            dot=dot(moved, other),
            cosine=cosine(moved, other),
            angle=math.degrees(math.acos(min(1.0, max(-1.0, cosine(moved, other))))),
            length=length(moved),
            other_length=length(other),
            stars=self.stars(dot(moved, other)),
        )


def dot(a: Vector, b: Vector) -> float:
    """Multiply matching entries and add."""
    return float(sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True)))


def length(a: Vector) -> float:
    """Root of the sum of squares."""
    return math.sqrt(dot(a, a))


def cosine(a: Vector, b: Vector) -> float:
    """The dot product of the two directions: -1 opposite, 0 square, 1 alike; 0 if one has no length."""
    lengths = length(a) * length(b)
    return dot(a, b) / lengths if lengths > 0 else 0.0


def stretch(a: Vector, factor: float) -> Vector:
    """Every entry times `factor`; a negative one turns the vector round."""
    return a * factor


def turn(a: Vector, other: Vector, degrees: float) -> Vector:
    """Turn `a` away from `other` by an angle, in the plane of the two; its length stays.

    Where the two lie on one line any plane will do: the one with the axis that is farthest from that line.
    """
    size = length(a)
    if size == 0:
        return a.copy()
    along = a / size
    away = _square_part(-other, along)
    if length(away) < 1e-9 * max(1.0, length(other)):
        axis = np.zeros_like(a)
        axis[int(np.argmin(np.abs(along)))] = 1.0
        away = _square_part(axis, along)
    if length(away) == 0:  # in one dimension there is nowhere to turn to
        return a.copy()
    away = away / length(away)
    angle = math.radians(degrees)
    return np.asarray(size * (math.cos(angle) * along + math.sin(angle) * away))


def _square_part(b: Vector, unit: Vector) -> Vector:
    """What is left of b without its part along `unit`."""
    return np.asarray(b - dot(b, unit) * unit)
