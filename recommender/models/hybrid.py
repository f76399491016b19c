"""A net that also knows who the person is, what the film is and when it was rated.

Besides the rows of user and film it takes the user's age, gender and occupation, the film's genres and year,
the weekday, and the time since the first rating. What a data set does not have counts for nothing.
Letters: B ratings in a batch, U users, I films, J occupations, G genres.
`x` [B, 3] holds a user row, a film row and the time in seconds since 1970 (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.models.dot import Range, embedding, sigmoid_range
from recommender.models.nets import batch_norm, embedding_width
from recommender.ratings import Dataset, Items, Ratings, Users

DAY = 86_400
"""seconds"""


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known besides who rated what."""

    users: Tensor
    """[U, 3] age (standardised), whether it is known, gender (+1, -1, 0 unknown)"""
    jobs: Tensor
    """[U] occupation rows"""
    n_jobs: int
    films: Tensor
    """[I, G + 2] year (standardised), whether it is known, one 0/1 column per genre"""
    first: int
    """time of the first training rating, in seconds"""
    span: int
    """seconds from the first to the last training rating; at least 1"""


class Hybrid(nn.Module):
    """Embeddings and facts side by side -> Linear -> ReLU -> batch norm -> Linear -> sigmoid_range."""

    needs_time = True
    user_facts: Tensor
    film_facts: Tensor
    jobs: Tensor

    def __init__(self, facts: Facts, width: int = 100, y_range: Range = (0, 5.5)):
        super().__init__()
        self.y_range, self.first, self.span = y_range, facts.first, facts.span
        self.last = facts.first + facts.span
        self.register_buffer("user_facts", facts.users, persistent=False)  # [U, 3]
        self.register_buffer("film_facts", facts.films, persistent=False)  # [I, G + 2]
        self.register_buffer("jobs", facts.jobs, persistent=False)  # [U]
        self.user_factors, self.film_factors, self.job_factors, self.weekday_factors = tables = [
            embedding(rows, embedding_width(rows))
            for rows in (len(facts.users), len(facts.films), facts.n_jobs, 7)
        ]  # [U, Ku], [I, Ki], [J, Kj], [7, Kw]
        inputs = sum(table.embedding_dim for table in tables) + 3 + facts.films.shape[1] + 1
        self.layers = nn.Sequential(
            nn.Linear(inputs, width, bias=False), nn.ReLU(), batch_norm(width), nn.Linear(width, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Predicted stars [B] for `x` [B, 3]."""
        users, films, times = x[:, 0], x[:, 1], x[:, 2]  # [B] each
        weekday = (times // DAY + 3) % 7  # [B]; 0 is Monday, for 1970 began on a Thursday
        elapsed = (times - self.first).float() / self.span - 0.5  # [B] from -0.5 to 0.5 in training,
        elapsed = elapsed.clamp(-0.5, 0.5)  # [B] and a time outside of that counts as the nearer end
        parts = [
            self.user_factors(users),  # [B] -> [B, Ku]
            self.film_factors(films),  # [B] -> [B, Ki]
            self.job_factors(self.jobs[users]),  # [B] -> [B, Kj]
            self.weekday_factors(weekday),  # [B] -> [B, Kw]
            self.user_facts[users],  # [B] -> [B, 3]
            self.film_facts[films],  # [B] -> [B, G + 2]
            elapsed.unsqueeze(1),  # [B] -> [B, 1]
        ]
        score = self.layers(torch.cat(parts, dim=1)).squeeze(1)  # [B, all widths] -> [B, 1] -> [B]
        return score if self.y_range is None else sigmoid_range(score, *self.y_range)


def facts_of(train: Ratings, data: Dataset | None) -> Facts:
    """The facts of the users and films of `train`, rows as in `data`; the clock is that of `train`."""
    users, jobs, n_jobs = _users(train.n_users, data.users if data else None)
    times = np.zeros(1, dtype=np.int64) if train.times is None else train.times
    first, last = int(times.min()), int(times.max())
    films = _films(train.n_items, data.items if data else None)
    return Facts(users, jobs, n_jobs, films, first, max(1, last - first))


def _users(n: int, users: Users | None) -> tuple[Tensor, Tensor, int]:
    if users is None:
        return torch.zeros(n, 3), torch.zeros(n, dtype=torch.int64), 1
    ages = np.array(users.ages, dtype=np.float64)  # [U]
    genders = [{"F": 1.0, "M": -1.0}.get(gender, 0.0) for gender in users.genders]
    facts = np.stack([standardised(ages), ages > 0, genders], axis=1)  # [U, 3]
    names = sorted({"", *users.occupations})
    jobs = torch.tensor([names.index(name) for name in users.occupations])
    return torch.tensor(facts, dtype=torch.float32), jobs, len(names)


def _films(n: int, items: Items | None) -> Tensor:
    if items is None:
        return torch.zeros(n, 2)
    years = np.array(items.years, dtype=np.float64)  # [I]
    names = sorted({genre for genres in items.genres for genre in genres})
    flags = [[name in genres for genres in items.genres] for name in names]  # G lists of I
    return torch.tensor(np.stack([standardised(years), years > 0, *flags], axis=1), dtype=torch.float32)


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean 0 and spread 1 over the known (positive) values; the unknown become 0."""
    known = values > 0
    if not known.any():
        return np.zeros_like(values)
    spread = float(values[known].std()) or 1.0
    return np.where(known, (values - values[known].mean()) / spread, 0.0)
