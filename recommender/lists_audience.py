"""Who rates what: the interest that a person takes in a film, from which films they rated, stars apart.

Alternating least squares on "rated" = 1 (weight 1) against "not rated" = 0 (weight `unseen`):

    u minimises  Σ over rated films of (1 - u · v)² + unseen · Σ over all films of (u · v)² + ridge · u²

A new person is one more such regression, on NumPy alone. Source: Hu, Koren, Volinsky 2008; the weights as in
Rendle, Krichene, Zhang, Koren 2022 ("iALS++"), with a constant ridge.
Letters: N ratings, U people, I films, K factors, n ratings of one person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.checkpoint import CheckpointError
from recommender.files import replacing
from recommender.padding import Gatherer, Group, padded_groups
from recommender.ratings import Ratings

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Counts = NDArray[np.int32]

FORMAT = "recommender-audience-1"
NEWCOMER = 0.5
"""A person's own taste weighs n / (n + NEWCOMER) against what everybody watches."""


@dataclass(frozen=True, eq=False)
class Audience:
    """The film side of the model of interest, and what the knobs of a list need to know of the films."""

    factors: Floats
    """[I, K]"""
    counts: Counts
    """[I] people who rated the film"""
    years: Counts
    """[I] year of release, 0 where it is unknown"""
    people: int
    """People it was learnt from."""
    ridge: float
    unseen: float
    """Weight of a film that was not rated."""

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit and numbers that are not finite."""
        n_items = len(self.factors)
        if self.factors.ndim != 2 or self.counts.shape != (n_items,) or self.years.shape != (n_items,):
            raise CheckpointError("factors, counts and years must be of the same films")
        if not np.isfinite(self.factors).all() or not (
            self.ridge > 0 and self.unseen > 0 and self.people > 0
        ):
            raise CheckpointError("the numbers of an audience must be finite, its strengths above zero")

    @property
    def n_items(self) -> int:
        """Number of films I."""
        return len(self.factors)

    @cached_property
    def gram(self) -> Doubles:
        """[K, K] what all films ask of anybody's vector: unseen · Σ v vᵀ + ridge."""
        return _gram(self.factors.astype(np.float64), self.ridge, self.unseen)

    @cached_property
    def share(self) -> Floats:
        """[I] share of people who rated the film."""
        return np.asarray(self.counts / self.people, dtype=np.float32)

    @cached_property
    def doublings(self) -> Floats:
        """[I] how many times the film's audience is double that of the median film; below it, negative."""
        heard = np.log2(1.0 + self.counts)
        return np.asarray(heard - np.median(heard), dtype=np.float32)

    @cached_property
    def decades(self) -> Floats:
        """[I] decades from the median year of release to the film's; 0 where its year is unknown."""
        known = self.years[self.years > 0]
        middle = float(np.median(known)) if len(known) else 0.0
        return np.asarray(np.where(self.years > 0, (self.years - middle) / 10, 0), dtype=np.float32)

    def directions(self, rows: NDArray[np.integer]) -> Floats:
        """[B, K] vectors of the films in `rows` [B] at length 1: their products are cosines.

        That of a film that nobody rated stays 0.
        """
        vectors = self.factors[rows]
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))

    def interest(self, rows: Sequence[int] | NDArray[np.integer]) -> Floats:
        """Interest [I] of a person who rated the films in `rows` [n]: about 0 for none, about 1 for certain.

        Without a rating it is the share of people who rated the film. Raises ValueError for rows outside.
        """
        index = np.unique(np.asarray(rows, dtype=np.intp))
        if not len(index):
            return self.share.copy()
        if index[0] < 0 or index[-1] >= self.n_items:
            raise ValueError(f"a film row lies outside 0..{self.n_items - 1}")
        vector = _solve(self.gram, self.factors[index].astype(np.float64)).astype(np.float32)  # [K]
        own = np.float32(len(index) / (len(index) + NEWCOMER))
        return np.asarray(self.factors @ (own * vector) + (1 - own) * self.share)


