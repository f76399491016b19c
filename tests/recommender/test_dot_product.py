"""The dot-product family: geometry whose answers are known, on a planted model and a trained one."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.checkpoint import FactorModel, save
from recommender.events import Cancelled, Finished, Point
from recommender.experiments import IN_PROCESS, SpecError, run
from recommender.experiments.dot_product import scene
from recommender.experiments.geometry import Scene, cosine, dot, length, stretch, turn
from recommender.foldin import fold_in
from recommender.ranking import predict

A, B = np.array([2.0, 5.0, 7.0]), np.array([3.0, 9.0, 4.0])
numbers = st.floats(-5, 5).map(lambda x: round(x, 3))
vectors = st.lists(numbers, min_size=3, max_size=3).map(np.array).filter(lambda v: np.linalg.norm(v) > 0.1)


@pytest.fixture(scope="module")
def model() -> FactorModel:
    draw = np.random.default_rng(0)
    return FactorModel(
        kind="dot-bias",
        link="sigmoid",
        low=0.0,
        high=5.5,
        offset=0.0,
        item_factors=draw.normal(0, 0.5, (30, 4)).astype(np.float32),
        item_bias=draw.normal(0, 0.3, 30).astype(np.float32),
        ridge=1.0,
        film_ids=tuple(f"film-{i}" for i in range(30)),
        item_ids=tuple(map(str, range(30))),
        prior=np.array([0.3, 0, 0, 0, 0.5], dtype=np.float32),
    )


def test_the_lectures_numbers() -> None:
    assert dot(A, B) == 79
    assert dot(stretch(A, 10), B) == 790
    assert cosine(stretch(A, 10), B) == pytest.approx(cosine(A, B))
    assert cosine(stretch(A, -1), B) == pytest.approx(-cosine(A, B))
    with pytest.raises(ValueError):
        dot(A, B[:2])


@given(a=vectors, b=vectors, degrees=st.floats(-360, 360))
def test_turning_keeps_the_length_and_the_plane(a: np.ndarray, b: np.ndarray, degrees: float) -> None:
    turned = turn(a, b, degrees)
    assert length(turned) == pytest.approx(length(a), rel=1e-6)
    assert cosine(turned, a) == pytest.approx(math.cos(math.radians(degrees)), abs=1e-6)
    if abs(cosine(a, b)) < 0.99999:
        assert abs(np.linalg.det(np.stack([a, b, turned]))) < 1e-5 * length(a) ** 2 * length(b)


@given(a=vectors, b=vectors)
def test_a_turn_goes_away_from_the_other(a: np.ndarray, b: np.ndarray) -> None:
    angle = math.degrees(math.acos(max(-1, min(1, cosine(a, b)))))
    assert dot(turn(a, b, 90 - angle), b) == pytest.approx(0, abs=1e-4 * length(a) * length(b))
    assert cosine(turn(a, b, 180 - angle), b) == pytest.approx(-1, abs=1e-5)
    assert cosine(turn(a, b, -angle), b) == pytest.approx(1, abs=1e-5)


def test_turning_where_there_is_no_plane() -> None:
    assert dot(turn(A, A, 90), A) == pytest.approx(0, abs=1e-9)
    assert cosine(turn(A, -A, 180), A) == pytest.approx(-1)
    assert np.array_equal(turn(0 * A, A, 45), 0 * A)
    assert turn(np.array([2.0]), np.array([1.0]), 45).tolist() == [2.0]


def test_stars_follow_the_link() -> None:
    squashed = Scene(A / 10, B / 10, 0.0, "sigmoid", 0.0, 5.5)
    assert squashed.stars(0) == 2.75
    assert 5.4 < squashed.measure(factor=10).stars < 5.5
    cut = Scene(A, B, 3.5, "clip", 1.0, 5.0)
    assert (cut.stars(0.5), cut.stars(9), cut.stars(-9)) == (4.0, 5.0, 1.0)


def test_the_scene_predicts_what_the_model_predicts(model: FactorModel) -> None:
    ratings = {"film-3": 5.0, "film-9": 1.0, "not in the model": 4.0}
    film, here = scene(model, ratings, "film-12")
    folded = fold_in(model, [3, 9], [5.0, 1.0])
    assert film == "film-12"
    assert here.measure().stars == pytest.approx(float(predict(model, folded, [12])[0]), abs=1e-5)
    assert here.measure("person").dot == pytest.approx(here.measure("film").dot)


def test_the_film_by_default_suits_the_person(model: FactorModel) -> None:
    film, here = scene(model, {"film-3": 5.0, "film-9": 1.0})
    others = [scene(model, {"film-3": 5.0, "film-9": 1.0}, name)[1].measure().dot for name in model.film_ids]
    assert here.measure().dot == pytest.approx(max(others)) and here.measure().dot > 0
    assert film in model.film_ids


@pytest.mark.parametrize("moves", ["film", "person"])
def test_a_run_measures_what_the_lesson_says(model: FactorModel, tmp_path: Path, moves: str) -> None:
    save(model, tmp_path / "m")
    spec = {
        "family": "dot-product",
        "checkpoint": str(tmp_path / "m"),
        "ratings": {"film-1": 5.0, "film-2": 2.0},
        "settings": {"moves": moves},
    }
    *events, end = run(spec)
    assert isinstance(end, Finished)
    found = end.result["measured"]
    assert found["person"] == "learner"
    assert found["dot_ratio"] == pytest.approx(10)
    assert found["cosine_stretched"] == pytest.approx(found["cosine"])
    assert found["dot_flipped"] == pytest.approx(-found["dot"])
    assert found["dot_square"] == 0
    assert found["dot_opposite"] < 0
    words = [found[f"{name}_when_stretched"] for name in ("dot", "cosine", "stars")]
    assert words == ["rises", "stays", "rises"]
    points = [event for event in events if isinstance(event, Point)]
    assert len(points) == sum(len(series["x"]) for series in end.result["series"]) == 3 * (7 + 13)
    assert len(end.result["table"]["rows"]) == 7 + 13


def test_nobody_in_particular_is_a_viewer_of_the_planted_world() -> None:
    *_, end = run({"family": "dot-product"})
    assert end.result["measured"]["person"] == "viewer"
    assert end.result["measured"]["dot"] > 0


def test_cancel(model: FactorModel, tmp_path: Path) -> None:
    save(model, tmp_path / "m")
    *_, end = run({"family": "dot-product", "checkpoint": str(tmp_path / "m")}, None, lambda: True)
    assert isinstance(end, Cancelled)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"film": "no-film-1900"}, "does not know the film"),
        ({"moves": "both"}, "film, person"),
        ({"stretch": [100]}, "from -20 to 20"),
        ({"speed": 1}, "unknown setting"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    model: FactorModel, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    save(model, tmp_path / "m")
    with pytest.raises(SpecError, match=words):
        list(run({"family": "dot-product", "checkpoint": str(tmp_path / "m"), "settings": settings}))


def test_families_that_run_in_an_app_load_no_torch() -> None:
    code = (
        "import sys; from recommender.experiments import IN_PROCESS, run\n"
        "for family in IN_PROCESS: list(run({'family': family}))\n"
        "print([m for m in ('torch', 'pandas', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "dot-product" in IN_PROCESS
    assert done.stdout.strip() == "[]"
