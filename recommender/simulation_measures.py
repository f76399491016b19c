"""What a round of lists says of the whole: spread, concentration, likeness.

Letters: U people, I films, n places of a list.

Sources: Gini 1912; Mansoury et al. 2020, "Feedback loop and bias amplification in recommender systems";
Chaney, Stewart, Engelhardt 2018, "How algorithmic confounding in recommendation systems increases
homogeneity and decreases utility".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lists = NDArray[np.intp]
"""Film rows [U, n], no film twice in a row of it."""


def shown(lists: Lists, n_items: int) -> NDArray[np.int64]:
    """How many lists each film stands in [I]."""
    return np.bincount(lists.ravel(), minlength=n_items)


def coverage(counts: NDArray[np.int64]) -> float:
    """Share of all films that stand in anybody's list; `counts` [I] as from `shown`."""
    return float(np.mean(counts > 0))


def gini(counts: NDArray[np.int64]) -> float:
    """Gini coefficient of places among films [I]: 0 where all have equally many, 1 - 1/I where one has all.

    G = sum_i (2 i - I - 1) c_i / (I sum c), the counts c in rising order, i from 1. 0 if there are none.
    """
    total, n = int(counts.sum()), len(counts)
    if not total:
        return 0.0
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(ranks @ np.sort(counts)) / (n * total)


def top_share(counts: NDArray[np.int64], top: int = 10) -> float:
    """Share of all places that the `top` most shown films take; 0 if there are none."""
    total = int(counts.sum())
    return float(np.sort(counts)[::-1][:top].sum()) / total if total else 0.0


def overlap(lists: Lists, n_items: int) -> float:
    """Mean Jaccard likeness (films in both / in either) over all pairs of people; nan for one person."""
    people, places = lists.shape
    if people < 2:
        return float("nan")
    member = np.zeros((people, n_items), dtype=np.float32)  # [U, I]
    member[np.arange(people)[:, None], lists] = 1
    both = member @ member.T  # [U, U]
    alike = both / (2 * places - both)
    return float((alike.sum(dtype=np.float64) - people) / (people * (people - 1)))
