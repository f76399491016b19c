"""All models by name. Importing this imports no torch; `create` does for the models that need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from recommender.config import TrainConfig

TRAINED = ("dot", "dot-range", "dot-bias", "dot-bias-params", "dot-bias-fastai")
"""Models that are trained step by step, with torch."""


def create(config: TrainConfig, n_users: int, n_items: int) -> nn.Module:
    """The untrained model that `config` names, its first weights decided by `config.seed` alone."""
    import torch

    from recommender.models import dot

    y_range = (config.low, config.high)
    sizes = (n_users, n_items, config.factors)
    makers: dict[str, Callable[[], nn.Module]] = {
        "dot": lambda: dot.DotProduct(*sizes, None, config.init_std),
        "dot-range": lambda: dot.DotProduct(*sizes, y_range, config.init_std),
        "dot-bias": lambda: dot.DotProductBias(*sizes, y_range, config.init_std),
        "dot-bias-params": lambda: dot.DotProductBiasParams(*sizes, y_range, config.init_std),
        "dot-bias-fastai": lambda: dot.EmbeddingDotBias(*sizes, y_range, config.init_std),
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model: nn.Module = makers[config.model]()
        return model
