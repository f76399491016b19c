import torch
from torch import nn


class CollabNN(nn.Module):
    """Scores [B] for a batch x [B, 2] of (viewer, film): vectors side by side, then a small net."""

    def __init__(self, n_users, n_films, user_width, film_width, hidden):
        super().__init__()
        self.users = nn.Embedding(n_users, user_width)
        self.films = nn.Embedding(n_films, film_width)
        self.layers = nn.Sequential(
            nn.Linear(user_width + film_width, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )

    def forward(self, x):
        users = self.users(x[:, 0])  # [B, Ku]
        films = self.films(x[:, 1])  # [B, Ki]
        both = torch.cat([users, films], dim=1)  # [B, Ku + Ki]
        return self.layers(both).squeeze(1)  # [B, 1] -> [B]
