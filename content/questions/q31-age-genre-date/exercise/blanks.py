import torch
from torch import nn


class Tabular(nn.Module):
    """Scores [B] for categories [B, C] (codes) and numbers [B, N] (scaled), all side by side."""

    def __init__(self, sizes, n_numbers, hidden):
        super().__init__()
        self.tables = nn.ModuleList(nn.___(rows, width) for rows, width in sizes)
        together = sum(width for _, width in sizes) + ___
        self.layers = nn.Sequential(nn.Linear(together, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, categories, numbers):
        rows = [table(categories[:, ___]) for i, table in enumerate(self.tables)]
        row = torch.cat([*rows, ___], dim=1)
        return self.layers(row).squeeze(1)
