"""All models by name. Importing this imports no torch; `create` does, for the models that need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from recommender.config import TrainConfig
    from recommender.ratings import Dataset, Ratings

DOTS = ("dot", "dot-range", "dot-bias", "dot-bias-params", "dot-bias-fastai")
"""The lecture's dot products; these have closed-form gradients."""
NETS = ("nn", "nn-embedding", "classifier", "hybrid")
"""Networks in place of the dot product."""
SOLVED = ("mean", "biases", "popularity", "item-knn", "als")
"""Models without a gradient, NumPy only."""
SAMPLED = ("best",)
"""The Bayesian model, whose draws are averaged."""
NAMES = (*SOLVED, *DOTS, *NETS, *SAMPLED)


def create(config: TrainConfig, train: Ratings, data: Dataset | None = None) -> nn.Module:
    """The untrained model that `config` names; its first weights are drawn from torch's global stream.

    `data` is what `hybrid` takes its facts from. Raises ConfigError for a name that is not trained by steps.
    """
    from recommender.config import ConfigError

    makers = {**_dots(config, train), **_nets(config, train, data)}
    if config.model not in makers:
        raise ConfigError(f"{config.model!r} is not trained by steps; there are {', '.join(makers)}")
    return makers[config.model]()


def _dots(config: TrainConfig, train: Ratings) -> dict[str, Callable[[], nn.Module]]:
    from recommender.models import dot

    y_range, std = (config.low, config.high), config.init_std
    sizes = (train.n_users, train.n_items, config.factors)
    return {
        "dot": lambda: dot.DotProduct(*sizes, None, std),
        "dot-range": lambda: dot.DotProduct(*sizes, y_range, std),
        "dot-bias": lambda: dot.DotProductBias(*sizes, y_range, std),
        "dot-bias-params": lambda: dot.DotProductBiasParams(*sizes, y_range, std),
        "dot-bias-fastai": lambda: dot.EmbeddingDotBias(*sizes, y_range, std),
    }


def _nets(config: TrainConfig, train: Ratings, data: Dataset | None) -> dict[str, Callable[[], nn.Module]]:
    from recommender.models import classifier, hybrid, nets

    y_range = (config.low, config.high)
    rows = (train.n_users, train.n_items)
    marks = sorted(set(train.stars.tolist()))
    return {
        "nn": lambda: nets.CollabNN(*rows, config.layers[0], y_range),
        "nn-embedding": lambda: nets.EmbeddingNN(*rows, config.layers, y_range),
        "classifier": lambda: classifier.StarClassifier(*rows, marks, config.layers[0]),
        "hybrid": lambda: hybrid.Hybrid(hybrid.facts_of(train, data), config.layers[0], y_range),
    }
