"""`best`: Bayesian matrix factorisation, sampled, in which what a person chose to watch says something, too.

    stars = mean + bu + bi + u · v + noise,   each draw cut to the range of the scale, and all draws averaged

The prior mean of a user's (u, bu) is a linear function of which films the user rated and of the user's
traits; that of a film's (v, bi) of who rated it, its genres and its year. Some people and films are rated
more steadily than others: each has its own factor on the precision of the noise.

A few sweeps without noise start the chain (alternating least squares). Nothing but the training ratings is
looked at. Letters: U users, I films, K factors, D = K + 1 (vector, bias), S draws, B pairs.
Sources: Salakhutdinov and Mnih 2008 (BPMF); Simm et al. 2017 (Macau); Rendle, Zhang, Koren 2019.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from recommender.bayes_blocks import Diverged, blocks_of, table_of
from recommender.bayes_config import BEST, BayesConfig
from recommender.bayes_features import Directions, directions, film_traits, user_traits
from recommender.bayes_side import Side, SideDraw
from recommender.config import TrainConfig
from recommender.events import Cancelled, Event, Failed, Finished, Point, Progress, Started
from recommender.ratings import Dataset, Items, Ratings, Users

Floats = NDArray[np.float32]

KEPT_BYTES = 400_000_000
"""The draws kept of a chain take at most about so many bytes, but there are at least MIN_KEPT of them."""
MIN_KEPT = 32


class Draw(NamedTuple):
    """One draw of the whole model."""

    users: SideDraw
    films: SideDraw
    precision: float  # of a rating with noise factors of 1, per star²


@dataclass(frozen=True, eq=False)
class BayesModel:
    """A sampled chain: its draws, and what a draw means."""

    config: BayesConfig
    mean: float  # stars
    low: float
    high: float
    draws: tuple[Draw, ...]
    user_features: Directions
    film_features: Directions

    def predict(self, users: NDArray[np.integer], items: NDArray[np.integer], times: Any = None) -> Floats:
        """Expected stars [B] for user rows [B] and film rows [B], within the range; `times` are unused."""
        total = torch.zeros(len(users))
        for draw in self.draws:
            total += self.stars_of(draw, users, items)
        return np.asarray((total / len(self.draws)).numpy())

    def stars_of(self, draw: Draw, users: NDArray[np.integer], items: NDArray[np.integer]) -> torch.Tensor:
        """Stars [B] by one draw, cut to the range."""
        u = draw.users.vectors[torch.from_numpy(np.asarray(users, dtype=np.int64))]  # [B, D]
        v = draw.films.vectors[torch.from_numpy(np.asarray(items, dtype=np.int64))]  # [B, D]
        raw = self.mean + (u[:, :-1] * v[:, :-1]).sum(1) + u[:, -1] + v[:, -1]
        return raw.clamp(self.low, self.high)


class Sampler:
    """The chain. `start()` once, then `sweep()` for the next draw; usable after each."""

    def __init__(
        self,
        train: Ratings,
        config: BayesConfig = BEST,
        items: Items | None = None,
        users: Users | None = None,
    ):
        """Prepare to learn from `train`; `items` and `users` are what is known of its rows, if anything.

        Raises ValueError if there are no ratings, or metadata of other rows.
        """
        if not len(train):
            raise ValueError("there are no ratings to learn from")
        self.config, self.rng = config, np.random.default_rng(config.seed)
        self.mean = float(train.stars.mean(dtype=np.float64))
        self.precision = 1.0
        self.n_ratings = len(train)
        self.stars = train.stars - np.float32(self.mean)
        self.users = self._side(
            train.users, train.items, train, None if users is None else user_traits(users)
        )
        self.films = self._side(
            train.items, train.users, train, None if items is None else film_traits(items)
        )

    def _side(
        self, rows: NDArray[np.int32], others: NDArray[np.int32], train: Ratings, traits: Floats | None
    ) -> Side:
        sizes = (train.n_users, train.n_items)
        n, n_others = sizes if rows is train.users else sizes[::-1]
        if traits is not None:
            if len(traits) != n:
                raise ValueError(f"metadata of {len(traits)} rows for {n} rows")
            traits = self.config.trait_weight * (traits - traits.mean(axis=0))
        config = self.config
        features = directions(rows, others, (n, n_others), traits, config.rank, config.smoothing, self.rng)
        blocks = blocks_of(rows, others, self.stars, n, n_others)
        return Side(blocks, features, np.bincount(rows, minlength=n), config.factors + 1)

    def start(self) -> None:
        """Small random film vectors, then a few sweeps without noise. Raises Diverged."""
        size = (self.films.vectors.shape[0], self.config.factors)
        vectors = 0.1 * self.rng.standard_normal(size, dtype=np.float32)
        self.films.vectors = torch.cat([torch.from_numpy(vectors), torch.zeros(size[0], 1)], dim=1)
        for _ in range(self.config.warm):
            self.users.draw_vectors(self._table(self.films), None)
            self.films.draw_vectors(self._table(self.users), None)

    def sweep(self) -> Draw:
        """Draw everything once, each part given the rest. Raises Diverged."""
        users, films, rng = self.users, self.films, self.rng
        users.draw_prior(rng)
        users.draw_vectors(self._table(films), rng)
        users.draw_noise(self.config.user_dof, rng)
        films.draw_prior(rng)
        films.draw_vectors(self._table(users), rng)
        films.draw_noise(self.config.film_dof, rng)
        self._draw_precision()
        return Draw(users.snapshot(), films.snapshot(), self.precision)

    def model(self, low: float, high: float) -> BayesModel:
        """What a draw of this chain means on a scale from `low` to `high`; no draws in it yet."""
        return BayesModel(self.config, self.mean, low, high, (), self.users.features, self.films.features)

    def _table(self, side: Side) -> torch.Tensor:
        return table_of(side.vectors, self.precision * side.noise)

    def _draw_precision(self) -> None:
        """Draw the precision of all ratings; the films' errors are in units of the present one."""
        error = float((self.films.errors * self.films.noise).double().sum()) / self.precision
        if not math.isfinite(error):
            raise Diverged("the chain diverged: the training error is no longer a number")
        self.precision = float(self.rng.standard_gamma(1 + self.n_ratings / 2) / (1 + error / 2))


