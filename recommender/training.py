"""Training as an iterator of events: stop, look or go on after any step.

Letters: N training ratings, B ratings in a batch, U users, I films.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from recommender.config import TrainConfig, one_cycle
from recommender.events import Cancelled, Epoch, Event, Failed, Finished, Progress, Started
from recommender.models import create
from recommender.ratings import Dataset, Ratings
from recommender.steps import AutogradStep, ClosedFormStep, DotModel, Stepper

Floats = NDArray[np.float32]

PROGRESS_STEPS = 50
"""A Progress event is yielded every so many steps."""


class Trainer:
    """A model in training. `step()` learns from one batch; between steps everything may be read."""

    def __init__(
        self,
        config: TrainConfig,
        train: Ratings,
        valid: Ratings | None = None,
        model: nn.Module | None = None,
        data: Dataset | None = None,
    ):
        """Prepare to train the model that `config` names (or `model`, if given) on `train`.

        `data` is where `hybrid` finds its facts; `train` must have its rows.
        Raises ValueError if there are no ratings.
        """
        if not len(train):
            raise ValueError("there are no ratings to learn from")
        self.config, self.train, self.valid = config, train, valid
        with torch.random.fork_rng(devices=[]):  # one stream, as in fastai: first weights, then batches
            torch.manual_seed(config.seed)
            self.model = create(config, train, data) if model is None else model
            self._shuffler = torch.Generator()
            self._shuffler.set_state(torch.get_rng_state())
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(not name.startswith(config.freeze or ("\0",)))
        rows = train.n_users + train.n_items
        self.batch_size = min(max(config.batch_size, round(config.batch_share * rows)), len(train))
        self.n_batches = len(train) // self.batch_size
        self.n_steps = config.epochs * self.n_batches
        self.steps_done = 0
        self.smooth = Smooth()
        self._stepper = self._make_stepper()

    def _make_stepper(self) -> Stepper:
        x = self._inputs(self.train.users, self.train.items, self.train.times)  # [N, 2 or 3]
        y = torch.from_numpy(np.array(self.train.stars, dtype=np.float32))  # [N]
        if self.config.fast and not self.config.freeze and hasattr(self.model, "tables"):
            return ClosedFormStep(cast(DotModel, self.model), self.config, x, y)
        return AutogradStep(self.model, self.config, x, y)

    @property
    def epoch(self) -> int:
        """Number of complete epochs."""
        return self.steps_done // self.n_batches

    @property
    def done(self) -> bool:
        """True after the last step."""
        return self.steps_done >= self.n_steps

    def step(self) -> float:
        """Learn from the next batch. Returns its mean squared error (stars squared) before the step.

        Raises FloatingPointError when the error is not finite; the weights are of no use then.
        """
        batch = self.steps_done % self.n_batches
        if batch == 0:
            order = torch.randperm(len(self.train), generator=self._shuffler)  # [N]
            self._stepper.shuffle(
                order[: self.n_batches * self.batch_size].view(self.n_batches, self.batch_size)
            )
        if not self.model.training:
            self.model.train()
        lr, beta1 = one_cycle(self.config, self.steps_done / self.n_steps)
        error = self._stepper.step(batch, lr, beta1)
        self.steps_done += 1
        if not math.isfinite(error):
            raise FloatingPointError(
                f"the error is no longer a number at step {self.steps_done}; try a smaller learning rate "
                f"than {self.config.lr:g}"
            )
        self.smooth.add(error)
        return error

    def _inputs(self, users: ArrayLike, items: ArrayLike, times: ArrayLike | None) -> Tensor:
        """What the model takes: [B, 2], or [B, 3] with the time (by default the last of training)."""
        if not getattr(self.model, "needs_time", False):
            return columns(users, items)
        return columns(users, items, np.full(np.shape(users), self.model.last) if times is None else times)

    def predict(self, users: ArrayLike, items: ArrayLike, times: ArrayLike | None = None) -> Floats:
        """Predicted stars [B] for user rows [B] and film rows [B] (at `times` [B] in seconds, for hybrid)."""
        return predict(self.model, self._inputs(users, items, times))

    def mse(self, ratings: Ratings) -> float:
        """Mean squared error in stars squared; nan for no ratings."""
        if not len(ratings):
            return math.nan
        miss = self.predict(ratings.users, ratings.items, ratings.times) - ratings.stars  # [B]
        return float(np.mean(np.square(miss, dtype=np.float64)))

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """All steps that are left, as events; the last is Finished, Failed or Cancelled."""
        began = time.perf_counter()
        yield Started(self.config.to_dict())
        epochs: list[Epoch] = []
        while not self.done:
            if cancelled():
                yield Cancelled()
                return
            try:
                self.step()
            except FloatingPointError as error:
                yield Failed(str(error))
                return
            if self.steps_done % self.n_batches == 0:
                valid_mse = None if self.valid is None else self.mse(self.valid)
                epochs.append(Epoch(self.epoch, self.smooth.value, valid_mse, time.perf_counter() - began))
                yield epochs[-1]
            elif self.steps_done % PROGRESS_STEPS == 0:
                yield Progress(self.steps_done / self.n_steps, f"epoch {self.epoch + 1}/{self.config.epochs}")
        yield Finished(self._result(epochs, time.perf_counter() - began), self)

    def _result(self, epochs: list[Epoch], seconds: float) -> dict[str, object]:
        valid_mse = epochs[-1].valid_mse if epochs else None
        return {
            "train_mse": self.smooth.value,
            "valid_mse": valid_mse,
            "valid_rmse": None if valid_mse is None else math.sqrt(valid_mse),
            "seconds": seconds,
            "epochs": [{k: v for k, v in epoch.to_dict().items() if k != "event"} for epoch in epochs],
        }


def train(
    config: TrainConfig,
    train: Ratings,
    valid: Ratings | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    data: Dataset | None = None,
) -> Iterator[Event]:
    """Train once. The last event is Finished (its `model` is the Trainer), Failed or Cancelled."""
    try:
        trainer = Trainer(config, train, valid, data=data)
    except ValueError as error:
        yield Failed(str(error))
        return
    yield from trainer.run(cancelled)


class Smooth:
    """The training loss as fastai shows it: a running average of batch losses, 0.98 old and 0.02 new.

    It never starts anew; dividing by 1 - 0.98^n takes out the zero that it started from.
    """

    def __init__(self, memory: float = 0.98):
        self.memory, self.total, self.count = memory, 0.0, 0

    def add(self, loss: float) -> None:
        """Take one more batch in."""
        self.total = self.memory * self.total + (1 - self.memory) * loss
        self.count += 1

    @property
    def value(self) -> float:
        """The average; nan before the first batch."""
        return self.total / (1 - self.memory**self.count) if self.count else math.nan


def columns(*values: ArrayLike) -> Tensor:
    """Whole numbers [B], several times -> [B, how many]."""
    return torch.from_numpy(np.stack([np.asarray(v, dtype=np.int64).reshape(-1) for v in values], axis=1))


def predict(model: nn.Module, x: Tensor, chunk: int = 8192) -> Floats:
    """Predicted stars [B] for `x` [B, ...], in evaluation mode, `chunk` rows at a time."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        parts = [model(x[start : start + chunk]).numpy() for start in range(0, len(x), chunk)]
    model.train(was_training)
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def tables_of(model: nn.Module) -> tuple[Floats, Floats, Floats, Floats]:
    """Copies of user vectors [U, K], film vectors [I, K], user and film biases [U], [I] (zeros if none)."""
    users, films, user_bias, film_bias = (
        None if table is None else table.detach().numpy().copy() for table in cast(DotModel, model).tables()
    )
    assert users is not None and films is not None  # every dot-product model has them
    biases = [
        np.zeros(len(table), np.float32) if bias is None else bias.reshape(-1)
        for table, bias in ((users, user_bias), (films, film_bias))
    ]
    return users, films, biases[0], biases[1]
