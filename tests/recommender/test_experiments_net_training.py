"""Experiments that train networks: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import pytest
import torch

from recommender import experiments
from recommender.datasets import load
from recommender.events import Cancelled, Failed, Finished, jsonable
from recommender.experiments import SpecError, loss_functions, metadata, relu, time_drift
from recommender.experiments.sweeps import world_of
from tutor.core.course_schema import ExperimentFile
from tutor.core.lab_results import as_expected, fill, outcome

EXPERIMENTS = Path(__file__).parents[2] / "content" / "experiments"
FAMILIES = ("relu", "loss-functions", "time-drift", "metadata")
LEARNER = {"toy-story-1995": 5.0, "alien-1979": 2.0, "casablanca-1942": 4.5}


def file_of(name: str) -> ExperimentFile:
    return ExperimentFile.model_validate(tomllib.loads((EXPERIMENTS / f"{name}.toml").read_text("utf-8")))


def result_of(name: str, settings: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    *_, end = experiments.run({"family": name, "settings": settings or {}, **more})
    assert isinstance(end, Finished), end
    return dict(end.result)


def unclocked(result: dict[str, Any]) -> Any:
    """A result without what depends on the clock."""
    hidden = {"seconds", *result.get("clocked", ())}
    columns = result["table"]["columns"]
    kept = [i for i, name in enumerate(columns) if name not in hidden]
    return jsonable(
        {
            "series": [one for one in result["series"] if one["name"] not in hidden],
            "charts": [one for one in result["charts"] if one["title"] not in hidden],
            "table": [[row[i] for i in kept] for row in result["table"]["rows"]],
            "measured": {name: value for name, value in result["measured"].items() if name not in hidden},
        }
    )


@pytest.mark.parametrize("name", FAMILIES)
def test_a_smoke_run_keeps_what_the_course_says(name: str) -> None:
    """Outcome as expected, sentence and charts printable, the same again for the same seed."""
    file = file_of(name)
    events = list(experiments.run({"family": name, "settings": dict(file.smoke)}))
    assert isinstance(events[-1], Finished), events[-1]
    result = dict(events[-1].result)
    came = outcome(file.prediction, result["measured"])
    assert file.prediction.is_number or came in [choice.key for choice in file.prediction.choices]
    assert as_expected(file.prediction, came), came
    assert "nan" not in fill(file.sentence, result["measured"])
    assert all(len(row) == len(result["table"]["columns"]) for row in result["table"]["rows"])
    assert all(chart["says"] for chart in result["charts"])
    assert any(event.name in ("point", "chart") for event in events[:3])
    assert unclocked(result) == unclocked(result_of(name, dict(file.smoke)))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_run_can_be_cancelled_and_refuses_what_it_does_not_know(name: str) -> None:
    *_, end = experiments.run({"family": name, "settings": dict(file_of(name).smoke)}, None, lambda: True)
    assert isinstance(end, Cancelled)
    with pytest.raises(SpecError, match="unknown setting"):
        experiments.run({"family": name, "settings": {"colour": 1}})


@pytest.mark.parametrize("name", FAMILIES)
def test_the_code_of_a_run_runs_as_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(name)
    values = {parameter.name: parameter.default for parameter in file.parameters} | dict(file.smoke)
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    code = Template(file.code or "").substitute({**plain, "data": "planted"})
    assert len(code.strip().splitlines()) <= 25
    exec(compile(code, name, "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", [name for name in FAMILIES if file_of(name).uses_ratings])
def test_the_learner_is_in_it(name: str) -> None:
    smoke = dict(file_of(name).smoke)
    said = [
        re.search(r"\brow 601\b", json.dumps(jsonable([result["charts"], result["table"]])))
        for result in (result_of(name, smoke), result_of(name, smoke, ratings=LEARNER))
    ]
    assert said[0] is None and said[1] is not None


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
