"""Weight decay: the same model trained with several strengths of it; both errors grow as curves.

Settings
    wd        list of up to 8 strengths from 0 to 10 (default 0, 0.01, 0.1, 1)
    epochs    passes over the ratings, 1 to 30 (5)
    factors   length of the vectors, 1 to 200 (50)
    overlay   true: all curves grow side by side; false: one strength after the other (true)

Series, for each strength W: "wd W train" (running error of the batches, as the lecture's training shows it)
and "wd W valid" (held-out ratings, the book's split), mean squared error in stars squared against epochs.

Table: one row per strength: wd, train MSE and valid MSE after the last epoch, effective rank of the score
matrix U·Vᵀ (how many directions of taste it still uses), mean length of the film vectors.

Measured (W as in the table, "0.1"; lowest and highest are those of the wd list)
    train_wd_W, valid_wd_W, rank_wd_W, length_wd_W    numbers as in the table
    valley                                            the best W, as text
    valley_valid, valley_train, valley_rank           its numbers
    train_lowest, train_highest, valid_lowest, valid_highest, rank_lowest, rank_highest
    shape             validation against wd: "falls", "rises" or "valley" ("flat" for a single strength)
    train_direction   training error against wd: "rises", "falls", "stays" or "neither"
    rank_direction    effective rank against wd: the same words
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.events import Event, Started
from recommender.experiments.curves import Curves, direction, shape
from recommender.experiments.settings import flag, numbers, only, whole
from recommender.experiments.sweeps import finished, race, world_of
from recommender.training import Trainer, tables_of

DEFAULT_WD = (0.0, 0.01, 0.1, 1.0)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train with each strength. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("wd", "epochs", "factors", "overlay"))
    strengths = numbers(settings, "wd", DEFAULT_WD, 0, 10, 8)
    changes: dict[str, Any] = {
        "epochs": whole(settings, "epochs", 5, 1, 30),
        "factors": whole(settings, "factors", 50, 1, 200),
    }
    overlay = flag(settings, "overlay", True)
    return _run(spec, cache, strengths, changes, overlay, cancelled)


def _run(
    spec: Mapping[str, Any],
    cache: Path | None,
    strengths: tuple[float, ...],
    changes: Mapping[str, Any],
    overlay: bool,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "weight-decay", "wd": strengths, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    sweep = {wd: world.trainer("dot-bias", wd=wd, **changes) for wd in strengths}
    lanes = {f"wd {wd:g}": trainer for wd, trainer in sweep.items()}
    if not (yield from race(lanes, curves, cancelled, overlay=overlay)):
        return
    rows = [(wd, *_end(trainer)) for wd, trainer in sweep.items()]
    columns = ["wd", "train MSE", "valid MSE", "effective rank", "film vector length"]
    yield finished(began, curves, columns, rows, measured(rows))


def _end(trainer: Trainer) -> tuple[float, float, float, float]:
    """Train MSE, valid MSE, effective rank and mean length of the film vectors."""
    users, films, _, _ = tables_of(trainer.model)
    assert trainer.valid is not None  # given by _run
    lengths = np.linalg.norm(films, axis=1)  # [I]
    return (
        trainer.mse(trainer.train),
        trainer.mse(trainer.valid),
        effective_rank(users, films),
        float(lengths.mean()),
    )


def effective_rank(users: NDArray[np.float32], films: NDArray[np.float32]) -> float:
    """How many directions U·Vᵀ uses: exp of the entropy of its directions' shares. From 1 to K.

    A direction's share is its squared singular value over the sum of squares. The singular values of
    U [U, K] times Vᵀ [K, I] are those of R_u R_vᵀ [K, K], with the R of their QR factors.
    Source: Roy, Vetterli 2007, "The effective rank" (with squares, as shares of variance).
    """
    r_users, r_films = (np.linalg.qr(table.astype(np.float64)).R for table in (users, films))  # [K, K]
    values = np.linalg.svd(r_users @ r_films.T, compute_uv=False)  # [K]
    energy = values**2
    if energy.sum() <= 0:
        return 1.0
    shares = energy / energy.sum()
    shares = shares[shares > 1e-15]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def measured(rows: list[tuple[float, float, float, float, float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {}
    for wd, train, valid, rank, length in rows:
        for name, value in (("train", train), ("valid", valid), ("rank", rank), ("length", length)):
            found[f"{name}_wd_{wd:g}"] = value
    wd, train, valid, rank, _ = min(rows, key=lambda row: row[2])
    found.update(valley=f"{wd:g}", valley_valid=valid, valley_train=train, valley_rank=rank)
    for end, row in (("lowest", rows[0]), ("highest", rows[-1])):
        found |= {f"train_{end}": row[1], f"valid_{end}": row[2], f"rank_{end}": row[3]}
    found["shape"] = shape([row[2] for row in rows])
    found["train_direction"] = direction([row[1] for row in rows], slack=0.003)
    found["rank_direction"] = direction([row[3] for row in rows], slack=0.05)
    return found
