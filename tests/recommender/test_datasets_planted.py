"""The planted world: the same everywhere, real films, known tastes that can be found again."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import recommender.datasets
from recommender.datasets import DataError, film_files, load, planted_truth, size_of
from recommender.datasets.planted import FACTORS, USUAL
from recommender.datasets.registry import FILMS
from recommender.ratings import Dataset, Ratings, Split, random_split

GENRES = frozenset(film_files.ML_100K_GENRES)


@pytest.fixture(scope="module")
def world() -> Dataset:
    return load("planted")


def test_it_is_the_same_on_every_machine(world: Dataset) -> None:
    assert (len(world.ratings), world.ratings.n_users, world.ratings.n_items) == (30_000, 600, FILMS)
    assert world.ratings.fingerprint == "ef6a4a13774079f164e1aebefa68684432e007c5870c2e4dd7fea9de4094ce79"


def test_it_looks_like_ratings_of_films(world: Dataset) -> None:
    ratings = world.ratings
    assert set(np.unique(ratings.stars)) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert 3.4 < ratings.stars.mean() < 3.6
    pairs = ratings.users.astype(np.int64) * FILMS + ratings.items
    assert len(np.unique(pairs)) == len(pairs)
    per_film = np.sort(np.bincount(ratings.items, minlength=FILMS))[::-1]
    per_user = np.bincount(ratings.users)
    assert per_film[:32].sum() > per_film[-160:].sum()  # a tenth is seen more than half of all
    assert per_user.min() >= 12 and per_user.max() > 4 * np.median(per_user)
    assert ratings.times is not None and ratings.times.min() > 1_700_000_000


def test_it_says_that_its_viewers_are_invented(world: Dataset) -> None:
    assert world.invented and "invented" in world.licence and world.label == "planted world"


def test_its_films_are_real_and_their_ids_ours(world: Dataset) -> None:
    rows = zip(world.items.titles, world.items.years, world.items.directors, strict=True)
    films = {title: (year, director) for title, year, director in rows}
    assert films["Fargo"] == (1996, "Joel Coen")
    assert films["Casablanca"] == (1942, "Michael Curtiz")
    assert {"Twister", "Toy Story", "Star Wars", "The Matrix"} <= set(films)
    assert len(set(world.items.film_ids)) == FILMS and "fargo-1996" in world.items.rows_of
    assert all(1930 <= year <= 2023 for year in world.items.years)
    assert all(world.items.directors) and set().union(*world.items.genres) <= GENRES


def test_the_film_list_is_clean() -> None:
    path = Path(recommender.datasets.__file__).with_name("planted_films.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == FILMS
    assert all(1 <= int(row["fame"]) <= 5 and -2 <= int(row["liked"]) <= 2 for row in rows)
    assert [int(row["year"]) for row in rows] == sorted(int(row["year"]) for row in rows)


def test_the_ratings_are_what_the_truth_says_plus_noise(world: Dataset) -> None:
    truth, ratings = planted_truth(), world.ratings
    error = ratings.stars - np.clip(truth.stars(ratings.users, ratings.items), 1, 5)
    assert 0.85 * truth.noise < error.std() < 1.1 * truth.noise
    assert abs(error.mean()) < 0.05


def test_what_is_rated_is_not_drawn_blindly(world: Dataset) -> None:
    truth, ratings = planted_truth(), world.ratings
    users, items = np.divmod(np.arange(600 * FILMS), FILMS)
    assert truth.stars(ratings.users, ratings.items).mean() > truth.stars(users, items).mean() + 0.1


def test_the_planted_factors_can_be_found_again(world: Dataset) -> None:
    ratings, truth = world.ratings, planted_truth()
    users, films = alternating_least_squares(ratings, residuals(ratings), len(FACTORS))
    known = np.bincount(ratings.items, minlength=FILMS) >= 30
    for k in range(len(FACTORS)):
        assert explained(films[known], truth.item_factors[known, k]) > 0.7, FACTORS[k]
    tastes = truth.user_factors @ truth.item_factors.T
    assert np.corrcoef(tastes.ravel(), (users @ films.T).ravel())[0, 1] > 0.7


def test_weight_decay_has_something_to_mend(world: Dataset) -> None:
    split = random_split(world.ratings)
    wild, tame, flat = (held_out_error(world.ratings, split, decay) for decay in (0.3, 10, 3000))
    assert tame < wild - 0.05 and tame < flat - 0.05


def test_any_size_is_exact_and_repeats() -> None:
    name = "planted:users=70,items=500,ratings=9000,seed=3"
    world = load(name)
    assert (len(world.ratings), world.ratings.n_users, world.ratings.n_items) == (9000, 70, 500)
    assert world.name == name and world.invented
    assert world.items.titles[FILMS] == "Invented film 321"
    assert np.bincount(world.ratings.users).min() > 0
    pairs = world.ratings.users.astype(np.int64) * 500 + world.ratings.items
    assert len(np.unique(pairs)) == 9000
    other = load("planted:users=70,items=500,ratings=9000,seed=4")
    assert other.ratings.fingerprint != world.ratings.fingerprint
    assert load("planted:users=2,items=2,ratings=2").ratings.n_items == 2
    assert size_of("planted:") == USUAL


def test_a_full_world_still_comes_out_whole() -> None:
    world = load("planted:users=10,items=50,ratings=350")
    counts = np.bincount(world.ratings.users)
    assert counts.max() <= 35 and counts.sum() == 350


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("planted:users=1", "users and items must be 2 or more"),
        ("planted:users=ten", "'users=ten' is not users="),
        ("planted:films=3", "'films=3' is not users="),
        ("planted:users=-5", "'users=-5' is not users="),
        ("planted:ratings=500", "ratings must lie between 600"),
        ("planted:ratings=500000", "and 134400"),
        ("planted:seed=4294967296", "fit 32 bits"),
    ],
)
def test_a_size_that_cannot_be_is_said_in_one_line(name: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        load(name)
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_it_needs_numpy_and_nothing_heavier() -> None:
    code = (
        "import sys; from recommender.datasets import load; load('planted');"
        "print(*{'pandas', 'torch', 'urllib.request', 'platformdirs'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def residuals(ratings: Ratings) -> NDArray[np.float64]:
    """Stars less mean and damped biases, estimated from the ratings alone."""
    left = ratings.stars - ratings.stars.astype(np.float64).mean()
    for rows, size in ((ratings.items, ratings.n_items), (ratings.users, ratings.n_users)):
        sums, counts = np.bincount(rows, left, size), np.bincount(rows, minlength=size)
        left = left - (sums / (counts + 5))[rows]
    return left


def alternating_least_squares(
    ratings: Ratings, values: NDArray[np.float64], k: int, decay: float = 5.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    films = np.random.RandomState(1).standard_normal((ratings.n_items, k)) * 0.1
    for _ in range(20):
        users = solved(ratings.users, films[ratings.items], values, ratings.n_users, decay)
        films = solved(ratings.items, users[ratings.users], values, ratings.n_items, decay)
    return users, films


def solved(
    rows: NDArray[np.int32],
    features: NDArray[np.float64],
    values: NDArray[np.float64],
    size: int,
    decay: float,
) -> NDArray[np.float64]:
    """Ridge regression of each row's values on its features."""
    order = np.argsort(rows, kind="stable")
    bounds = np.searchsorted(rows[order], np.arange(size + 1))
    ridge = decay * np.eye(features.shape[1])
    out = np.zeros((size, features.shape[1]))
    for row in range(size):
        mine = order[bounds[row] : bounds[row + 1]]
        x = features[mine]
        out[row] = np.linalg.solve(x.T @ x + ridge, x.T @ values[mine])
    return out


def explained(features: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """R² of the best linear map from the found factors to a planted one."""
    x = np.column_stack([features, np.ones(len(features))])
    left = truth - x @ np.linalg.lstsq(x, truth, rcond=None)[0]
    return float(1 - left.var() / truth.var())


def held_out_error(ratings: Ratings, split: Split, decay: float) -> float:
    known, asked = ratings.take(split.train), ratings.take(split.valid)
    users, films = alternating_least_squares(known, residuals(known), 10, decay)
    left = residuals(ratings)[split.valid] - (users[asked.users] * films[asked.items]).sum(axis=1)
    return float((left**2).mean())
