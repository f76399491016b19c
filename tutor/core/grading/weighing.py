"""From what was measured to how sure the grader is: logistic regressions, fitted on graded answers.

One gives each point the probability that the answer makes it, one each misconception that it is stated. The
third looks at the points and at the answer as a whole and gives the probabilities of correct, partial and
incorrect; a fourth compares a sentence with its contradiction. There are four for what directions tell, and
four for what votes tell, which are less sure. Their numbers stand in `weights.json`, written by
`tests/benchmarks/fit_grading.py`.
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

from tutor.core.grading.sense import CLAIM_FEATURES, Sense
from tutor.core.grading.stance import VERDICTS, log_odds

Doubles = NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "weights.json"
STATED = 0.08
"""A misconception is named from this probability on: most answers state none, and few state two."""
FAR = 0.22
"""An answer whose likeness to all ways to state a misconception is below this does not state it, -1 to 1:
what is said of something else altogether is no misconception about this."""
CLASSES = VERDICTS
LEARNT, VOTED = "learnt", "voted"
"""The regressions where directions were fitted for a question, and where its stored texts vote."""


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
    misconceptions: dict[str, float]
    """Probability that a misconception is stated."""

    @property
    def stated(self) -> list[str]:
        """The misconceptions that are named to the learner."""
        return [name for name, chance in self.misconceptions.items() if chance >= STATED]


def weigh(sense: Sense, required: Sequence[str], verdict_by_words: str) -> Weighed:
    """The probabilities for a measured answer; `required` are ids of points."""
    fitted = _fitted(sense)
    chances = fitted["point"].probabilities(list(sense.rows.values()))[:, 0]
    points = dict(zip(sense.rows, map(float, chances), strict=True))
    whole = fitted["answer"].probabilities([answer_features(sense, points, required, verdict_by_words)])[0]
    stated: dict[str, float] = {}
    if sense.claims:
        claimed = fitted["claim"].probabilities(list(sense.claims.values()))[:, 0]
        likeness = CLAIM_FEATURES.index("meaning")
        stated = {
            name: float(chance) if row[likeness] >= FAR else 0.0
            for (name, row), chance in zip(sense.claims.items(), claimed, strict=True)
        }
    return Weighed(points, dict(zip(CLASSES, map(float, whole), strict=True)), verdict_by_words, stated)


def truth_of(sense: Sense, found: Weighed) -> float:
    """How right the answer seems as a statement, 0 to 1: only fit for comparing."""
    return float(_fitted(sense)["truth"].probabilities([truth_features(sense, found)])[0, 0])


def truth_features(sense: Sense, found: Weighed) -> list[float]:
    """What the fourth regression looks at: it tells a sentence from its contradiction."""
    return [
        log_odds(found.verdict["correct"] + found.verdict["partial"] / 2),
        *(max(sense.of(name)) for name in ("true", "least true", "any claim", "like correct", "words")),
        max(max(sense.of("makes")), max(sense.of("makes in part"))),
        max(max(sense.of("denies")), max(sense.of("denies in part"))),
        max(sense.of("contrary")),
        max(sense.of("right part")) - max(sense.of("wrong part")),
        max(sense.of("meaning")) - max(sense.of("rival")),
    ]


def answer_features(
    sense: Sense, points: dict[str, float], required: Sequence[str], verdict_by_words: str
) -> list[float]:
    """What the third regression looks at."""
    needed = [points[name] for name in required]
    least, most = min(needed), max(points.values())
    makes = [max(sense.row(name, "makes"), sense.row(name, "makes in part")) for name in required]
    rival, meaning = max(sense.of("rival")), max(sense.of("meaning"))
    return [
        least,
        sum(needed) / len(needed),
        max(needed),
        most,
        log_odds(least),
        log_odds(most),
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
        min(makes),
        sum(makes) / len(makes),
        max(sense.of("makes")),
        max(sense.of("denies")),
        *(max(sense.of(name)) for name in ("any claim", "like correct", "like partial")),
        *(max(sense.of(name)) for name in ("true", "least true")),
        *(float(verdict_by_words == each) for each in CLASSES),
        *(float(verdict_by_words == each) * max(sense.of("in order")) for each in CLASSES),
    ]


def _fitted(sense: Sense) -> dict[str, Logistic]:
    return _all()[LEARNT if sense.stance.is_learnt else VOTED]


@cache
def _all() -> dict[str, dict[str, Logistic]]:
    plain = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {
        way: {name: Logistic.of(plain[way][name]) for name in ("point", "claim", "answer", "truth")}
        for way in (LEARNT, VOTED)
    }
