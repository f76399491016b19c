"""How fast an action is answered, on MovieLens 100K where it can be fetched, else on the planted world.

Run on an idle machine: pytest -m benchmark tests/benchmarks -s.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tutor.core.workspace import Workspace
from tutor.store.paths import Paths

pytestmark = pytest.mark.benchmark
FILMS = ("Fargo (1996)", "Pulp Fiction (1994)", "Toy Story (1995)", "The Godfather (1972)")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A learner with a trained model and a warm child."""
    with closing(Workspace(Paths(Path(tmp_path_factory.mktemp("home"))))) as workspace:
        endings = [event.event for event in workspace.data.fetch()]
        print(f"\n{endings[-1]}: {workspace.data.dataset().label}")
        assert [event.event for event in workspace.movies.ensure_model()][-1] == "finished"
        yield workspace


def test_a_rating_moves_the_list_within_50_ms(workspace: Workspace) -> None:
    movies = workspace.movies
    movies.recommend(20, why=True)
    took = []
    for number in range(40):
        began = time.perf_counter()
        movies.rate(FILMS[number % len(FILMS)], 0.5 + number % 10 / 2)
        movies.recommend(20, why=True)
        took.append((time.perf_counter() - began) * 1000)
    print(f"rating to list: median {statistics.median(took):.1f} ms, worst {max(took):.1f} ms")
    assert statistics.median(took) <= 50


def test_the_first_point_comes_within_150_ms(workspace: Workspace) -> None:
    list(workspace.lab.run("weight-decay", settings={"epochs": 1, "factors": 5}))  # warms the child
    took = []
    for seed in range(9):
        began = time.perf_counter()
        events = workspace.lab.run("weight-decay", seed=seed)
        next(event for event in events if event.event == "point")
        took.append((time.perf_counter() - began) * 1000)
        events.close()  # type: ignore[attr-defined]  # a generator
    print(f"run to first point: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
    assert statistics.median(took) <= 150
