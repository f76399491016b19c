"""How wide an interval must be to hold 90 % of what people give: measured on people the chain has not seen.

Each is folded in from none, few and many of their ratings; what they gave to other films, in the model's own
standard deviations, says how far the interval must reach below and above. Of all intervals that hold 90 %
the shortest is taken: near the top of the scale little of it lies above. Letters as in posterior.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.posterior import Posterior, levels_of
from recommender.posterior_fold import fold_in, moments
from recommender.ratings import Ratings

Doubles = NDArray[np.float64]

PEOPLE = 300
"""People to calibrate on: so many, or a fifth of all if these are fewer."""
TARGETS = 20
"""Ratings of one person that are forecast from each number of known ratings."""
SIZES = ((0, 0), (1, 2), (3, 9), (10, 150))
"""Known ratings in each bucket: the fewest and the most that are tried."""
LEAST = 150
"""With fewer forecasts at one level the whole bucket serves; with fewer in that, a normal curve."""
AIM = 0.915
"""Share that the widths hold of what they are measured on; of what they are not, they hold about 90 %."""
TAILS = np.linspace(0.0085, 0.0808, 18)
"""Shares that are tried below the interval, of what is outside."""
NARROWEST = 0.1


def people_to_calibrate(ratings: Ratings, seed: int) -> NDArray[np.intp]:
    """Rows of people with enough ratings to hold some back, drawn at random; perhaps none."""
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    able = np.flatnonzero(counts > SIZES[-1][0])
    n = min(PEOPLE, len(able) // 5)
    return np.sort(np.random.default_rng([seed, 1]).choice(able, n, replace=False))


def calibrated(
    posterior: Posterior, ratings: Ratings, people: NDArray[np.intp], seed: int
) -> NDArray[np.float32]:
    """Standard deviations below and above the mean that hold 90 % of what unseen `people` gave.

    [buckets, levels, 2], as `Posterior.spread`.
    """
    spread = posterior.spread.copy()
    rng = np.random.default_rng([seed, 2])
    order = np.argsort(ratings.users, kind="stable")
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    theirs = np.split(order, np.cumsum(counts)[:-1])
    for bucket, sizes in enumerate(SIZES):
        found = [_forecasts(posterior, ratings, theirs[person], sizes, rng) for person in people]
        stars, centre, deviation = np.concatenate([np.zeros((3, 0)), *found], axis=1)
        level = levels_of(posterior, centre)
        for at in range(spread.shape[1]):
            chosen = level == at
            if chosen.sum() < LEAST:
                chosen[:] = True
            if chosen.sum() >= LEAST:
                part = (stars[chosen], centre[chosen], deviation[chosen])
                spread[bucket, at] = _shortest(posterior, *part)
    return spread


def _forecasts(
    posterior: Posterior,
    ratings: Ratings,
    own: NDArray[np.intp],
    sizes: tuple[int, int],
    rng: np.random.Generator,
) -> Doubles:
    """[3, B]: stars, forecast mean and standard deviation of some ratings of a person, given others."""
    mixed = rng.permutation(own)
    known = int(rng.integers(sizes[0], min(sizes[1], len(mixed) - 1) + 1))
    asked = mixed[known : known + TARGETS]
    folded = fold_in(posterior, ratings.items[mixed[:known]], ratings.stars[mixed[:known]])
    centre, deviation = moments(posterior, folded, ratings.items[asked].astype(np.intp))
    return np.stack([ratings.stars[asked].astype(np.float64), centre, deviation])


def _shortest(
    posterior: Posterior, stars: Doubles, centre: Doubles, deviation: Doubles
) -> tuple[float, float]:
    """Widths below and above of intervals that hold 90 %: the shortest on average, cut to the range."""
    ends = np.quantile((stars - centre) / deviation, np.stack([TAILS, TAILS + AIM]))  # [2, tails]
    below, above = np.maximum(-ends[0], NARROWEST), np.maximum(ends[1], NARROWEST)
    low = np.maximum(centre[:, None] - deviation[:, None] * below, posterior.low)  # [B, tails]
    high = np.minimum(centre[:, None] + deviation[:, None] * above, posterior.high)
    shortest = int((high - low).mean(axis=0).argmin())
    return float(below[shortest]), float(above[shortest])
