"""One side of the Bayesian model, users or films: its vectors, their prior, and the precision of its ratings.

Each row's w = (vector, bias) has the prior N(mean + link · x, precision⁻¹) with

    x           the row's features (see bayes_features)
    link        N(0, (shrink · precision)⁻¹) in each of the R directions
    mean        N(0, (2 · precision)⁻¹)
    precision   Wishart(D + 1 degrees of freedom, scale (SPREAD · 1)⁻¹)
    shrink      Gamma(1, 0.01)
    noise       each row's factor on the precision of its ratings: Gamma(dof / 2, dof / 2), mean 1

Sources: Salakhutdinov and Mnih 2008 (BPMF); Simm et al. 2017 (Macau). Letters as in bayes_blocks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.bayes_blocks import Block, Conditional, Diverged, draw_rows
from recommender.bayes_features import Directions

SPREAD = 2.0
MEAN_STRENGTH = 2.0
SHRINK_PRIOR = (1.0, 0.01)


class SideDraw(NamedTuple):
    """One draw of a side; later draws leave it as it is."""

    vectors: Tensor  # [n, D]
    noise: Tensor  # [n]
    mean: Tensor  # [D]
    link: Tensor  # [R, D]
    precision: Tensor  # [D, D]


class Side:
    """State of one side; every method replaces part of it by a draw given all the rest."""

    def __init__(self, blocks: list[Block], features: Directions, counts: NDArray[np.integer], dim: int):
        """Start at zero vectors with a prior of moderate strength. `counts` [n]: ratings of each row."""
        self.blocks, self.features = blocks, features
        self.counts = counts.astype(np.float64)
        n = len(counts)
        self.vectors = torch.zeros(n, dim)
        self.errors = torch.zeros(n)
        self.noise = torch.ones(n)
        self.mean = torch.zeros(dim)
        self.link = torch.zeros(len(features.squares), dim)
        self.means = torch.zeros(n, dim)
        self.precision = torch.eye(dim) * 15
        self.precision[-1, -1] = 4
        self.shrink = 10.0

    def draw_vectors(self, table: Tensor, rng: np.random.Generator | None) -> None:
        """Draw all vectors given the other side's table; without `rng` take the conditional means."""
        size = tuple(self.vectors.shape)
        normal = torch.zeros(size) if rng is None else normals(rng, size)
        given = Conditional(self.means, self.precision, self.noise)
        self.vectors, self.errors = draw_rows(self.blocks, table, given, normal)

    def draw_noise(self, dof: float, rng: np.random.Generator) -> None:
        """Draw each row's factor on the precision of its ratings, given its weighted squared errors."""
        rates = (dof + self.errors.double().numpy()) / 2
        drawn = rng.standard_gamma((dof + self.counts) / 2) / rates
        self.noise = torch.from_numpy(drawn.astype(np.float32))

    def draw_prior(self, rng: np.random.Generator) -> None:
        """Draw mean, link, precision and shrink, given the vectors."""
        n, dim = self.vectors.shape
        spread = _inverse_root(self.precision.double())  # [D, D], spread @ spreadᵀ = precision⁻¹
        from_link = self.features.scores @ self.link
        strength = n + MEAN_STRENGTH
        noise = spread @ normals(rng, (dim,)) / np.sqrt(strength)
        self.mean = (self.vectors - from_link).sum(0) / strength + noise
        strengths = self.features.squares + self.shrink  # [R]
        told = self.features.scores.T @ (self.vectors - self.mean)  # [R, D]
        noise = normals(rng, tuple(told.shape)) @ spread.T / strengths.sqrt()[:, None]
        self.link = told / strengths[:, None] + noise
        self.means = self.mean + self.features.scores @ self.link
        self._draw_precision(rng)

    def _draw_precision(self, rng: np.random.Generator) -> None:
        dim = len(self.mean)
        apart, link, mean = (self.vectors - self.means).double(), self.link.double(), self.mean.double()
        scatter = apart.T @ apart + SPREAD * torch.eye(dim, dtype=torch.double)
        scatter += self.shrink * link.T @ link + MEAN_STRENGTH * torch.outer(mean, mean)
        dof = len(apart) + len(link) + dim + 2  # D + 1, and one for the mean
        precision = wishart(rng, dof, scatter)
        shape, rate = SHRINK_PRIOR
        size = float(((link @ precision) * link).sum())
        self.shrink = float(rng.standard_gamma(shape + link.numel() / 2) / (rate + size / 2))
        self.precision = precision.float()

    def snapshot(self) -> SideDraw:
        """The present draw. No method writes into its tensors: each replaces them."""
        return SideDraw(self.vectors, self.noise, self.mean, self.link, self.precision)


def normals(rng: np.random.Generator, size: tuple[int, ...]) -> Tensor:
    """Standard normal numbers."""
    return torch.from_numpy(rng.standard_normal(size, dtype=np.float32))


def wishart(rng: np.random.Generator, dof: float, inverse_scale: Tensor) -> Tensor:
    """A draw [D, D] from the Wishart distribution, by Bartlett's decomposition. `dof` > D - 1."""
    dim = len(inverse_scale)
    lower = np.tril(rng.standard_normal((dim, dim)), -1)
    lower[np.arange(dim), np.arange(dim)] = np.sqrt(2 * rng.standard_gamma((dof - np.arange(dim)) / 2))
    factor = _inverse_root(inverse_scale, torch.double) @ torch.from_numpy(lower)
    return torch.mm(factor, factor.T)


def _inverse_root(matrix: Tensor, kind: torch.dtype = torch.float32) -> Tensor:
    """A root of the inverse: root @ rootᵀ = matrix⁻¹. Raises Diverged if there is none."""
    if not bool(torch.isfinite(matrix).all()):
        raise Diverged("the chain diverged: it holds numbers that are not finite")
    lower, bad = torch.linalg.cholesky_ex(matrix)
    if int(bad):
        raise Diverged("the chain diverged: a precision is no longer positive")
    eye = torch.eye(len(matrix), dtype=matrix.dtype)
    root: Tensor = torch.linalg.solve_triangular(lower, eye, upper=False).T.to(kind)
    return root
