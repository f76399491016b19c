"""What a line wants by its meaning, where no wording gives it away: a regression on the sentence's vector.

The weights are fitted by `tests/benchmarks/fit_intents.py` on lines that people type. A line is compared in
plain signs and small letters.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from tutor.core.events import Intent
from tutor.core.grading.meaning import encoder
from tutor.text.encoder import Vectors
from tutor.text.tokens import plain

WEIGHTS = Path(__file__).parent / "intent_weights.npz"


class Guess(NamedTuple):
    """An intent and its probability."""

    intent: Intent
    chance: float


class _Fitted(NamedTuple):
    names: tuple[str, ...]  # C intents
    weights: Vectors  # [D, C]
    bias: Vectors  # [C]


def guess(line: str) -> Guess | None:
    """The likeliest intent; None where there is no encoder."""
    found = encoder()
    if found is None:
        return None
    fitted = _fitted()
    scores = found.encode([bare(line)])[0] @ fitted.weights + fitted.bias
    chances = np.exp(scores - scores.max())
    best = int(chances.argmax())
    return Guess(cast(Intent, fitted.names[best]), float(chances[best] / chances.sum()))


def bare(line: str) -> str:
    """The line as it is compared."""
    return " ".join(plain(line).casefold().split()).rstrip(" .!")


@cache
def _fitted() -> _Fitted:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        names = tuple(str(name) for name in stored["names"])
        return _Fitted(names, stored["weights"].astype(np.float32), stored["bias"].astype(np.float32))
