"""Metrics on cases that can be worked out by hand, and cross-validation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recommender_toys import dataset, planted

from recommender.config import recipe
from recommender.evaluation import cross_validate, errors, hold_out, joined, lists, train_and_test
from recommender.events import Cancelled, Failed, Finished
from recommender.models.baselines import Popularity
from recommender.ratings import Ratings, kfold


class Fixed:
    """Scores that are given: one row per user."""

    def __init__(self, table: list[list[float]]):
        self.table = np.array(table, dtype=np.float32)

    def predict(self, users: np.ndarray, items: np.ndarray, times: object = None) -> np.ndarray:
        return self.table[users, items]


def four_films() -> tuple[Ratings, Ratings]:
    ids = (("a", "b", "c"), ("w", "x", "y", "z"))
    train = Ratings([0, 1, 2], [0, 0, 1], [5, 3, 4], None, *ids)
    held = Ratings([0, 0, 1, 2], [1, 2, 3, 2], [5, 2, 4, 1], None, *ids)
    return train, held


def test_errors_by_hand() -> None:
    found = errors([3, 4, 5], [1, 4, 4])
    assert found.rmse == pytest.approx(math.sqrt(5 / 3))
    assert found.mae == pytest.approx(1)
    assert (found.n, found.missing) == (3, 0)


def test_a_missing_prediction_is_refused_or_counted() -> None:
    with pytest.raises(ValueError, match="1 of 2 predictions are missing"):
        errors([math.nan, 4], [1, 4])
    found = errors([math.nan, 4], [1, 4], missing="skip")
    assert (found.rmse, found.n, found.missing) == (0, 1, 1)
    with pytest.raises(ValueError, match="skip"):
        errors([1], [1], missing="guess")


def test_lists_by_hand() -> None:
    """a: list x, y, hit x first; b: list x, y, no hit of z; c is skipped: nothing held out was liked."""
    train, held = four_films()
    model = Fixed([[9, 3, 2, 1], [9, 3, 2, 1], [4, 9, 2, 1]])
    found = lists(model, train, held, k=2)
    assert found.precision == pytest.approx((1 / 2 + 0) / 2)
    assert found.recall == pytest.approx((1 + 0) / 2)
    assert found.ndcg == pytest.approx((1 + 0) / 2)
    assert found.coverage == pytest.approx(2 / 4)
    assert (found.users, found.skipped) == (2, 1)
    assert found.diversity is None
    # x was rated once, y never (counted as once): log2(3 / 1) each
    assert found.novelty == pytest.approx(math.log2(3))


def test_a_hit_lower_down_counts_less() -> None:
    train, held = four_films()
    first = lists(Fixed([[0, 3, 2, 1]] * 3), train, held, k=3)
    second = lists(Fixed([[0, 2, 3, 1]] * 3), train, held, k=3)
    assert first.ndcg > second.ndcg
    assert first.recall == second.recall == 1


def test_the_three_list_figures_by_hand() -> None:
    """One person likes x and z of w..z; the list is y, z, w: one hit, in second place."""
    ids = (("a",), ("w", "x", "y", "z"))
    train = Ratings([], [], [], None, *ids)
    held = Ratings([0, 0, 0], [1, 3, 2], [5, 4, 3], None, *ids)
    found = lists(Fixed([[2, 1, 4, 3]]), train, held, k=3)
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 2)
    assert found.ndcg == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert found.coverage == pytest.approx(3 / 4)


def test_folds_judge_lists_when_asked() -> None:
    data = dataset(planted())
    *_, end = cross_validate(recipe("lesson", "popularity"), data, 3, 1, top=5)
    assert isinstance(end, Finished)
    for name in ("precision", "recall", "ndcg", "coverage", "novelty", "diversity"):
        each = [row[name] for row in end.result["folds"]]
        assert end.result[name] == pytest.approx(np.mean(each))
        assert end.result[f"{name}_sd"] == pytest.approx(np.std(each, ddof=1))
    split = kfold(len(data.ratings), 3, 1)[0]
    learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
    alone = lists(Popularity(learn), learn, held, 5, 4.0, data.items.genres)
    assert end.result["folds"][0]["ndcg"] == pytest.approx(alone.ndcg)
    nothing = held.take(held.stars < 3)
    assert isinstance(hold_out(recipe("lesson", "popularity"), learn, nothing, top=5), Failed)


def test_diversity_is_the_jaccard_distance() -> None:
    train, held = four_films()
    model = Fixed([[9, 3, 2, 1]] * 3)
    genres = [["Drama"], ["Drama", "War"], ["Drama"], ["Comedy"]]
    assert lists(model, train, held, k=2, genres=genres).diversity == pytest.approx(0.5)
    assert lists(model, train, held, k=2, genres=[["Drama"]] * 4).diversity == pytest.approx(0)
    assert lists(model, train, held, k=2, genres=[[]] * 4).diversity is None


def test_training_films_are_never_listed() -> None:
    train, held = four_films()
    found = lists(Fixed([[9, 1, 1, 1]] * 3), train, held, k=1)
    assert found.coverage <= 2 / 4  # film w, everybody's best, was rated by a and b


def test_popularity_is_ranked_by_counts() -> None:
    ratings = planted()
    model = Popularity(ratings)
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    assert model.rank(0).tolist() == counts.tolist()


def test_nobody_to_ask() -> None:
    train, held = four_films()
    with pytest.raises(ValueError, match="5"):
        lists(Fixed([[1, 2, 3, 4]] * 3), train, held.take(held.stars < 5), liked=5)


def test_folds_their_mean_and_their_spread() -> None:
    data = dataset(planted())
    *_, end = cross_validate(recipe("lesson", "biases"), data, folds=4, seed=3)
    assert isinstance(end, Finished)
    rows = end.result["folds"]
    assert len(rows) == 4 and sum(row["n"] for row in rows) == len(data.ratings)
    rmses = [row["rmse"] for row in rows]
    assert end.result["rmse"] == pytest.approx(np.mean(rmses))
    assert end.result["rmse_sd"] == pytest.approx(np.std(rmses, ddof=1))
    split = kfold(len(data.ratings), 4, 3)[2]
    alone = hold_out(
        recipe("lesson", "biases"), data.ratings.take(split.train), data.ratings.take(split.valid)
    )
    assert isinstance(alone, dict) and alone["rmse"] == pytest.approx(rmses[2])


def test_a_cancelled_fold_ends_the_run() -> None:
    *_, end = cross_validate(recipe("lesson", "dot-bias"), dataset(planted()), 3, 1, lambda: True)
    assert isinstance(end, Cancelled)
    *_, end = train_and_test(recipe("lesson", "mean"), planted().take([]), planted())
    assert isinstance(end, Failed)


def test_two_files_meet_in_one_vocabulary() -> None:
    train = Ratings.from_ids(["1", "2"], ["10", "20"], [4, 2])
    held = Ratings.from_ids(["2", "3"], ["10", "30"], [5, 1])
    a, b = joined(train, held)
    assert a.user_ids == b.user_ids == ("1", "2", "3")
    assert a.item_ids == b.item_ids == ("10", "20", "30")
    assert [b.user_ids[u] for u in b.users] == ["2", "3"] and b.stars.tolist() == [5, 1]
    *_, end = train_and_test(recipe("lesson", "biases"), a, b)
    assert end.result["folds"][0]["missing"] == 0
