"""Experiments on films and their vectors: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_runs import result_of

from recommender import experiments
from recommender.events import Failed
from recommender.experiments import (
    SpecError,
    film_map,
    neighbours,
    two_seeds,
)

# --- two seeds ---------------------------------------------------------------------------


def test_a_turn_is_found_again() -> None:
    """Vectors turned by a known rotation lie on the others after Procrustes' turn, and not before."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(50, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    b = a @ turn
    np.testing.assert_allclose(two_seeds.turn_onto(a, b), turn, atol=1e-9)
    assert np.abs(two_seeds.same_numbered(a, b)).min() < 0.9
    np.testing.assert_allclose(two_seeds.same_numbered(a @ turn, b), 1)


def test_no_spread_no_correlation() -> None:
    assert two_seeds.correlation(np.ones(4), np.arange(4.0)) == 0.0
    assert two_seeds.correlation(np.arange(4.0), -np.arange(4.0)) == pytest.approx(-1)


def test_the_factor_shown_must_be_there() -> None:
    with pytest.raises(SpecError, match="from 1 to 3"):
        experiments.run({"family": "two-seeds", "settings": {"factors": 3, "factor": 4}})


# --- neighbours --------------------------------------------------------------------------


def test_the_nearest_films_by_hand() -> None:
    """A long vector in the same direction is near by cosine and far by Euclid."""
    vectors = np.array([[1.0, 0.0], [10.0, 0.0], [0.8, 0.5], [-1.0, 0.0]])
    every = np.ones(4, bool)
    assert neighbours.nearest(vectors, 0, every, 3).tolist() == [1, 2, 3]
    assert neighbours.nearest(vectors, 0, every, 3, "Euclid").tolist() == [2, 3, 1]
    assert neighbours.nearest(vectors, 0, np.array([True, False, True, True]), 1).tolist() == [2]


def test_all_neighbours_survive_a_turn_and_a_stretch_by_cosine() -> None:
    rng = np.random.default_rng(1)
    one = rng.normal(size=(40, 3))
    turned = one @ np.linalg.qr(rng.normal(size=(3, 3)))[0] * 2
    kept = neighbours.survivors([one, turned], np.arange(40), np.ones(40, bool), 5, "cosine")
    assert kept.tolist() == [5] * 40
    other = rng.normal(size=(40, 3))
    assert neighbours.survivors([one, other], np.arange(40), np.ones(40, bool), 5, "cosine").mean() < 3


def test_words_of_the_neighbours() -> None:
    kept = {("cosine", 1.0): 1.0, ("Euclid", 1.0): 2.0, ("cosine", 9.0): 2.0, ("Euclid", 9.0): 2.05}
    found = neighbours.measured(kept, [1.0, 9.0], 5)
    assert (found["helps"], found["steadier"]) == ("more", "same")
    assert (found["cosine_lowest"], found["euclid_highest"]) == (1.0, 2.05)


def test_neighbours_of_what_is_not_there() -> None:
    *_, end = experiments.run({"family": "neighbours", "settings": {"film": "no-such-film"}})
    assert isinstance(end, Failed) and "no-such-film" in end.message
    *_, end = experiments.run({"family": "neighbours", "settings": {"minimum": 1000}})
    assert isinstance(end, Failed) and "smaller minimum" in end.message


# --- film map ----------------------------------------------------------------------------


def test_auc_by_hand() -> None:
    has = np.array([True, True, False, False])
    assert film_map.auc(np.array([3.0, 2.0, 1.0, 0.0]), has) == 1.0
    assert film_map.auc(np.array([3.0, 0.0, 1.0, 2.0]), has) == 0.5
    assert film_map.auc(np.ones(4), has) == 0.5
    low, high = film_map.interval(0.8, 50, 200)
    assert low == pytest.approx(0.724, abs=0.002) and high == pytest.approx(0.876, abs=0.002)


def test_a_probe_finds_what_is_linear_and_nothing_in_noise() -> None:
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(2000, 4))
    fold = np.arange(2000) % film_map.FOLDS
    assert film_map.probe(vectors, vectors @ [1.0, -2.0, 0.0, 0.5] > 1, fold) > 0.95
    assert 0.4 < film_map.probe(vectors, rng.random(2000) < 0.3, fold) < 0.6


def test_two_directions_fill_a_flat_map() -> None:
    rng = np.random.default_rng(3)
    plane = rng.normal(size=(30, 2)) @ rng.normal(size=(2, 5))
    places, share = film_map.flat(plane)
    assert share == pytest.approx(1)
    gaps = [np.linalg.norm(space[:, None] - space[None], axis=-1) for space in (plane, places)]
    np.testing.assert_allclose(gaps[0], gaps[1], atol=1e-9)


def test_the_map_of_a_genre_that_is_not_there() -> None:
    *_, end = experiments.run({"family": "film-map", "settings": {"genre": "Cookery", "sweeps": 2}})
    assert isinstance(end, Failed) and "Sci-Fi" in end.message
    genres = {
        p["group"] for p in result_of("film-map", {"genre": "Drama", "sweeps": 2})["charts"][0]["points"]
    }
    assert genres == {"Drama", "other"}
