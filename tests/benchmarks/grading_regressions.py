"""The four regressions of the grader, fitted on measured answers (`fit_grading.py`).

Letters: n answers, F features, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tutor.core.grading.sense import Sense
from tutor.core.grading.weighing import CLASSES, Logistic, Weighed, answer_features, truth_features

Doubles = NDArray[np.float64]
POINT_RIDGE, ANSWER_RIDGE, TRUTH_RIDGE = 10.0, 30.0, 3.0


@dataclass
class Learnt:
    """A graded answer, measured."""

    question: str
    sense: Sense
    by_words: str
    verdict: str
    points: frozenset[str]
    misconceptions: frozenset[str]
    required: list[str]
    told: frozenset[str] | None = None
    """Points that somebody said something of; None: of all, and of misconceptions and verdict, too."""
    chances: dict[str, float] | None = None


@dataclass
class Twins:
    """A sentence and its contradiction, measured."""

    question: str
    right: Learnt
    wrong: Learnt


def regress(features: Doubles, classes: Doubles, ridge: float) -> Logistic:
    """Fit by L-BFGS: features [n, F] on classes [n, C] of zeros and ones (C = 1: yes or no)."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    x, y = torch.from_numpy((features - mean) / scale), torch.from_numpy(classes)
    weights = torch.zeros(x.shape[1], y.shape[1], dtype=torch.double, requires_grad=True)
    bias = torch.zeros(y.shape[1], dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=500, line_search_fn="strong_wolfe")
    is_binary = y.shape[1] == 1

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = x @ weights + bias
        if is_binary:
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, y, reduction="sum")
        else:
            loss = torch.nn.functional.cross_entropy(scores, y, reduction="sum")
        total = loss + ridge / 2 * weights.square().sum()
        total.backward()
        return total

    optimiser.step(closure)
    return Logistic(mean, scale, weights.detach().numpy(), bias.detach().numpy())


def fit_points(answers: Sequence[Learnt]) -> Logistic:
    """The first regression."""
    rows = [
        (row, float(name in one.points))
        for one in answers
        for name, row in one.sense.rows.items()
        if one.told is None or name in one.told
    ]
    return regress(np.array([row for row, _ in rows]), np.array([[made] for _, made in rows]), POINT_RIDGE)


def fit_claims(answers: Sequence[Learnt]) -> Logistic:
    """The second regression."""
    rows = [
        (row, float(name in one.misconceptions))
        for one in answers
        if one.told is None
        for name, row in one.sense.claims.items()
    ]
    return regress(np.array([row for row, _ in rows]), np.array([[said] for _, said in rows]), POINT_RIDGE)


def fit_answers(answers: Sequence[Learnt]) -> Logistic:
    """The third regression, on the chances that the first gave."""
    rows = [
        (whole_row(one), [float(one.verdict == each) for each in CLASSES]) for one in answers if one.verdict
    ]
    return regress(
        np.array([row for row, _ in rows]), np.array([classes for _, classes in rows]), ANSWER_RIDGE
    )


def fit_truth(some: Sequence[Twins], points: Logistic, whole: Logistic) -> Logistic:
    """The fourth regression, on differences: the order of a pair must not matter."""
    rows = [truth_row(one.right, points, whole) - truth_row(one.wrong, points, whole) for one in some]
    return regress(
        np.array([*rows, *(-row for row in rows)]),
        np.array([[1.0]] * len(rows) + [[0.0]] * len(rows)),
        TRUTH_RIDGE,
    )


def truth_row(one: Learnt, points: Logistic, whole: Logistic) -> Doubles:
    """What the fourth regression looks at."""
    chances = points.probabilities(list(one.sense.rows.values()))[:, 0]
    made = dict(zip(one.sense.rows, map(float, chances), strict=True))
    verdict = whole.probabilities([answer_features(one.sense, made, one.required, one.by_words)])[0]
    found = Weighed(made, dict(zip(CLASSES, map(float, verdict), strict=True)), one.by_words, {})
    return np.array(truth_features(one.sense, found))


def whole_row(one: Learnt) -> list[float]:
    """What the third regression looks at."""
    assert one.chances is not None
    return answer_features(one.sense, one.chances, one.required, one.by_words)
