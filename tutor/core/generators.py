"""Built-in generators of fresh numbers for compute items.

A generator draws small numbers that one can work with on paper and gives, beside them, the exact
`answer`. All values are texts, ready for a prompt; negative numbers carry the true minus sign.
The same name and seed always give the same numbers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

Values = dict[str, str]


class UnknownGenerator(LookupError):
    """No generator of that name."""


def names() -> tuple[str, ...]:
    """The names of all generators, sorted."""
    return tuple(sorted(_GENERATORS))


def generate(name: str, seed: int) -> Values:
    """Fresh values by name, `answer` among them. Raises `UnknownGenerator`."""
    if name not in _GENERATORS:
        raise UnknownGenerator(f"There is no generator {name!r}; known are {', '.join(names())}.")
    return _GENERATORS[name](random.Random(f"{name}:{seed}"))


def written(value: int | Decimal) -> str:
    """A number as the course writes it: `−3`, `0.25`; no trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


# --- vectors ---------------------------------------------------------------------------------


def _vectors(draw: random.Random, length: int = 3) -> tuple[list[int], list[int]]:
    """Two vectors of small integers without zeros."""
    values = [value for value in range(-5, 7) if value != 0]
    return draw.choices(values, k=length), draw.choices(values, k=length)


def _vector(values: list[int]) -> str:
    return "[" + ", ".join(map(written, values)) + "]"


def _bracketed(value: int) -> str:
    """A factor inside a longer formula: negative ones in brackets."""
    return f"({written(value)})" if value < 0 else written(value)


def _dot_product(draw: random.Random) -> Values:
    """`x`, `y`, the `working` of x · y and its value."""
    x, y = _vectors(draw)
    working = " + ".join(f"{_bracketed(a)}·{_bracketed(b)}" for a, b in zip(x, y, strict=True))
    answer = sum(a * b for a, b in zip(x, y, strict=True))
    return {"x": _vector(x), "y": _vector(y), "working": working, "answer": written(answer)}


def _third_product(draw: random.Random) -> Values:
    """`x`, `y`, their third entries `a`, `b` and the product of these."""
    x, y = _vectors(draw)
    a, b = x[2], y[2]
    values = {"x": _vector(x), "y": _vector(y), "a": _bracketed(a), "b": _bracketed(b)}
    return values | {"answer": written(a * b)}


def _stretch(draw: random.Random) -> Values:
    """A dot product `before` (`bracketed` in formulas), the `factor` of the stretch, the product after it."""
    before = draw.choice([value for value in range(-12, 16) if value != 0])
    factor = draw.choice([-3, -1, 2, 3, 5, 10])
    values = {"before": written(before), "bracketed": _bracketed(before), "factor": written(factor)}
    return values | {"answer": written(before * factor)}


# --- weight decay ----------------------------------------------------------------------------


def _weight(draw: random.Random) -> dict[str, Decimal]:
    """A weight `w`, a learning rate `lr` and a decay `wd` whose product has few digits."""
    w = Decimal(draw.choice([-8, -6, -5, -4, -2, 2, 4, 5, 6, 8])) / 10
    lr = Decimal(draw.choice(["0.1", "0.2", "0.5"]))
    wd = Decimal(draw.choice(["0.1", "0.2", "0.5"]))
    return {"w": w, "lr": lr, "wd": wd}


def _weight_decay_rest(draw: random.Random) -> Values:
    """One step of decoupled decay without a gradient: w · (1 − lr·wd)."""
    drawn = _weight(draw)
    answer = drawn["w"] * (1 - drawn["lr"] * drawn["wd"])
    return _texts(drawn | {"answer": answer})


def _weight_decay_update(draw: random.Random) -> Values:
    """One SGD step with gradient `g`.

    `answer` decays decoupled, w·(1 − lr·wd) − lr·g; `coupled` is the step on loss + wd·w², whose
    gradient is g + 2·wd·w.
    """
    drawn = _weight(draw)
    w, lr, wd = drawn["w"], drawn["lr"], drawn["wd"]
    g = Decimal(draw.choice([-3, -2, -1, 1, 2, 3])) / 10
    kept, pushed = w * (1 - lr * wd), lr * g
    results = {"kept": kept, "pushed": pushed, "answer": kept - pushed, "coupled": w - lr * (g + 2 * wd * w)}
    return _texts(drawn | {"g": g} | results)


def _shrunken_mean(draw: random.Random) -> Values:
    """Best bias b of Σ(r − b)² + λb² for `n` ratings that lie `surplus` stars above the mean.

    Setting the derivative to zero gives b = surplus · n / (n + λ); rounded to two decimals.
    """
    n = draw.choice([2, 3, 4, 6, 8, 20, 50])
    surplus = Decimal(draw.choice(["0.5", "0.8", "1.2", "1.5", "2"]))
    strength = draw.choice([2, 4, 5, 10])
    exact = surplus * n / (n + strength)
    answer = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"n": str(n), "surplus": str(surplus), "strength": str(strength), "answer": f"{answer:f}"}


def _texts(values: dict[str, Decimal]) -> Values:
    return {name: written(value) for name, value in values.items()}


_GENERATORS: dict[str, Callable[[random.Random], Values]] = {
    "dot-product": _dot_product,
    "shrunken-mean": _shrunken_mean,
    "stretch": _stretch,
    "third-product": _third_product,
    "weight-decay-rest": _weight_decay_rest,
    "weight-decay-update": _weight_decay_update,
}
