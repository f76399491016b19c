"""The heavy kernel of the sampler: the vectors of all rows of one side, given the other side.

Rows with about the same number of ratings stand together in a block, padded to one length, so that a block is
one gather, one batched product and one batched Cholesky factorisation.
Letters: n rows, B rows in a block, L ratings of the longest of them, K factors, D = K + 1 (vector, bias).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

FULL = 0.75
"""A block holds rows with at least this share of the ratings of its longest row."""
CELLS = 1 << 15
"""A block has about so many cells B · L at most: what it gathers stays in the processor's cache."""


class Diverged(ArithmeticError):
    """The chain left the numbers; the message is one line."""


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one side with their ratings. Padding points at the row behind the last and has 0 stars."""

    rows: Tensor  # [B]
    others: Tensor  # [B, L] int32 rows of the other side
    stars: Tensor  # [B, L] ratings minus the mean rating


def blocks_of(
    rows: NDArray[np.integer],
    others: NDArray[np.integer],
    stars: NDArray[np.float32],
    n: int,
    n_others: int,
) -> list[Block]:
    """Group N ratings by row; rows without a rating are in no block."""
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=n)
    starts = np.cumsum(counts) - counts
    by_count = np.argsort(-counts, kind="stable")
    ascending = counts[by_count][::-1]
    n_filled = int((counts > 0).sum())
    blocks, first = [], 0
    while first < n_filled:
        length = int(counts[by_count[first]])
        fitting = n - int(np.searchsorted(ascending, np.ceil(FULL * length)))
        last = min(fitting, first + max(1, CELLS // length), n_filled)
        chosen = by_count[first:last]  # [B]
        cell = np.arange(length)[None, :]  # [1, L]
        real = cell < counts[chosen][:, None]  # [B, L]
        index = order[np.where(real, starts[chosen][:, None] + cell, 0)]
        blocks.append(
            Block(
                torch.from_numpy(chosen),
                torch.from_numpy(np.where(real, others[index], n_others).astype(np.int32)),
                torch.from_numpy(np.where(real, stars[index], 0).astype(np.float32)),
            )
        )
        first = last
    return blocks


def table_of(vectors: Tensor, precision: Tensor) -> Tensor:
    """What the other side gathers from [n, D] vectors (bias last): (vector, 1, bias) · sqrt(precision).

    [n + 1, D + 1]; the last row is zero, for padding. `precision` [n]: of each row's ratings, per star².
    """
    table = torch.zeros(len(vectors) + 1, vectors.shape[1] + 1)
    table[:-1, :-2] = vectors[:, :-1]
    table[:-1, -2] = 1
    table[:-1, -1] = vectors[:, -1]
    table[:-1] *= precision.sqrt()[:, None]
    return table


@dataclass(frozen=True, eq=False)
class Conditional:
    """Normal prior of each row's vector, and the row's own factor on the precision of its ratings."""

    means: Tensor  # [n, D]
    precision: Tensor  # [D, D]
    own: Tensor  # [n]


def draw_rows(
    blocks: list[Block], table: Tensor, given: Conditional, normal: Tensor
) -> tuple[Tensor, Tensor]:
    """Draw every row's vector [n, D] from its conditional posterior; also the weighted squared errors [n].

    For a row with ratings z of others with features f = (vector, 1), precision own · w of each:

        A = precision + own Σ w f fᵀ,   vector ~ N(A⁻¹ (precision mean + own Σ w f z), A⁻¹)

    `normal` [n, D] are standard normal numbers (zeros give the means instead of a draw); rows in no block get
    a draw from the prior. The squared error of a row is Σ w (z - f · vector)², without its own factor.
    Raises Diverged if a matrix is no longer positive definite.
    """
    dim = normal.shape[1]
    root = torch.linalg.cholesky(given.precision)
    vectors = given.means + torch.linalg.solve_triangular(root.T, normal.T, upper=True).T
    pull = given.means @ given.precision  # [n, D]
    errors = torch.zeros(len(vectors))
    for block in blocks:
        cells = table[block.others]  # [B, L, D + 1]
        cells[..., -1] = cells[..., -2] * block.stars - cells[..., -1]
        gram = cells.transpose(1, 2) @ cells  # [B, D + 1, D + 1]
        own = given.own[block.rows]  # [B]
        square, cross = gram[:, :dim, :dim], gram[:, :dim, dim]
        lower, bad = torch.linalg.cholesky_ex(own[:, None, None] * square + given.precision)
        if bool(bad.any()):
            raise Diverged("the chain diverged: a precision is no longer positive")
        target = own[:, None] * cross + pull[block.rows]  # [B, D]
        half = torch.linalg.solve_triangular(lower, target[..., None], upper=False)
        drawn = half + normal[block.rows][..., None]
        new = torch.linalg.solve_triangular(lower.transpose(1, 2), drawn, upper=True)  # [B, D, 1]
        vectors[block.rows] = new[..., 0]
        fitted = (square @ new)[..., 0] - 2 * cross  # [B, D]
        errors[block.rows] = gram[:, dim, dim] + (new[..., 0] * fitted).sum(1)
    return vectors, errors.clamp(min=0)
