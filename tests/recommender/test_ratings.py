"""Ratings are frozen, checked once, and known by their content."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ratings import Items, Ratings, ordered_ids


def small() -> Ratings:
    return Ratings.from_ids(["b", "a", "b"], [10, 9, 9], [5, 3, 1], [30, 10, 20])


def test_rows_follow_the_ids_by_number_where_all_are_numbers() -> None:
    ratings = small()
    assert ratings.user_ids == ("a", "b")
    assert ratings.item_ids == ("9", "10")
    assert ratings.users.tolist() == [1, 0, 1]
    assert ratings.items.tolist() == [1, 0, 0]
    assert ratings.item_row == {"9": 0, "10": 1} and ratings.user_row["b"] == 1
    assert ordered_ids({"10", "9", "x"}) == ("10", "9", "x")


def test_the_arrays_cannot_be_written_and_the_callers_stay_theirs() -> None:
    mine = np.array([1.0, 2.0], dtype=np.float32)
    ratings = Ratings(np.zeros(2, np.int32), np.zeros(2, np.int32), mine, None, ("u",), ("i",))
    with pytest.raises(ValueError, match="read-only"):
        ratings.stars[0] = 4
    mine[0] = 5
    assert ratings.stars.tolist() == [1.0, 2.0]


def test_a_read_only_array_is_kept_without_a_copy() -> None:
    column = np.zeros(3, dtype=np.int32)
    column.flags.writeable = False
    ratings = Ratings(column, column, np.ones(3, np.float32), None, ("u",), ("i",))
    assert ratings.users is column


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"users": [0, 2, 0]}, r"user row lies outside 0\.\.1"),
        ({"items": [-1, 0, 0]}, r"item row lies outside 0\.\.1"),
        ({"stars": [1.0, float("nan"), 2.0]}, "rating 1 is not a finite number"),
        ({"stars": [1.0, 2.0]}, "one length"),
        ({"times": [1]}, "one length"),
        ({"stars": [[1.0, 2.0, 3.0]]}, "expected one column"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    arrays = {name: np.array(value) for name, value in change.items()}
    with pytest.raises(ValueError, match=message):
        replace(small(), **arrays)


def test_the_fingerprint_is_the_content() -> None:
    ratings = small()
    assert ratings.fingerprint == small().fingerprint
    assert len(ratings.fingerprint) == 64
    changed = [
        replace(ratings, stars=np.array([5, 3, 2])),
        replace(ratings, times=None),
        replace(ratings, user_ids=("a", "c")),
        replace(ratings, item_ids=("9", "10", "11")),
        ratings.take([0, 2, 1]),
    ]
    assert len({ratings.fingerprint, *(other.fingerprint for other in changed)}) == 6


def test_take_keeps_the_order_and_the_vocabulary() -> None:
    ratings = small()
    part = ratings.take([2, 0])
    assert part.stars.tolist() == [1, 5] and part.times is not None and part.times.tolist() == [20, 30]
    assert (part.user_ids, part.item_ids) == (ratings.user_ids, ratings.item_ids)
    assert ratings.take(ratings.stars > 2).stars.tolist() == [5, 3]
    empty = ratings.take([])
    assert len(empty) == 0 and empty.n_items == 2 and empty.fingerprint


def test_rows_of_a_film_that_is_listed_twice() -> None:
    items = Items(
        ("1", "2", "3"), ("a", "b", "a"), ("A", "B", "A"), (0,) * 3, ((),) * 3, ("",) * 3, ({},) * 3
    )
    assert items.rows_of == {"a": (0, 2), "b": (1,)}
    with pytest.raises(ValueError, match="one length"):
        replace(items, years=(1,))


IDS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=40)


@given(IDS, st.data())
def test_from_ids_names_every_rating_rightly(users: list[str], data: st.DataObject) -> None:
    n = len(users)
    items = data.draw(st.lists(st.integers(-5, 300), min_size=n, max_size=n))
    ratings = Ratings.from_ids(users, items, [3] * n)
    assert [ratings.user_ids[row] for row in ratings.users] == users
    assert [ratings.item_ids[row] for row in ratings.items] == [str(item) for item in items]
    assert len(set(ratings.user_ids)) == ratings.n_users == len(set(users))
