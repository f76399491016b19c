"""The default list: films that a person would rate high and that they would care to watch at all.

Every term of a film's worth is in stars:

    worth = predicted - caution · doubt + interest · chance of interest
            + popularity · doublings of the audience + novelty · decades

and a list that is picked for diversity (maximal marginal relevance: Carbonell, Goldstein 1998) takes at each
place the film with the largest worth - diversity · (cosine with the most alike film above it).
Letters: I films (rows), n places of the list, B candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender import posterior_fold, ranking
from recommender.checkpoint import FactorModel
from recommender.foldin import Folded
from recommender.lists_audience import Audience
from recommender.posterior import Posterior
from recommender.posterior_fold import FoldedDraws
from recommender.ranking import best

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

CANDIDATES = 128
"""Films beyond those asked for that a list is picked from."""


@dataclass(frozen=True)
class Knobs:
    """What a list weighs; each number is in stars per unit. 0 turns a term off.

    The defaults were found on a split of MovieLens 100K that is not reported. There, interest from 5 to 14
    and caution from 0 to 1 differ by less than 0.01 in nDCG@10.
    """

    interest: float = 8.0
    """for a film of certain interest against one of none"""
    caution: float = 0.5
    """taken away for each star of doubt (standard deviation of the rating), where the model knows it"""
    popularity: float = 0.0
    """for each doubling of the film's audience; negative prefers the little known"""
    novelty: float = 0.0
    """for each decade that the film is newer; negative prefers the old"""
    diversity: float = 0.0
    """taken away from the very likeness of a film that stands above it; not negative"""

    def __post_init__(self) -> None:
        """Raise ValueError for a number that is not finite, or a negative diversity."""
        for name, value in vars(self).items():
            if not np.isfinite(value):
                raise ValueError(f"{name} must be a finite number of stars, not {value}")
        if self.diversity < 0:
            raise ValueError(f"diversity must not be negative, but is {self.diversity:g}")


