"""Experiments that train networks: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from experiment_runs import result_of

from recommender import experiments
from recommender.datasets import load
from recommender.events import Failed
from recommender.experiments import loss_functions, metadata, relu, time_drift
from recommender.experiments.sweeps import world_of

# --- relu --------------------------------------------------------------------------------------


def test_the_contrast_of_a_sum_is_nothing_and_of_a_product_is_something() -> None:
    viewers, films = torch.tensor([[1, 2], [3, 5]]), torch.tensor([[1, 4], [2, 9]])
    summed = relu.contrast(lambda x: 2.0 * x[:, 0] - 3.0 * x[:, 1], viewers, films)
    assert summed.tolist() == [0, 0]
    product = relu.contrast(lambda x: 1.0 * x[:, 0] * x[:, 1], viewers, films)
    assert product.tolist() == [(1 - 3) * (1 - 2), (2 - 5) * (4 - 9)]


def test_only_the_relu_makes_taste() -> None:
    found = result_of("relu", {"epochs": 3, "width": 20})["measured"]
    assert found["largest_without"] < 1e-9 < 1e-3 < found["contrast_relu"]
    assert found["mse_without"] == pytest.approx(found["mse_biases"], abs=0.03)


def test_the_nearest_model() -> None:
    errors = {relu.RELU: 0.88, relu.WITHOUT: 0.9, relu.BIASES: 0.93, relu.DOT: 0.82}
    found = relu.measured([(name, error, 0.0, 0.0) for name, error in errors.items()])
    assert found["equals"] == "relu" and found["distance"] == pytest.approx(0.02)


# --- loss-functions ----------------------------------------------------------------------------


def test_guesses_are_judged_three_ways() -> None:
    marks = np.arange(1, 6, dtype=np.float32)
    judged = loss_functions.judged(np.array([4.4, 2.0, 1.0]), np.array([4.0, 2.0, 5.0]), marks)
    assert judged == pytest.approx(((0.16 + 16) / 3, 4.4 / 3, 200 / 3))


def test_the_absolute_loss_is_one() -> None:
    net = loss_functions.AbsoluteNN(3, 3, 4)
    x = torch.tensor([[0, 1], [2, 0]])
    loss, error = net.loss(x, net(x).detach() + torch.tensor([1.0, -3.0]))
    assert float(loss.detach()) == pytest.approx(2) and float(error) == pytest.approx(5)


def test_classes_want_an_output_each() -> None:
    said = loss_functions.one_output()
    assert "out of bounds" in said["one"] and len(said["all"].splitlines()) >= 4


def test_the_best_guess_of_each_kind() -> None:
    rows = [
        ("squares", "output", 0.9, 0.74, 40.0),
        ("absolute", "output", 1.0, 0.7, 41.0),
        ("cross-entropy", "expected star", 0.8, 0.73, 42.0),
        ("cross-entropy", "likeliest star", 1.2, 0.72, 45.0),
    ]
    found = loss_functions.measured(rows)
    assert [found[f"best_{kind}"] for kind in ("mse", "mae", "acc")] == ["expected", "absolute", "likeliest"]
    assert found["better"] == "expected"
    rows[3] = (*rows[3][:2], 0.8, 0.7, 45.0)
    assert loss_functions.measured(rows)["better"] == "equal"


# --- time-drift --------------------------------------------------------------------------------


def test_only_the_drift_differs_between_made_up_worlds() -> None:
    still, rising = time_drift.world(0.0, 4), time_drift.world(1.2, 4)
    assert still.times is not None and rising.times is not None
    np.testing.assert_array_equal(still.users, rising.users)
    np.testing.assert_array_equal(still.times, rising.times)
    late = still.times > np.median(still.times)
    gains = [ratings.stars[late].mean() - ratings.stars[~late].mean() for ratings in (still, rising)]
    assert gains[0] == pytest.approx(0, abs=0.06) and gains[1] == pytest.approx(0.6, abs=0.08)
    assert len(np.unique(still.users.astype(int) * time_drift.FILMS + still.items)) == time_drift.COUNT


def test_what_the_time_does_in_a_word() -> None:
    found = time_drift.measured([(0.0, 0.5, 0.51, 2.0, 1.0), (1.2, 0.7, 0.5, -28.6, 1.1)])
    assert (found["time"], found["gain"], found["gain_0"], found["drift"]) == ("lower", 28.6, -2.0, 1.2)
    assert time_drift.measured([(-1.0, 0.5, 0.51, 2.0, 1.0), (0.5, 0.7, 0.5, -28.6, 1.1)])["time"] == "same"
    assert time_drift.measured([(1.0, 0.5, 0.6, 20.0, 1.0)])["time"] == "higher"


# --- metadata ----------------------------------------------------------------------------------


def test_facts_are_told_as_asked() -> None:
    data = load("planted")
    films, viewers, none = (metadata.told_of(data, facts) for facts in ("films", "viewers", "none"))
    assert films.items is data.items and films.users is None
    assert viewers.users is data.users and not any(viewers.items.years) and not any(viewers.items.genres)
    assert [metadata.knows(some) for some in (films, viewers, none)] == [True, True, False]


def test_new_films_are_in_no_training() -> None:
    world = world_of({"seed": 2}, None)
    new = metadata.new_films(world)
    train, valid, unseen = metadata.parts(world, new)
    assert new.sum() == 32 and not new[train.items].any() and not new[valid.items].any()
    assert new[unseen.items].all() and train.times is None
    assert len(unseen) == new[world.ratings.items].sum()


def test_a_set_without_facts_is_a_clear_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of({}, None)
    bare = dataclasses.replace(world, data=metadata.told_of(world.data, "none"))
    monkeypatch.setattr(metadata, "world_of", lambda spec, cache: bare)
    *_, end = experiments.run({"family": "metadata"})
    assert isinstance(end, Failed) and "no facts on films or viewers" in end.message


def test_where_facts_help_in_a_word() -> None:
    def helps(*with_facts: float) -> tuple[Any, Any]:
        found = metadata.measured([("without", 1.0, 2.0), ("with", *with_facts)])
        return found["helps"], found["more"]

    assert helps(0.9, 1.0) == ("both", "new") and helps(0.9, 2.0) == ("known", "known")
    assert helps(1.0, 1.0) == ("new", "new") and helps(0.995, 2.1) == ("none", "known")
