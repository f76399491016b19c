"""One run over several seeds, and the learner as one more row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from recommender import datasets, experiments
from recommender.events import (
    Cancelled,
    Chart,
    Event,
    Failed,
    Finished,
    Point,
    Progress,
    SeedFinished,
    Started,
)
from recommender.experiments import SpecError, charts
from recommender.experiments.learner import with_learner
from recommender.worker import Job


def family(fails_at: int | None = None) -> ModuleType:
    """An experiment that measures its seed."""

    def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
        seed = spec["seed"]
        yield Started({"seed": seed})
        yield Chart(charts.text("print", "says it", str(seed)))
        yield Progress(0.5, "half")
        if cancelled():
            yield Cancelled()
            return
        if seed == fails_at:
            yield Failed("a number became nan")
            return
        yield Point("curve", 0, seed, seed)
        series = [{"name": "curve", "x": [0], "y": [seed], "seed": seed}]
        yield Finished({"series": series, "measured": {"seed": seed}, "seconds": 1.0})

    module = ModuleType("a_family")
    module.run = run  # type: ignore[attr-defined]
    return module


def events_of(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, seeds: int, stop_after: int = 99
) -> list[Event]:
    monkeypatch.setitem(experiments.FAMILIES, "a-family", "a_family")
    monkeypatch.setitem(sys.modules, "a_family", module)
    events: list[Event] = []
    run = experiments.run(
        {"family": "a-family", "seed": 4, "seeds": seeds}, None, lambda: len(events) > stop_after
    )
    for event in run:
        events.append(event)
    return events


def test_each_seed_ends_and_the_last_event_has_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    events = events_of(monkeypatch, family(), 3)
    assert [event.seed for event in events if isinstance(event, SeedFinished)] == [4, 5, 6]
    assert [event.y for event in events if isinstance(event, Point)] == [4, 5, 6]
    assert sum(isinstance(event, (Started, Chart)) for event in events) == 2, "only of the first seed"
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.result["measured"] == {"seed": 4}
    assert end.result["by_seed"] == [{"seed": s, "measured": {"seed": s}} for s in (4, 5, 6)]
    assert [one["seed"] for one in end.result["series"]] == [4, 5, 6]
    assert end.result["seconds"] == 3.0
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == pytest.approx([1 / 6, 3 / 6, 5 / 6])


@pytest.mark.parametrize(("fails_at", "done"), [(5, 1), (6, 2)])
def test_a_later_seed_that_fails_keeps_those_before(
    monkeypatch: pytest.MonkeyPatch, fails_at: int, done: int
) -> None:
    end = events_of(monkeypatch, family(fails_at), 3)[-1]
    assert isinstance(end, Finished) and len(end.result["by_seed"]) == done


def test_a_first_seed_that_fails_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert events_of(monkeypatch, family(4), 3)[-1] == Failed("a number became nan")


def test_a_cancelled_run_keeps_the_seeds_that_are_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(events_of(monkeypatch, family(), 3, stop_after=1)[-1], Cancelled)
    end = events_of(monkeypatch, family(), 3, stop_after=4)[-1]
    assert isinstance(end, Finished) and len(end.result["by_seed"]) == 1


@pytest.mark.parametrize("seeds", [-1, 11, 2.5, "3"])
def test_a_number_of_seeds_that_cannot_be(seeds: Any) -> None:
    with pytest.raises(SpecError, match="seeds"):
        experiments.run({"family": "dot-product", "seeds": seeds})


def test_a_step_goes_to_the_next_point_and_waits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(experiments.FAMILIES, "a-family", "a_family")
    monkeypatch.setitem(sys.modules, "a_family", family())
    job = Job(1, {"job": "experiment", "spec": {"family": "a-family", "seed": 0}})
    job.going.set()
    job.stepping = True
    events = job.events()
    assert [next(events).name, next(events).name] == ["started", "chart"]
    assert not job.going.is_set()


def test_the_learner_is_one_more_row() -> None:
    data = datasets.load("planted")
    film, other = data.items.film_ids[3], data.items.film_ids[5]
    longer, row = with_learner(data, {film: 4.5, other: 9.0, "no-such-film": 1.0})
    n = len(data.ratings)
    assert row == data.ratings.n_users == longer.n_users - 1 and longer.user_ids[-1] == "you"
    assert longer.items[n:].tolist() == [3, 5]
    assert longer.stars[n:].tolist() == [4.5, data.high]
    np.testing.assert_array_equal(longer.users[:n], data.ratings.users)
    assert with_learner(data, None) == (data.ratings, None)
    assert with_learner(data, {"no-such-film": 1.0}) == (data.ratings, None)


def test_charts_are_plain_data() -> None:
    made = [
        charts.scatter("map", "says", [("Fargo", 1, np.float32(2), "drama")]),
        charts.bars("bars", "says", {"a": np.float64(1)}, spread={"a": (0.5, 1.5)}),
        charts.histogram("counts", "says", {"a": np.arange(10.0), "b": np.array([np.nan, 1.0])}, bins=5),
        charts.heat("heat", "says", ["r"], ["c", "d"], np.array([[1.0, np.nan]])),
    ]
    assert json.loads(json.dumps(made)) == made
    assert made[2]["groups"][1]["counts"] == [1, 0, 0, 0, 0]
    assert made[3]["values"] == [[1.0, None]]
