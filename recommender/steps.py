"""One training step, twice: as people read it (autograd) and as fast as it goes (gradients written out).

Both do the same: mean squared error of a batch, its gradient, one AdamW step with the learning rate and beta1
that the schedule gives.
Letters: N ratings, B of them in a batch, U users, I films, K factors, T = U + I rows, D = K + 1.
"""

from __future__ import annotations

import math
from typing import Protocol, cast

import torch
from torch import Tensor, nn

from recommender.config import TrainConfig

PIECE = 2048
"""Ratings that a step looks at in one go: what it needs for them stays in the processor's cache."""


class DotModel(Protocol):
    """A model whose score is u · v + biases: what the closed form can train."""

    y_range: tuple[float, float] | None

    def tables(self) -> tuple[Tensor, Tensor, Tensor | None, Tensor | None]:
        """User vectors [U, K], film vectors [I, K], user biases, film biases."""


class Graded(Protocol):
    """A model that brings its own loss."""

    def loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """What is minimised, and the mean squared error in stars."""


class Stepper(Protocol):
    """What the trainer needs: batches of one epoch, and a step on one of them."""

    def shuffle(self, order: Tensor) -> None:
        """Lay out the batches of one epoch from `order` [n_batches, B], numbers of ratings."""

    def step(self, batch: int, lr: float, beta1: float) -> float:
        """Learn from one batch of the epoch. Returns its mean squared error before the step."""


class AutogradStep:
    """The readable path: PyTorch finds the gradients, its optimiser does the step."""

    def __init__(self, model: nn.Module, config: TrainConfig, x: Tensor, y: Tensor):
        self.model, self.x, self.y = model, x, y  # x [N, 2 or more], y [N]
        optimiser = torch.optim.AdamW if config.decoupled else torch.optim.Adam
        self.optimiser = optimiser(
            decay_groups(model, config.wd),
            lr=config.lr,
            betas=(0.9, config.beta2),
            eps=config.eps,
            fused=True,
        )
        self.beta2 = config.beta2

    def shuffle(self, order: Tensor) -> None:
        """Keep the order; each batch is looked up when its turn comes."""
        self.order = order  # [n_batches, B]

    def step(self, batch: int, lr: float, beta1: float) -> float:
        """Learn from one batch of the epoch. Returns its mean squared error before the step."""
        chosen = self.order[batch]  # [B]
        for group in self.optimiser.param_groups:
            group["lr"], group["betas"] = lr, (beta1, self.beta2)
        self.optimiser.zero_grad()
        loss, error = loss_of(self.model, self.x[chosen], self.y[chosen])
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        return float(error.detach())


