"""Predicted stars, personal lists, similar films, and the exact additive reason for a prediction.

Letters: I films (rows), K factors, n ratings of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.checkpoint import FactorModel
from recommender.foldin import Folded, pushes

Rows = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Why:
    """A prediction in stars, taken apart: mean + user_bias + item_bias + taste + clamp = predicted.

    For a "sigmoid" model `mean` is the middle of the range, the next three are raw numbers times the slope
    there, and `clamp` is all that the bend of the sigmoid takes. For a "clip" model `clamp` is what the cut
    takes. The pushes of all rated films plus `rest` (what the model assumes of anybody, and what cannot be
    attributed) add up to user_bias + taste.
    """

    mean: float
    user_bias: float
    item_bias: float
    taste: float
    clamp: float
    predicted: float
    because: tuple[tuple[int, float, float], ...]
    """(row, stars given, push in stars) of every rated film, the strongest push first."""
    rest: float


def scores(model: FactorModel, folded: Folded, rows: Sequence[int] | Rows | None = None) -> Floats:
    """Raw scores [I], or of `rows` only: what the link turns into stars. Sorts films as the stars do."""
    factors, biases = model.item_factors, model.item_bias
    if rows is not None:
        factors, biases = factors[rows], biases[rows]
    raw = np.asarray(factors.dot(folded.vector.astype(np.float32)))
    raw += biases
    raw += np.float32(model.offset + folded.bias)
    return raw


def predict(model: FactorModel, folded: Folded, rows: Sequence[int] | Rows | None = None) -> Floats:
    """Predicted stars of all films [I], or of `rows` only."""
    return np.asarray(model.stars(scores(model, folded, rows)), dtype=np.float32)


def top_n(model: FactorModel, folded: Folded, n: int, exclude_rows: Iterable[int] | None = None) -> Rows:
    """Rows of the n best films for this person, best first; fewer if there are not so many.

    `exclude_rows`: films left out; by default those that the person rated.
    """
    raw = scores(model, folded)
    left_out = folded.rows if exclude_rows is None else np.fromiter(exclude_rows, dtype=np.intp)
    raw[left_out] = -np.inf
    return best(raw, n)


def similar(model: FactorModel, row: int, n: int) -> Rows:
    """Rows of the n films whose vectors point most alike (cosine), the film itself left out.

    Raises IndexError for a row outside the model.
    """
    if not 0 <= row < model.n_items:
        raise IndexError(f"film row {row} lies outside 0..{model.n_items - 1}")
    lengths = np.linalg.norm(model.item_factors, axis=1)  # [I]
    cosines = model.item_factors @ model.item_factors[row] / np.maximum(lengths * lengths[row], 1e-12)
    cosines[row] = -np.inf
    return best(cosines, n)


def best(values: NDArray[np.floating], n: int) -> Rows:
    """Indices of the n largest finite values, largest first; of equals the lower index first."""
    n = min(n, len(values))
    if n <= 0:
        return np.zeros(0, dtype=np.intp)
    least = np.partition(values, len(values) - n)[len(values) - n]
    top = np.flatnonzero(values >= least)  # n, and more where several are the least
    kept = values[top]
    order = np.argsort(-kept, kind="stable")[:n]
    return np.asarray(top[order][np.isfinite(kept[order])])


def why(model: FactorModel, folded: Folded, row: int) -> Why:
    """Take the prediction for the film in `row` apart. The sums are exact but for rounding (1e-6 stars)."""
    if not 0 <= row < model.n_items:
        raise IndexError(f"film row {row} lies outside 0..{model.n_items - 1}")
    features = np.append(model.item_factors[row].astype(np.float64), 1.0)  # [K + 1]
    slope = model.slope
    user_bias = slope * folded.bias
    item_bias = slope * float(model.item_bias[row])
    taste = slope * float(folded.vector @ features[:-1])
    raw = model.offset + folded.bias + float(model.item_bias[row]) + float(folded.vector @ features[:-1])
    predicted = float(model.stars(np.array(raw)))
    by_film = slope * pushes(model, folded, features)  # [n]
    order = np.argsort(-np.abs(by_film), kind="stable")
    return Why(
        mean=model.centre,
        user_bias=user_bias,
        item_bias=item_bias,
        taste=taste,
        clamp=predicted - (model.centre + user_bias + item_bias + taste),
        predicted=predicted,
        because=tuple((int(folded.rows[i]), float(folded.stars[i]), float(by_film[i])) for i in order),
        rest=user_bias + taste - float(by_film.sum()),
    )
