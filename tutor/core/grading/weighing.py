"""From what was measured to how sure the grader is: two logistic regressions, fitted on graded answers.

The first gives each point the probability that the answer makes it. The second looks at all of these and at
the answer as a whole and gives the probabilities of correct, partial and incorrect. Their numbers stand in
`weights.json`, written by `tests/benchmarks/fit_grading.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.core.grading.sense import Sense

Doubles = NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "weights.json"
CLASSES = ("correct", "partial", "incorrect")
_CERTAIN = 0.02
"""No probability counts as nearer to 0 or 1 than this."""


@dataclass(frozen=True)
class Logistic:
    """A regression on features that are centred and scaled first; one column of weights for each class."""

    mean: Doubles  # [F]
    scale: Doubles  # [F]
    weights: Doubles  # [F, C]
    bias: Doubles  # [C]

    def probabilities(self, features: Sequence[Sequence[float]]) -> Doubles:
        """[n, C] for n rows of F features; one column is a yes or no."""
        scores = (np.array(features) - self.mean) / self.scale @ self.weights + self.bias
        if scores.shape[1] == 1:
            return np.asarray(1 / (1 + np.exp(-scores)))
        grown = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(grown / grown.sum(axis=1, keepdims=True))

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, rounded to what matters."""
        return {
            name: np.round(getattr(self, name), 5).tolist() for name in ("mean", "scale", "weights", "bias")
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Logistic:
        """From plain JSON types."""
        return cls(**{name: np.array(values, dtype=np.float64) for name, values in plain.items()})


@dataclass(frozen=True)
class Weighed:
    """What the grader believes of an answer."""

    points: dict[str, float]
    """Probability that a point is made."""
    verdict: dict[str, float]
    """Probability of correct, partial and incorrect; they add up to 1."""
    by_words: str
    """The verdict that the words alone would give."""


def weigh(sense: Sense, required: Sequence[str], verdict_by_words: str) -> Weighed:
    """The probabilities for a measured answer; `required` are ids of points."""
    by_point, by_answer = _fitted()
    chances = by_point.probabilities(list(sense.rows.values()))[:, 0]
    points = dict(zip(sense.rows, map(float, chances), strict=True))
    whole = by_answer.probabilities([answer_features(sense, points, required, verdict_by_words)])[0]
    return Weighed(points, dict(zip(CLASSES, map(float, whole), strict=True)), verdict_by_words)


def answer_features(
    sense: Sense, points: dict[str, float], required: Sequence[str], verdict_by_words: str
) -> list[float]:
    """What the second regression looks at."""
    needed = [points[name] for name in required]
    least, most = min(needed), max(points.values())
    rival, meaning = max(sense.of("rival")), max(sense.of("meaning"))
    return [
        least,
        sum(needed) / len(needed),
        max(needed),
        most,
        _log_odds(least),
        _log_odds(most),
        float(np.prod(needed)),
        *(
            max(sense.of(name))
            for name in ("any misconception", "list of words", "on topic", "length", "prompt")
        ),
        rival,
        meaning,
        rival - meaning,
        max(sense.of("wrong whole")),
        max(sense.of("right whole")),
        max(sense.of("contrary")),
        max(sense.of("neighbours")),
        min(sense.of("neighbours")),
        float(len(needed)),
        *(float(verdict_by_words == each) for each in CLASSES),
    ]


def _log_odds(chance: float) -> float:
    kept = min(max(chance, _CERTAIN), 1 - _CERTAIN)
    return float(np.log(kept / (1 - kept)))


@cache
def _fitted() -> tuple[Logistic, Logistic]:
    plain = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Logistic.of(plain["point"]), Logistic.of(plain["answer"])