def fit_audience(
    ratings: Ratings,
    years: ArrayLike | None = None,
    factors: int = 32,
    ridge: float = 5.0,
    unseen: float = 0.5,
    sweeps: int = 10,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Audience:
    """Learn from who rated what; `years` [I] of release, 0 where unknown. Deterministic per seed.

    Cancelled, it stops after the sweep it is in.

    Raises ValueError if there are no ratings. Time grows with the ratings and with the number of rows.
    """
    if not len(ratings):
        raise ValueError("there are no ratings to learn from")
    pairs = np.unique(ratings.users.astype(np.int64) * ratings.n_items + ratings.items)
    users, items = np.divmod(pairs, ratings.n_items)
    by_user = padded_groups(users, items, ratings.n_users, ratings.n_items)
    by_item = padded_groups(items, users, ratings.n_items, ratings.n_users)
    films = np.random.default_rng(seed).normal(0, 0.1 / np.sqrt(factors), (ratings.n_items, factors))
    for _ in range(sweeps):
        if cancelled():
            break
        people = _solve_side(films, by_user, ratings.n_users, ridge, unseen)
        films = _solve_side(people, by_item, ratings.n_items, ridge, unseen)
    return Audience(
        factors=films.astype(np.float32),
        counts=np.bincount(items, minlength=ratings.n_items).astype(np.int32),
        years=np.zeros(ratings.n_items, np.int32) if years is None else np.array(years, dtype=np.int32),
        people=len(np.unique(users)),
        ridge=ridge,
        unseen=unseen,
    )


def _gram(vectors: Doubles, ridge: float, unseen: float) -> Doubles:
    return np.asarray(unseen * (vectors.T @ vectors) + ridge * np.eye(vectors.shape[1]))


def _solve(gram: Doubles, rated: Doubles) -> Doubles:
    """The vector [K] of somebody who goes with the vectors `rated` [n, K]."""
    return np.asarray(np.linalg.solve(gram + rated.T @ rated, rated.sum(axis=0)))


def _solve_side(fixed: Doubles, groups: list[Group], n: int, ridge: float, unseen: float) -> Doubles:
    """Vectors [n, K] of one side, each from the vectors of the other side that it goes with."""
    gram = _gram(fixed, ridge, unseen).astype(np.float32)
    table = np.vstack([fixed, np.zeros((1, fixed.shape[1]))]).astype(np.float32)  # last: padding
    solved = np.zeros((n, fixed.shape[1]))
    gather = Gatherer(table)
    for group in groups:
        rated = gather(group)  # [B, L, K]
        targets = rated.sum(axis=1)[..., None]  # [B, K, 1]
        solved[group.rows] = np.linalg.solve(gram + rated.transpose(0, 2, 1) @ rated, targets)[..., 0]
    return solved


def save(audience: Audience, path: Path) -> None:
    """Write it to `path` (safetensors) in one atomic step: a reader sees the old file or the new one."""
    from safetensors.numpy import save as to_bytes  # only writers need it

    arrays = {name: getattr(audience, name) for name in ("factors", "counts", "years")}
    about = {name: getattr(audience, name) for name in ("people", "ridge", "unseen")}
    data = to_bytes(arrays, metadata={"format": FORMAT, "audience": json.dumps(about, sort_keys=True)})
    with replacing(path) as file:
        file.write(data)


def load(path: Path) -> Audience:
    """Read what `save` wrote. Raises CheckpointError, in one line, if it is missing, damaged or else."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such file; learn an audience first")
    try:
        with safe_open(str(path), framework="numpy") as file:
            header = file.metadata() or {}
            if header.get("format") != FORMAT:
                raise CheckpointError(f"not an audience of this program (format {FORMAT})")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return Audience(**arrays, **json.loads(header["audience"]))
    except CheckpointError as error:
        raise CheckpointError(f"{path}: {error}") from None
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{path}: damaged ({reason}); learn it again") from error
