"""A new person under a sampled model: what they would give, how sure that is, and why.

Within one draw the person's w = (vector, bias) has a normal prior, and ratings with normal noise, so its
posterior is normal in closed form:

    A = precision + own Σ p f fᵀ,   w = prior + A⁻¹ own Σ p f gap
    gap = stars - offset - film bias - f · prior

with f = (film vector, 1) and p the precision of the film's ratings. The prior is moved by which films were
rated. `own`, how steadily this person rates, is found by a few rounds of expectation and maximisation.
Letters: I films, S draws, K factors, D = K + 1, n ratings of the person, B films asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.posterior import BUCKETS, SMALL, Posterior, levels_of
from recommender.ranking import Why, best

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

OWN_ROUNDS = 2
CANDIDATES = 512
"""Films that the screen passes on, beyond those asked for and those left out."""
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class FoldedDraws:
    """A person in every draw, with the ratings that made them so."""

    rows: Rows  # [n] rows of the rated films
    stars: Doubles  # [n]
    vectors: Doubles  # [S, D] posterior means of (vector, bias)
    covariance: Doubles  # [S, D, D]
    own: float
    """Factor on the precision of this person's ratings; 1 for an average person."""
    links: Doubles  # [S, n, D] what having rated each film adds to the prior mean, before the root
    weighted: Doubles  # [S, n, D] p f of each rated film
    surprise: Doubles  # [S, n] own · gap of each rating

    @property
    def bucket(self) -> int:
        """Which of BUCKETS the number of known ratings is in."""
        return int(np.searchsorted(BUCKETS, len(self.rows), side="right")) - 1


@dataclass(frozen=True, eq=False)
class Forecast:
    """Stars that a person would give to B films: mean, and the ends of the 90 % interval."""

    predicted: Floats  # [B]
    low: Floats  # [B]
    high: Floats  # [B]


def fold_in(posterior: Posterior, rows: Sequence[int] | NDArray[np.integer], stars: ArrayLike) -> FoldedDraws:
    """The posterior of a person who gave `stars` [n] to the films in `rows` [n]; n may be 0.

    Raises ValueError for rows outside the model, ratings that are not finite, or lengths that differ.
    """
    index = np.asarray(rows, dtype=np.intp).reshape(-1)
    given = np.asarray(stars, dtype=np.float64).reshape(-1)
    _check(posterior, index, given)
    n = len(index)
    films, bias = _films(posterior, index)  # [S, n, D], [S, n]
    weights = _precisions(posterior, index)  # [S, n]
    links = _draws_first(posterior.taken(posterior.link, index))  # [S, n, D]
    history = n + posterior.smoothing
    prior = (
        posterior.mean + links.sum(axis=1) / np.sqrt(history) - n / history * posterior.mean_link
    )  # [S, D]
    gap = given - posterior.offset - bias - (films @ prior[..., None])[..., 0]  # [S, n]
    weighted = films * weights[..., None]  # [S, n, D]
    gram = weighted.transpose(0, 2, 1) @ films  # [S, D, D]
    pull = (gap[:, None, :] @ weighted)[:, 0]  # [S, D]
    size = (weights * gap * gap).sum(axis=1)  # [S]
    precision, own = posterior.precision.astype(np.float64), 1.0  # [S, D, D]
    for _ in range(OWN_ROUNDS if n else 0):
        covariance = _inverse(precision + own * gram)
        moved = own * (covariance @ pull[..., None])[..., 0]  # [S, D]
        missed = size - 2 * (moved * pull).sum(1) + np.einsum("sd,sde,se->s", moved, gram, moved)
        unsure = (covariance * gram).sum(axis=(1, 2))
        own = float((posterior.user_dof + n) / (posterior.user_dof + (missed + unsure).mean()))
    covariance = _inverse(precision + own * gram)
    moved = own * (covariance @ pull[..., None])[..., 0]
    return FoldedDraws(index, given, prior + moved, covariance, own, links, weighted, own * gap)


