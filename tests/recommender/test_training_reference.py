"""The trainer against fastai itself: the same weights and batches give the same 100 losses.

The traces were made by traces/make_fastai_traces.py with fastai 2.8.12 on the planted world.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from recommender.config import TrainConfig, one_cycle
from recommender.models.dot import EmbeddingDotBias
from recommender.models.nets import EmbeddingNN
from recommender.steps import AutogradStep, ClosedFormStep, Stepper

TRACES = Path(__file__).parent / "traces"
CONFIG = TrainConfig(epochs=2, lr=5e-3, wd=0.1, batch_size=64)


def trace(name: str) -> tuple[Tensor, Tensor, dict[str, Any]]:
    """Codes [100, 64, 2], stars [100, 64], and the rest."""
    with np.load(TRACES / name) as file:
        kept = {key: file[key] for key in file.files}
    return torch.from_numpy(kept["x"].astype(np.int64)), torch.from_numpy(kept["y"]), kept


def replay(stepper: Stepper, kept: dict[str, Any]) -> np.ndarray:
    """The losses of our steps on the batches of the trace, with the schedule of the whole run."""
    stepper.shuffle(torch.arange(100 * 64).view(100, 64))
    n_steps = int(kept["n_steps"])
    return np.array([stepper.step(i, *one_cycle(CONFIG, i / n_steps)) for i in range(100)])


@pytest.mark.parametrize("path", [AutogradStep, ClosedFormStep])
def test_dot_product_with_biases(path: Any) -> None:
    x, y, kept = trace("dot.npz")
    n_users, k = kept["w.u_weight.weight"].shape
    model = EmbeddingDotBias(n_users, len(kept["w.i_weight.weight"]), k, (0, 5.5))
    names = {
        "user_factors": "u_weight",
        "film_factors": "i_weight",
        "user_bias": "u_bias",
        "film_bias": "i_bias",
    }
    weights = {f"{ours}.weight": kept[f"w.{theirs}.weight"] for ours, theirs in names.items()}
    model.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()})
    losses = replay(path(model, CONFIG, x.reshape(-1, 2), y.reshape(-1)), kept)
    assert np.abs(losses - kept["losses"]).max() < 1e-5


def test_embedding_net() -> None:
    x, y, kept = trace("net.npz")
    users, films = kept["w.embeds.0.weight"], kept["w.embeds.1.weight"]
    model = EmbeddingNN(len(users), len(films), (20, 10), (0, 5.5), (users.shape[1], films.shape[1]))
    load_net(model.layers, kept)
    with torch.no_grad():
        model.user_factors.weight.copy_(torch.from_numpy(users))
        model.film_factors.weight.copy_(torch.from_numpy(films))
    losses = replay(AutogradStep(model, CONFIG, x.reshape(-1, 2), y.reshape(-1)), kept)
    assert np.abs(losses - kept["losses"]).max() < 1e-5


def load_net(layers: nn.Sequential, kept: dict[str, Any]) -> None:
    """fastai numbers blocks of (Linear, ReLU, BatchNorm); ours stand in one row."""
    with torch.no_grad():
        for place, layer in enumerate(layers):
            theirs = f"w.layers.{place // 3}.{place % 3}."
            for name, parameter in layer.named_parameters():
                parameter.copy_(torch.from_numpy(kept[theirs + name]))
