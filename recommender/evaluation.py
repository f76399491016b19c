"""How good a model is: errors in stars, quality of its lists, and how far the figures spread over folds.

Letters: N held-out ratings, U users, I films, k length of a list.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.config import TrainConfig
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.fitting import Predictor, fit
from recommender.ranking import best
from recommender.ratings import Dataset, Ratings, kfold


@dataclass(frozen=True)
class Errors:
    """Errors of predicted stars. `missing` predictions were left out of them."""

    rmse: float
    mae: float
    n: int
    missing: int


@dataclass(frozen=True)
class Lists:
    """Quality of top-k lists, mean over `users`. People without a relevant held-out film are `skipped`."""

    precision: float
    """share of a list that the person went on to like"""
    recall: float
    """share of what the person went on to like that is in the list"""
    ndcg: float
    """the same, where a place near the top counts more; 1 is the best order possible"""
    coverage: float
    """share of all films that are in anybody's list"""
    novelty: float
    """mean of log2(people / people who rated the film): how little known the films are"""
    diversity: float | None
    """mean of 1 - shared genres / all genres over the pairs in a list; None without genres or pairs"""
    users: int
    skipped: int


MEASURES = ("rmse", "mae", "precision", "recall", "ndcg", "coverage", "novelty", "diversity")
"""Figures of a fold that have a mean and a spread."""


def errors(predicted: ArrayLike, stars: ArrayLike, missing: str = "raise") -> Errors:
    """Root mean squared and mean absolute error, in stars.

    A prediction that is nan is missing: "raise" refuses it (ValueError), "skip" leaves it out and counts it.
    """
    miss = np.asarray(predicted, dtype=np.float64) - np.asarray(stars, dtype=np.float64)  # [N]
    known = np.isfinite(miss)
    gone = int((~known).sum())
    if missing not in ("raise", "skip"):
        raise ValueError(f'missing must be "raise" or "skip", not {missing!r}')
    if gone and missing == "raise":
        raise ValueError(f"{gone} of {len(miss)} predictions are missing")
    miss = miss[known]
    if not len(miss):
        return Errors(math.nan, math.nan, 0, gone)
    return Errors(float(np.sqrt(np.mean(miss**2))), float(np.mean(np.abs(miss))), len(miss), gone)


def lists(
    model: Predictor,
    train: Ratings,
    held: Ratings,
    k: int = 10,
    liked: float = 4.0,
    genres: Sequence[Sequence[str]] | None = None,
) -> Lists:
    """Judge the k best films for each person that they have no training rating for.

    A held-out film is relevant if it got `liked` stars or more. A film that the person never rated counts as
    not relevant, though they might have liked it: the figures compare models, they are not chances.
    """
    counts = np.bincount(train.items, minlength=train.n_items)  # [I]
    bits = np.log2(train.n_users / np.maximum(counts, 1))  # [I]
    seen, good = _films_of(train, 0.0), _films_of(held, liked)
    rows, tops = [], []
    for user in range(train.n_users):
        if len(good[user]):
            scores = scores_of(model, user, train.n_items)
            scores[seen[user]] = -np.inf
            top = best(scores, k)
            tops.append(top)
            rows.append((*_hits(top, good[user], k), float(bits[top].mean()) if len(top) else 0.0))
    if not rows:
        raise ValueError(f"nobody has a held-out film with {liked:g} stars or more")
    precision, recall, ndcg, novelty = (float(x) for x in np.mean(rows, axis=0))
    shown = len(np.unique(np.concatenate(tops))) / train.n_items
    diversity = None if genres is None else _diversity(tops, genres)
    return Lists(precision, recall, ndcg, shown, novelty, diversity, len(rows), train.n_users - len(rows))


def scores_of(model: Predictor, user: int, n_items: int) -> NDArray[np.float32]:
    """What the films are sorted by for `user` [I]: the model's own ranking if it has one, else its stars."""
    rank = getattr(model, "rank", None)
    if rank is not None:
        return np.array(rank(user), dtype=np.float32)
    return np.array(model.predict(np.full(n_items, user), np.arange(n_items)), dtype=np.float32)


def _films_of(ratings: Ratings, least: float) -> list[NDArray[np.int32]]:
    """For each user the films that got `least` stars or more."""
    chosen = np.flatnonzero(ratings.stars >= least)
    order = chosen[np.argsort(ratings.users[chosen], kind="stable")]
    ends = np.cumsum(np.bincount(ratings.users[order], minlength=ratings.n_users))  # [U]
    return np.split(ratings.items[order], ends[:-1])


def _hits(top: NDArray[np.intp], good: NDArray[np.int32], k: int) -> tuple[float, float, float]:
    """Precision, recall and nDCG of one list."""
    hit = np.isin(top, good)
    worth = 1 / np.log2(np.arange(2, k + 2))  # [k]
    possible = worth[: min(k, len(good))].sum()
    gained = worth[: len(top)][hit].sum()
    return float(hit.sum() / k), float(hit.sum() / len(good)), float(gained / possible)


