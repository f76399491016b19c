"""Films without a single rating: how well genres and year place them. Some films' ratings are all held back.

Letters: N held-back ratings, F films held back.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.elicitation_study import RESAMPLES, chain
from recommender.events import Event
from recommender.ratings import Dataset, Ratings

Doubles = NDArray[np.float64]

FILM_SHARE = 0.1
"""Of the films with ratings, so many are taken for new."""
DAMPING = 5.0
"""Average ratings added to a person's mean."""


def new_films(
    data: Dataset, seed: int, cancelled: Callable[[], bool] = lambda: False
) -> Generator[Event, None, dict[str, Any] | None]:
    """RMSE in stars of ratings of new films: by `metadata`, and by `nothing` but the person's own mean.

    With the 95 % interval of the difference over films. Twice: every rating counts the same, and in
    `each_film` every film. The two differ, since a film is placed like any film of its kind, while films that
    are rated often are better than that. Empty if no film can be held back; None after the
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
    by_row = [np.bincount(place, row, len(films)).astype(np.float64) for row in squares]
    sums = np.stack(by_row)  # [2, F]
    counts: Doubles = np.bincount(place, minlength=len(films)).astype(np.float64)  # [F]
    drawn = rng.integers(0, len(films), (RESAMPLES, len(films)))
    by_film = (sums / counts, np.ones(len(films)))
    each_film = _told(*by_film, drawn)
    return {"films": len(films), "ratings": len(held), **_told(sums, counts, drawn), "each_film": each_film}


def _told(sums: Doubles, counts: Doubles, drawn: NDArray[np.int64]) -> dict[str, float]:
    """Errors by metadata and by nothing from sums of squares [2, F] over counts [F]; films redrawn."""
    metadata, nothing = (float(x) for x in np.sqrt(sums.sum(axis=1) / counts.sum()))
    errors = np.sqrt(sums[:, drawn].sum(axis=-1) / counts[drawn].sum(axis=-1))  # [2, RESAMPLES]
    low, high = (float(x) for x in np.quantile(errors[0] - errors[1], (0.025, 0.975)))
    ends = {"low": low, "high": high}
    return {"metadata": metadata, "nothing": nothing, "difference": metadata - nothing, **ends}


def _means(train: Ratings) -> Doubles:
    """Damped mean of each person's ratings [U]; the mean of all for a person without any."""
    mean = float(train.stars.mean(dtype=np.float64))
    sums = np.bincount(train.users, train.stars - mean, train.n_users)
    return np.asarray(mean + sums / (np.bincount(train.users, minlength=train.n_users) + DAMPING))
