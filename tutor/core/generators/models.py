"""Models: how many numbers they learn, how wide a table is, which shape comes out, where a sigmoid ends."""

from __future__ import annotations

import math
import random
from decimal import ROUND_HALF_UP, Decimal

from tutor.core.generators.writing import Draw, Values, hundredths, listed, texts

_HUNDREDTH = Decimal("0.01")


def _counts(draw: random.Random) -> tuple[int, int, int]:
    """Viewers, films, factors."""
    return (
        draw.choice([10, 20, 100, 300, 943]),
        draw.choice([30, 50, 200, 1000, 1664]),
        draw.choice([2, 5, 10, 50]),
    )


def _parameters_dot(draw: random.Random) -> Values:
    """Numbers that a dot-product model learns: `rows` = `users` + `films`, times `factors`."""
    users, films, factors = _counts(draw)
    counts = {"users": users, "films": films, "factors": factors, "rows": users + films}
    return _whole(counts | {"answer": (users + films) * factors})


def _parameters_bias(draw: random.Random) -> Values:
    """The same with a bias per row: `tables` numbers in the tables and `rows` biases."""
    users, films, factors = _counts(draw)
    rows = users + films
    counts = {"users": users, "films": films, "factors": factors, "rows": rows, "tables": rows * factors}
    return _whole(counts | {"answer": rows * (factors + 1)})


def _parameters_linear(draw: random.Random) -> Values:
    """Numbers of a linear layer: `inputs` · `outputs` `weights` and `outputs` biases."""
    inputs, outputs = draw.choice([4, 10, 50, 100, 174]), draw.choice([1, 3, 10, 50, 100])
    weights = inputs * outputs
    return _whole({"inputs": inputs, "outputs": outputs, "weights": weights, "answer": weights + outputs})


def _embedding_size(draw: random.Random) -> Values:
    """Fastai's width for a table of `n` rows: the smaller of 600 and 1.6 · n^0.56, rounded.

    `power` is n^0.56 and `product` 1.6 times it, both with two decimals. Source: fastai, `emb_sz_rule`.
    """
    n = draw.choice([2, 4, 7, 10, 12, 24, 31, 50, 61, 100, 150, 200, 365, 500, 944, 1000, 1665, 5000])
    power, width = n**0.56, min(600, round(1.6 * n**0.56))
    return {"n": str(n), "power": f"{power:.2f}", "product": f"{1.6 * power:.2f}", "answer": str(width)}


def _sigmoid_range(draw: random.Random) -> Values:
    """`low` + (`high` − low) · σ(`x`), with `sigmoid` = σ(x) to two decimals and `width` = high − low."""
    low = Decimal(draw.choice(["0", "0.5", "1"]))
    high = Decimal(draw.choice(["5", "5.5", "6"]))
    x = Decimal(draw.choice([-3, -2, -1, 0, 1, 2, 3]))
    sigmoid = Decimal(1 / (1 + math.exp(-x))).quantize(_HUNDREDTH, ROUND_HALF_UP)
    width = high - low
    values = {"low": low, "high": high, "x": x, "sigmoid": sigmoid, "width": width}
    return texts(values) | {"answer": hundredths(low + width * sigmoid)}


# --- shapes ----------------------------------------------------------------------------------


def _sizes(draw: random.Random) -> tuple[int, int, int]:
    """Size of a batch and two widths."""
    return draw.choice([4, 16, 32, 64, 128]), draw.choice([5, 10, 20, 50]), draw.choice([3, 8, 25, 100])


def _shape_lookup(draw: random.Random) -> Values:
    """Rows looked up for a batch: `batch` numbers into a table of `rows` rows and `factors` columns."""
    batch, factors, _ = _sizes(draw)
    rows = draw.choice([100, 944, 1665])
    return _whole({"batch": batch, "factors": factors, "rows": rows}) | {"answer": listed([batch, factors])}


def _shape_sum(draw: random.Random) -> Values:
    """A product of shape [`batch`, `factors`], summed over dim=1."""
    batch, factors, _ = _sizes(draw)
    return _whole({"batch": batch, "factors": factors}) | {"answer": listed([batch])}


def _shape_concat(draw: random.Random) -> Values:
    """Rows of widths `first` and `second` put side by side (`torch.cat`, dim=1)."""
    batch, first, second = _sizes(draw)
    sizes = _whole({"batch": batch, "first": first, "second": second, "width": first + second})
    return sizes | {"answer": listed([batch, first + second])}


def _shape_matmul(draw: random.Random) -> Values:
    """[`batch`, `inner`] @ [`inner`, `outer`]."""
    batch, inner, outer = _sizes(draw)
    sizes = _whole({"batch": batch, "inner": inner, "outer": outer})
    return sizes | {"answer": listed([batch, outer])}


def _shape_broadcast(draw: random.Random) -> Values:
    """[`batch`, 1] − [`batch`]: each guess meets each rating; `pairs` numbers."""
    batch = draw.choice([3, 4, 8, 10, 16, 32, 64, 100, 128, 200, 256])
    return _whole({"batch": batch, "pairs": batch * batch}) | {"answer": listed([batch, batch])}


def _whole(counts: dict[str, int]) -> Values:
    return {name: str(count) for name, count in counts.items()}


GENERATORS: dict[str, Draw] = {
    "embedding-size": _embedding_size,
    "parameters-bias": _parameters_bias,
    "parameters-dot": _parameters_dot,
    "parameters-linear": _parameters_linear,
    "shape-broadcast": _shape_broadcast,
    "shape-concat": _shape_concat,
    "shape-lookup": _shape_lookup,
    "shape-matmul": _shape_matmul,
    "shape-sum": _shape_sum,
    "sigmoid-range": _sigmoid_range,
}
