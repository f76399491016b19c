"""Networks in place of the dot product: user and film are looked up, put side by side, sent through layers.

Letters: B ratings in a batch, U users, I films. `x` [B, 2] holds a user row and a film row. The two tables
need not be equally wide. Source: fastbook, chapter 8; for EmbeddingNN fastai's collab.py, tabular/model.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from recommender.models.dot import Range, embedding, sigmoid_range


def embedding_width(n_rows: int) -> int:
    """Width of a table by fastai's rule of thumb: min(600, 1.6 n^0.56), n with a row for unknowns."""
    return int(min(600, round(1.6 * float(n_rows + 1) ** 0.56)))


class CollabNN(nn.Module):
    """The lecture's net: embeddings side by side -> Linear -> ReLU -> Linear -> sigmoid_range."""

    def __init__(self, n_users: int, n_films: int, width: int = 100, y_range: Range = (0, 5.5)):
        super().__init__()
        self.y_range = y_range
        self.user_factors = embedding(n_users, embedding_width(n_users))  # [U, Ku]
        self.film_factors = embedding(n_films, embedding_width(n_films))  # [I, Ki]
        both = self.user_factors.embedding_dim + self.film_factors.embedding_dim
        self.layers = nn.Sequential(nn.Linear(both, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users = self.user_factors(x[:, 0])  # [B] -> [B, Ku]
        films = self.film_factors(x[:, 1])  # [B] -> [B, Ki]
        score = self.layers(torch.cat([users, films], dim=1)).squeeze(1)  # [B, Ku + Ki] -> [B, 1] -> [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)


class EmbeddingNN(nn.Module):
    """fastai's `collab_learner(use_nn=True)`: the same with batch norm after each hidden layer."""

    def __init__(
        self,
        n_users: int,
        n_films: int,
        layers: Sequence[int],
        y_range: Range = (0, 5.5),
        widths: tuple[int, int] | None = None,
    ):
        """`layers` are the widths of the hidden layers; `widths` Ku and Ki, by fastai's rule if None."""
        super().__init__()
        self.y_range = y_range
        user_width, film_width = widths or (embedding_width(n_users), embedding_width(n_films))
        self.user_factors = embedding(n_users, user_width)  # [U, Ku]
        self.film_factors = embedding(n_films, film_width)  # [I, Ki]
        width = self.user_factors.embedding_dim + self.film_factors.embedding_dim
        stack: list[nn.Module] = []
        for hidden in layers:
            stack += [nn.Linear(width, hidden, bias=False), nn.ReLU(), batch_norm(hidden)]
            width = hidden
        self.layers = nn.Sequential(*stack, nn.Linear(width, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for the pairs `x` [B, 2]."""
        users = self.user_factors(x[:, 0])  # [B] -> [B, Ku]
        films = self.film_factors(x[:, 1])  # [B] -> [B, Ki]
        score = self.layers(torch.cat([users, films], dim=1)).squeeze(1)  # [B, Ku + Ki] -> [B, 1] -> [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)


def batch_norm(width: int) -> nn.BatchNorm1d:
    """Batch norm as fastai starts it: weight 1, bias 0.001."""
    norm = nn.BatchNorm1d(width)
    nn.init.constant_(norm.bias, 1e-3)
    return norm