def predict(
    posterior: Posterior, folded: FoldedDraws, rows: Sequence[int] | NDArray[np.integer] | None = None
) -> Floats:
    """Expected stars of all films [I], or of `rows` [B] only: each draw cut to the range, then averaged."""
    if rows is not None:
        return _average(posterior, folded, posterior.taken(posterior.films, np.asarray(rows, dtype=np.intp)))
    if posterior.n_items > SMALL:
        starts = range(0, posterior.n_items, CHUNK)
        films = (np.asarray(posterior.films[start : start + CHUNK]) for start in starts)
        return np.concatenate([_average(posterior, folded, part) for part in films])
    raw = (posterior.by_draw @ _ones_last(folded)[..., None])[..., 0]  # [S, I]
    raw += (posterior.offset + folded.vectors[:, -1:]).astype(np.float32)
    return np.asarray(raw.clip(posterior.low, posterior.high, out=raw).mean(axis=0))


def top_n(
    posterior: Posterior, folded: FoldedDraws, n: int, exclude_rows: Iterable[int] | None = None
) -> Rows:
    """Rows of the n best films for this person, best first; fewer if there are not so many.

    `exclude_rows`: films left out; by default those that the person rated. Among many films the best few
    hundred by their leading directions are scored by all draws.
    """
    left_out = folded.rows if exclude_rows is None else np.fromiter(exclude_rows, dtype=np.intp)
    if posterior.screen is None or posterior.screen_basis is None:
        stars = predict(posterior, folded)
        stars[left_out] = -np.inf
        return best(stars, n)
    flat = (_ones_last(folded) / posterior.n_draws).reshape(-1)  # [S * D]
    rough = np.asarray(posterior.screen @ (posterior.screen_basis.T @ flat))  # [I]
    rough[left_out] = -np.inf
    rows = np.sort(best(rough, n + CANDIDATES))
    return rows[best(predict(posterior, folded, rows), n)]


def forecast(
    posterior: Posterior, folded: FoldedDraws, rows: Sequence[int] | NDArray[np.integer]
) -> Forecast:
    """Mean and 90 % interval of the stars that the person would give to the films in `rows` [B].

    The interval is that of a rating: doubt about the person and the films, and the noise of the rating
    itself, by the first two moments of the draws and the calibrated widths for so many known ratings.
    """
    index = np.asarray(rows, dtype=np.intp).reshape(-1)
    centre, deviation = moments(posterior, folded, index)
    predicted = predict(posterior, folded, index)
    below, above = posterior.spread[folded.bucket, levels_of(posterior, centre)].T
    low = np.clip(centre - below * deviation, posterior.low, predicted)
    high = np.clip(centre + above * deviation, predicted, posterior.high)
    return Forecast(predicted, low.astype(np.float32), high.astype(np.float32))


def moments(posterior: Posterior, folded: FoldedDraws, rows: Rows) -> tuple[Doubles, Doubles]:
    """Mean and standard deviation [B] of the ratings before the range cuts them, over all draws."""
    films, bias = _films(posterior, rows)  # [S, B, D], [S, B]
    means = posterior.offset + bias + (films @ folded.vectors[..., None])[..., 0]  # [S, B]
    noise = folded.own * _precisions(posterior, rows)  # [S, B]
    within = ((films @ folded.covariance) * films).sum(axis=-1) + 1 / noise  # [S, B]
    return means.mean(axis=0), np.sqrt(within.mean(axis=0) + means.var(axis=0))


def why(posterior: Posterior, folded: FoldedDraws, row: int) -> Why:
    """Take the prediction for the film in `row` apart. The sums are exact but for rounding (1e-6 stars).

    A push is what a rating did through its stars and through having been given at all; `rest` is what the
    model assumes of anybody.
    """
    if not 0 <= row < posterior.n_items:
        raise IndexError(f"film row {row} lies outside 0..{posterior.n_items - 1}")
    films, bias = _films(posterior, np.array([row]))  # [S, 1, D], [S, 1]
    film = films[:, 0]  # [S, D]
    user_bias = float(folded.vectors[:, -1].mean())
    item_bias = float(bias.mean())
    taste = float((film[:, :-1] * folded.vectors[:, :-1]).sum(axis=1).mean())
    raw = posterior.offset + bias[:, 0] + (film * folded.vectors).sum(axis=1)  # [S]
    predicted = float(raw.clip(posterior.low, posterior.high).mean())
    by_film = _pushes(posterior, folded, film)  # [n]
    order = np.argsort(-np.abs(by_film), kind="stable")
    return Why(
        mean=posterior.offset,
        user_bias=user_bias,
        item_bias=item_bias,
        taste=taste,
        clamp=predicted - (posterior.offset + user_bias + item_bias + taste),
        predicted=predicted,
        because=tuple((int(folded.rows[i]), float(folded.stars[i]), float(by_film[i])) for i in order),
        rest=user_bias + taste - float(by_film.sum()),
    )


