import torch
from torch import nn


class CollabNN(nn.Module):
    """Scores [B] for a batch x [B, 2] of (viewer, film): vectors side by side, then a small net."""

    def __init__(self, n_users, n_films, user_width, film_width, hidden):
        super().__init__()

    def forward(self, x):
        """One score per row of x."""
