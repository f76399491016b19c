"""Experiments on tables of ratings and on judging a model: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import pytest

from recommender import experiments
from recommender.events import Cancelled, Finished, jsonable
from recommender.experiments import SpecError, hidden_cells
from recommender.ratings import Ratings
from tutor.core.course_schema import ExperimentFile
from tutor.core.lab_results import as_expected, fill, outcome

EXPERIMENTS = Path(__file__).parents[2] / "content" / "experiments"
FAMILIES = ("hidden-cells",)
LEARNER = {"toy-story-1995": 5.0, "alien-1979": 2.0, "casablanca-1942": 4.5}


def file_of(name: str) -> ExperimentFile:
    return ExperimentFile.model_validate(tomllib.loads((EXPERIMENTS / f"{name}.toml").read_text("utf-8")))


def result_of(name: str, settings: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    *_, end = experiments.run({"family": name, "settings": settings or {}, **more})
    assert isinstance(end, Finished), end
    return dict(end.result)


def small_ratings(*rows: tuple[int, int, float], users: int = 3, items: int = 3) -> Ratings:
    who, what, stars = zip(*rows, strict=True)
    names = (tuple(map(str, range(users))), tuple(map(str, range(items))))
    return Ratings(np.array(who, np.int32), np.array(what, np.int32), np.array(stars), None, *names)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_smoke_run_keeps_what_the_course_says(name: str) -> None:
    """Outcome as expected, sentence and charts printable, the same again for the same seed."""
    file = file_of(name)
    events = list(experiments.run({"family": name, "settings": dict(file.smoke)}))
    assert isinstance(events[-1], Finished)
    result = dict(events[-1].result)
    came = outcome(file.prediction, result["measured"])
    assert file.prediction.is_number or came in [choice.key for choice in file.prediction.choices]
    assert as_expected(file.prediction, came), came
    assert "nan" not in fill(file.sentence, result["measured"])
    assert all(len(row) == len(result["table"]["columns"]) for row in result["table"]["rows"])
    assert any(event.name in ("point", "chart") for event in events[:3])
    again = result_of(name, dict(file.smoke))
    clocked = ("seconds", *result.get("clocked", ()))
    for one in (result, again):
        assert all(one.pop(key, None) is not None for key in clocked)
    assert jsonable(result) == jsonable(again)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_run_can_be_cancelled_and_refuses_what_it_does_not_know(name: str) -> None:
    *_, end = experiments.run({"family": name}, None, lambda: True)
    assert isinstance(end, Cancelled)
    with pytest.raises(SpecError, match="unknown setting"):
        experiments.run({"family": name, "settings": {"colour": 1}})


@pytest.mark.parametrize("name", FAMILIES)
def test_the_code_of_a_run_runs_as_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(name)
    values = {parameter.name: parameter.default for parameter in file.parameters} | dict(file.smoke)
    code = Template(file.code or "").substitute({**values, "data": "planted"})
    assert len(code.strip().splitlines()) <= 25
    exec(compile(code, name, "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", [name for name in FAMILIES if file_of(name).uses_ratings])
def test_the_learner_is_in_it(name: str) -> None:
    smoke = dict(file_of(name).smoke)
    said = [
        re.search(r"\byour?\b", json.dumps(jsonable([result.get("charts"), result["table"]])), re.IGNORECASE)
        for result in (result_of(name, smoke), result_of(name, smoke, ratings=LEARNER))
    ]
    assert said[0] is None and said[1] is not None


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
