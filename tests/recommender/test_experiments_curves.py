"""What all families of training runs promise: events, endings, numbers that fit the course's words."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recommender import datasets
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Point, Progress, Started
from recommender.experiments import SpecError, run
from recommender.experiments.curves import Curves
from recommender.experiments.sweeps import epoch_ends, race, turns, world_of
from recommender.training import Trainer

FAMILIES = (
    "lecture-story", "learning-steps", "start-values", "range", "squared-or-absolute", "biases",
    "coupled-decay", "penalty", "factors", "model-order", "map-growing",
)  # fmt: skip
COURSE = Path(__file__).parents[2] / "content" / "experiments"


def course(family: str) -> dict[str, Any]:
    return tomllib.loads((COURSE / f"{family}.toml").read_text("utf-8"))


def smoke(family: str, seed: int = 0, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """The family's quick run on the planted world."""
    return run({"family": family, "seed": seed, "settings": course(family)["smoke"]}, None, cancelled)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """As in the training child: small batches gain nothing from more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def runs(one_thread: None) -> dict[str, list[Event]]:
    """All events of a quick run of every family."""
    return {family: list(smoke(family)) for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_run_shows_something_soon_and_has_one_ending(runs: dict[str, list[Event]], family: str) -> None:
    events = runs[family]
    assert isinstance(events[0], Started) and isinstance(events[1], (Point, Chart))
    assert isinstance(events[-1], Finished)
    assert not any(isinstance(event, (Failed, Cancelled, Finished)) for event in events[:-1])
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_shown_is_what_the_result_holds(runs: dict[str, list[Event]], family: str) -> None:
    *events, end = runs[family]
    assert isinstance(end, Finished)
    shown = [(event.series, event.x, event.y) for event in events if isinstance(event, Point)]
    held = [(s["name"], x, y) for s in end.result["series"] for x, y in zip(s["x"], s["y"], strict=True)]
    assert sorted(shown) == sorted(held) and held
    assert all(math.isfinite(y) for _, _, y in held)
    columns, rows = end.result["table"]["columns"], end.result["table"]["rows"]
    assert rows and all(len(row) == len(columns) for row in rows)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_course_can_speak_about_the_run(runs: dict[str, list[Event]], family: str) -> None:
    """The sentence can be made, and the outcome is one of the choices or a number."""
    end, file = runs[family][-1], course(family)
    assert isinstance(end, Finished)
    found, prediction = end.result["measured"], file["prediction"]
    assert "nan" not in file["sentence"].format(**found)
    outcome = found[prediction["measured"]]
    if "choices" in prediction:
        assert outcome in [choice["key"] for choice in prediction["choices"]]
    else:
        assert math.isfinite(outcome)


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_result_other_seed_another(runs: dict[str, list[Event]], family: str) -> None:
    first, (*_, again), (*_, other) = runs[family][-1], smoke(family), smoke(family, seed=1)
    assert isinstance(first, Finished) and isinstance(again, Finished) and isinstance(other, Finished)
    for part in ("series", "charts", "table", "measured"):
        assert again.result[part] == first.result[part]
    assert other.result["table"] != first.result["table"]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("after", [0, 12])
def test_cancel_ends_a_run(family: str, after: int) -> None:
    asked = iter(range(10**9))
    *_, end = smoke(family, cancelled=lambda: next(asked) >= after)
    assert end == Cancelled()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_number_that_is_none_fails_the_run(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(self: Trainer) -> float:
        raise FloatingPointError("not a number")

    monkeypatch.setattr(Trainer, "step", explode)
    *_, end = smoke(family)
    assert isinstance(end, Failed) and end.message.endswith("not a number")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("settings", "words"),
    [({"colour": 1}, "unknown setting 'colour'"), ({"epochs": 0}, "epochs must be from 1 to")],
)
def test_settings_that_cannot_be_are_refused_before_the_run(
    family: str, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(SpecError, match=words):
        run({"family": family, "settings": settings})


@pytest.mark.parametrize(
    ("family", "settings", "words"),
    [
        ("lecture-story", {"models": "nine"}, "models must be one of story, eight"),
        ("start-values", {"spread": [-1]}, "spread must be from 0 to 3"),
        ("range", {"over": [6]}, "over must be from 0 to 5"),
        ("range", {"model": "nn"}, "model must be one of"),
        ("squared-or-absolute", {"low_votes": 5}, "low_votes must be from 1 to 4"),
        ("biases", {"wd": 2}, "wd must be from 0 to 1"),
        ("coupled-decay", {"coupled": [0]}, "coupled must be from 1e-06"),
        ("penalty", {"wd": [11]}, "wd must be from 0 to 10"),
        ("factors", {"factors": [2.5]}, "factors must be whole numbers"),
        ("model-order", {"batch_size": 8}, "batch_size must be from 64"),
        ("map-growing", {"shown": 1}, "shown must be from 5"),
    ],
)
def test_single_settings_are_checked(family: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        run({"family": family, "settings": settings})


def test_the_built_in_range_is_not_hidden() -> None:
    """A module called like a built-in function would take its place in the package."""
    from recommender import experiments

    list(smoke("range"))
    assert "range" not in vars(experiments)


# --- what families share -------------------------------------------------------------------


def test_lanes_take_turns_or_follow_each_other() -> None:
    world = world_of({}, None)
    lanes = {name: world.trainer("dot", epochs=1, factors=2) for name in ("a", "b")}
    side_by_side = [name for name, _ in turns(lanes, True)]
    assert side_by_side == ["a", "b"] * 6
    assert [name for name, _ in turns(lanes, False)] == ["a"] * 6 + ["b"] * 6
    stops = [stop for name, stop in turns(lanes, True) if name == "a"]
    assert stops == [20, 75, 150, 225, 300, 375] and lanes["a"].n_steps == 375


def test_a_race_shows_the_curves_that_are_asked_for() -> None:
    world, curves = world_of({}, None), Curves(0)
    lanes = {"a": world.trainer("dot-bias", epochs=2, factors=2)}
    heard: list[tuple[str, int]] = []

    def after(name: str, trainer: Trainer) -> tuple[Event, ...]:
        heard.append((name, trainer.steps_done))
        return ()

    events = list(race(lanes, curves, lambda: False, show=("valid",), begin=1.0, after=after))
    points = [(event.series, event.x) for event in events if isinstance(event, Point)]
    assert points == [("a", 1.0), ("a", 1.4), ("a", 1.8), ("a", 2.0)]
    assert [steps for _, steps in heard] == [20, 75, 150, 225, 300, 375, 450, 525, 600, 675, 750]
    assert len(epoch_ends(curves, "a")) == 2
    assert epoch_ends(curves, "a")[-1] == lanes["a"].mse(world.valid)


def test_the_learner_is_learnt_from_and_never_held_out() -> None:
    films = datasets.load("planted").items.film_ids
    world = world_of({"ratings": {films[0]: 5.0, films[1]: 1.0}}, None, learner=True)
    assert world.row == 600 and np.count_nonzero(world.train.users == 600) == 2
    assert not np.any(world.valid.users == 600)
    row, film = world.film_for_learner() or (-1, -1)
    counts = np.bincount(world.ratings.items)
    assert row == 600 and film > 1 and counts[film] == counts[2:].max()
    assert world_of({"ratings": {films[0]: 5.0}}, None).row is None
