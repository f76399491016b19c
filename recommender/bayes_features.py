"""What the prior of a user or a film may depend on: which films they rated (who rated it), and their traits.

A row of features is the 0/1 row of its ratings over the root of their count, beside columns of traits:

    x = (row / sqrt(n + c) + c / (n + c) · mean row - mean row,  weight · centred traits)

The c ratings that are thought to be missing are those of an average row, so a user with no rating at all has
x = 0. Only the leading singular directions of X are kept; in them XᵀX is diagonal, which makes the draw of
the link free. Letters: n rows of a side, C columns (other side + traits), R directions, M traits.
Sources: Simm et al. 2017 (Macau) for the link; Rendle, Zhang, Koren 2019 for who rated what as features;
Halko, Martinsson, Tropp 2011 for the randomised directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

from recommender.ratings import Items, Users

Floats = NDArray[np.float32]

OVERSAMPLE = 16
POWER_STEPS = 3


@dataclass(frozen=True, eq=False)
class Directions:
    """The features of one side in their own leading directions: scores = X basis."""

    scores: Tensor  # [n, R], columns orthogonal
    squares: Tensor  # [R], squared lengths of the columns of scores
    basis: Tensor  # [C, R], columns orthonormal
    mean_row: Tensor  # [C_other], mean of row / sqrt(n + c); what a row is centred by


def film_traits(items: Items) -> Floats:
    """[I, M]: genres (each film's share a length of 1), decade and year; unknown years stand at the mean."""
    genres = sorted({genre for of_film in items.genres for genre in of_film})
    columns = np.array([[name in of_film for name in genres] for of_film in items.genres], dtype=np.float32)
    columns = columns.reshape(len(items), len(genres))
    columns /= np.sqrt(np.maximum(columns.sum(axis=1, keepdims=True), 1))
    return np.hstack([columns, *_number(items.years)])


def user_traits(users: Users) -> Floats:
    """[U, M]: occupation, gender, decade of age and age; what is unknown stands at the mean."""
    return np.hstack([_one_hot(users.occupations), _one_hot(users.genders), *_number(users.ages)])


def directions(
    rows: NDArray[np.integer],
    others: NDArray[np.integer],
    shape: tuple[int, int],
    traits: Floats | None,
    rank: int,
    smoothing: float,
    rng: np.random.Generator,
) -> Directions:
    """The leading `rank` directions of the features of one side, from who (`rows`) rated what (`others`).

    `traits` [n, M] come weighted and centred; `smoothing` is c. Time and memory grow linearly with ratings.
    """
    n, n_others = shape
    pairs = np.sort(rows.astype(np.int64) * n_others + others)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # a film rated twice was seen once
    rows, others = pairs // n_others, pairs % n_others
    counts = np.bincount(rows, minlength=n)  # [n]
    values = 1 / np.sqrt(counts[rows] + smoothing)  # [N]
    mean = np.bincount(others, values, n_others) / n  # [C_other]
    by_other = np.argsort(others, kind="stable")
    features = _Features(
        _Sparse.of(counts, others, values),
        _Sparse.of(np.bincount(others, minlength=n_others), rows[by_other], values[by_other]),
        torch.from_numpy((counts / (counts + smoothing)).astype(np.float32)),
        torch.from_numpy(mean.astype(np.float32)),
        torch.zeros(n, 0) if traits is None else torch.from_numpy(traits),
    )
    return _leading(features, rank, rng)


@dataclass(frozen=True, eq=False)
class _Sparse:
    """A sparse matrix by rows: each row's columns and values one after the other, from its start on."""

    starts: Tensor
    columns: Tensor
    values: Tensor

    @classmethod
    def of(
        cls, counts: NDArray[np.integer], columns: NDArray[np.integer], values: NDArray[np.floating]
    ) -> _Sparse:
        """From the number of entries in each row, and the entries in order of their rows."""
        starts = torch.from_numpy(np.cumsum(counts) - counts)
        return cls(starts, torch.from_numpy(columns), torch.from_numpy(values.astype(np.float32)))

    def times(self, dense: Tensor) -> Tensor:
        """Its product with a dense matrix, whose rows are gathered: each has to lie in one piece."""
        dense = dense.contiguous()
        return embedding_bag(self.columns, dense, self.starts, mode="sum", per_sample_weights=self.values)


@dataclass(frozen=True, eq=False)
class _Features:
    """X = (raw - share ⊗ mean, traits) [n, C], kept sparse."""

    raw: _Sparse  # [n, C_other]
    raw_t: _Sparse  # [C_other, n]
    share: Tensor  # [n]
    mean: Tensor  # [C_other]
    traits: Tensor  # [n, M]

    def times(self, dense: Tensor) -> Tensor:
        """X dense: [C, R] -> [n, R]."""
        top, bottom = dense[: len(self.mean)], dense[len(self.mean) :]
        return self.raw.times(top) - self.share[:, None] * (self.mean @ top) + self.traits @ bottom

    def transposed_times(self, dense: Tensor) -> Tensor:
        """Xᵀ dense: [n, R] -> [C, R]."""
        top = self.raw_t.times(dense) - self.mean[:, None] * (self.share @ dense)
        return torch.cat([top, self.traits.T @ dense])


def _leading(features: _Features, rank: int, rng: np.random.Generator) -> Directions:
    n, columns = len(features.share), len(features.mean) + features.traits.shape[1]
    rank = min(rank, n, columns)
    width = min(rank + OVERSAMPLE, n, columns)
    side = torch.from_numpy(rng.standard_normal((n, width)).astype(np.float32))
    for _ in range(POWER_STEPS):
        side = features.times(torch.linalg.qr(features.transposed_times(side))[0])
    basis = torch.linalg.qr(features.transposed_times(side))[0]  # [C, width]
    scores = features.times(basis)  # [n, width]
    squares, turn = torch.linalg.eigh((scores.T @ scores).double())
    keep = torch.argsort(squares, descending=True)[:rank]
    turn = turn[:, keep].float()
    return Directions(scores @ turn, squares[keep].clamp(min=0).float(), basis @ turn, features.mean)


def _one_hot(values: Sequence[object]) -> Floats:
    """[n, number of different values]: 0.7, so that any two values lie one unit apart."""
    names = sorted({str(value) for value in values})
    place = {name: column for column, name in enumerate(names)}
    columns = np.zeros((len(values), len(names)), dtype=np.float32)
    columns[np.arange(len(values)), [place[str(value)] for value in values]] = 0.7
    return columns


def _number(values: Sequence[int]) -> tuple[Floats, Floats]:
    """A number's decade, and half its standard score; 0 is unknown, and taken as the median."""
    numbers = np.array(values, dtype=np.float64)
    known = numbers[numbers > 0]
    numbers[numbers <= 0] = np.median(known) if len(known) else 0
    score = (numbers - numbers.mean()) / max(float(numbers.std()), 1e-9)
    decades = _one_hot([int(number) // 10 for number in numbers])
    return decades, (0.5 * np.clip(score, -3, 3)[:, None]).astype(np.float32)