def _diversity(tops: Sequence[NDArray[np.intp]], genres: Sequence[Sequence[str]]) -> float | None:
    """Mean Jaccard distance of the genres of two films of one list; two films without genres are alike."""
    names = sorted({name for film in genres for name in film})
    flags = np.array([[name in film for name in names] for film in genres], dtype=np.float64)  # [I, G]
    means = []
    for top in tops:
        mine = flags[top].reshape(len(top), len(names))  # [k, G]
        shared = mine @ mine.T  # [k, k]
        sizes = mine.sum(axis=1)
        either = sizes[:, None] + sizes[None, :] - shared
        apart = 1 - np.divide(shared, either, out=np.ones_like(shared), where=either > 0)
        if len(top) > 1:
            means.append(apart[np.triu_indices(len(top), 1)].mean())
    return float(np.mean(means)) if means and names else None


def cross_validate(
    config: TrainConfig,
    data: Dataset,
    folds: int = 5,
    seed: int = 42,
    cancelled: Callable[[], bool] = lambda: False,
    top: int | None = None,
) -> Iterator[Event]:
    """Hold each of `folds` folds out once. Finished carries means, their spread, and each fold's figures.

    `rmse_sd` and its like are standard deviations over folds (n - 1). `top`: also judge lists of so many
    films.
    """
    began = time.perf_counter()
    yield Started({**config.to_dict(), "folds": folds, "split_seed": seed})
    rows: list[dict[str, Any]] = []
    for number, split in enumerate(kfold(len(data.ratings), folds, seed)):
        learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
        fold = hold_out(config, learn, held, data, cancelled, top)
        if not isinstance(fold, dict):
            yield fold
            return
        rows.append(fold)
        yield Progress((number + 1) / folds, f"fold {number + 1}/{folds}: rmse {fold['rmse']:.4f}")
    names = [name for name in MEASURES if rows[0].get(name) is not None]
    spread = {f"{name}_sd": float(np.std([r[name] for r in rows], ddof=1)) for name in names}
    means = {name: float(np.mean([row[name] for row in rows])) for name in names}
    total = sum(row["fit_seconds"] for row in rows)
    seconds = {"seconds": time.perf_counter() - began, "fit_seconds": total}
    yield Finished({**means, **spread, **seconds, "folds": rows})


def train_and_test(
    config: TrainConfig,
    train: Ratings,
    held: Ratings,
    cancelled: Callable[[], bool] = lambda: False,
    top: int | None = None,
) -> Iterator[Event]:
    """Learn from `train`, predict `held`. Finished carries the figures; `folds` holds the one fold."""
    began = time.perf_counter()
    fold = hold_out(config, train, held, None, cancelled, top)
    if not isinstance(fold, dict):
        yield fold
        return
    seconds = {"seconds": time.perf_counter() - began, "fit_seconds": fold["fit_seconds"]}
    yield Finished({**{name: fold[name] for name in MEASURES if name in fold}, **seconds, "folds": [fold]})


def hold_out(
    config: TrainConfig,
    train: Ratings,
    held: Ratings,
    data: Dataset | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    top: int | None = None,
) -> dict[str, Any] | Failed | Cancelled:
    """Fit on `train`, measure on `held`: the figures of `Errors` and `fit_seconds`; or how the fit ended.

    With `top` the figures of `Lists` of so many films, too; liked is what got four fifths of the best mark.
    """
    for event in fit(config, train, None, data, cancelled):
        if isinstance(event, (Failed, Cancelled)):
            return event
        end = event
    assert isinstance(end, Finished)  # the only other ending
    predicted = end.model.predict(held.users, held.items, held.times)
    figures = {**asdict(errors(predicted, held.stars)), "fit_seconds": end.result["seconds"]}
    if top is None:
        return figures
    liked = 0.8 * float(train.stars.max())
    if not (held.stars >= liked).any():
        return Failed(f"no held-out film got {liked:g} stars or more: there is no list to judge")
    return figures | asdict(lists(end.model, train, held, top, liked, data.items.genres if data else None))


def joined(train: Ratings, held: Ratings) -> tuple[Ratings, Ratings]:
    """Two sets of ratings with vocabularies of their own -> the same ratings over one vocabulary."""
    parts = (train, held)
    users = [part.user_ids[row] for part in parts for row in part.users]
    items = [part.item_ids[row] for part in parts for row in part.items]
    stars = np.concatenate([part.stars for part in parts])
    times = None
    if train.times is not None and held.times is not None:
        times = np.concatenate([train.times, held.times])
    both = Ratings.from_ids(users, items, stars, times)
    return both.take(np.arange(len(train))), both.take(np.arange(len(train), len(both)))
