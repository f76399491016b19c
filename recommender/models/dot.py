"""The lecture's own models: a film is liked as far as its vector and the person's point the same way.

Letters: B ratings in a batch, U users, I films, K factors. `x` [B, 2] holds a user row and a film row.
Source: fastbook, chapter 8.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def embedding(n_rows: int, width: int, std: float = 0.01) -> nn.Embedding:
    """A table of first weights as fastai draws them: N(0, 1), folded back into (-2, 2), times `std`."""
    table = nn.Embedding(n_rows, width, _weight=torch.empty(n_rows, width))
    with torch.no_grad():
        table.weight.normal_().fmod_(2).mul_(std)
    return table


def create_params(*size: int, std: float = 0.01) -> nn.Parameter:
    """A table made by hand: a tensor that the module registers because it is a Parameter."""
    return nn.Parameter(torch.zeros(*size).normal_(0, std))


def sigmoid_range(x: Tensor, low: float, high: float) -> Tensor:
    """Squash any number into (low, high)."""
    return torch.sigmoid(x) * (high - low) + low


Range = tuple[float, float] | None
Tables = tuple[Tensor, Tensor, Tensor | None, Tensor | None]


class DotProduct(nn.Module):
    """stars = u · v, or sigmoid_range(u · v) if there is a range."""

    def __init__(self, n_users: int, n_films: int, n_factors: int, y_range: Range = None, std: float = 0.01):
        super().__init__()
        self.y_range = y_range
        self.user_factors = embedding(n_users, n_factors, std)  # [U, K]
        self.film_factors = embedding(n_films, n_factors, std)  # [I, K]

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users = self.user_factors(x[:, 0])  # [B] -> [B, K]
        films = self.film_factors(x[:, 1])  # [B] -> [B, K]
        score = (users * films).sum(dim=1)  # [B, K] -> [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)

    def tables(self) -> Tables:
        """User vectors [U, K], film vectors [I, K], and no biases."""
        return self.user_factors.weight, self.film_factors.weight, None, None


class DotProductBias(nn.Module):
    """stars = sigmoid_range(u · v + how generous the user is + how good the film is)."""

    def __init__(
        self, n_users: int, n_films: int, n_factors: int, y_range: Range = (0, 5.5), std: float = 0.01
    ):
        super().__init__()
        self.y_range = y_range
        self.user_factors = embedding(n_users, n_factors, std)  # [U, K]
        self.user_bias = embedding(n_users, 1, std)  # [U, 1]
        self.film_factors = embedding(n_films, n_factors, std)  # [I, K]
        self.film_bias = embedding(n_films, 1, std)  # [I, 1]

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users = self.user_factors(x[:, 0])  # [B] -> [B, K]
        films = self.film_factors(x[:, 1])  # [B] -> [B, K]
        score = (users * films).sum(dim=1, keepdim=True)  # [B, K] -> [B, 1]
        score = score + self.user_bias(x[:, 0]) + self.film_bias(x[:, 1])  # [B, 1]
        score = score.squeeze(1)  # [B, 1] -> [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)

    def tables(self) -> Tables:
        """User vectors [U, K], film vectors [I, K], user biases [U, 1], film biases [I, 1]."""
        users, films = self.user_factors.weight, self.film_factors.weight
        return users, films, self.user_bias.weight, self.film_bias.weight


class DotProductBiasParams(nn.Module):
    """The same model without `nn.Embedding`: looking rows up is indexing a Parameter."""

    def __init__(
        self, n_users: int, n_films: int, n_factors: int, y_range: Range = (0, 5.5), std: float = 0.01
    ):
        super().__init__()
        self.y_range = y_range
        self.user_factors = create_params(n_users, n_factors, std=std)  # [U, K]
        self.user_bias = create_params(n_users, std=std)  # [U]
        self.film_factors = create_params(n_films, n_factors, std=std)  # [I, K]
        self.film_bias = create_params(n_films, std=std)  # [I]

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users = self.user_factors[x[:, 0]]  # [B] -> [B, K]
        films = self.film_factors[x[:, 1]]  # [B] -> [B, K]
        score = (users * films).sum(dim=1)  # [B, K] -> [B]
        score = score + self.user_bias[x[:, 0]] + self.film_bias[x[:, 1]]  # [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)

    def tables(self) -> Tables:
        """User vectors [U, K], film vectors [I, K], user biases [U], film biases [I]."""
        return self.user_factors, self.film_factors, self.user_bias, self.film_bias


class EmbeddingDotBias(DotProductBias):
    """fastai's `collab_learner`: the same model, its tables drawn in another order (vectors first)."""

    def __init__(self, n_users: int, n_films: int, n_factors: int, y_range: Range = None, std: float = 0.01):
        nn.Module.__init__(self)
        self.y_range = y_range
        self.user_factors = embedding(n_users, n_factors, std)  # [U, K]
        self.film_factors = embedding(n_films, n_factors, std)  # [I, K]
        self.user_bias = embedding(n_users, 1, std)  # [U, 1]
        self.film_bias = embedding(n_films, 1, std)  # [I, 1]
