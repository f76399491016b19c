"""The film side of a sampled model in one file: what folding a new person in needs, on NumPy alone.

A safetensors file whose large arrays are float16 and are memory-mapped: only the films that are looked at
get read. No pickle.
Letters: I films (rows), S draws, K factors, D = K + 1 (vector, bias), P directions of the screen.
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.checkpoint import CheckpointError
from recommender.files import replacing

FORMAT = "recommender-posterior-1"
Halves = NDArray[np.float16]
Floats = NDArray[np.float32]

BUCKETS = (0, 1, 3, 10)
"""Intervals are widened by how many ratings are known: none, 1-2, 3-9, 10 and more."""
LEVELS = (0.5, 0.625, 0.75)
"""And by how high the forecast stands between the ends of the range."""
NORMAL_90 = 1.645
"""Standard deviations on either side that hold 90 % of a normal distribution."""
SMALL = 4096
"""Up to so many films all are scored by all draws; beyond, a screen picks the candidates."""
SCREEN_WIDTH = 64
PAGES = 16
"""Rows of a large file that are read before its pages are let go."""

_TYPES: dict[str, np.dtype[Any]] = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4")}


@dataclass(frozen=True, eq=False)
class Posterior:
    """S draws of the film side, and in each draw what is assumed of a person before a rating.

    In a draw a person's w = (vector, bias) is N(mean + link of the rated films, precision⁻¹), and a rating is
    offset + film bias + w · (film vector, 1) + noise of precision `rating_precision` · film noise · own.
    """

    low: float
    """Lower end of the range, in stars."""
    high: float
    """Upper end of the range, in stars."""
    offset: float
    """Mean rating, in stars."""
    smoothing: float
    """c: the rated films' links add up over sqrt(n + c)."""
    user_dof: float
    """Degrees of freedom of a person's own factor on the precision of their ratings."""
    films: Halves
    """[I, S, D] film vectors, bias last"""
    link: Halves
    """[I, S, D] what having rated a film adds to a person's prior mean, before the root"""
    film_noise: Halves
    """[I, S] the films' factors on the precision of their ratings"""
    mean: Floats
    """[S, D] prior mean of a person with an average history"""
    mean_link: Floats
    """[S, D] link of an average history, which the histories are centred by"""
    precision: Floats
    """[S, D, D] prior precision of a person"""
    rating_precision: Floats
    """[S] per star²"""
    spread: Floats
    """[buckets, levels, 2] standard deviations below and above the mean that hold 90 %"""
    film_ids: tuple[str, ...]
    """Our own film id of each row."""
    item_ids: tuple[str, ...]
    """The data set's id of each row."""
    screen: Floats | None = None
    """[I, P] the films' draws side by side, in their own leading directions; only for many films"""
    screen_basis: Floats | None = None
    """[S * D, P]"""
    kind: str = "best"
    config: Mapping[str, Any] = field(default_factory=dict)
    data_name: str = ""
    data_hash: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    mapping: mmap.mmap | None = None
    """The file behind the float16 arrays, if they are mapped."""

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit. The small arrays are checked for numbers that are not finite."""
        n_items, n_draws, dim = self.films.shape
        shapes = {
            "link": (n_items, n_draws, dim),
            "film_noise": (n_items, n_draws),
            "mean": (n_draws, dim),
            "mean_link": (n_draws, dim),
            "precision": (n_draws, dim, dim),
            "rating_precision": (n_draws,),
            "spread": (len(BUCKETS), len(LEVELS) + 1, 2),
            "screen": (n_items, min(SCREEN_WIDTH, n_draws * dim)),
            "screen_basis": (n_draws * dim, min(SCREEN_WIDTH, n_draws * dim)),
        }
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise CheckpointError(f"{name} has shape {array.shape}, {shape} is needed")
            if array is not None and array.dtype == np.float32 and not np.isfinite(array).all():
                raise CheckpointError(f"{name} holds numbers that are not finite")
        if {self.screen is None, self.screen_basis is None} != {n_items <= SMALL}:
            raise CheckpointError(f"more than {SMALL} films need a screen, fewer need none")
        if len(self.film_ids) != n_items or len(self.item_ids) != n_items:
            raise CheckpointError(f"{n_items} rows, but {len(self.film_ids)} film ids")
        if not self.low < self.high or not self.smoothing > 0 or not self.user_dof > 0 or not n_draws:
            raise CheckpointError(f"bad range or prior: {self.low}..{self.high}, {self.smoothing}")

    @property
    def n_items(self) -> int:
        """Number of films I."""
        return int(self.films.shape[0])

    @property
    def n_draws(self) -> int:
        """Number of draws S."""
        return int(self.films.shape[1])

    @property
    def n_factors(self) -> int:
        """Number of factors K."""
        return int(self.films.shape[2]) - 1

    @cached_property
    def by_draw(self) -> Floats:
        """[S, I, D] all film vectors, draw by draw; for few films only, where it stays small."""
        return np.ascontiguousarray(self.films.transpose(1, 0, 2), dtype=np.float32)

    def taken(self, array: Halves, rows: NDArray[np.intp]) -> Halves:
        """A copy of some rows of `films`, `link` or `film_noise`.

        Of a large file the pages that were looked at are let go again and again: a row may bring a megabyte
        of its neighbours along, which would pile up in memory.
        """
        if self.mapping is None or self.n_items <= SMALL or not hasattr(mmap, "MADV_DONTNEED"):
            return array[rows]
        part = np.empty((len(rows), *array.shape[1:]), array.dtype)
        for start in range(0, len(rows), PAGES):
            part[start : start + PAGES] = array[rows[start : start + PAGES]]
            self.mapping.madvise(mmap.MADV_DONTNEED)
        return part

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that are there, by field name."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def levels_of(posterior: Posterior, centre: NDArray[np.floating]) -> NDArray[np.intp]:
    """Which of LEVELS forecasts in stars stand at, in any shape."""
    return np.searchsorted(LEVELS, (centre - posterior.low) / (posterior.high - posterior.low))


def screen_of(films: Halves) -> dict[str, Any]:
    """Fields `screen` and `screen_basis` for film vectors [I, S, D]; none for few films."""
    n_items = len(films)
    if n_items <= SMALL:
        return {}
    flat = films.reshape(n_items, -1)  # [I, S * D]
    parts = [flat[start : start + SMALL].astype(np.float32) for start in range(0, n_items, SMALL)]
    gram = sum(part.T @ part for part in parts)  # [S * D, S * D]
    basis = np.linalg.eigh(gram)[1][:, : -SCREEN_WIDTH - 1 : -1].astype(np.float32)
    return {
        "screen": np.concatenate([part @ basis for part in parts]),
        "screen_basis": np.ascontiguousarray(basis),
    }


def save(posterior: Posterior, path: Path) -> None:
    """Write the posterior to `path` in one atomic step: a reader sees the old file or the new one."""
    from safetensors.numpy import save_file  # only writers need it

    arrays = {name: np.ascontiguousarray(array) for name, array in posterior.arrays().items()}
    left = {*arrays, "mapping"}
    about = {f.name: getattr(posterior, f.name) for f in fields(posterior) if f.name not in left}
    with replacing(path) as file:
        save_file(arrays, file.name, {"format": FORMAT, "model": json.dumps(about, sort_keys=True)})


def is_posterior(path: Path) -> bool:
    """Whether the file was written by `save` here: a look at its header."""
    try:
        return bool(_header(path)[0].get("__metadata__", {}).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError):
        return False


def load(path: Path) -> Posterior:
    """Map a posterior that `save` wrote.

    Raises CheckpointError, in one line, if the file is missing, damaged or something else.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such checkpoint; train one first")
    try:
        header, start = _header(path)
        about = header.pop("__metadata__")
        if about.get("format") != FORMAT:
            raise CheckpointError(f"not a posterior of this program (format {FORMAT})")
        known = json.loads(about["model"])
        known.update(film_ids=tuple(known["film_ids"]), item_ids=tuple(known["item_ids"]))
        with path.open("rb") as file:
            mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        arrays: dict[str, Any] = {name: _array(mapping, start, entry) for name, entry in header.items()}
        return Posterior(**known, **arrays, mapping=mapping)
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from None
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{path}: damaged checkpoint ({reason}); train it again") from error


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The JSON header of a safetensors file, and where its arrays start. Source: safetensors' README."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length < path.stat().st_size:
            raise ValueError("its header is cut off")
        return json.loads(file.read(length)), 8 + length


def _array(mapping: mmap.mmap, start: int, entry: Mapping[str, Any]) -> NDArray[Any]:
    """An array of the file: float16 stays mapped, the rest is small or read whole every time."""
    first, last = entry["data_offsets"]
    shape, kind = tuple(entry["shape"]), _TYPES[entry["dtype"]]
    if last - first != kind.itemsize * math.prod(shape) or start + last > len(mapping):
        raise ValueError("an array is cut off")
    array = np.frombuffer(mapping, kind, math.prod(shape), start + first).reshape(shape)
    return array if kind.itemsize == 2 else array.copy()
