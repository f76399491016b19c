"""Stars as classes: the net says how likely each mark is, and the prediction is the expected star.

Letters: B ratings in a batch, U users, I films, C marks of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from recommender.models.dot import embedding
from recommender.models.nets import embedding_width


class StarClassifier(nn.Module):
    """Embeddings side by side -> Linear -> ReLU -> Linear to C logits; cross-entropy loss."""

    marks: Tensor

    def __init__(self, n_users: int, n_films: int, marks: Sequence[float], width: int = 100):
        """`marks` [C]: the stars that can be given, rising."""
        super().__init__()
        self.register_buffer("marks", torch.tensor(marks, dtype=torch.float32))  # [C]
        self.user_factors = embedding(n_users, embedding_width(n_users))  # [U, Ku]
        self.film_factors = embedding(n_films, embedding_width(n_films))  # [I, Ki]
        both = self.user_factors.embedding_dim + self.film_factors.embedding_dim
        self.layers = nn.Sequential(nn.Linear(both, width), nn.ReLU(), nn.Linear(width, len(marks)))

    def logits(self, x: Tensor) -> Tensor:
        """A number per mark [B, C] for the pairs `x` [B, 2]; softmax makes probabilities of them."""
        users = self.user_factors(x[:, 0])  # [B] -> [B, Ku]
        films = self.film_factors(x[:, 1])  # [B] -> [B, Ki]
        logits: Tensor = self.layers(torch.cat([users, films], dim=1))  # [B, Ku + Ki] -> [B, C]
        return logits

    def forward(self, x: Tensor) -> Tensor:
        """The expected star [B]: each mark times its probability, added up."""
        return self.logits(x).softmax(dim=1) @ self.marks  # [B, C] @ [C] -> [B]

    def loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy, and the mean squared error of the expected star."""
        logits = self.logits(x)  # [B, C]
        classes = torch.searchsorted(self.marks, y.contiguous()).clamp_(max=len(self.marks) - 1)  # [B]
        expected = logits.detach().softmax(dim=1) @ self.marks  # [B]
        return nn.functional.cross_entropy(logits, classes), nn.functional.mse_loss(expected, y)
