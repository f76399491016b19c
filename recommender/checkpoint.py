"""A trained factor model in one file: arrays, configuration, vocabulary and the hash of its data. No pickle.

The file is in safetensors format; everything that is not an array is JSON in its header.
Letters: I films (rows), U training users, K factors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.files import replacing

FORMAT = "recommender-factors-1"
Floats = NDArray[np.float32]


class CheckpointError(ValueError):
    """A checkpoint that is missing, damaged or of another format; the message is one line."""


@dataclass(frozen=True, eq=False)
class FactorModel:
    """A linear-in-the-factors model: raw = offset + user bias + film bias + user vector · film vector.

    The link turns the raw number into stars. "clip": raw is in stars and is cut to [low, high].
    "sigmoid": stars = low + (high - low) * sigmoid(raw).
    """

    kind: str
    """Name of the model it came from: "dot-bias", "als", ..."""
    link: str
    """"sigmoid" or "clip"."""
    low: float
    """Lower end of the range, in stars."""
    high: float
    """Upper end of the range, in stars."""
    offset: float
    """Mean rating in stars for a "clip" model; 0 for a "sigmoid" model."""
    item_factors: Floats
    """[I, K]"""
    item_bias: Floats
    """[I]"""
    ridge: float
    """Strength that holds a new user's vector at `prior`: larger trusts few ratings less."""
    film_ids: tuple[str, ...]
    """Our own film id of each row."""
    item_ids: tuple[str, ...]
    """The data set's id of each row."""
    config: Mapping[str, Any] = field(default_factory=dict)
    data_name: str = ""
    data_hash: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    bias_ridge: float | None = None
    """The same for the new user's bias; None means `ridge`."""
    prior: Floats | None = None
    """[K + 1]: vector and bias that are assumed of anybody, before a rating; None means zeros."""
    user_factors: Floats | None = None
    """[U, K], if the training users are kept."""
    user_bias: Floats | None = None
    """[U], if the training users are kept."""

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit and numbers that are not finite."""
        n_items, n_factors = self.item_factors.shape
        shapes = {
            "item_bias": (self.item_bias, (n_items,)),
            "prior": (self.prior, (n_factors + 1,)),
            "user_factors": (self.user_factors, (_length(self.user_bias), n_factors)),
        }
        for name, (array, shape) in shapes.items():
            if array is not None and array.shape != shape:
                raise CheckpointError(f"{name} has shape {array.shape}, {shape} is needed")
        if len(self.film_ids) != n_items or len(self.item_ids) != n_items:
            raise CheckpointError(f"{n_items} rows, but {len(self.film_ids)} film ids")
        if self.link not in ("sigmoid", "clip") or not self.low < self.high or not self.ridges.min() > 0:
            raise CheckpointError(
                f"bad link, range or ridge: {self.link}, {self.low}..{self.high}, {self.ridge}"
            )
        for name, array in self.arrays().items():
            if not np.isfinite(array).all():
                raise CheckpointError(f"{name} holds numbers that are not finite")

    @property
    def n_items(self) -> int:
        """Number of films I."""
        return int(self.item_factors.shape[0])

    @property
    def n_factors(self) -> int:
        """Number of factors K."""
        return int(self.item_factors.shape[1])

    @cached_property
    def ridges(self) -> NDArray[np.float64]:
        """[K + 1] strength for each number of (vector, bias)."""
        strengths = np.full(self.n_factors + 1, self.ridge)
        strengths[-1] = self.ridge if self.bias_ridge is None else self.bias_ridge
        return strengths

    @cached_property
    def anybody(self) -> NDArray[np.float64]:
        """[K + 1] vector and bias of somebody without ratings: the prior, or zeros."""
        return np.zeros(self.n_factors + 1) if self.prior is None else self.prior.astype(np.float64)

    @property
    def slope(self) -> float:
        """Stars per raw unit in the middle of the range: (high - low) / 4 for "sigmoid", 1 for "clip"."""
        return (self.high - self.low) / 4 if self.link == "sigmoid" else 1.0

    @property
    def centre(self) -> float:
        """Stars at raw = offset: the middle of the range for "sigmoid", the offset for "clip"."""
        return (self.high + self.low) / 2 if self.link == "sigmoid" else self.offset

    def stars(self, raw: NDArray[Any]) -> NDArray[Any]:
        """Apply the link: raw numbers in any shape -> stars in the same shape and type."""
        if self.link == "clip":
            return np.asarray(np.clip(raw, self.low, self.high))
        # tanh is the sigmoid that cannot overflow: sigmoid(x) = (1 + tanh(x / 2)) / 2
        return self.low + (self.high - self.low) * 0.5 * (1 + np.tanh(0.5 * raw))

    def arrays(self) -> dict[str, Floats]:
        """The arrays that are there, by field name."""
        names = ("item_factors", "item_bias", "prior", "user_factors", "user_bias")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def _length(array: Floats | None) -> int:
    return -1 if array is None else len(array)


def save(model: FactorModel, path: Path) -> None:
    """Write the model to `path` in one atomic step: a reader sees the old file or the new one, never half."""
    from safetensors.numpy import save as to_bytes  # only writers need it

    arrays = {name: np.ascontiguousarray(a, dtype=np.float32) for name, a in model.arrays().items()}
    values = {f.name: getattr(model, f.name) for f in fields(model) if f.name not in arrays}
    about = {name: value for name, value in values.items() if value is not None}
    data = to_bytes(arrays, metadata={"format": FORMAT, "model": json.dumps(about, sort_keys=True)})
    with replacing(path) as file:
        file.write(data)


def load(path: Path) -> FactorModel:
    """Read a model that `save` wrote.

    Raises CheckpointError, in one line, if the file is missing, damaged or something else.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such checkpoint; train one first")
    try:
        with safe_open(str(path), framework="numpy") as file:
            header = file.metadata() or {}
            if header.get("format") != FORMAT:
                raise CheckpointError(f"{path}: not a checkpoint of this program (format {FORMAT})")
            about = json.loads(header["model"])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        about.update(film_ids=tuple(about["film_ids"]), item_ids=tuple(about["item_ids"]))
        return FactorModel(**about, **arrays)
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{path}: damaged checkpoint ({reason}); train it again") from error
