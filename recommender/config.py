"""What a training run is: one frozen record, two recipes, the one-cycle schedule. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


class ConfigError(ValueError):
    """A setting that cannot be; the message names it and says what it may be."""


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a training run, the data apart. The defaults are the lecture's recipe."""

    model: str = "dot-bias"
    """Name of the model, as in `recommender.models.NAMES`."""
    epochs: int = 5
    """Passes over the training ratings."""
    lr: float = 5e-3
    """Highest learning rate of the one cycle."""
    wd: float = 0.1
    """Weight decay: a step takes lr * wd of each weight (decoupled), or adds wd * weight to its gradient."""
    batch_size: int = 64
    """Ratings in one step. The last, partial batch of an epoch is dropped."""
    batch_share: float = 0.0
    """A step takes at least so many ratings per user and film. It moves all of them, so work then grows
    with the ratings alone."""
    factors: int = 50
    """K, the length of a user's and a film's vector."""
    low: float = 0.0
    """Lower end of the sigmoid's range, in stars."""
    high: float = 5.5
    """Upper end of the sigmoid's range, in stars; a little over 5, so that 5 can be reached."""
    seed: int = 0
    """Decides first weights and the order of batches."""
    decoupled: bool = True
    """True: decay apart from the gradient (AdamW). False: L2 penalty inside the gradient (Adam)."""
    init_std: float = 0.01
    """Spread of the first weights."""
    beta2: float = 0.99
    """Memory of the squared gradients in Adam."""
    eps: float = 1e-5
    """Added to Adam's denominator."""
    momentum: tuple[float, float] = (0.95, 0.85)
    """Adam's beta1 at the ends and at the height of the cycle."""
    div: float = 25.0
    """The cycle starts at lr / div."""
    div_final: float = 1e5
    """The cycle ends at lr / div_final."""
    warm_up: float = 0.25
    """Share of all steps in which the learning rate rises."""
    layers: tuple[int, ...] = (100,)
    """Widths of the hidden layers of the nets."""
    freeze: tuple[str, ...] = ()
    """Parameters whose name starts with one of these keep their first values."""
    fast: bool = True
    """Use the closed-form gradients where there are some; False always takes the readable autograd path."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name in ("epochs", "batch_size", "factors"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.batch_share < math.inf:
            raise ConfigError(f"batch_share must be 0 or more, not {self.batch_share}")
        for name in ("lr", "init_std", "eps", "div", "div_final"):
            if not (0 < getattr(self, name) < math.inf):
                raise ConfigError(f"{name} must be a positive number, not {getattr(self, name)}")
        if not 0 <= self.wd < math.inf:
            raise ConfigError(f"wd must be 0 or more, not {self.wd}")
        if not -math.inf < self.low < self.high < math.inf:
            raise ConfigError(f"the range must rise, not {self.low} to {self.high}")

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON types."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


LESSON_WD = {"dot": 0.01, "dot-range": 0.01, "nn": 0.01, "classifier": 0.01}
"""Where the lecture does not say 0.1: fastai's own default."""

FAST = TrainConfig(epochs=5, batch_size=1024, batch_share=0.25, factors=32, lr=0.0115, beta2=0.9)
"""Few large steps. Found on other splits than those that are reported (see tests/benchmarks)."""


BEST: dict[str, dict[str, Any]] = {
    "lesson": {"epochs": 160, "factors": 20},
    "fast": {"epochs": 64, "factors": 12},
}
"""`best` is sampled: its epochs are draws of everything. Found on other splits than are reported."""


def recipe(name: str, model: str = "dot-bias", changes: Mapping[str, Any] | None = None) -> TrainConfig:
    """The recipe "lesson" or "fast" for `model`, with `changes` to single settings.

    Raises ConfigError for an unknown recipe or setting.
    """
    if name not in ("lesson", "fast"):
        raise ConfigError(f"unknown recipe {name!r}; there are lesson and fast")
    base = TrainConfig(wd=LESSON_WD.get(model, 0.1)) if name == "lesson" else FAST
    if model == "best":
        base = replace(base, **BEST[name])
    layers = (100, 50) if model == "nn-embedding" else base.layers
    try:
        return replace(base, model=model, layers=layers, **(changes or {}))
    except TypeError as error:
        raise ConfigError(f"unknown setting: {error}") from None


def range_of(low: float, high: float) -> dict[str, float]:
    """Settings `low` and `high` for ratings on a scale: a little wider, so that its ends can be reached.

    (0, 5.5) for all scales that end at 5 stars, as in the lecture; others keep the same proportions.
    """
    if high == 5:
        return {"low": 0.0, "high": 5.5}
    return {"low": low - (high - low) / 4, "high": high + (high - low) / 8}


def one_cycle(config: TrainConfig, position: float) -> tuple[float, float]:
    """Learning rate and beta1 at `position` (0 to 1) of the run: cosines up for `warm_up`, then down.

    Source: fastai's fit_one_cycle; Smith 2018, "A disciplined approach to neural network hyper-parameters".
    """
    outer, inner = config.momentum
    if position < config.warm_up:
        part = position / config.warm_up
        return _cosine(config.lr / config.div, config.lr, part), _cosine(outer, inner, part)
    part = (position - config.warm_up) / (1 - config.warm_up)
    return _cosine(config.lr, config.lr / config.div_final, part), _cosine(inner, outer, part)


def _cosine(start: float, end: float, part: float) -> float:
    return start + (1 + math.cos(math.pi * (1 - part))) * (end - start) / 2
