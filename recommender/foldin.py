"""A vector and a bias for a person the model was not trained on, from any number of ratings, none included.

For the given ratings r of the films with vectors v and biases b, the person's w = (vector, bias) minimises

    sum over ratings of (r - stars(offset + b + w · (v, 1)))² + ridge * |w - prior|²

A "clip" model is linear below its link: one ridge regression, as in the user step of alternating least
squares (Hu, Koren, Volinsky 2008; Takács, Tikk 2012). A "sigmoid" model is solved by Gauss-Newton: the same
regression on the straight line that touches the sigmoid, a few times.
Letters: K factors, n ratings of the person, D = K + 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.checkpoint import FactorModel

Doubles = NDArray[np.float64]

MAX_STEPS = 6
CLOSE_ENOUGH = 1e-3
"""Gauss-Newton stops when no number of (vector, bias) moves by more, in raw units (about 0.001 stars)."""


@dataclass(frozen=True, eq=False)
class Folded:
    """A person as the model sees them, with what is needed to say which rating pushed where."""

    vector: Doubles
    """[K]"""
    bias: float
    rows: NDArray[np.intp]
    """[n] rows of the rated films"""
    stars: Doubles
    """[n] the person's ratings, in stars"""
    design: Doubles
    """[n, D] slope of the link at each rated film times (film vector, 1)"""
    response: Doubles
    """[n] the stars that each rating asks for beyond what the prior says, on the touching line"""
    ridge: float

    def pushes(self, features: Doubles) -> Doubles:
        """How far each rating moves the raw score of a film: [n], in raw units.

        `features` [D] is the film's (vector, 1). With A = XᵀX + ridge I, w - prior = A⁻¹ Xᵀ z is a sum over
        ratings, and so is its product with any film.
        """
        if not len(self.rows):
            return np.zeros(0)
        x = self.design
        weights = np.linalg.solve(x.T @ x + self.ridge * np.eye(x.shape[1]), features)  # [D]
        return (x @ weights) * self.response  # [n]


def fold_in(model: FactorModel, rows: Sequence[int] | NDArray[np.integer], stars: ArrayLike) -> Folded:
    """Find the vector and the bias of a person who gave `stars` [n] to the films in `rows` [n].

    Raises ValueError for rows outside the model, ratings that are not finite, or lengths that differ.
    """
    index = np.asarray(rows, dtype=np.intp).reshape(-1)
    given = np.asarray(stars, dtype=np.float64).reshape(-1)
    _check(model, index, given)
    prior = _prior(model)
    if not len(index):
        empty = np.zeros((0, len(prior)))
        return Folded(prior[:-1], float(prior[-1]), index, given, empty, np.zeros(0), model.ridge)
    features = np.ones((len(index), len(prior)))  # [n, D]
    features[:, :-1] = model.item_factors[index]
    known = model.offset + model.item_bias[index].astype(np.float64)  # [n] raw score without the person
    solve = _linear if model.link == "clip" else _gauss_newton
    w, design, response = solve(model, features, known, given, prior)
    return Folded(w[:-1], float(w[-1]), index, given, design, response, model.ridge)


def _check(model: FactorModel, rows: NDArray[np.intp], stars: Doubles) -> None:
    if len(rows) != len(stars):
        raise ValueError(f"{len(rows)} films, but {len(stars)} ratings")
    if len(rows) and (rows.min() < 0 or rows.max() >= model.n_items):
        raise ValueError(f"a film row lies outside 0..{model.n_items - 1}")
    if not np.isfinite(stars).all():
        raise ValueError("a rating is not a finite number")


def _prior(model: FactorModel) -> Doubles:
    if model.prior is None:
        return np.zeros(model.n_factors + 1)
    return model.prior.astype(np.float64)


def _ridge(design: Doubles, response: Doubles, strength: float) -> Doubles:
    """(XᵀX + strength I)⁻¹ Xᵀ z [D], by the smaller of the two equal systems (D x D, or n x n)."""
    n, d = design.shape
    if n < d:
        gram = design @ design.T  # [n, n]
        gram.flat[:: n + 1] += strength
        return np.asarray(design.T @ np.linalg.solve(gram, response))
    gram = design.T @ design  # [D, D]
    gram.flat[:: d + 1] += strength
    return np.asarray(np.linalg.solve(gram, design.T @ response))


def _linear(
    model: FactorModel, features: Doubles, known: Doubles, given: Doubles, prior: Doubles
) -> tuple[Doubles, Doubles, Doubles]:
    response = given - known - features @ prior  # [n]
    return prior + _ridge(features, response, model.ridge), features, response


def _gauss_newton(
    model: FactorModel, features: Doubles, known: Doubles, given: Doubles, prior: Doubles
) -> tuple[Doubles, Doubles, Doubles]:
    """Ridge on the touching line until nothing moves. A step that makes the loss worse is halved."""
    span = model.high - model.low
    w = prior
    part = model.stars(known + features @ w)  # [n] predicted stars
    loss = float(((given - part) ** 2).sum())
    for _ in range(MAX_STEPS):
        slopes = (part - model.low) * (model.high - part) / span  # [n] derivative of the sigmoid
        design = features * slopes[:, None]  # [n, D]
        response = given - part + design @ (w - prior)  # [n]
        target = prior + _ridge(design, response, model.ridge)
        step = target - w
        for _ in range(4):
            part = model.stars(known + features @ (w + step))
            new = w + step - prior
            new_loss = float(((given - part) ** 2).sum() + model.ridge * new @ new)
            if new_loss <= loss:
                break
            step = step / 2
        w, loss = w + step, new_loss
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    return w, design, response
