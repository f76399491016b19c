"""PyTorch's Embedding: which numbers it begins with, and what it says to inputs that it cannot take.

Settings
    rows     rows of the table, 10 to 20,000 (1682)
    width    numbers in a row, 1 to 200 (50)

The histogram shows the first numbers of nn.Embedding, of nn.Linear, and of a table drawn as the lecture's
library does it: N(0, 1) folded back into (-2, 2), times 0.01. All are divided by their own standard
deviation: it is the shape that is compared. The print-out holds PyTorch's answers to right and wrong inputs.

Kurtosis is the mean fourth power of standardised numbers: 3 for a bell curve, 1.8 for a box (uniform).

Series: "nn.Embedding" and "nn.Linear", kurtosis of the first n numbers against n.
Table: one row per input: input, what it is, what came.

Measured
    mean, sd, kurtosis        of the numbers of nn.Embedding
    kurtosis_linear           of the weights of nn.Linear
    shape, shape_linear       "bell" (kurtosis nearer to 3), "box" (nearer to 1.8); "other" where it is more
                              than FAR from both
    list_error, float_error, row_error    names of the errors for a list, decimal numbers, a row too far
    refused, tried            how many inputs were refused, of how many
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from recommender.events import Cancelled, Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import outcome, print_out, seeded, session
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import finished
from recommender.models.dot import embedding

Doubles = NDArray[np.float64]

BELL, BOX, FAR = 3.0, 1.8, 0.6
COUNTS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
"""How many numbers the points of a curve stand for."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Draw and look. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("rows", "width"))
    rows, width = whole(settings, "rows", 1682, 10, 20_000), whole(settings, "width", 50, 1, 200)
    return _run(int(spec.get("seed") or 0), rows, width, cancelled)


def _run(seed: int, rows: int, width: int, cancelled: Callable[[], bool]) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(seed)
    yield Started({"family": "embedding-checks", "rows": rows, "width": width, "seed": seed})
    with seeded(seed):
        table = nn.Embedding(rows, width)
        layers = {
            "nn.Embedding": table,
            "nn.Linear": nn.Linear(width, rows),
            "lecture": embedding(rows, width),
        }
    weights = {name: layer.get_parameter("weight") for name, layer in layers.items()}
    drawn = {name: weight.detach().double().numpy().ravel() for name, weight in weights.items()}
    standard = {name: numbers / numbers.std() for name, numbers in drawn.items()}
    found = measured(drawn)
    says = f"kurtosis {found['kurtosis']:.2f} for nn.Embedding, {found['kurtosis_linear']:.2f} for nn.Linear"
    shown = [charts.histogram("first numbers", says, standard, "standard deviations", bins=33)]
    yield Chart(shown[0])
    for name in ("nn.Embedding", "nn.Linear"):
        for count in (*(n for n in COUNTS if n < rows * width), rows * width):
            if cancelled():
                yield Cancelled()
                return
            yield curves.add(name, count, kurtosis(drawn[name][:count]))
    tried = {source: outcome(call) for source, (_, call) in inputs(table, rows).items()}
    found |= answers(tried, rows)
    says = f"{found['refused']} of {found['tried']} inputs are refused"
    shown.append(
        print_out("what PyTorch says", says, f"E = nn.Embedding({rows}, {width})\n" + session(tried))
    )
    yield Chart(shown[1])
    kinds = {source: kind for source, (kind, _) in inputs(table, rows).items()}
    lines = [(source, kinds[source], error or said) for source, (error, said) in tried.items()]
    yield finished(began, curves, ["input", "kind", "what came"], lines, found, shown)


def inputs(table: nn.Embedding, rows: int) -> dict[str, tuple[str, Callable[[], Any]]]:
    """Things to put in, by their source: what kind of thing it is, and the call."""
    made = {
        "E(torch.tensor([0, 5, 5]))": ("three ids", torch.tensor([0, 5, 5])),
        "E(torch.tensor([[0, 1], [2, 3]]))": ("a table of ids", torch.tensor([[0, 1], [2, 3]])),
        "E(torch.tensor(3))": ("a single id", torch.tensor(3)),
        "E([0, 5, 5])": ("a list", [0, 5, 5]),
        "E(torch.tensor([0.0, 5.0]))": ("decimal numbers", torch.tensor([0.0, 5.0])),
        f"E(torch.tensor([{rows}]))": ("one row too far", torch.tensor([rows])),
        "E(torch.tensor([-1]))": ("a negative id", torch.tensor([-1])),
    }
    return {source: (kind, partial(table, given)) for source, (kind, given) in made.items()}


def answers(tried: Mapping[str, tuple[str, str]], rows: int) -> dict[str, float | str]:
    """The names of the errors, and how many there were."""
    return {
        "list_error": tried["E([0, 5, 5])"][0],
        "float_error": tried["E(torch.tensor([0.0, 5.0]))"][0],
        "row_error": tried[f"E(torch.tensor([{rows}]))"][0],
        "refused": sum(bool(error) for error, _ in tried.values()),
        "tried": len(tried),
    }


def kurtosis(numbers: Doubles) -> float:
    """Mean fourth power of the standardised numbers."""
    standard = (numbers - numbers.mean()) / numbers.std()
    return float(np.mean(standard**4))


def form(value: float) -> str:
    """The shape that a kurtosis speaks of, in a word."""
    if min(abs(value - BELL), abs(value - BOX)) > FAR:
        return "other"
    return "bell" if abs(value - BELL) < abs(value - BOX) else "box"


def measured(drawn: Mapping[str, Doubles]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the draws may use; names as in the module's docstring."""
    own, linear = drawn["nn.Embedding"], kurtosis(drawn["nn.Linear"])
    found: dict[str, float | str] = {"mean": float(own.mean()), "sd": float(own.std())}
    found |= {"kurtosis": kurtosis(own), "kurtosis_linear": linear}
    return found | {"shape": form(kurtosis(own)), "shape_linear": form(linear)}
