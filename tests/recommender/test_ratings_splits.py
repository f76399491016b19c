"""Splits: whole, disjoint, repeatable, and those of others bit for bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ratings import (
    Ratings,
    Split,
    book_split,
    grouped_order,
    kfold,
    p1_split,
    random_split,
    split_named,
    time_split,
    user_split,
)


def ratings_of(users: list[int], times: list[int] | None = None) -> Ratings:
    items = list(range(len(users)))
    return Ratings.from_ids(users, items, np.ones(len(users)), times)


def assert_whole(split: Split, n: int) -> None:
    assert sorted([*split.train.tolist(), *split.valid.tolist()]) == list(range(n))


USERS = st.lists(st.integers(0, 6), min_size=1, max_size=80)
SHARES = st.floats(0.01, 0.99)


@given(USERS, SHARES, st.integers(0, 2**32 - 1))
def test_a_random_split_is_whole_and_repeats(users: list[int], share: float, seed: int) -> None:
    ratings = ratings_of(users)
    split = random_split(ratings, share, seed)
    assert_whole(split, len(users))
    assert len(split.valid) == int(share * len(users))
    assert np.array_equal(split.valid, random_split(ratings, share, seed).valid)


@given(USERS, SHARES, st.integers(0, 1000))
def test_a_user_split_holds_out_the_share_of_each_user(users: list[int], share: float, seed: int) -> None:
    ratings = ratings_of(users)
    split = user_split(ratings, share, seed)
    assert_whole(split, len(users))
    for row in range(ratings.n_users):
        held = int((ratings.users[split.valid] == row).sum())
        assert held == int(np.floor(np.bincount(ratings.users)[row] * share))


@given(USERS, SHARES, st.data())
def test_a_time_split_holds_out_the_latest(users: list[int], share: float, data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(0, 20), min_size=len(users), max_size=len(users)))
    split = time_split(ratings_of(users, times), share)
    assert_whole(split, len(users))
    if len(split.valid) and len(split.train):
        assert max(times[row] for row in split.train) <= min(times[row] for row in split.valid)


@given(st.integers(2, 60), st.integers(2, 60), st.integers(0, 2**32 - 1))
def test_folds_hold_each_rating_out_once(n: int, k: int, seed: int) -> None:
    if k > n:
        with pytest.raises(ValueError, match="folds"):
            kfold(n, k, seed)
        return
    folds = kfold(n, k, seed)
    for fold in folds:
        assert_whole(fold, n)
    assert sorted(np.concatenate([fold.valid for fold in folds]).tolist()) == list(range(n))


def test_folds_and_p1_are_those_of_the_contract() -> None:
    permutation = np.random.RandomState(42).permutation(1003)
    expected = np.array_split(permutation, 5)
    folds = kfold(1003, 5, 42)
    assert all(np.array_equal(fold.valid, part) for fold, part in zip(folds, expected, strict=True))
    p1 = p1_split(ratings_of(list(range(1003))))
    assert np.array_equal(p1.valid, expected[-1])
    assert np.array_equal(p1.train, permutation[: len(p1.train)])


def test_groups_come_in_the_order_of_first_appearance() -> None:
    items = np.array([7, 3, 7, 9, 3, 7], dtype=np.int32)
    assert grouped_order(items).tolist() == [0, 2, 5, 1, 4, 3]


def test_the_book_draws_over_grouped_rows_with_torch() -> None:
    import torch

    ratings = Ratings.from_ids(range(10), [1, 0, 1, 2, 0, 1, 2, 2, 0, 1], range(10))
    torch.manual_seed(42)
    drawn = torch.randperm(10).numpy()
    split = book_split(ratings)
    order = np.array([0, 2, 5, 9, 1, 4, 8, 3, 6, 7])
    assert split.valid.tolist() == order[drawn[:2]].tolist()
    assert split.train.tolist() == order[drawn[2:]].tolist()


def test_the_book_split_leaves_the_global_generator_alone() -> None:
    import torch

    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    book_split(ratings_of([0, 1, 2, 3, 4]))
    assert torch.equal(torch.rand(1), expected)


def test_splits_by_name() -> None:
    ratings = ratings_of(list(range(20)), list(range(20)))
    for name in ("book", "p1", "random", "user", "time"):
        assert_whole(split_named(ratings, name, 7), 20)
    assert np.array_equal(split_named(ratings, "random", 7).valid, random_split(ratings, 0.2, 7).valid)
    with pytest.raises(ValueError, match="unknown split 'nope'; there are book, p1"):
        split_named(ratings, "nope")


def test_what_cannot_be_split_says_why() -> None:
    with pytest.raises(ValueError, match="no times"):
        time_split(ratings_of([0, 1]))
    for share in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            random_split(ratings_of([0, 1]), share)
    with pytest.raises(ValueError, match="folds"):
        kfold(10, 1)