STARS_ONLY = Knobs(interest=0.0, caution=0.0)
"""By predicted stars alone: how good films would be if they were watched."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """A list of up to n films, first place first."""

    rows: Rows
    """[n]"""
    scores: Floats
    """[n] worth in stars, before likeness to the films above is taken away"""
    predicted: Floats
    """[n] stars"""
    diversity_cost: Floats
    """[n] predicted stars of the film that would have this place at diversity 0, minus those of this film.
    Their mean is what diversity costs the list; below 0 where diversity happens to bring better films up."""


def rank(
    audience: Audience,
    predicted: Floats,
    interest: Floats,
    n: int,
    exclude_rows: Iterable[int] | NDArray[np.integer] = (),
    knobs: Knobs | None = None,
    doubt: Floats | None = None,
) -> Ranked:
    """The n films of most worth by predicted stars [I] and interest [I]; `doubt` [I] in stars, if known.

    A film whose prediction is not finite, and one in `exclude_rows`, is never listed. Of equals the lower
    row comes first. Raises ValueError for arrays that are not one number for each film.
    """
    knobs = knobs or Knobs()
    for array in (predicted, interest, predicted if doubt is None else doubt):
        if array.shape != (audience.n_items,):
            raise ValueError(f"{array.shape} numbers for {audience.n_items} films")
    value = worth(audience, predicted, interest, knobs)
    if doubt is not None and knobs.caution:
        value -= np.float32(knobs.caution) * doubt
    value[~np.isfinite(value)] = -np.inf
    value[_index(exclude_rows)] = -np.inf
    if not knobs.diversity:
        rows = best(value, n)
        return Ranked(rows, value[rows], predicted[rows], np.zeros(len(rows), np.float32))
    pool = best(value, max(n, 0) + CANDIDATES)
    rows = pool[mmr(value[pool], audience.directions(pool), n, knobs.diversity)]
    return Ranked(rows, value[rows], predicted[rows], predicted[pool[: len(rows)]] - predicted[rows])


def personal(
    model: FactorModel | Posterior,
    audience: Audience,
    folded: Folded | FoldedDraws,
    n: int,
    exclude_rows: Iterable[int] = (),
    knobs: Knobs | None = None,
    assumed: Iterable[int] = (),
) -> Ranked:
    """The n films of most worth for the person `folded` into `model`, whose rows are those of `audience`.

    Rated films and those in `exclude_rows` are left out; of the rated ones those in `assumed` are not, since
    the person is only assumed to like them. Raises ValueError for an audience of other films,
    TypeError for a person who was folded into a model of the other kind.
    """
    if audience.n_items != model.n_items:
        raise ValueError(f"an audience of {audience.n_items} films, but a model of {model.n_items}")
    knobs = knobs or Knobs()
    gone = np.concatenate([np.setdiff1d(folded.rows, _index(assumed)), _index(exclude_rows)])
    interest = audience.interest(folded.rows)
    if isinstance(model, Posterior) and isinstance(folded, FoldedDraws):
        predicted, doubt = _by_draws(model, audience, folded, interest, gone, n, knobs)
        return rank(audience, predicted, interest, n, gone, knobs, doubt)
    if isinstance(model, FactorModel) and isinstance(folded, Folded):
        return rank(audience, ranking.predict(model, folded), interest, n, gone, knobs)
    raise TypeError(f"a {type(folded).__name__} cannot be ranked by a {type(model).__name__}")


def _by_draws(
    posterior: Posterior,
    audience: Audience,
    folded: FoldedDraws,
    interest: Floats,
    gone: Rows,
    n: int,
    knobs: Knobs,
) -> tuple[Floats, Floats | None]:
    """Expected stars and, where caution asks, doubt [I]; nan for films that have no chance of a place."""
    stars = _rough(posterior, folded)
    if posterior.screen is None and not knobs.caution:
        return stars, None
    value = worth(audience, stars, interest, knobs)
    value[gone] = -np.inf
    rows = np.sort(best(value, max(n, 0) + CANDIDATES))  # in the order of the file: fewer pages
    exact, doubt = np.full((2, posterior.n_items), np.nan, dtype=np.float32)
    exact[rows] = posterior_fold.predict(posterior, folded, rows)
    if not knobs.caution:
        return exact, None
    doubt[rows] = posterior_fold.moments(posterior, folded, rows)[1]
    return exact, doubt


def _rough(posterior: Posterior, folded: FoldedDraws) -> Floats:
    """Expected stars [I]; among many films only as their leading directions have it."""
    if posterior.screen is None or posterior.screen_basis is None:
        return posterior_fold.predict(posterior, folded)
    people = folded.vectors.astype(np.float32)  # [S, D]
    people[:, -1] = 1  # what a film's bias, its last number, is multiplied by
    mean = np.float32(posterior.offset + folded.vectors[:, -1].mean())
    raw = posterior.screen @ (posterior.screen_basis.T @ people.reshape(-1) / posterior.n_draws)  # [I]
    return np.asarray(np.clip(raw + mean, posterior.low, posterior.high), dtype=np.float32)


def worth(audience: Audience, predicted: Floats, interest: Floats, knobs: Knobs) -> Floats:
    """Worth in stars of all films [I], caution left out."""
    value = np.asarray(predicted + np.float32(knobs.interest) * interest, dtype=np.float32)
    if knobs.popularity:
        value += np.float32(knobs.popularity) * audience.doublings
    if knobs.novelty:
        value += np.float32(knobs.novelty) * audience.decades
    return value


def mmr(value: Floats, directions: Floats, n: int, diversity: float) -> Rows:
    """Numbers of n of the B candidates, by `value` [B] less `diversity` times the closest cosine so far.

    `directions` [B, K] have length 1; films that point apart count as unlike, not as more than unlike.
    """
    left = value.astype(np.float64)
    closest = np.zeros(len(value))  # cosine with the most alike film picked so far, not below 0
    picked: list[int] = []
    for _ in range(min(n, len(value))):
        at = int(np.argmax(left - diversity * closest))
        picked.append(at)
        left[at] = -np.inf
        closest = np.maximum(closest, directions @ directions[at])
    return np.array(picked, dtype=np.intp)


def _index(rows: Iterable[int] | NDArray[np.integer]) -> Rows:
    return np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.intp)
