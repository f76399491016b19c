"""What every family of experiments promises, in the quick settings of the course on the planted world."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import torch
from experiment_runs import LEARNER, file_of, result_of, unclocked

from recommender import experiments
from recommender.events import Cancelled, Event, Finished, jsonable
from recommender.experiments import FAMILIES, SpecError
from tutor.core.lab_results import as_expected, fill, outcome

TOO_SHORT = ("biases", "factors", "learning-steps", "lecture-story", "model-order")
"""One quick epoch does not show what these claim; test_experiments_lessons trains them in full."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in the training child."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def smoke(name: str) -> tuple[Event, ...]:
    """The events of a quick run."""
    return tuple(experiments.run({"family": name, "settings": dict(file_of(name).smoke)}))


def end_of(name: str) -> dict[str, Any]:
    end = smoke(name)[-1]
    assert isinstance(end, Finished), end
    return dict(end.result)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_course_has_a_file_and_can_speak_about_the_run(name: str) -> None:
    file, result = file_of(name), end_of(name)
    assert file.family == name
    came = outcome(file.prediction, result["measured"])
    assert file.prediction.is_number or came in [choice.key for choice in file.prediction.choices]
    assert "nan" not in fill(file.sentence, result["measured"])
    assert all(len(row) == len(result["table"]["columns"]) for row in result["table"]["rows"])
    assert all(chart["says"] for chart in result.get("charts", ()))


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in TOO_SHORT])
def test_the_quick_run_comes_out_as_expected_too(name: str) -> None:
    file = file_of(name)
    came = outcome(file.prediction, end_of(name)["measured"])
    assert as_expected(file.prediction, came), came


@pytest.mark.parametrize("name", FAMILIES)
def test_something_shows_soon_and_there_is_one_ending(name: str) -> None:
    names = [event.name for event in smoke(name)]
    assert {"point", "chart"} & set(names[:3])
    assert [one for one in names if one in ("finished", "failed", "cancelled")] == ["finished"]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_same_seed_gives_the_same_again(name: str) -> None:
    assert unclocked(end_of(name)) == unclocked(result_of(name, dict(file_of(name).smoke)))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_run_can_be_cancelled_and_refuses_what_it_does_not_know(name: str) -> None:
    *_, end = experiments.run({"family": name, "settings": dict(file_of(name).smoke)}, None, lambda: True)
    assert isinstance(end, Cancelled)
    with pytest.raises(SpecError, match="unknown setting"):
        experiments.run({"family": name, "settings": {"colour": 1}})


@pytest.mark.parametrize("name", [name for name in FAMILIES if file_of(name).uses_ratings])
def test_the_learner_is_in_it(name: str) -> None:
    result = result_of(name, dict(file_of(name).smoke), ratings=LEARNER)
    assert unclocked(result) != unclocked(end_of(name))


@pytest.mark.parametrize(
    "name",
    [
        "bias-or-mean",
        "crosstab",
        "hidden-cells",
        "loss-functions",
        "moved-rows",
        "ranking-or-rmse",
        "unrated-row",
    ],
)
def test_the_learner_is_told_the_row(name: str) -> None:
    smoke_settings = dict(file_of(name).smoke)
    said = [
        re.search(r"\brow 601\b", json.dumps(jsonable([result.get("charts"), result["table"]])))
        for result in (end_of(name), result_of(name, smoke_settings, ratings=LEARNER))
    ]
    assert said[0] is None and said[1] is not None
