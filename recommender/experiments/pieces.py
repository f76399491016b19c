"""What small experiments in PyTorch share: seeded draws, errors as text, print-outs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from recommender.experiments.charts import Chart, text
from recommender.ratings import Ratings

WIDTH = 76
"""Characters in a line of a print-out."""


def large_batch(n: int) -> int:
    """Ratings in a step when n are learned from: several hundred steps in five epochs, whatever n is."""
    return 1024 if n > 50_000 else 256


LARGE_LR = 0.02
"""The highest learning rate that suits `large_batch`."""


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draws inside come from a stream of this seed; the stream outside goes on as if nothing had been."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def tensors_of(ratings: Ratings) -> tuple[Tensor, Tensor, Tensor]:
    """User rows [N], film rows [N] and stars [N]."""
    users, films, stars = ratings.users.copy(), ratings.items.copy(), ratings.stars.copy()
    return torch.from_numpy(users).long(), torch.from_numpy(films).long(), torch.from_numpy(stars)


def outcome(call: Callable[[], Any]) -> tuple[str, str]:
    """What a call comes to: ("", shape or text of what it returned) or (name of the error, first line)."""
    try:
        came = call()
    except (TypeError, RuntimeError, IndexError, ValueError) as error:
        return type(error).__name__, (str(error).splitlines() or [""])[0]
    return "", f"shape {list(came.shape)}" if isinstance(came, Tensor) else str(came)


def session(steps: dict[str, tuple[str, str]]) -> str:
    """Lines as an interpreter shows them: each piece of source, and what its `outcome` was."""
    lines = []
    for source, (error, said) in steps.items():
        lines.append(f">>> {source}")
        lines += wrapped(f"{error}: {said}" if error else said)
    return "\n".join(lines)


def wrapped(line: str) -> list[str]:
    """A line cut to the width of a print-out."""
    return textwrap.wrap(line, WIDTH, subsequent_indent="    ") or [""]


def print_out(title: str, says: str, lines: str) -> Chart:
    """A chart of text, no line wider than a print-out's."""
    fitted = [
        part for line in lines.splitlines() for part in ([line] if len(line) <= WIDTH else wrapped(line))
    ]
    return text(title, says, "\n".join(fitted))


def count(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(parameter.numel() for parameter in module.parameters())
