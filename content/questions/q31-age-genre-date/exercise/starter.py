import torch
from torch import nn


class Tabular(nn.Module):
    """Scores [B] for categories [B, C] (codes) and numbers [B, N] (scaled), all side by side."""

    def __init__(self, sizes, n_numbers, hidden):
        super().__init__()

    def forward(self, categories, numbers):
        """One score per row of the table."""
