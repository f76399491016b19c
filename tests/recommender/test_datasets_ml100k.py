"""MovieLens 100K itself: the lecture's counts, and the book's split digit for digit.

Fetched through the real sources; skipped only where neither can be reached.
"""

import time
from pathlib import Path

import numpy as np
import pytest

from recommender.datasets import FetchFailed, fetch, load, prepare
from recommender.ratings import Dataset, book_split, p1_split


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    try:
        list(fetch("ml-100k", folder))
    except FetchFailed as failure:
        pytest.skip(str(failure))
    return folder


@pytest.fixture(scope="module")
def data(cache: Path) -> Dataset:
    return load("ml-100k", cache)


def titles(data: Dataset) -> list[tuple[str, int]]:
    return list(zip(data.items.titles, data.items.years, strict=True))


def test_its_counts_are_those_of_the_lecture(data: Dataset) -> None:
    ratings = data.ratings
    assert (len(ratings), ratings.n_users, ratings.n_items) == (100_000, 943, 1682)
    assert len(set(titles(data))) == len(data.items.rows_of) == 1664
    assert ratings.stars.mean() == pytest.approx(3.52986, abs=1e-5)
    shares = np.bincount(ratings.stars.astype(int))[1:] / len(ratings)
    assert shares.round(3).tolist() == [0.061, 0.114, 0.271, 0.342, 0.212]
    per_user = np.bincount(ratings.users)
    assert (per_user.min(), np.median(per_user), per_user.max()) == (20, 65, 737)
    assert (data.report.read, data.report.skipped, data.report.notes) == (100_000, (), ())


def test_rows_come_in_the_order_of_u_data(data: Dataset) -> None:
    ratings = data.ratings
    assert ratings.times is not None
    rows = [
        (ratings.user_ids[user], ratings.item_ids[item], star, when)
        for user, item, star, when in zip(
            ratings.users, ratings.items, ratings.stars.tolist(), ratings.times.tolist(), strict=True
        )
    ]
    assert rows[:2] == [("196", "242", 3.0, 881250949), ("186", "302", 3.0, 891717742)]
    assert rows[-1] == ("12", "203", 3.0, 879959583)
    fingerprint = "e6c2d47dd270c3fb13c57d42c787ec2abab9fec245cb1e323f4a7d0ce7d4ad58"
    assert ratings.fingerprint == fingerprint


def test_films_and_people_are_known(data: Dataset) -> None:
    items, users = data.items, data.users
    row = data.ratings.item_row
    assert (items.titles[row["100"]], items.years[row["100"]]) == ("Fargo", 1996)
    assert items.film_ids[row["50"]] == "star-wars-1977" and items.keys[row["50"]] == {"ml-100k": "50"}
    assert items.titles[row["12"]] == "The Usual Suspects" and items.titles[row["14"]] == "Il Postino"
    assert items.titles[row["543"]] == "Les Misérables"
    assert (items.titles[row["267"]], items.years[row["267"]], items.genres[row["267"]]) == ("unknown", 0, ())
    assert items.titles[row["1412"]] == "Land Before Time III: The Time of the Great Giving"
    assert items.years[row["1412"]] == 1995
    assert items.genres[row["1"]] == ("Animation", "Children's", "Comedy")
    assert users is not None and users.ages[0] == 24 and users.occupations[0] == "technician"
    assert len(set(users.occupations)) == 21


def test_the_books_split_bit_for_bit(data: Dataset) -> None:
    import torch

    split = book_split(data.ratings)
    named = titles(data)
    known = {named[row] for row in data.ratings.items[split.train]}
    assert (len(split.train), len(split.valid)) == (80_000, 20_000)
    assert len(known) + 1 == 1635
    assert sum(named[row] not in known for row in data.ratings.items[split.valid]) == 32
    mean = data.ratings.stars[split.train].mean(dtype=np.float64)
    valid = data.ratings.stars[split.valid].astype(np.float64)
    assert ((valid - mean) ** 2).mean() == pytest.approx(1.272, abs=5e-4)
    assert ((valid - 2.75) ** 2).mean() == pytest.approx(1.8675, abs=1e-6)
    generator = torch.Generator().manual_seed(42)
    torch.randperm(100_000, generator=generator)
    torch.empty((), dtype=torch.int64).random_(generator=generator)
    row = torch.randn(944, 5, generator=generator)[3]
    assert row.numpy().round(4).tolist() == pytest.approx([-0.4586, -0.9915, -0.4052, -0.3621, -0.5908])


def test_p1_is_the_peers_split(data: Dataset) -> None:
    permutation = np.random.RandomState(42).permutation(100_000)
    split = p1_split(data.ratings)
    assert np.array_equal(split.train, permutation[:80_000])
    assert np.array_equal(split.valid, permutation[80_000:])


def test_most_of_its_films_meet_the_planted_ones(data: Dataset) -> None:
    planted = load("planted").items
    shared = set(planted.film_ids) & set(data.items.rows_of)
    assert len(shared) > 190
    assert {"fargo-1996", "star-wars-1977", "monty-python-and-the-holy-grail-1975"} <= shared


def test_the_prepared_copy_is_many_times_faster_than_the_raw_files(data: Dataset, cache: Path) -> None:
    seconds = []
    for read in (prepare, load):
        began = time.perf_counter()
        assert read("ml-100k", cache).ratings.fingerprint == data.ratings.fingerprint
        seconds.append(time.perf_counter() - began)
    assert seconds[0] > 3 * seconds[1]
