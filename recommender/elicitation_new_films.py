"""Films without a single rating: how well genres and year place them. Some films' ratings are all held back.

Letters: N held-back ratings, F films held back.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from recommender.elicitation_study import RESAMPLES, chain
from recommender.events import Event
from recommender.ratings import Dataset, Ratings

FILM_SHARE = 0.1
"""Of the films with ratings, so many are taken for new."""
DAMPING = 5.0
"""Average ratings added to a person's mean."""


def new_films(
    data: Dataset, seed: int, cancelled: Callable[[], bool] = lambda: False
) -> Generator[Event, None, dict[str, Any] | None]:
    """RMSE in stars of ratings of new films: by `metadata`, and by `nothing` but the person's own mean.

    With the 95 % interval of the difference over films. Empty if no film can be held back; None after the
    event that tells why the chain ended.
    """
    ratings = data.ratings
    rated = np.unique(ratings.items)
    rng = np.random.default_rng([seed, 21])
    films = rng.permutation(rated)[: round(FILM_SHARE * len(rated))]
    new = np.isin(ratings.items, films)
    if not new.any() or new.all():
        return {}
    train, held = ratings.take(~new), ratings.take(new)
    model = yield from chain(data, train, seed, cancelled)
    if model is None:
        return None
    guesses = np.stack([model.predict(held.users, held.items), _means(train)[held.users]])
    squares = (guesses - held.stars).astype(np.float64) ** 2  # [2, N]
    place = np.searchsorted(np.sort(films), held.items)
    sums = np.stack([np.bincount(place, row, len(films)) for row in squares])  # [2, F]
    counts = np.bincount(place, minlength=len(films))  # [F]
    drawn = rng.integers(0, len(films), (RESAMPLES, len(films)))
    errors = np.sqrt(sums[:, drawn].sum(axis=-1) / counts[drawn].sum(axis=-1))  # [2, RESAMPLES]
    low, high = np.quantile(errors[0] - errors[1], (0.025, 0.975))
    metadata, nothing = (float(x) for x in np.sqrt(squares.mean(axis=1)))
    return {
        "films": len(films),
        "ratings": len(held),
        "metadata": metadata,
        "nothing": nothing,
        "difference": metadata - nothing,
        "low": float(low),
        "high": float(high),
    }


def _means(train: Ratings) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Damped mean of each person's ratings [U]; the mean of all for a person without any."""
    mean = float(train.stars.mean(dtype=np.float64))
    sums = np.bincount(train.users, train.stars - mean, train.n_users)
    return np.asarray(mean + sums / (np.bincount(train.users, minlength=train.n_users) + DAMPING))
