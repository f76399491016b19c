"""The experiments of the course show what it says they show, on the planted world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from recommender.experiments import run
from tutor.core.course_check import check
from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.recorded_runs import needed, recorded_runs
from tutor.core.settings import read_settings

CONTENT = Path(__file__).parents[2] / "content"


def measured(file: ExperimentFile, settings: dict[str, Any]) -> dict[str, Any]:
    spec = {"family": file.family, "data": "planted", "seed": 0, "settings": settings}
    *_, end = run(spec)
    found: dict[str, Any] = end.to_dict()["measured"]
    return found


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", ["dot-product", "weight-decay"])
def test_a_run_with_the_defaults_comes_out_as_expected(name: str) -> None:
    """The others do so on MovieLens: tests/benchmarks/experiments_table.py."""
    file = Course.load(CONTENT).experiment(name)
    settings = {
        one.name: list(one.default) if isinstance(one.default, tuple) else one.default
        for one in file.parameters
    }
    found = measured(file, settings)
    assert found[file.prediction.measured] == file.prediction.expected
    assert "{" not in file.sentence.format(**found)


def test_the_course_passes_with_its_smoke_runs() -> None:
    assert check(CONTENT, run=lambda file: measured(file, dict(file.smoke))) == []


PREDICTED = needed(Course.load(CONTENT).question(one.id).practice for one in Course.load(CONTENT).written)


@pytest.mark.parametrize("name", PREDICTED)
def test_a_recorded_run_comes_out_again(name: str) -> None:
    file = Course.load(CONTENT).experiment(name)
    found = measured(file, read_settings(file, None))
    recorded = recorded_runs(CONTENT)[name]
    assert set(recorded) == PREDICTED[name]
    for key, value in recorded.items():
        assert found[key] == (value if isinstance(value, str) else pytest.approx(value, rel=0.02, abs=1e-6))


def test_what_the_quiz_says_about_the_runs() -> None:
    course = Course.load(CONTENT)
    decay = measured(course.experiment("weight-decay"), {})
    assert decay["rank_direction"] == "falls"  # q22.i8
    stretched = measured(course.experiment("dot-product"), {"stretch": [1.0, 2.0]})
    assert stretched["dot_ratio"] == pytest.approx(2)  # q07.i9