def similar(posterior: Posterior, row: int, n: int) -> Rows:
    """Rows of the n films that please the same people, the film itself left out.

    Sorted by the correlation of what people of the prior think of two films, their biases apart: with
    v = root · film vector, where root rootᵀ is the covariance of people's vectors, the cosine of two v,
    averaged over the draws. Raises IndexError for a row outside the model.
    """
    if not 0 <= row < posterior.n_items:
        raise IndexError(f"film row {row} lies outside 0..{posterior.n_items - 1}")
    covariance = _inverse(posterior.precision.astype(np.float64))[:, :-1, :-1]  # [S, K, K]
    root = np.linalg.cholesky(covariance).astype(np.float32)
    own = _turned(posterior.films[row : row + 1], root)[:, 0]  # [S, K]
    starts = range(0, posterior.n_items, CHUNK)
    parts = (_turned(posterior.films[start : start + CHUNK], root) for start in starts)
    cosines = np.concatenate([np.einsum("sbk,sk->b", part, own) for part in parts])  # [I]
    cosines[row] = -np.inf
    return best(cosines, n)


def _turned(films: NDArray[np.float16], root: Floats) -> Floats:
    """Film vectors [B, S, D], bias last, times root [S, K, K], each at length 1: [S, B, K]."""
    vectors = np.ascontiguousarray(films[..., :-1].transpose(1, 0, 2), dtype=np.float32) @ root
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _pushes(posterior: Posterior, folded: FoldedDraws, film: Doubles) -> Doubles:
    """Stars [n] by which each rating moved the score of a film with (vector, 1) [S, D], over all draws."""
    history = len(folded.rows) + posterior.smoothing
    seen = folded.links / np.sqrt(history) - posterior.mean_link[:, None, :] / history  # [S, n, D]
    felt = (folded.covariance @ film[..., None])[..., 0]  # [S, D]
    by_stars = folded.surprise * (folded.weighted @ felt[..., None])[..., 0]  # [S, n]
    return np.asarray((by_stars + (seen @ film[..., None])[..., 0]).mean(axis=0))


def _check(posterior: Posterior, rows: Rows, stars: Doubles) -> None:
    if len(rows) != len(stars):
        raise ValueError(f"{len(rows)} films, but {len(stars)} ratings")
    if len(rows) and (rows.min() < 0 or rows.max() >= posterior.n_items):
        raise ValueError(f"a film row lies outside 0..{posterior.n_items - 1}")
    if not np.isfinite(stars).all():
        raise ValueError("a rating is not a finite number")


def _films(posterior: Posterior, rows: Rows) -> tuple[Doubles, Doubles]:
    """(film vector, 1) [S, B, D] and film bias [S, B] of the films in `rows` [B]."""
    films = _draws_first(posterior.taken(posterior.films, rows))
    bias = films[..., -1].copy()
    films[..., -1] = 1
    return films, bias


def _draws_first(films: NDArray[np.float16]) -> Doubles:
    """[B, S, D] -> [S, B, D]"""
    return np.ascontiguousarray(films.transpose(1, 0, 2), dtype=np.float64)


def _precisions(posterior: Posterior, rows: Rows) -> Doubles:
    """Precision [S, B] of ratings of the films in `rows` [B] by an average person, per star²."""
    noise = posterior.taken(posterior.film_noise, rows).T.astype(np.float64)
    return np.asarray(noise * posterior.rating_precision[:, None])


def _inverse(matrices: NDArray[np.floating]) -> Doubles:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _ones_last(folded: FoldedDraws) -> Floats:
    """[S, D] what a stored film (vector, bias) is multiplied by: (the person's vector, 1)."""
    people = folded.vectors.astype(np.float32)
    people[:, -1] = 1
    return people


def _average(posterior: Posterior, folded: FoldedDraws, films: NDArray[np.float16]) -> Floats:
    """Expected stars [B] of films [B, S, D]."""
    raw = np.einsum("bsd,sd->bs", films.astype(np.float32), _ones_last(folded))
    raw += (posterior.offset + folded.vectors[:, -1]).astype(np.float32)
    return np.asarray(raw.clip(posterior.low, posterior.high, out=raw).mean(axis=1))