def loss_of(model: nn.Module, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """What is minimised, and the mean squared error in stars; the same number for all but classifiers."""
    if hasattr(model, "loss"):
        loss, error = cast(Graded, model).loss(x, y)
        return loss, error
    error = nn.functional.mse_loss(model(x), y)  # both [B]
    return error, error


def decay_groups(model: nn.Module, wd: float) -> list[dict[str, object]]:
    """Parameters with and without decay: as in fastai, no decay for batch norm and for any `.bias`.

    The biases of users and films are tables (`.bias.weight`) and do decay.
    """
    spared: list[nn.Parameter] = []
    for module in model.modules():
        own = dict(module.named_parameters(recurse=False))
        if isinstance(module, nn.BatchNorm1d):
            spared += own.values()
        elif "bias" in own:
            spared.append(own["bias"])
    names = {id(p) for p in spared}
    decayed = [p for p in model.parameters() if p.requires_grad and id(p) not in names]
    spared = [p for p in spared if p.requires_grad]
    groups: list[dict[str, object]] = [{"params": decayed, "weight_decay": wd}]
    return [*groups, {"params": spared, "weight_decay": 0.0}] if spared else groups


class Buffers:
    """Memory for P ratings and the views of it that a step uses, made once."""

    def __init__(self, size: int, k: int, width: int):
        self.picked = torch.empty(2 * size, width)  # [2P, D] the rows of the ratings
        self.users, self.films = self.picked[:size], self.picked[size:]  # [P, D] each
        self.user_vectors, self.film_vectors = self.users[:, :k], self.films[:, :k]  # [P, K] each
        self.products = torch.empty(size, k)  # [P, K]
        self.pushed = torch.empty(2 * size, width)  # [2P, D] gradients of the rows
        self.push_users, self.push_films = self.pushed[:size], self.pushed[size:]  # [P, D] each
        if width > k:
            self.biases = self.picked[:, k]  # [2P]
            self.user_biases, self.film_biases = self.biases[:size], self.biases[size:]  # [P] each


class ClosedFormStep:
    """The fast path for the dot-product models.

    All tables live in one table W [T, D]: users above films, the bias in the last column. The model's
    parameters are views of it, so the model is up to date after every step. With s = u · v + bu + bi,
    p = sigmoid(s) and e = d loss / d s the gradients are

        e = 2/B * (stars - y) * (high - low) * p * (1 - p)
        du = e v,   dv = e u,   dbu = dbi = e

    They are added up per row in a table that is reused, and one fused call updates all of W.
    """

    def __init__(self, model: DotModel, config: TrainConfig, x: Tensor, y: Tensor):
        self.tables = join_tables(model)  # [T, D]
        users, _, biases, _ = model.tables()
        self.n_factors, self.biased = users.shape[1], biases is not None
        self.ranged = model.y_range is not None
        low, high = model.y_range or (0.0, 1.0)
        self.span = high - low
        self.y = (y - low) / self.span  # [N] in units of the range
        self.rows = x + torch.tensor([0, len(users)])  # [N, 2] rows of W
        self.config = config
        self.gradient, self.average, self.square = (torch.zeros_like(self.tables) for _ in range(3))
        self.count = torch.zeros(())
        self.buffers: dict[int, Buffers] = {}
        self.update = torch._fused_adamw_ if config.decoupled else torch._fused_adam_

    def shuffle(self, order: Tensor) -> None:
        """Lay out all batches of the epoch at once, a large one in several pieces.

        A piece has rows [2P] (users, then films) and stars [P] of P ratings.
        """
        size = order.shape[1]
        self.scale = 2 / size * self.span**2
        pieces = [
            zip(
                self.rows[part].transpose(1, 2).reshape(len(part), -1).unbind(),
                self.y[part].unbind(),
                strict=True,
            )
            for part in order.tensor_split(math.ceil(size / PIECE), dim=1)
        ]
        self.batches = list(zip(*pieces, strict=True))

    def step(self, batch: int, lr: float, beta1: float) -> float:
        """Learn from one batch of the epoch. Returns its mean squared error before the step."""
        pieces = self.batches[batch]
        self.gradient.zero_()
        squares = sum(self._learn(index, target) for index, target in pieces)
        self._adam(lr, beta1)
        return squares / sum(len(target) for _, target in pieces)

    def _learn(self, index: Tensor, target: Tensor) -> float:
        """Add the gradient of P ratings, rows [2P] and stars [P]. Returns the sum of their squared errors."""
        buffers = self.buffers.get(len(target)) or self._make_buffers(len(target))
        torch.index_select(self.tables, 0, index, out=buffers.picked)  # [2P, D]
        score = torch.mul(buffers.user_vectors, buffers.film_vectors, out=buffers.products).sum(1)  # [P]
        if self.biased:
            score += buffers.user_biases
            score += buffers.film_biases
            buffers.biases.fill_(1)  # d s / d bias: the two products below give the biases' gradients, too
        e, squares = self._back(score, target)  # [P, 1]
        torch.mul(buffers.films, e, out=buffers.push_users)
        torch.mul(buffers.users, e, out=buffers.push_films)
        self.gradient.index_add_(0, index, buffers.pushed)
        return squares

    def _make_buffers(self, size: int) -> Buffers:
        made = Buffers(size, self.n_factors, self.tables.shape[1])
        self.buffers[size] = made
        return made

    def _back(self, score: Tensor, target: Tensor) -> tuple[Tensor, float]:
        """From scores [P] to d loss / d score [P, 1] and the sum of the squared errors."""
        p = score.sigmoid_() if self.ranged else score  # [P] in units of the range
        miss = p - target  # [P]
        squares = float(torch.dot(miss, miss)) * self.span**2
        if self.ranged:
            miss *= torch.addcmul(p, p, p, value=-1)  # p (1 - p)
        return miss.mul_(self.scale).unsqueeze(1), squares

    def _adam(self, lr: float, beta1: float) -> None:
        self.count += 1
        self.update(
            [self.tables],
            [self.gradient],
            [self.average],
            [self.square],
            [],
            [self.count],
            lr=lr,
            beta1=beta1,
            beta2=self.config.beta2,
            weight_decay=self.config.wd,
            eps=self.config.eps,
            amsgrad=False,
            maximize=False,
        )


def join_tables(model: DotModel) -> Tensor:
    """Move the model's tables into one [T, D] and make its parameters views of that."""
    users, films, user_bias, film_bias = model.tables()
    n_users, k = users.shape
    joined = torch.empty(n_users + len(films), k + (user_bias is not None))
    with torch.no_grad():
        for parameter, view in (
            (users, joined[:n_users, :k]),
            (films, joined[n_users:, :k]),
            (user_bias, joined[:n_users, k:]),
            (film_bias, joined[n_users:, k:]),
        ):
            if parameter is not None:
                view = view if parameter.dim() == 2 else view[:, 0]  # [n, 1] or [n]
                view.copy_(parameter)
                parameter.data = view
    return joined
