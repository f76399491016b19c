"""What the families of training runs find out, on the planted world, and their arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from recommender import datasets
from recommender.events import Chart, Finished
from recommender.experiments import run
from recommender.experiments.biases import offsets_of
from recommender.experiments.coupled_decay import sgd_gap
from recommender.experiments.lecture_story import turn
from recommender.experiments.map_growing import flat, ranks
from recommender.experiments.model_order import STRAIGHT, _makers
from recommender.experiments.penalty import crossing
from recommender.experiments.sweeps import World, world_of
from recommender.ratings import Ratings


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As in the training child: small batches gain nothing from more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def world(one_thread: None) -> World:
    return world_of({}, None)


def result(family: str, ratings: dict[str, float] | None = None, **settings: Any) -> dict[str, Any]:
    *_, end = run({"family": family, "settings": settings, "ratings": ratings})
    assert isinstance(end, Finished)
    return dict(end.result)


def column(found: dict[str, Any], name: str) -> dict[Any, Any]:
    """A column of the table by what its rows are called."""
    place = found["table"]["columns"].index(name)
    return {row[0]: row[place] for row in found["table"]["rows"]}


def learner() -> dict[str, float]:
    """Somebody who gives 5 stars to everything."""
    return dict.fromkeys(datasets.load("planted").items.film_ids[:12], 5.0)


# --- lecture-story --------------------------------------------------------------------------


def test_the_story_has_its_turn_and_the_learner_is_in_it() -> None:
    found = result("lecture-story", learner())
    told = found["measured"]
    assert told["start_dot"] > 10 > 3 > told["start_range"]
    assert told["biases_shape"] == "valley"
    assert told["lowest_biases"] < told["valid_biases"] - 0.005
    assert told["valid_decay"] < min(told["valid_dot"], told["valid_biases"] - 0.005)
    assert told["train_biases"] < told["train_decay"]
    assert told["you"].startswith(" You are row 601: your bias is +")
    assert set(column(found, "your stars")) == {"dot product", "+ range", "+ biases", "+ weight decay"}
    assert found["charts"][1]["title"].startswith("your stars for ")


def test_the_story_of_nobody_has_no_stars_of_theirs() -> None:
    found = result("lecture-story", epochs=1, factors=2)
    assert found["measured"]["you"] == "" and "your stars" not in found["table"]["columns"]


def test_all_eight_models_of_the_lecture() -> None:
    found = result("lecture-story", models="eight", epochs=1, factors=4)
    assert list(column(found, "weight decay").values()) == [0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.01, 0.1]
    assert [one["name"] for one in found["series"]][-2:] == ["CollabNN", "EmbeddingNN"]
    assert found["measured"]["valid_deep"] == column(found, "valid MSE")["EmbeddingNN"]


def test_words_for_the_way_of_an_error() -> None:
    assert turn([1.0, 0.9, 0.9 + 0.004]) == "falls"
    assert turn([1.0, 0.9, 0.95]) == "valley"
    assert turn([0.9, 0.95, 1.0]) == "rises"


# --- learning-steps, start-values, range ------------------------------------------------------


def test_learning_starts_with_one_guess_for_all_and_ends_with_many() -> None:
    spec = {"family": "learning-steps", "settings": {"epochs": 2}, "ratings": learner()}
    events = list(run(spec))
    pictures = [event.chart for event in events if isinstance(event, Chart)]
    first, last = (np.array(chart["values"]) for chart in (pictures[0], pictures[-1]))
    assert np.abs(first - 2.75).max() < 0.1 < last.std()
    assert pictures[-1]["rows"][0] == "you" and last[0].mean() > last[1:].mean()
    end = events[-1]
    assert isinstance(end, Finished)
    told = end.result["measured"]
    assert told["first_guess"] == pytest.approx(2.75, abs=0.01)
    assert told["start"] > told["first_epoch"] > told["end"] and 50 < told["share_first"] < 100
    assert told["steps"] == 750 == end.result["table"]["rows"][-1][0]


def test_vectors_that_start_at_zero_never_move() -> None:
    found = result("start-values", spread=[0, 0.01, 1], epochs=3)
    rank, far = column(found, "rank"), column(found, "far first guesses %")
    assert rank[0] == 0 < rank[0.01] and far[0] == far[0.01] == 0 and far[1] > 50
    assert found["measured"]["best"] == "smallest" and found["measured"]["best_start"] == "0.01"
    counted = {group["name"]: group["counts"] for group in found["charts"][0]["groups"]}
    assert max(counted["start 0"]) == sum(counted["start 0"]), "one guess for all"


def test_without_a_range_the_first_error_is_the_mean_of_the_squared_stars(world: World) -> None:
    found = result("range", over=[0, 0.5], epochs=3)["measured"]
    stars = world.valid.stars.astype(float)
    assert found["start_none"] == pytest.approx(np.mean(stars**2), abs=0.05)
    assert found["start_range"] == pytest.approx(np.mean((stars - 2.5) ** 2), abs=0.05)
    assert found["effect"] == "helps" and found["end_range"] < found["end_none"]


# --- squared-or-absolute, biases ------------------------------------------------------------


@pytest.mark.parametrize(
    ("low_votes", "mean", "median"), [(1, 4.2, 5), (2, 3.4, 5), (3, 2.6, 1), (4, 1.8, 1)]
)
def test_the_best_single_guess(low_votes: int, mean: float, median: float) -> None:
    found = result("squared-or-absolute", low_votes=low_votes, epochs=1, factors=1)["measured"]
    assert found["squared_best"] == pytest.approx(mean) and found["mean"] == pytest.approx(mean)
    assert found["absolute_best"] == pytest.approx(median) and found["absolute_word"] == "median"


def test_each_offset_is_a_damped_mean_of_what_is_left() -> None:
    rows = [("a", "x", 5.0), ("a", "y", 3.0), ("b", "x", 1.0)]
    users, films, stars = zip(*rows, strict=True)
    found = offsets_of(Ratings.from_ids(users, films, np.array(stars)))
    assert found["none"][0] == 3
    np.testing.assert_allclose(found["viewer"][1], [2 / 7, -2 / 6])
    np.testing.assert_allclose(found["film"][2], [0, 0])
    np.testing.assert_allclose(found["both"][1], [2 / 7, -2 / 6])


def test_two_numbers_bring_part_of_the_gain_and_the_learner_has_theirs() -> None:
    found = result("biases", learner())
    told = found["measured"]
    assert told["none"] > max(told["viewer"], told["film"]) > told["both"] > told["all"]
    assert told["share"] == pytest.approx(column(found, "% of the whole gain")["both"])
    assert 30 < told["share"] < 70, "taste is strong in the planted world"
    assert told["your_offset"] > 0.5 and "above what your films get" in told["you"]
    stars = column(found, "your stars")
    assert stars["viewer"] > stars["none"] and len(stars) == 6


# --- coupled-decay, penalty, factors ----------------------------------------------------------


def test_plain_sgd_knows_no_difference_adam_does(world: World) -> None:
    gap, moved = sgd_gap(world, 0.1)
    assert moved > 0.1 and gap < 1e-5 * moved
    found = result("coupled-decay", coupled=[1e-4], epochs=2)
    told = found["measured"]
    assert told["result"] == "coupled-worse" and told["coupled"] > told["decoupled"] + 0.3
    assert told["best_coupled_wd"] == "0.0001"
    assert [row[:2] for row in found["table"]["rows"]] == [
        ("decoupled", 0.1),
        ("coupled", 0.1),
        ("coupled", 1e-4),
    ]


def test_large_weights_have_a_price() -> None:
    found = result("penalty", wd=[0, 0.1, 1], epochs=3)
    told, squares = found["measured"], column(found, "sum of squares")
    assert told["result"] == "squares-fall" and squares[0] > squares[0.1] > squares[1]
    assert told["kept"] == pytest.approx(100 * squares[1] / squares[0])
    assert column(found, "wd x sum of squares")[0.1] == pytest.approx(0.1 * squares[0.1])
    bars = {bar["name"]: bar["value"] for bar in found["charts"][0]["bars"]}
    assert list(bars.values()) == list(squares.values())


def test_where_two_lines_cross() -> None:
    assert crossing([0, 1, 2], [0, 0, 4], [1, 1, 1]) == pytest.approx(1.25)
    assert crossing([0, 1], [0, 1], [2, 2]) == 1
    assert crossing([0.5], [1], [1]) == 0.5


def test_a_table_of_k_factors_has_k_columns_and_a_bias(world: World) -> None:
    found = result("factors", factors=[1, 30], epochs=2)
    rows = world.ratings.n_users + world.ratings.n_items
    assert column(found, "weights") == {1: rows * 2, 30: rows * 31}
    assert column(found, "effective rank")[1] == pytest.approx(1)
    assert found["measured"]["shape"] == "falls" and found["measured"]["train_direction"] == "falls"
    assert [one["name"] for one in found["series"]] == ["1 factor", "30 factors"]


# --- model-order, map-growing -----------------------------------------------------------------


def test_a_net_without_its_bend_adds_a_viewer_and_a_film(world: World) -> None:
    trainer = _makers(world, {"epochs": 1})[STRAIGHT]()
    for _ in range(60):
        trainer.step()
    stars = trainer.predict([0, 0, 1, 1], [0, 1, 0, 1]).astype(float)
    a, b, c, d = np.log(stars / (5.5 - stars))
    assert abs(a - b) > 1e-4 and a - b == pytest.approx(c - d, abs=1e-4)


def test_the_dot_product_wins_on_plain_stars() -> None:
    found = result("model-order", epochs=2)
    told = found["measured"]
    assert told["best"] == "dot-product" and told["order"].startswith("dot + bias, ")
    assert told["lead"] == pytest.approx(min(told["deep"], told["net"]) - told["dot"])


def test_films_with_many_ratings_move_far() -> None:
    found = result("map-growing", shown=6)
    told, films = found["measured"], column(found, "films")
    assert told["who"] == "often" and told["ratio"] > 1.1
    assert told["moved_often"] > told["moved_sometimes"] > told["moved_rarely"]
    assert sum(films.values()) == 320 and len(found["charts"][0]["points"]) == 18
    middles = list(column(found, "ratings of its middle film").values())
    assert middles == sorted(middles, reverse=True)


def test_a_picture_is_turned_to_fit_the_one_before() -> None:
    points = np.random.default_rng(0).normal(size=(20, 5)) * [5, 3, 1, 1, 1]
    first = flat(points, None)
    turned = first @ np.array([[0.0, -1.0], [1.0, 0.0]])  # a quarter turn
    mirrored = first * [1, -1]
    np.testing.assert_allclose(flat(points, turned), turned, atol=1e-9)
    np.testing.assert_allclose(flat(points, mirrored), mirrored, atol=1e-9)
    assert first.var(axis=0)[0] > first.var(axis=0)[1]


def test_equal_values_share_a_rank() -> None:
    np.testing.assert_allclose(ranks(np.array([10, 30, 10, 20])), [0.5, 3, 0.5, 2])
