import torch
from torch import nn


class GenreBias(nn.Module):
    """A sibling: a film's score from its genre and language alone, one number for each of them."""

    def __init__(self, n_genres, n_languages):
        super().__init__()
        # a ModuleList is a list that a module looks into
        self.tables = nn.ModuleList([nn.Embedding(n_genres, 1), nn.Embedding(n_languages, 1)])

    def forward(self, x):  # x [B, 2]: genre and language of each film
        parts = [table(x[:, i]) for i, table in enumerate(self.tables)]  # each [B, 1]
        return torch.cat(parts, dim=1).sum(dim=1)  # side by side [B, 2], then added [B]


torch.manual_seed(0)
model = GenreBias(18, 5)
films = torch.tensor([[0, 4], [17, 0], [3, 3]])
print(tuple(model(films).shape))  # (3,)
print([tuple(p.shape) for p in model.parameters()])  # [(18, 1), (5, 1)]: both are found
