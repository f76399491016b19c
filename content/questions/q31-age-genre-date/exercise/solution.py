import torch
from torch import nn


class Tabular(nn.Module):
    """Scores [B] for categories [B, C] (codes) and numbers [B, N] (scaled), all side by side."""

    def __init__(self, sizes, n_numbers, hidden):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(rows, width) for rows, width in sizes)
        together = sum(width for _, width in sizes) + n_numbers
        self.layers = nn.Sequential(nn.Linear(together, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, categories, numbers):
        rows = [table(categories[:, i]) for i, table in enumerate(self.tables)]  # each [B, width]
        row = torch.cat([*rows, numbers], dim=1)  # [B, together]
        return self.layers(row).squeeze(1)  # [B, 1] -> [B]
