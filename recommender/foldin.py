"""A vector and a bias for a person the model was not trained on, from any number of ratings, none included.

For the given ratings r of the films with vectors v and biases b, the person's w = (vector, bias) minimises

    sum over ratings of (r - stars(offset + b + w · (v, 1)))² + ridge · (w - prior)²

A "clip" model is linear below its link: one ridge regression, as in the user step of alternating least
squares (Hu, Koren, Volinsky 2008; Takács, Tikk 2012). A "sigmoid" model takes a few Gauss-Newton
steps, which share the matrix of such a regression while they shrink fast.
Letters: K factors, n ratings of the person, D = K + 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.checkpoint import FactorModel

Doubles = NDArray[np.float64]

MAX_STEPS = 20
MAX_HALVINGS = 6
CLOSE_ENOUGH = 0.005
"""The search ends with a step no longer than this, in raw units. Each is a small part of the one before:
on MovieLens 100K what is left is 0.0004 stars for most people, 0.003 for the worst film and person."""


@dataclass(frozen=True, eq=False)
class Folded:
    """A person as the model sees them, with the ratings that made them so."""

    vector: Doubles
    """[K]"""
    bias: float
    rows: NDArray[np.intp]
    """[n] rows of the rated films"""
    stars: Doubles
    """[n] the person's ratings, in stars"""


def fold_in(model: FactorModel, rows: Sequence[int] | NDArray[np.integer], stars: ArrayLike) -> Folded:
    """Find the vector and the bias of a person who gave `stars` [n] to the films in `rows` [n].

    Raises ValueError for rows outside the model, ratings that are not finite, or lengths that differ.
    """
    index = np.asarray(rows, dtype=np.intp).reshape(-1)
    given = np.asarray(stars, dtype=np.float64).reshape(-1)
    _check(model, index, given)
    w = model.anybody
    if len(index):
        features, known = _films(model, index)
        solve = _linear if model.link == "clip" else _curved
        w = solve(model, features, known, given, w)
    return Folded(w[:-1], float(w[-1]), index, given)


def pushes(model: FactorModel, folded: Folded, features: Doubles) -> Doubles:
    """How far each rating moves the raw score of a film with `features` = (vector, 1) [D]: raw units [n].

    With A = XᵀX + diag(ridge), w - prior = A⁻¹ Xᵀ z is a sum over ratings; so is its product with a film.
    """
    x, z = straightened(model, folded)
    if not len(z):
        return z
    weights = np.linalg.solve(_gram(x, model.ridges), features)  # [D]
    return np.asarray((x @ weights) * z)  # [n]


def straightened(model: FactorModel, folded: Folded) -> tuple[Doubles, Doubles]:
    """The ridge regression that has this person as its answer: X [n, D] and z [n].

    z is what each rating asks for beyond what the prior says, in stars, on the line that touches the link at
    the person's own score.
    """
    features, known = _films(model, folded.rows)
    prior = model.anybody
    if model.link == "clip":
        return features, folded.stars - known - features @ prior
    moved = np.append(folded.vector, folded.bias) - prior
    part = model.stars(known + features @ (prior + moved))
    x = features * _slopes(model, part)[:, None]
    return x, folded.stars - part + x @ moved


def _check(model: FactorModel, rows: NDArray[np.intp], stars: Doubles) -> None:
    if len(rows) != len(stars):
        raise ValueError(f"{len(rows)} films, but {len(stars)} ratings")
    if len(rows) and rows.view(np.uintp).max() >= model.n_items:  # a negative row is a huge one
        raise ValueError(f"a film row lies outside 0..{model.n_items - 1}")
    if not math.isfinite(stars.sum()):
        raise ValueError("a rating is not a finite number")


def _films(model: FactorModel, rows: NDArray[np.intp]) -> tuple[Doubles, Doubles]:
    """(film vector, 1) of each rated film [n, D], and the raw score that the film has by itself [n]."""
    features = np.ones((len(rows), model.n_factors + 1))
    features[:, :-1] = model.item_factors[rows]
    return features, model.offset + model.item_bias[rows].astype(np.float64)


def _slopes(model: FactorModel, stars: Doubles) -> Doubles:
    """Derivative of the sigmoid link where it gives `stars`."""
    return np.asarray((stars - model.low) * (model.high - stars) / (model.high - model.low))


def _gram(x: Doubles, ridges: Doubles) -> Doubles:
    """XᵀX + diag(ridges) [D, D]."""
    gram = x.T @ x
    gram.flat[:: len(ridges) + 1] += ridges
    return np.asarray(gram)


def _linear(model: FactorModel, features: Doubles, known: Doubles, given: Doubles, prior: Doubles) -> Doubles:
    response = given - known - features @ prior  # [n]
    return np.asarray(prior + np.linalg.solve(_gram(features, model.ridges), response @ features))


def _curved(model: FactorModel, features: Doubles, known: Doubles, given: Doubles, prior: Doubles) -> Doubles:
    """Gauss-Newton that keeps its matrix while it pays; a step that climbs is halved.

    stars = centre + span/2 * tanh(raw / 2), so everything is counted in units of span/2 and raw / 2. The
    search starts where the bias alone explains the ratings best: from there one matrix is mostly enough.
    """
    unit = (model.high - model.low) / 2  # stars
    target = (given - model.centre) / unit  # [n]
    ridges = model.ridges * (2 / unit) ** 2
    start = 0.5 * (known + features.dot(prior))  # [n] half the raw scores at the prior
    part = np.tanh(start)  # [n] predictions
    slope = 1 - part * part  # [n] derivative of the tanh
    moved = np.zeros(len(prior))  # (w - prior) / 2
    moved[-1] = slope.dot(target - part) / (slope.dot(slope) + ridges[-1])
    held = ridges * moved
    part = np.tanh(start + moved[-1])
    miss = target - part
    loss, size, inverse = miss.dot(miss) + held.dot(moved), math.inf, None
    for _ in range(MAX_STEPS):
        slope = 1 - part * part
        if inverse is None:
            inverse = np.linalg.inv(_gram(features * slope[:, None], ridges))  # [D, D]
        step = inverse.dot((slope * miss).dot(features) - held)
        before, size = size, 2 * math.sqrt(step.dot(step))
        if size < CLOSE_ENOUGH:
            return np.asarray(prior + 2 * (moved + step))
        if size > before / 4:
            inverse = None  # the curve has changed too much since
        for _ in range(MAX_HALVINGS):
            new = moved + step
            part = np.tanh(start + features.dot(new))
            miss, held = target - part, ridges * new
            new_loss = miss.dot(miss) + held.dot(new)
            if new_loss <= loss:
                break
            step = step / 2
        moved, loss = new, new_loss
    return prior + 2 * moved
