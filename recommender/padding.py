"""Rows with about the same number of ratings side by side, padded to one length, to work on many at once.

Letters: n rows, B rows of a group, L ratings of the longest of them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FULL = 0.75
"""A group holds rows with at least this share of the ratings of its longest row."""
CELLS = 1 << 14
"""A group has about so many cells B · L at most: what is gathered for it stays in the processor's cache."""


class Group(NamedTuple):
    """Rows of one side, and what each goes with."""

    rows: NDArray[np.intp]
    """[B]"""
    others: NDArray[np.int32]
    """[B, L] rows of the other side; padding is the row behind the last"""
    values: NDArray[np.float32]
    """[B, L] a number of each pair; padding is 0"""


def padded_groups(
    rows: NDArray[np.integer],
    others: NDArray[np.integer],
    n: int,
    n_others: int,
    values: NDArray[np.float32] | None = None,
) -> list[Group]:
    """Group N pairs by row 0..n-1; rows without a pair are in no group. `values` [N]: 1 unless given."""
    order = np.lexsort((others, rows))  # in the order of the other side, which its table is read in
    counts = np.bincount(rows, minlength=n)
    starts = np.cumsum(counts) - counts
    longest_first = np.argsort(-counts, kind="stable")
    falling = -counts[longest_first]
    filled = int((counts > 0).sum())
    groups, first = [], 0
    while first < filled:
        length = int(counts[longest_first[first]])
        alike = int(np.searchsorted(falling, -np.ceil(FULL * length), side="right"))
        last = max(first + 1, min(alike, first + CELLS // length, filled))
        chosen = longest_first[first:last]  # [B]
        cell = np.arange(length)[None, :]  # [1, L]
        real = cell < counts[chosen][:, None]  # [B, L]
        index = order[np.where(real, starts[chosen][:, None] + cell, 0)]
        partners = np.where(real, others[index], n_others).astype(np.int32)
        numbers = real.astype(np.float32) if values is None else np.where(real, values[index], np.float32(0))
        groups.append(Group(chosen, partners, numbers))
        first = last
    return groups


class Gatherer:
    """Takes rows of a table for group after group into one piece of memory, which is faster than new ones."""

    def __init__(self, table: NDArray[np.float32]):
        """`table` [n + 1, D] of the other side; its last row is what padding gets."""
        self.table = table
        self.room = np.empty(0, np.float32)

    def __call__(self, group: Group) -> NDArray[np.float32]:
        """[B, L, D] the rows that the group goes with; valid until the next call."""
        shape = (*group.others.shape, self.table.shape[1])
        size = math.prod(shape)
        if len(self.room) < size:
            self.room = np.empty(size, np.float32)
        return np.take(self.table, group.others, axis=0, out=self.room[:size].reshape(shape), mode="clip")
