import torch
from torch import nn


class CollabNN(nn.Module):
    """Scores [B] for a batch x [B, 2] of (viewer, film): vectors side by side, then a small net."""

    def __init__(self, n_users, n_films, user_width, film_width, hidden):
        super().__init__()
        self.users = nn.Embedding(n_users, user_width)
        self.films = nn.Embedding(n_films, film_width)
        self.layers = nn.___(
            nn.Linear(___, hidden),
            nn.___(),
            nn.Linear(hidden, ___),
        )

    def forward(self, x):
        users = self.users(x[:, 0])
        films = self.films(x[:, 1])
        both = torch.cat([users, films], dim=___)
        return self.layers(both).squeeze(___)
