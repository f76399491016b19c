"""The learner as one more row of the ratings: "you are row 944"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recommender.ratings import Dataset, Ratings

LEARNER = "you"
"""Id of the learner among the users."""


def with_learner(data: Dataset, ratings: Mapping[str, float] | None) -> tuple[Ratings, int | None]:
    """The ratings with the learner's {film id: stars} behind them as a last user, and that user's row.

    Films that the set does not know are left out; (data.ratings, None) where nothing is left. Stars are cut
    to the set's scale. Old rows keep their numbers, so splits of the set hold for the longer one, too.
    """
    rows = data.items.rows_of
    known = {rows[film][0]: stars for film, stars in (ratings or {}).items() if film in rows}
    if not known:
        return data.ratings, None
    old, row = data.ratings, data.ratings.n_users
    more = len(known)
    times = None
    if old.times is not None:
        times = np.concatenate([old.times, np.full(more, old.times.max(), old.times.dtype)])
    longer = Ratings(
        users=np.concatenate([old.users, np.full(more, row, old.users.dtype)]),
        items=np.concatenate([old.items, np.array(list(known), old.items.dtype)]),
        stars=np.concatenate(
            [old.stars, np.clip(list(known.values()), data.low, data.high).astype(old.stars.dtype)]
        ),
        times=times,
        user_ids=(*old.user_ids, LEARNER),
        item_ids=old.item_ids,
    )
    return longer, row
