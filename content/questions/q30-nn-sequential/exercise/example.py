import torch
from torch import nn


class YearNet(nn.Module):
    """A sibling: guesses a score from a film's vector and its year, by way of a small net."""

    def __init__(self, n_films, width):
        super().__init__()
        self.films = nn.Embedding(n_films, width)
        self.net = nn.Sequential(
            nn.Linear(width + 1, 16),  # the vector, and one number more
            nn.Tanh(),  # another bend: it squeezes numbers into -1 to 1
            nn.Linear(16, 1),
        )

    def forward(self, films, years):  # films [B] codes, years [B] numbers
        joined = torch.cat([self.films(films), years[:, None]], dim=1)  # [B, width + 1]
        return self.net(joined).squeeze(1)  # [B]


torch.manual_seed(0)
model = YearNet(10, 4)
scores = model(torch.tensor([3, 7]), torch.tensor([0.2, -1.0]))
print(tuple(scores.shape))  # (2,)
print(len(list(model.parameters())))  # 5: the table, and a matrix and a bias for each linear layer
