"""Widths: viewers' and films' vectors of different lengths. Which way of scoring them works, which fails?

Both ways are run on a batch for real: the dot product multiplies entry by entry and adds up; the net puts the
two vectors side by side and sends them through layers. The print-out holds what PyTorch said. Then the net
learns for one pass, to show that unequal widths are no hindrance to it.

Settings
    users    width of the viewers' vectors, 1 to 200 (74)
    films    width of the films' vectors, 1 to 200 (101)
    batch    pairs in the tried batch, 1 to 256 (64)

Series: "net", squared error of the batches so far against passes over the ratings.
Table: one row per way: way, widths, what came out (a shape, or the error).

Measured
    users, films, together       the widths, and the width that the net's first layer sees
    fails                        which way fails: "dot", "net", "both" or "neither"
    said                         what PyTorch said to the dot product
    mse_start, mse_end           error of the net before it has learned and after the pass, held-out ratings
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from recommender.events import Cancelled, Chart, Event, Started
from recommender.experiments.curves import Curves
from recommender.experiments.pieces import outcome, print_out, seeded, session, tensors_of
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, end_of, finished, race, world_of
from recommender.models.nets import EmbeddingNN

HIDDEN = 50
"""Width of the net's hidden layer."""
DOT, CAT, NET = "(u * v).sum(dim=1)", "torch.cat([u, v], dim=1)", "net(x)"
WAYS = {DOT: "dot product", CAT: "side by side", NET: "net"}
"""Source lines that are run, and what they are."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Try both ways. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("users", "films", "batch"))
    widths = whole(settings, "users", 74, 1, 200), whole(settings, "films", 101, 1, 200)
    return _run(spec, widths, whole(settings, "batch", 64, 1, 256), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    widths: tuple[int, int],
    batch: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "widths", "widths": widths, "batch": batch, "seed": curves.seed})
    if cancelled():
        yield Cancelled()
        return
    world = world_of(spec, cache)
    with seeded(curves.seed):
        net = EmbeddingNN(
            world.train.n_users,
            world.train.n_items,
            (HIDDEN,),
            (world.scale["low"], world.scale["high"]),
            widths,
        )
    tried = attempts(net, world, batch)
    fails = failing(tried[DOT][0], tried[NET][0])
    shown = print_out("what PyTorch says", says(fails, sum(widths)), session(tried))
    yield Chart(shown)
    trainer = world.trainer("nn-embedding", net, epochs=1, batch_size=512, lr=0.01)
    before = end_of(trainer)
    if not (yield from race({"net": trainer}, curves, cancelled, show=("train",))):
        return
    came = {source: f"{error}: {said}" if error else said for source, (error, said) in tried.items()}
    users, films = widths
    rows = [(what, f"{users} and {films}", came[source]) for source, what in WAYS.items()]
    found: dict[str, float | str] = {"users": users, "films": films, "fails": fails, "said": came[DOT]}
    found |= {"together": users + films, "mse_start": before, "mse_end": end_of(trainer)}
    yield finished(began, curves, ["way", "widths", "comes out"], rows, found, [shown])


def attempts(net: EmbeddingNN, world: World, batch: int) -> dict[str, tuple[str, str]]:
    """What each way came to on a batch, by its source line."""
    users, films, _ = tensors_of(world.train)  # [N] each
    with seeded(world.seed):
        chosen = torch.randint(len(users), (batch,))  # [B]
    x = torch.stack([users[chosen], films[chosen]], dim=1)  # [B, 2]
    net.eval()
    with torch.no_grad():
        u, v = net.user_factors(x[:, 0]), net.film_factors(x[:, 1])  # [B, Ku], [B, Ki]
        return {
            "u": outcome(lambda: u),
            "v": outcome(lambda: v),
            DOT: outcome(lambda: (u * v).sum(dim=1)),
            CAT: outcome(lambda: torch.cat([u, v], dim=1)),
            "net.layers[0]": outcome(lambda: net.layers[0]),
            NET: outcome(lambda: net(x)),
        }


def failing(dot: str, net: str) -> str:
    """Which way failed, from the names of the errors; "" where there was none."""
    if dot and net:
        return "both"
    return "dot" if dot else "net" if net else "neither"


def says(fails: str, together: int) -> str:
    """The print-out in one line."""
    ends = {
        "dot": f"the dot product fails; side by side the vectors make rows of {together}, and the net scores",
        "neither": f"both work: the widths are equal or one is 1; side by side they make rows of {together}",
        "net": "the net fails, the dot product does not",
        "both": "both fail",
    }
    return ends[fails]
