"""Who rated what in the planted world: pairs without repetition, at any size, in whole-array steps."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Doubles = NDArray[np.float64]

_ROUNDS = 24  # after so many draws only people who have seen nearly everything still lack films
_FULLEST = 0.7  # share of all films that the busiest viewer may have rated


class Taste(Protocol):
    """What the choice needs to know of the truth."""

    @property
    def mean(self) -> float:
        """Stars that an average viewer gives an average film."""

    @property
    def user_bias(self) -> Doubles:
        """Stars per viewer [U]."""

    def stars(self, users: Index, items: Index) -> Doubles:
        """Expected stars of each pair [N]."""


def choose_pairs(
    count: int, fame: Doubles, taste: Taste, random: np.random.RandomState
) -> tuple[Index, Index]:
    """`count` different pairs (user rows, item rows), in random order.

    Viewers differ in how much they rate (log-normal), films in how often they are met (`fame` [I], any
    scale), and a viewer rates a film that suits them more readily.
    """
    n_users, n_items = len(taste.user_bias), len(fame)
    quota = _quotas(count, n_users, int(_FULLEST * n_items), random)  # [U]
    ladder = np.cumsum(fame / fame.sum())  # [I]
    taken = np.empty(0, dtype=np.int64)  # sorted codes user * I + item
    for _ in range(_ROUNDS):
        lacking = quota - np.bincount(taken // n_items, minlength=n_users)
        if not lacking.any():
            break
        users = np.repeat(np.arange(n_users), lacking + (lacking + 1) // 2)
        items = np.minimum(np.searchsorted(ladder, random.random_sample(len(users))), n_items - 1)
        suits = taste.stars(users, items) - taste.mean - taste.user_bias[users]
        willing = random.random_sample(len(users)) < 1 / (1 + np.exp(-0.5 - 0.8 * suits))
        taken = _add(taken, (users * n_items + items)[willing], lacking, n_items)
    taken = np.concatenate([taken, _fill(taken, quota, n_items, random)])
    taken = taken[random.permutation(len(taken))]
    return taken // n_items, taken % n_items


def _quotas(count: int, n_users: int, most: int, random: np.random.RandomState) -> Index:
    """How many films each viewer rates [U]: log-normal, from a floor to `most`, `count` in all."""
    floor = min(most, max(1, count // (4 * n_users)))
    busy = np.exp(0.85 * random.standard_normal(n_users))
    quota = np.full(n_users, floor, dtype=np.int64)
    while (left := count - int(quota.sum())) > 0:
        open_to = np.flatnonzero(quota < most)
        share = busy[open_to] / busy[open_to].sum()
        extra = np.floor(share * left).astype(np.int64)
        if not extra.any():
            extra[np.argsort(-share, kind="stable")[:left]] = 1
        quota[open_to] = np.minimum(quota[open_to] + extra, most)
    return quota


def _add(taken: Index, drawn: Index, lacking: Index, n_items: int) -> Index:
    """`taken` with the first new pairs of each viewer in `drawn`, no more than the viewer is lacking."""
    first = np.argsort(drawn, kind="stable")
    codes = drawn[first]
    once = np.concatenate([[True], codes[1:] != codes[:-1]]) if len(codes) else np.empty(0, dtype=bool)
    codes, first = codes[once], first[once]
    if len(taken):
        place = np.minimum(np.searchsorted(taken, codes), len(taken) - 1)
        fresh = taken[place] != codes
        codes, first = codes[fresh], first[fresh]
    order = np.lexsort((first, codes // n_items))  # viewers together, in the order of drawing
    codes = codes[order]
    owner = codes // n_items
    starts = np.searchsorted(owner, owner)
    keep = np.arange(len(codes)) - starts < lacking[owner]
    return np.sort(np.concatenate([taken, codes[keep]]))


def _fill(taken: Index, quota: Index, n_items: int, random: np.random.RandomState) -> Index:
    """Any unrated films for the few viewers that still lack some."""
    owners = taken // n_items
    lacking = quota - np.bincount(owners, minlength=len(quota))
    more: list[Index] = []
    for user in np.flatnonzero(lacking):
        seen = taken[np.searchsorted(owners, user) : np.searchsorted(owners, user, side="right")] % n_items
        unseen = np.ones(n_items, dtype=bool)
        unseen[seen] = False
        more.append(user * n_items + random.permutation(np.flatnonzero(unseen))[: lacking[user]])
    return np.concatenate(more) if more else np.empty(0, dtype=np.int64)
