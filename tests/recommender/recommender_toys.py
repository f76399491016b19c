"""Small rating sets whose right answer is known."""

from __future__ import annotations

import numpy as np

from recommender.ratings import Dataset, Items, Ratings


def planted(n_users: int = 80, n_items: int = 60, k: int = 2, share: float = 0.6, seed: int = 0) -> Ratings:
    """Ratings on a 1..5 scale made from k planted factors and biases, with little noise."""
    draw = np.random.default_rng(seed)
    users, items = np.nonzero(draw.random((n_users, n_items)) < share)
    u, v = draw.normal(0, 0.8, (n_users, k)), draw.normal(0, 0.8, (n_items, k))
    bu, bi = draw.normal(0, 0.3, n_users), draw.normal(0, 0.4, n_items)
    stars = 3.2 + bu[users] + bi[items] + (u[users] * v[items]).sum(1) + draw.normal(0, 0.1, len(users))
    times = 1_700_000_000 + draw.integers(0, 10**7, len(users))
    order = draw.permutation(len(users))
    columns = (users[order], items[order], np.clip(stars, 1, 5).astype(np.float32)[order], times[order])
    ids = (tuple(f"u{i}" for i in range(n_users)), tuple(f"i{i}" for i in range(n_items)))
    return Ratings(*columns, *ids)


def checkerboard(n: int = 20, seed: int = 0) -> Ratings:
    """Even users give 5 to even films and 1 to odd ones; odd users the other way. Four fifths are known."""
    users, items = np.divmod(np.arange(n * n), n)
    stars = np.where((users + items) % 2 == 0, 5.0, 1.0).astype(np.float32)
    keep = np.random.default_rng(seed).permutation(n * n)[: n * n * 4 // 5]
    ids = (tuple(f"u{i}" for i in range(n)), tuple(f"i{i}" for i in range(n)))
    return Ratings(users[keep], items[keep], stars[keep], None, *ids)


def halves(ratings: Ratings, share: float = 0.2, seed: int = 1) -> tuple[Ratings, Ratings]:
    """Training and held-out ratings."""
    order = np.random.default_rng(seed).permutation(len(ratings))
    cut = int(len(ratings) * share)
    return ratings.take(order[cut:]), ratings.take(order[:cut])


def dataset(ratings: Ratings, film_ids: tuple[str, ...] | None = None) -> Dataset:
    """The ratings as a data set whose films are known by an id and two genres."""
    n = ratings.n_items
    names = film_ids or tuple(f"film-{i}" for i in range(n))
    genres = tuple(("Drama",) if i % 2 else ("Comedy", "War") for i in range(n))
    items = Items(ratings.item_ids, names, names, (1990,) * n, genres, ("",) * n, tuple({} for _ in range(n)))
    return Dataset("toy", "toy", ratings, items, None, True, "ours", 1.0, 5.0)
