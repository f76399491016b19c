"""The few names of fastai that the lecture uses, where fastai itself is not installed.

A plain script for the sandbox: `from fastai.collab import *` then works for a program in the lecture's style.
Module: an `nn.Module` that needs no `super().__init__()`. Embedding: rows drawn from a normal distribution
with standard deviation 0.01, cut at two of them. sigmoid_range(x, low, high) = low + (high - low)·σ(x).
Source: fastai's documentation of `torch_core.Module`, `layers.Embedding` and `layers.sigmoid_range`.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

MODULES = (
    "fastai", "fastai.collab", "fastai.basics", "fastai.layers", "fastai.torch_core", "fastai.tabular",
    "fastai.tabular.all",
)  # fmt: skip


def _names(torch: Any) -> dict[str, Any]:
    nn = torch.nn

    class Module(nn.Module):  # type: ignore[misc, name-defined]
        def __new__(cls, *arguments: Any, **options: Any) -> Any:
            made = super().__new__(cls)
            nn.Module.__init__(made)
            return made

        def __init__(self) -> None:
            """Leave what `__new__` has prepared."""

    class Embedding(nn.Embedding):  # type: ignore[misc, name-defined]
        def __init__(self, n: int, width: int, std: float = 0.01) -> None:
            super().__init__(n, width)
            nn.init.trunc_normal_(self.weight.data, 0, std, -2 * std, 2 * std)

    def sigmoid_range(x: Any, low: float, high: float) -> Any:
        return torch.sigmoid(x) * (high - low) + low

    return {
        "Module": Module, "Embedding": Embedding, "sigmoid_range": sigmoid_range, "torch": torch, "nn": nn,
        "F": nn.functional, "Tensor": torch.Tensor, "tensor": torch.tensor,
    }  # fmt: skip


def install() -> None:
    """Make the names importable, unless fastai is there or PyTorch is not."""
    torch = sys.modules.get("torch")
    if torch is None or importlib.util.find_spec("fastai") is not None:
        return
    names = _names(torch)
    for path in MODULES:
        module = types.ModuleType(path)
        module.__dict__.update(names, __all__=list(names), __path__=[])
        sys.modules[path] = module
