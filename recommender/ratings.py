"""Ratings as frozen arrays, the films and people behind them, and ways to split them. Needs NumPy only.

Letters used everywhere: N ratings, U users, I items (films), K factors. Rows count from 0.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Kind = TypeVar("Kind", bound=np.generic)
Ids = Sequence[object]
Rows = NDArray[np.int32]
Index = NDArray[np.int64]
Stars = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ratings:
    """N ratings: who (`users`, rows 0..U-1), what (`items`, rows 0..I-1), how many `stars`, and when.

    `times` are seconds since 1970 (UTC) or None. `user_ids` and `item_ids` name the rows by the ids of the
    data set. The arrays are read-only, checked once, here: ValueError for rows or stars that cannot be.
    """

    users: Rows  # [N]
    items: Rows  # [N]
    stars: Stars  # [N]
    times: Index | None  # [N], seconds
    user_ids: tuple[str, ...]  # [U]
    item_ids: tuple[str, ...]  # [I]

    def __post_init__(self) -> None:
        object.__setattr__(self, "users", _frozen(self.users, np.int32))
        object.__setattr__(self, "items", _frozen(self.items, np.int32))
        object.__setattr__(self, "stars", _frozen(self.stars, np.float32))
        if self.times is not None:
            object.__setattr__(self, "times", _frozen(self.times, np.int64))
        n = len(self.users)
        if len(self.items) != n or len(self.stars) != n or (self.times is not None and len(self.times) != n):
            raise ValueError("users, items, stars and times must have one length")
        _check_rows("user", self.users, self.n_users)
        _check_rows("item", self.items, self.n_items)
        if not np.isfinite(self.stars).all():
            raise ValueError(f"rating {int(np.argmin(np.isfinite(self.stars)))} is not a finite number")

    def __len__(self) -> int:
        return len(self.users)

    @property
    def n_users(self) -> int:
        """U: the size of the vocabulary, users without a rating included."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """I: the size of the vocabulary, films that nobody rated included."""
        return len(self.item_ids)

    @cached_property
    def user_row(self) -> dict[str, int]:
        """The row of each user id."""
        return {name: row for row, name in enumerate(self.user_ids)}

    @cached_property
    def item_row(self) -> dict[str, int]:
        """The row of each item id."""
        return {name: row for row, name in enumerate(self.item_ids)}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of everything in here: ids, rows, stars and times, in their order."""
        digest = hashlib.sha256()
        for names in (self.user_ids, self.item_ids):
            digest.update("\n".join((str(len(names)), *names)).encode())
        for array in (self.users, self.items, self.stars, self.times):
            digest.update(b"|" if array is None else array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def take(self, index: ArrayLike) -> "Ratings":
        """The ratings at `index` (numbers or a mask) in that order, over the same users and items."""
        chosen = np.asarray(index)
        if chosen.dtype != np.bool_:
            chosen = chosen.astype(np.int64)
        times = None if self.times is None else self.times[chosen]
        columns = (self.users[chosen], self.items[chosen], self.stars[chosen], times)
        return Ratings(*columns, self.user_ids, self.item_ids)

    @classmethod
    def from_ids(cls, users: Ids, items: Ids, stars: ArrayLike, times: ArrayLike | None = None) -> "Ratings":
        """Ratings from raw ids. Rows follow the ids: by number where all are numbers, else by text."""
        user_rows, user_ids = _vocabulary(users)
        item_rows, item_ids = _vocabulary(items)
        when = None if times is None else np.asarray(times, dtype=np.int64)
        return cls(user_rows, item_rows, np.asarray(stars, dtype=np.float32), when, user_ids, item_ids)


@dataclass(frozen=True, eq=False)
class Items:
    """What is known of each item row: column tuples of length I. `keys` are the film's ids elsewhere."""

    ids: tuple[str, ...]
    film_ids: tuple[str, ...]  # ours; two rows with one film id are one film
    titles: tuple[str, ...]
    years: tuple[int, ...]  # 0: unknown
    genres: tuple[tuple[str, ...], ...]
    directors: tuple[str, ...]  # "": unknown
    keys: tuple[dict[str, str], ...]  # among imdb, tmdb, movielens, ml-100k

    def __post_init__(self) -> None:
        columns = (self.film_ids, self.titles, self.years, self.genres, self.directors, self.keys)
        if any(len(column) != len(self.ids) for column in columns):
            raise ValueError("all columns of Items must have one length")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows_of(self) -> dict[str, tuple[int, ...]]:
        """The rows of each film id, in order."""
        rows: dict[str, list[int]] = {}
        for row, film in enumerate(self.film_ids):
            rows.setdefault(film, []).append(row)
        return {film: tuple(found) for film, found in rows.items()}


@dataclass(frozen=True, eq=False)
class Users:
    """What is known of each user row: age in years (0: unknown), gender and occupation ("": unknown)."""

    ages: tuple[int, ...]
    genders: tuple[str, ...]
    occupations: tuple[str, ...]


@dataclass(frozen=True)
class Skip:
    """Rows of a file that were left out or put right: why, how many, and where the first of them is."""

    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Report:
    """What reading a data set found: `read` rating rows = `kept` + those in `skipped`; and other `notes`."""

    read: int = 0
    kept: int = 0
    skipped: tuple[Skip, ...] = ()
    notes: tuple[Skip, ...] = ()


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named set of ratings with its films. `low` and `high` are the ends of its scale in stars.

    `invented` is true where the ratings come from no real person; say so wherever they are shown.
    """

    name: str
    label: str
    ratings: Ratings
    items: Items
    users: Users | None
    invented: bool
    licence: str
    low: float
    high: float
    report: Report = field(default_factory=Report)


@dataclass(frozen=True, eq=False)
class Split:
    """Numbers of the ratings to learn from and of those held out; disjoint, together all of them."""

    train: Index
    valid: Index


def kfold(n: int, k: int = 5, seed: int = 42) -> tuple[Split, ...]:
    """K folds of n ratings in file order: `array_split(RandomState(seed).permutation(n), k)`."""
    if not 2 <= k <= n:
        raise ValueError(f"{k} folds of {n} ratings: k must be from 2 to the number of ratings")
    folds = np.array_split(np.random.RandomState(seed).permutation(n).astype(np.int64), k)
    return tuple(
        Split(np.concatenate([fold for other, fold in enumerate(folds) if other != held]), folds[held])
        for held in range(k)
    )


def p1_split(ratings: Ratings) -> Split:
    """P1: the last fold of P2 = `kfold(n, 5, 42)`; training is the first 80 % of the permutation."""
    return kfold(len(ratings), 5, 42)[-1]


def random_split(ratings: Ratings, share: float = 0.2, seed: int = 42) -> Split:
    """Hold out a random `share` of all ratings."""
    order = np.random.RandomState(seed).permutation(len(ratings)).astype(np.int64)
    held = _held(len(ratings), share)
    return Split(order[held:], order[:held])


def user_split(ratings: Ratings, share: float = 0.2, seed: int = 42) -> Split:
    """Hold out a random `share` of each user's ratings (rounded down: who has too few keeps them all)."""
    _held(len(ratings), share)
    shuffled = np.random.RandomState(seed).permutation(len(ratings)).astype(np.int64)
    order = shuffled[np.argsort(ratings.users[shuffled], kind="stable")]  # users together, random inside
    counts = np.bincount(ratings.users, minlength=ratings.n_users)  # [U]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])  # [U]
    owner = ratings.users[order]
    held = np.arange(len(order)) - starts[owner] < np.floor(counts * share)[owner]
    return Split(np.sort(order[~held]), np.sort(order[held]))


def time_split(ratings: Ratings, share: float = 0.2) -> Split:
    """Hold out the latest `share`; equal times stay in file order. ValueError without times."""
    if ratings.times is None:
        raise ValueError("these ratings carry no times; split them at random or per user")
    order = np.argsort(ratings.times, kind="stable").astype(np.int64)
    held = _held(len(ratings), share)
    return Split(order[: len(order) - held], order[len(order) - held :])


def book_split(ratings: Ratings, share: float = 0.2, seed: int = 42) -> Split:
    """The split of fastbook's chapter 8: `torch.randperm` over rows grouped by film id.

    The book's table came out of an older pandas `merge`: groups in order of first appearance, file order
    inside a group. Source: fastbook 08_collab, fastai RandomSplitter.
    """
    import torch  # seconds to import, and only this split needs it

    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randperm(len(ratings), generator=generator).numpy().astype(np.int64)
    order = grouped_order(ratings.items)[drawn]
    held = _held(len(ratings), share)
    return Split(order[held:], order[:held])


def grouped_order(items: Rows) -> Index:
    """Rating numbers grouped by item: groups in order of first appearance, file order inside each."""
    _, first, group = np.unique(items, return_index=True, return_inverse=True)
    return np.argsort(first[group], kind="stable").astype(np.int64)


def split_named(ratings: Ratings, name: str, seed: int = 42) -> Split:
    """The split `book`, `p1`, `random`, `user` or `time`. ValueError for another name."""
    ways = {
        "book": lambda: book_split(ratings, seed=seed),
        "p1": lambda: p1_split(ratings),
        "random": lambda: random_split(ratings, seed=seed),
        "user": lambda: user_split(ratings, seed=seed),
        "time": lambda: time_split(ratings),
    }
    if name not in ways:
        raise ValueError(f"unknown split {name!r}; there are {', '.join(ways)}")
    return ways[name]()


def _held(n: int, share: float) -> int:
    if not 0 < share < 1:
        raise ValueError(f"share {share} must lie between 0 and 1")
    return int(share * n)


def _frozen(values: ArrayLike, kind: type[Kind]) -> NDArray[Kind]:
    array = np.ascontiguousarray(values, dtype=kind)
    if array.ndim != 1:
        raise ValueError(f"expected one column, got an array of shape {array.shape}")
    if array is values and array.flags.writeable:
        array = array.copy()  # the caller may go on writing into its own
    array.flags.writeable = False
    return array


def _check_rows(what: str, rows: Rows, size: int) -> None:
    if len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= size):
        raise ValueError(f"a {what} row lies outside 0..{size - 1}")


def _vocabulary(ids: Sequence[object]) -> tuple[Rows, tuple[str, ...]]:
    names = [str(name) for name in ids]
    unique = ordered_ids(set(names))
    place = {name: row for row, name in enumerate(unique)}
    return np.fromiter((place[name] for name in names), np.int32, len(names)), unique


def ordered_ids(ids: Collection[str]) -> tuple[str, ...]:
    """Ids in order: by number where all of them are numbers, else by text."""
    numbers = all(name.isascii() and name.isdigit() for name in ids)
    return tuple(sorted(ids, key=lambda name: (int(name), name) if numbers else (0, name)))
