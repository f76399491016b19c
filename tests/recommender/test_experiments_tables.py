"""Experiments on tables of ratings and on judging a model: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_runs import LEARNER, result_of

from recommender.config import recipe
from recommender.experiments import bias_or_mean, blanks, crosstab, hidden_cells, k_fold
from recommender.experiments.jury import Jury, top_of
from recommender.ratings import Ratings, Split


def small_ratings(*rows: tuple[int, int, float], users: int = 3, items: int = 3) -> Ratings:
    who, what, stars = zip(*rows, strict=True)
    names = (tuple(map(str, range(users))), tuple(map(str, range(items))))
    return Ratings(np.array(who, np.int32), np.array(what, np.int32), np.array(stars), None, *names)


# --- hidden-cells ------------------------------------------------------------------------------


def test_plain_guesses_are_damped_means() -> None:
    train = small_ratings((0, 0, 5), (1, 0, 5), (0, 1, 1), (1, 1, 1))  # mean 3
    guesses = hidden_cells.plain_guesses(train, small_ratings((2, 0, 5), (2, 2, 3)))
    assert guesses["mean of all"] == pytest.approx((4 + 0) / 2)
    film = 3 + 4 / 7  # two ratings 2 above the mean, 5 added at the mean
    assert guesses["film's mean"] == pytest.approx((5 - film) ** 2 / 2)
    assert guesses["viewer's mean"] == pytest.approx(2)  # nothing is known of viewer 2
    assert hidden_cells.gone(0.5, {"mean of all": 2.0}) == 75


def test_the_model_beats_the_means_and_the_learner_gets_blanks_filled() -> None:
    result = result_of("hidden-cells", {"epochs": 5}, ratings=LEARNER)
    found = result["measured"]
    assert found["mse_model"] < 0.9 * found["mse_film"] < found["mse_mean"]
    assert found["n_hidden"] == 6000
    blanks = result["charts"][1]
    assert blanks["title"] == "your best blanks" and "You are row 601" in blanks["says"]
    assert len(blanks["bars"]) == 8 and "Toy Story" not in [bar["name"] for bar in blanks["bars"]]


# --- blanks ------------------------------------------------------------------------------------


def test_a_filled_table_has_every_cell_and_keeps_the_ratings() -> None:
    ratings = small_ratings((0, 1, 4), (2, 2, 1))
    table = blanks.filled(ratings, 3)
    assert table.users.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert table.items.tolist() == [0, 1, 2] * 3
    assert table.stars.tolist() == [3, 4, 3, 3, 3, 3, 3, 3, 1]


def test_the_busiest_corner_keeps_stars_and_names() -> None:
    ratings = small_ratings((0, 0, 1), (1, 2, 2), (1, 1, 3), (2, 1, 4), (2, 2, 5))
    corner = blanks.busiest(ratings, 2, 2)
    assert (corner.user_ids, corner.item_ids) == (("1", "2"), ("1", "2"))
    assert list(zip(corner.users.tolist(), corner.items.tolist(), corner.stars.tolist(), strict=True)) == [
        (0, 1, 2),
        (0, 0, 3),
        (1, 0, 4),
        (1, 1, 5),
    ]
    assert blanks.busiest(ratings, 3, 3) is ratings


def test_what_is_measured_of_two_tables_of_guesses() -> None:
    known, held = small_ratings((0, 0, 4), (1, 1, 2)), small_ratings((0, 1, 5), (2, 2, 3))
    guesses = {"skipped": np.full((3, 3), 4, np.float32), "filled": np.zeros((3, 3), np.float32)}
    guesses["filled"][0, 1] = 1
    found = blanks.measured(guesses, known, held, 0.0)
    assert (found["true_mean"], found["mean_skipped"], found["mean_filled"]) == (4, 4, 0.5)
    assert (found["mse_skipped"], found["mse_filled"], found["mse_mean"]) == (1, (16 + 9) / 2, (4 + 0) / 2)
    assert found["all_filled"] == pytest.approx(1 / 9)
    assert found["blank_share"] == pytest.approx(100 * 7 / 9)
    assert found["better"] == "skipped"


def test_zeros_do_more_harm_than_threes() -> None:
    worst, mild = (result_of("blanks", {"fill": fill})["measured"] for fill in (0, 3))
    assert worst["mse_filled"] > 4 * worst["mse_mean"] > 4 * mild["mse_skipped"]
    assert worst["mse_filled"] > 4 * mild["mse_filled"]


# --- crosstab ----------------------------------------------------------------------------------


def test_pieces_of_a_table_and_their_filled_share() -> None:
    ratings = small_ratings((0, 0, 1), (1, 2, 2), (1, 1, 3), (2, 1, 4))
    assert crosstab.by_count(ratings.users).tolist() == [1, 0, 2]
    assert crosstab.by_count(ratings.items).tolist() == [1, 0, 2]
    table = crosstab.piece(ratings, np.array([1, 2]), np.array([1, 2]))
    np.testing.assert_array_equal(table, np.array([[3, 2], [4, np.nan]], np.float32))
    assert (crosstab.rated(table), crosstab.filled(table)) == (3, 75)


def test_the_pieces_are_as_large_as_asked_and_the_learner_is_the_last_row() -> None:
    result = result_of("crosstab", {"size": 6}, ratings=LEARNER, seed=3)
    shown = {chart["title"]: chart for chart in result["charts"]}
    assert [len(shown[name]["rows"]) for name in (crosstab.RANDOM, crosstab.DENSE)] == [6, 7]
    assert shown[crosstab.DENSE]["rows"][-1] == "you"
    found = result["measured"]
    assert found["overall"] == pytest.approx(100 * 30_000 / (600 * 320))
    assert found["dense"] > found["overall"] and found["twice"] == 0
    curve = result["series"][0]
    assert curve["y"][-1] < curve["y"][0] and curve["x"][0] == 1


# --- bias-or-mean ------------------------------------------------------------------------------


def test_ranks_and_their_correlation() -> None:
    assert bias_or_mean.ranks([10, 30, 20, 20]).tolist() == [1, 4, 2.5, 2.5]
    assert bias_or_mean.rank_correlation([1, 2, 3], [1, 10, 100]) == pytest.approx(1)
    assert bias_or_mean.rank_correlation([1, 2, np.nan, 3], [9, 4, 0, 1]) == pytest.approx(-1)
    means = bias_or_mean.mean_stars(small_ratings((0, 0, 1), (1, 0, 2), (1, 2, 5)))
    np.testing.assert_array_equal(means, [1.5, np.nan, 5])


def test_generous_viewers_gather_as_the_world_says() -> None:
    """Same viewers and films at each strength; only who rates what moves, and group A is no better."""
    even, gathered = bias_or_mean.world(0.0, 1), bias_or_mean.world(2.0, 1)
    np.testing.assert_array_equal(even.quality, gathered.quality)
    assert even.quality[even.group_a].mean() == pytest.approx(even.quality[~even.group_a].mean())
    for here in (even, gathered):
        pairs = here.ratings.users.astype(int) * 100 + here.ratings.items
        assert len(np.unique(pairs)) == len(here.ratings) == 8000
    leads = []
    for here in (even, gathered):
        mean = bias_or_mean.mean_stars(here.ratings)
        leads.append(mean[here.group_a].mean() - mean[~here.group_a].mean())
    assert abs(leads[0]) < 0.15 and leads[1] > 0.5


@pytest.mark.parametrize(
    ("mean", "bias", "word"),
    [(0.6, 0.9, "mean"), (0.9, 0.6, "bias"), (0.7, 0.68, "both"), (0.93, 0.94, "neither")],
)
def test_the_word_for_what_suffers(mean: float, bias: float, word: str) -> None:
    assert bias_or_mean.suffers((0, 0.95, 0.96), (2, mean, bias)) == word


# --- k-fold ------------------------------------------------------------------------------------


def score(part: str, mse: float, new: float = 0.0, known: float | None = 1.0) -> k_fold.Score:
    return k_fold.Score(part, 80, 20, mse, 1.2, new, known)


@pytest.mark.parametrize(
    ("latest", "words"), [(1.3, ("higher", "worse")), (0.85, ("same", "better")), (0.7, ("lower", "better"))]
)
def test_words_for_folds_and_for_time(latest: float, words: tuple[str, str]) -> None:
    found = k_fold.measured(
        [score("random fold 1", 0.8), score("random fold 2", 0.9), score("latest", latest)]
    )
    assert (found["time_against_random"], found["time_against_mean"]) == words
    assert found["mean"] == pytest.approx(0.85) and found["sd"] == pytest.approx(0.1 / np.sqrt(2))


def test_each_rating_is_held_out_once_and_new_viewers_are_counted() -> None:
    rows = result_of("k-fold", {"k": 3})["table"]["rows"]
    assert [row[0] for row in rows] == [*(f"random fold {i}" for i in (1, 2, 3)), "latest ratings"]
    assert sum(row[2] for row in rows[:3]) == 30_000
    assert all(row[1] + row[2] == 30_000 for row in rows)
    assert rows[0][5] < 5 < 50 < rows[3][5]


def test_a_part_is_judged_on_known_and_new_viewers() -> None:
    ratings = small_ratings((0, 0, 4), (0, 1, 4), (0, 2, 4), (1, 0, 2))
    split = Split(np.array([0, 1]), np.array([2, 3]))
    judged = k_fold.judge(recipe("fast"), "part", ratings, split, lambda: False)
    assert judged is not None and (judged.n_train, judged.n_held, judged.new) == (2, 2, 50)
    assert judged.mse_mean == (0 + 4) / 2
    assert judged.mse_known == pytest.approx((4 - 2.75) ** 2, abs=0.5)  # hardly trained: near the middle


# --- ranking-or-rmse ---------------------------------------------------------------------------


def test_a_list_leaves_out_what_was_rated() -> None:
    scores = np.array([1.0, 5.0, 3.0, 3.0])
    assert top_of(scores, np.array([1]), 2).tolist() == [2, 3]
    assert top_of(scores, np.array([1, 2, 3]), 3).tolist() == [0]
    assert scores[1] == 5  # the scores of the model stay as they were


def test_a_jury_counts_hits_and_what_is_shown() -> None:
    train = small_ratings((0, 0, 5), (1, 0, 2), (1, 1, 3))
    held = small_ratings((0, 1, 4), (0, 2, 2), (1, 2, 5))
    jury = Jury(train, held, 1, 0)
    assert jury.viewers == [0, 1]
    first, last = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])
    popular, rare = jury.judge(lambda _: first, lambda: False), jury.judge(lambda _: last, lambda: False)
    assert popular is not None and rare is not None
    assert (popular.precision, popular.recall) == (1, 1)  # film 1 for viewer 0, film 2 for viewer 1
    assert (rare.precision, rare.recall) == (0.5, 0.5)
    assert (popular.shown, rare.shown) == (pytest.approx(200 / 3), pytest.approx(100 / 3))
    assert (popular.ten, popular.median, rare.median) == (100, 0.5, 0)
    assert jury.judge(lambda _: first, lambda: True) is None


def test_a_low_error_makes_no_good_list() -> None:
    """In the planted world, too: who watches what is another matter than who likes what."""
    found = result_of("ranking-or-rmse")["measured"]
    assert found["mse_model"] < 0.85 * found["mse_popularity"]
    assert found["precision_popularity"] > 1.2 * found["precision_model"]
    assert found["wider"] == "model" and found["shown_model"] > 2 * found["shown_popularity"]