def fit(
    train: Ratings,
    config: BayesConfig = BEST,
    *,
    low: float,
    high: float,
    items: Items | None = None,
    users: Users | None = None,
    valid: Ratings | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Sample the model. Finished carries the BayesModel; else Failed or Cancelled.

    With `valid`, a Point after each sweep that counts: the error (RMSE in stars) of the average so far.
    ValueError for metadata of other rows.
    """
    began = time.perf_counter()
    yield Started({"model": "best", **asdict(config)})
    if not len(train):
        yield Failed("there are no ratings to learn from")
        return
    try:
        sampler = Sampler(train, config, items, users)
        sampler.start()
        kept, draws, course = _kept_sweeps(config, train), list[Draw](), _Course(valid)
        model = sampler.model(low, high)
        for sweep in range(1, config.sweeps + 1):
            if cancelled():
                yield Cancelled()
                return
            draw = sampler.sweep()
            draws += [draw] if sweep in kept else []
            if sweep > config.burn and valid is not None:
                yield Point("valid RMSE", sweep, course.add(model, draw), config.seed)
            yield Progress(sweep / config.sweeps, f"draw {sweep}/{config.sweeps}")
    except Diverged as error:
        yield Failed(f"{error}; check the ratings for numbers far off the scale")
        return
    told = {"model": "best", "draws": len(draws), "n_ratings": len(train), "valid_rmse": course.rmse}
    yield Finished({**told, "seconds": time.perf_counter() - began}, replace(model, draws=tuple(draws)))


def fit_named(
    config: TrainConfig,
    train: Ratings,
    valid: Ratings | None = None,
    data: Dataset | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """`fit` as all models are fitted: epochs are sweeps, errors are mean squared ones, in stars squared.

    Without `data` nothing is known but the ratings, and the range is theirs.
    """
    chain = replace(BEST, factors=config.factors, sweeps=config.epochs, seed=config.seed)
    if data is None:
        stars = train.stars if len(train) else np.ones(1)
        around: dict[str, Any] = {"low": float(stars.min()), "high": float(stars.max())}
    else:
        around = {"low": data.low, "high": data.high, "items": data.items, "users": data.users}
    for event in fit(train, chain, valid=valid, cancelled=cancelled, **around):
        if isinstance(event, Finished):
            held = None if valid is None else _mse(event.model, valid)
            result = {
                **event.result,
                "train_mse": _mse(event.model, train),
                "valid_mse": held,
                "valid_rmse": None if held is None else math.sqrt(held),
                "epochs": [],
            }
            event = Finished(result, event.model)
        yield event


def _mse(model: BayesModel, ratings: Ratings) -> float:
    miss = model.predict(ratings.users, ratings.items) - ratings.stars
    return float(np.mean(np.square(miss, dtype=np.float64)))


def _kept_sweeps(config: BayesConfig, train: Ratings) -> set[int]:
    """The sweeps whose draws are kept: all after the burn-in, or evenly spaced ones if that is too much."""
    size = 4 * (train.n_users + train.n_items) * (config.factors + 2)
    room = max(MIN_KEPT, KEPT_BYTES // size)
    n = min(config.sweeps - config.burn, room)
    return {int(sweep) for sweep in np.linspace(config.sweeps, config.burn + 1, n).round()}


class _Course:
    """The error of the running average on held-out ratings."""

    def __init__(self, valid: Ratings | None):
        self.valid, self.n = valid, 0
        self.rmse: float | None = None
        self.total = torch.zeros(0 if valid is None else len(valid))

    def add(self, model: BayesModel, draw: Draw) -> float:
        """Average one more draw in; the RMSE in stars."""
        assert self.valid is not None
        self.n += 1
        self.total += model.stars_of(draw, self.valid.users, self.valid.items)
        miss = self.total / self.n - torch.from_numpy(self.valid.stars.copy())
        rmse = self.rmse = float(miss.square().mean().sqrt())
        return rmse
