"""Top-n lists made for many viewers and judged against what they went on to like.

Letters: U viewers, I films, n length of a list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.ranking import best
from recommender.ratings import Ratings

Scores = Callable[[int], NDArray[np.floating]]
"""What the films are sorted by for a viewer's row [I]."""

MOST_VIEWERS = 1000
LIKED = 0.8
"""A held-out film is a hit if it got this share of the best mark or more."""


@dataclass(frozen=True)
class Judged:
    """The lists of one way, judged."""

    precision: float
    """share of a list that the viewer liked among the held-out films, mean over the viewers"""
    recall: float
    """share of what the viewer liked that is in the list"""
    shown: float
    """films that are in any list, in % of all"""
    ten: float
    """places that the ten most shown films take, in % of all places"""
    median: float
    """median over all places of the film's number of ratings"""


class Jury:
    """Makes lists for the viewers with a liked held-out film, and counts."""

    def __init__(self, train: Ratings, held: Ratings, top: int, seed: int):
        self.top, self.counts = top, np.bincount(train.items, minlength=train.n_items)  # [I]
        good = held.take(held.stars >= LIKED * train.stars.max())
        viewers = np.unique(good.users)
        if len(viewers) > MOST_VIEWERS:
            viewers = np.sort(np.random.default_rng(seed).choice(viewers, MOST_VIEWERS, replace=False))
        self.viewers: list[int] = viewers.tolist()
        self.seen = {viewer: train.items[train.users == viewer] for viewer in self.viewers}
        self.liked = {viewer: good.items[good.users == viewer] for viewer in self.viewers}

    def judge(self, scores: Scores, cancelled: Callable[[], bool]) -> Judged | None:
        """All lists by one way; None if it was cancelled."""
        tops, hits, recalls = [], [], []
        for viewer in self.viewers:
            if cancelled():
                return None
            top = top_of(scores(viewer), self.seen[viewer], self.top)
            found = int(np.isin(top, self.liked[viewer]).sum())
            tops.append(top)
            hits.append(found / self.top)
            recalls.append(found / len(self.liked[viewer]))
        places = np.concatenate(tops)
        often = np.sort(np.bincount(places, minlength=len(self.counts)))[::-1]  # [I]
        return Judged(
            precision=float(np.mean(hits)),
            recall=float(np.mean(recalls)),
            shown=float(100 * (often > 0).mean()),
            ten=float(100 * often[:10].sum() / len(places)),
            median=float(np.median(self.counts[places])),
        )


def top_of(scores: NDArray[np.floating], seen: NDArray[np.integer], n: int) -> NDArray[np.intp]:
    """The n films of the highest scores that the viewer has not rated; of equals the lower row first."""
    left = np.array(scores, dtype=np.float64)
    left[seen] = -np.inf
    return best(left, n)
