"""Lists by models that keep no checkpoint, learnt on the spot: `popularity` and `item-knn`. NumPy only.

Letters: I films (rows), n ratings of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.lists import Knobs, Ranked, rank
from recommender.lists_audience import Audience
from recommender.models.baselines import ItemKNN, Popularity
from recommender.ranking import best
from recommender.ratings import Ratings

NAMES = ("item-knn", "popularity")


def listed(
    name: str,
    ratings: Ratings,
    rows: Sequence[int],
    stars: Sequence[float],
    n: int,
    exclude_rows: Iterable[int] = (),
    audience: Audience | None = None,
    knobs: Knobs | None = None,
) -> Ranked:
    """The n films that the model `name` lists for a person who gave `stars` [n] to the films in `rows` [n].

    `popularity` sorts by how many people rated a film, whoever asks, and takes no knobs. `item-knn` sorts as
    the default list does, by predicted stars and interest; without an audience by predicted stars.
    Raises ValueError for another name, for knobs that cannot be followed, and for a set that is too large.
    """
    gone = np.array([*rows, *exclude_rows], dtype=np.intp)
    if name == "popularity":
        if knobs not in (None, Knobs()):
            raise ValueError("popularity lists by the number of ratings alone, so it has no knobs")
        model = Popularity(ratings)
        stars_of_films = model.predict(np.zeros(1, np.intp), np.arange(ratings.n_items))
        return _sorted(model.rank(0), stars_of_films, gone, n)
    if name != "item-knn":
        raise ValueError(f"unknown model {name!r}; there are {', '.join(NAMES)}")
    predicted = by_neighbours(ratings, rows, stars)
    if audience is None:
        if knobs not in (None, Knobs()):
            raise ValueError("the knobs need to know who rates what, which is not learnt yet")
        return _sorted(predicted.copy(), predicted, gone, n)
    return rank(audience, predicted, audience.interest(rows), n, gone, knobs)


def by_neighbours(ratings: Ratings, rows: Sequence[int], stars: Sequence[float]) -> NDArray[np.float32]:
    """Stars [I] that `item-knn` predicts for the person, cut to the range of the ratings."""
    person = np.full(len(rows), ratings.n_users)
    both = Ratings(
        np.append(ratings.users, person),
        np.append(ratings.items, np.asarray(rows, dtype=np.int32)),
        np.append(ratings.stars, np.asarray(stars, dtype=np.float32)),
        None,
        (*ratings.user_ids, "somebody new"),
        ratings.item_ids,
    )
    films = np.arange(ratings.n_items)
    predicted = ItemKNN(both).predict(np.full(len(films), ratings.n_users), films)
    return np.asarray(predicted.clip(ratings.stars.min(), ratings.stars.max()), dtype=np.float32)


def _sorted(
    values: NDArray[np.float32], predicted: NDArray[np.float32], gone: NDArray[np.intp], n: int
) -> Ranked:
    values[gone] = -np.inf
    rows = best(values, n)
    return Ranked(rows, values[rows], predicted[rows], np.zeros(len(rows), np.float32))
