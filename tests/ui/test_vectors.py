"""The plane of two vectors: the picture, the words, the keys, and the pairs that the core finds."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from recommender.experiments.geometry import Scene
from tutor.core.vectors import Pair, pairs
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.widgets.vectors import Vectors, in_words, plane

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, text_of

SCENE = Scene(np.array([2.0, 0.0]), np.array([1.0, 1.0]), rest=2.0, link="clip", low=0.5, high=5.0)
PAIR = Pair("Fargo", "you gave it 4 stars", "you", SCENE)
OTHER = Pair("Alien", "suits you best", "you", SCENE)


def tip(factor: float, degrees: float) -> tuple[float, float]:
    film = plane(PAIR, factor, degrees).curves[1]
    return film.xs[-1], film.ys[-1]


def test_the_person_lies_on_the_axis_and_the_film_at_its_angle() -> None:
    person, film, shadow = plane(PAIR, 1, 0).curves
    assert (person.xs[-1], person.ys[-1]) == pytest.approx((math.sqrt(2), 0))
    assert (film.xs[-1], film.ys[-1]) == pytest.approx((math.sqrt(2), math.sqrt(2)))
    assert shadow.xs[0] * person.xs[-1] == pytest.approx(SCENE.measure().dot)


def test_stretch_turn_and_flip_move_the_tip() -> None:
    assert tip(2, 0) == pytest.approx((2 * math.sqrt(2), 2 * math.sqrt(2)))
    assert tip(1, 45) == pytest.approx((0, 2), abs=1e-9)
    assert tip(-1, 0) == pytest.approx((-math.sqrt(2), -math.sqrt(2)))


def test_the_words_are_the_arithmetic() -> None:
    assert in_words(PAIR, 1, 0) == (
        "Fargo: you gave it 4 stars.\ndot 2.00 = film 2.00 × you 1.41 × cosine 0.71 (45° apart)  →  4.0 stars"
    )
    assert in_words(PAIR, 2, -15).endswith("4.0 stars  ·  now × 2.00, turned -15°")


@pytest.mark.parametrize("size", SIZES)
async def test_after_the_run_each_key_moves_the_vector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr("tutor.ui.screens.lab.pairs", lambda workspace: [PAIR, OTHER])
    app = TutorApp(PlacesWorkspace(Paths(tmp_path / "home")))  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        await app.go("lab", "dot-product")
        await settle(pilot)
        vectors = app.screen.query_one(Vectors)
        assert not vectors.display
        await pilot.press("1", "r")
        await settle(pilot)
        assert app.focused is vectors
        assert "dot 2.00 = film 2.00 × you 1.41 × cosine 0.71" in text_of(app)
        await pilot.press("left", "left", "left")
        await settle(pilot)
        assert "cosine 0.00 (90° apart)" in text_of(app)
        await pilot.press("0", "up", "f")
        await settle(pilot)
        assert "dot -2.50" in text_of(app)
        assert "↑ ↓ stretch" in text_of(app)
        await pilot.press("n")
        await settle(pilot)
        assert "Alien: suits you best." in text_of(app)
        assert vectors.factor == 1


def test_pairs_of_a_viewer_and_of_a_learner(tmp_path: Path) -> None:
    workspace = Workspace(Paths(tmp_path / "home"))
    viewer = pairs(workspace)
    assert [pair.note for pair in viewer] == [
        "suits a viewer best",
        "says nothing about a viewer",
        "suits a viewer least",
    ]
    dots = [pair.scene.measure().dot for pair in viewer]
    assert dots[0] > dots[1] > dots[2]
    film = workspace.movies.search("fargo")[0]
    workspace.movies.rate(film.id, 4.5)
    learner = pairs(workspace)
    assert "Fargo" in [pair.title for pair in learner]
    assert {pair.person for pair in learner} == {"you"}
    workspace.close()
