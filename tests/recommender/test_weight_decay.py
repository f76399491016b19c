"""The weight-decay family on the planted world: its curves, its words and its settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recommender.events import Cancelled, Failed, Finished, Point, Progress, Started
from recommender.experiments import SpecError, run
from recommender.experiments.curves import direction, shape
from recommender.experiments.sweeps import FIRST_STEPS
from recommender.experiments.weight_decay import effective_rank

SMALL = {"wd": [0.0, 0.1, 3.0], "epochs": 2, "factors": 8}


def spec(**settings: Any) -> dict[str, Any]:
    return {"family": "weight-decay", "data": "planted", "seed": 0, "settings": settings}


@pytest.fixture(scope="module")
def lesson() -> dict[str, Any]:
    """One run with the lecture's settings."""
    *_, end = run(spec(wd=[0.0, 0.1, 1.0, 3.0]))
    assert isinstance(end, Finished)
    return dict(end.result)


def test_the_planted_world_shows_the_lesson(lesson: dict[str, Any]) -> None:
    """Validation has a valley, training error only rises, the score matrix loses directions."""
    found = lesson["measured"]
    assert found["shape"] == "valley"
    assert found["valley"] in ("0.1", "1")
    assert found["train_direction"] == "rises"
    assert found["rank_direction"] == "falls"
    assert found["train_lowest"] < found["valley_train"] < found["train_highest"]
    assert found["valley_valid"] < min(found["valid_lowest"], found["valid_highest"])
    assert found["rank_highest"] < 1.5


def test_table_and_measured_agree(lesson: dict[str, Any]) -> None:
    for wd, train, valid, rank, length in lesson["table"]["rows"]:
        names = (f"{name}_wd_{wd:g}" for name in ("train", "valid", "rank", "length"))
        assert [lesson["measured"][name] for name in names] == [train, valid, rank, length]
    assert len(lesson["table"]["columns"]) == len(lesson["table"]["rows"][0])


def test_curves_end_where_the_table_says(lesson: dict[str, Any]) -> None:
    series = {entry["name"]: entry for entry in lesson["series"]}
    assert len(series) == 8
    for wd, _, valid, _, _ in lesson["table"]["rows"]:
        curve = series[f"wd {wd:g} valid"]
        assert curve["x"][-1] == 5
        assert curve["y"][-1] == pytest.approx(valid)
        assert curve["x"] == sorted(set(curve["x"]))


def test_the_first_point_comes_after_a_few_steps_and_curves_grow_together() -> None:
    points = [event for event in run(spec(**SMALL)) if isinstance(event, Point)]
    first = [point.series for point in points[:6]]
    assert {name.split()[1] for name in first} == {"0", "0.1", "3"}
    assert points[0].x < 0.1
    assert points[0].x == pytest.approx(FIRST_STEPS / (24000 // 64), rel=0.01)


def test_without_overlay_one_strength_follows_the_other() -> None:
    events = run(spec(**SMALL, overlay=False))
    order = [event.series.split()[1] for event in events if isinstance(event, Point)]
    assert order == sorted(order, key=["0", "0.1", "3"].index)


def test_same_seed_same_numbers() -> None:
    ends = [list(run(spec(**SMALL)))[-1] for _ in range(2)]
    assert ends[0].result["series"] == ends[1].result["series"]
    *_, other = run({**spec(**SMALL), "seed": 1})
    assert other.result["series"] != ends[0].result["series"]


def test_progress_rises_to_one_and_there_is_one_ending() -> None:
    events = list(run(spec(**SMALL)))
    assert isinstance(events[0], Started) and isinstance(events[-1], Finished)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == 1


@pytest.mark.parametrize("after", [0, 5, 200])
def test_cancel(after: int) -> None:
    asked = iter(range(10**9))
    events = list(run(spec(**SMALL), None, lambda: next(asked) >= after))
    assert isinstance(events[-1], Cancelled)
    assert sum(isinstance(event, (Cancelled, Finished)) for event in events) == 1


def test_a_run_that_leaves_the_numbers_fails_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from recommender.training import Trainer

    def explode(self: Trainer) -> float:
        raise FloatingPointError("not a number")

    monkeypatch.setattr(Trainer, "step", explode)
    *_, end = run(spec(**SMALL))
    assert end == Failed("wd 0: not a number")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"wd": [11]}, "wd must be from 0 to 10, not 11"),
        ({"wd": []}, "wd takes 1 to 8 values"),
        ({"wd": "much"}, "wd must be a number"),
        ({"epochs": 2.5}, "whole number"),
        ({"epochs": 0}, "epochs must be from 1 to 30"),
        ({"factors": True}, "factors must be a number"),
        ({"overlay": "yes"}, "true or false"),
        ({"colour": 1}, "unknown setting 'colour'"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        list(run(spec(**settings)))


def test_unknown_family() -> None:
    with pytest.raises(SpecError, match="unknown experiment family"):
        list(run({"family": "alchemy"}))


def test_effective_rank_counts_equal_directions() -> None:
    eye = np.eye(6, dtype=np.float32)
    assert effective_rank(eye[:, :3], np.ones((1, 3), np.float32) * eye[:, :3]) == pytest.approx(3)
    one = np.outer(np.arange(1, 7), [1, 2, 3]).astype(np.float32)
    assert effective_rank(one, one) == pytest.approx(1, abs=1e-5)
    assert effective_rank(0 * eye, eye) == 1.0


def test_words_for_numbers() -> None:
    assert direction([1, 2, 3]) == "rises"
    assert direction([3, 2, 2]) == "falls"
    assert direction([1, 1.001, 1], slack=0.01) == "stays"
    assert direction([1, 3, 2]) == "neither"
    assert [shape(v) for v in ([1, 2], [2, 1], [2, 1, 2], [1])] == ["rises", "falls", "valley", "flat"]
