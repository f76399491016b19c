"""Fold-in, ranking and the additive "why", on models whose right answer is known."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import foldin
from recommender.checkpoint import FactorModel
from recommender.foldin import fold_in, straightened
from recommender.ranking import best, predict, similar, top_n, why

LINKS = ["clip", "sigmoid"]


def planted(link: str, n_items: int = 60, k: int = 3, seed: int = 0, ridge: float = 1e-6) -> FactorModel:
    draw = np.random.default_rng(seed)
    return FactorModel(
        kind="planted",
        link=link,
        low=0.0,
        high=5.5,
        offset=3.5 if link == "clip" else 0.0,
        item_factors=draw.normal(0, 0.4, (n_items, k)).astype(np.float32),
        item_bias=draw.normal(0.1, 0.3, n_items).astype(np.float32),
        ridge=ridge,
        film_ids=tuple(f"film-{i}" for i in range(n_items)),
        item_ids=tuple(str(i) for i in range(n_items)),
        bias_ridge=ridge / 2,
        prior=np.array([0.1, -0.1, 0.05, 0.2], dtype=np.float32)[: k + 1],
    )


def stars_of(model: FactorModel, vector: np.ndarray, bias: float) -> np.ndarray:
    return model.stars(model.offset + bias + model.item_bias + model.item_factors @ vector)


@pytest.mark.parametrize("link", LINKS)
def test_recovers_the_person_who_made_the_ratings(link: str) -> None:
    model = planted(link)
    vector, bias = np.array([0.5, -0.3, 0.8]), 0.25
    rows = np.arange(40)
    folded = fold_in(model, rows, stars_of(model, vector, bias)[rows])
    assert np.allclose(folded.vector, vector, atol=2e-3)
    assert folded.bias == pytest.approx(bias, abs=2e-3)
    assert np.allclose(predict(model, folded), stars_of(model, vector, bias), atol=5e-3)


@pytest.mark.parametrize("link", LINKS)
def test_nobody_in_particular_gets_the_prior(link: str) -> None:
    model = planted(link)
    folded = fold_in(model, [], [])
    assert np.allclose(folded.vector, model.prior[:-1])
    assert np.allclose(predict(model, folded), stars_of(model, model.prior[:-1], float(model.prior[-1])))
    reason = why(model, folded, 5)
    assert reason.because == ()
    assert reason.rest == pytest.approx(reason.user_bias + reason.taste)


@pytest.mark.parametrize("link", LINKS)
def test_a_stronger_ridge_stays_nearer_to_the_prior(link: str) -> None:
    distances = []
    for ridge in (0.1, 1.0, 10.0, 100.0):
        model = planted(link, ridge=ridge)
        folded = fold_in(model, [1, 2, 3], [5.0, 1.0, 5.0])
        distances.append(np.linalg.norm(np.append(folded.vector, folded.bias) - model.prior))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.2


@pytest.mark.parametrize("link", LINKS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_why_adds_up_for_anybody(link: str, data: st.DataObject) -> None:
    model = planted(link, ridge=data.draw(st.sampled_from([0.05, 1.0, 20.0])))
    rows = data.draw(st.lists(st.integers(0, 59), unique=True, max_size=30))
    stars = data.draw(st.lists(st.sampled_from([0.5, 1, 2, 3, 4, 5]), min_size=len(rows), max_size=len(rows)))
    folded = fold_in(model, rows, stars)
    row = data.draw(st.integers(0, 59))
    reason = why(model, folded, row)
    total = reason.mean + reason.user_bias + reason.item_bias + reason.taste + reason.clamp
    assert total == pytest.approx(reason.predicted, abs=1e-6)
    assert reason.predicted == pytest.approx(float(predict(model, folded, [row])[0]), abs=1e-4)
    pushed = sum(push for _, _, push in reason.because) + reason.rest
    assert pushed == pytest.approx(reason.user_bias + reason.taste, abs=1e-6)
    assert sorted(r for r, _, _ in reason.because) == sorted(rows)
    assert np.isfinite(predict(model, folded)).all()


def test_the_rest_of_a_linear_model_is_exactly_the_prior() -> None:
    model = planted("clip", ridge=2.0)
    folded = fold_in(model, [3, 9, 27], [5.0, 2.0, 4.0])
    features = np.append(model.item_factors[11], 1.0)
    assert why(model, folded, 11).rest == pytest.approx(float(features @ model.prior), abs=1e-6)


def test_a_push_is_what_the_rating_does() -> None:
    """In a linear model one more star on one film moves a prediction by push / response of that film."""
    model = planted("clip", ridge=2.0)
    rows, stars = [3, 9, 27], np.array([4.0, 2.0, 3.0])
    folded = fold_in(model, rows, stars)
    one_more = fold_in(model, rows, stars + np.array([1.0, 0, 0]))
    change = predict(model, one_more, [11])[0] - predict(model, folded, [11])[0]
    push = next(p for row, _, p in why(model, folded, 11).because if row == 3)
    assert change == pytest.approx(push / straightened(model, folded)[1][0], abs=1e-5)


def test_a_person_in_a_curved_model_is_at_the_bottom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searched to the end, no small move of vector or bias lowers the loss that the fold-in minimises."""
    near = fold_in(planted("sigmoid", ridge=0.5), range(20), [1.0, 5, 4, 2, 5, 1, 3, 3, 5, 2] * 2)
    monkeypatch.setattr(foldin, "CLOSE_ENOUGH", 1e-6)
    model = planted("sigmoid", ridge=0.5)
    rows, stars = np.arange(20), np.array([1.0, 5, 4, 2, 5, 1, 3, 3, 5, 2] * 2)
    folded = fold_in(model, rows, stars)
    w = np.append(folded.vector, folded.bias)

    def loss(at: np.ndarray) -> float:
        miss = stars - stars_of(model, at[:-1], at[-1])[rows]
        return float((miss**2).sum() + (model.ridges * (at - model.prior) ** 2).sum())

    for axis in np.eye(4):
        assert loss(w) <= min(loss(w + 0.02 * axis), loss(w - 0.02 * axis))
    x, z = straightened(model, folded)
    answer = model.prior + np.linalg.solve(x.T @ x + np.diag(model.ridges), x.T @ z)
    assert np.allclose(answer, w, atol=1e-4)
    assert np.allclose(near.vector, folded.vector, atol=0.005)


@pytest.mark.parametrize("link", LINKS)
def test_a_second_opinion_of_the_same_size_pulls_the_same_way(link: str) -> None:
    model = planted(link, ridge=1.0)
    loved, hated = (predict(model, fold_in(model, [4], [s]), [4])[0] for s in (5.0, 1.0))
    assert loved > predict(model, fold_in(model, [], []), [4])[0] > hated


def test_a_linear_model_is_one_ridge_regression() -> None:
    """Written out by hand, with fewer ratings than numbers to find."""
    model = planted("clip", ridge=0.7)
    rows, stars = np.arange(3), np.array([5.0, 1.0, 4.0])
    features = np.hstack([model.item_factors[rows], np.ones((3, 1))]).astype(np.float64)
    response = stars - model.offset - model.item_bias[rows] - features @ model.prior
    direct = model.prior + np.linalg.solve(
        features.T @ features + np.diag([0.7, 0.7, 0.7, 0.35]), features.T @ response
    )
    folded = fold_in(model, rows, stars)
    assert np.allclose(np.append(folded.vector, folded.bias), direct, atol=1e-9)


@pytest.mark.parametrize(
    ("rows", "stars"), [([60], [3.0]), ([-1], [3.0]), ([1, 2], [3.0]), ([1], [float("nan")])]
)
def test_bad_ratings_are_refused(rows: list[int], stars: list[float]) -> None:
    with pytest.raises(ValueError):
        fold_in(planted("clip"), rows, stars)


def test_top_n_sorts_and_leaves_out_what_was_seen() -> None:
    model = planted("clip", ridge=2.0)
    folded = fold_in(model, [0, 1, 2], [3.0, 4.0, 3.0])
    rows = top_n(model, folded, 10)
    stars = predict(model, folded)
    assert not set(rows) & {0, 1, 2}
    assert list(rows) == sorted(set(range(60)) - {0, 1, 2}, key=lambda r: -stars[r])[:10]
    assert len(top_n(model, folded, 500)) == 57
    assert len(top_n(model, folded, 500, exclude_rows=range(58))) == 2
    assert len(top_n(model, folded, 0)) == 0


def test_similar_is_the_angle_not_the_length() -> None:
    model = planted("clip")
    model.item_factors[7] = 5 * model.item_factors[3]
    assert similar(model, 3, 1).tolist() == [7]
    assert 3 not in similar(model, 3, 59)
    with pytest.raises(IndexError):
        similar(model, 60, 3)


def test_best_of_equals_is_the_earlier() -> None:
    assert best(np.array([1.0, 3.0, 3.0, 3.0, 2.0]), 3).tolist() == [1, 2, 3]
    values = np.random.default_rng(0).integers(0, 5, 300).astype(np.float32)
    for n in (1, 10, 100, 299):
        assert best(values, n).tolist() == sorted(range(300), key=lambda i: (-values[i], i))[:n]


def test_serving_imports_no_heavy_library() -> None:
    code = (
        "import sys, recommender.checkpoint, recommender.foldin, recommender.ranking, recommender.events;"
        "print([m for m in ('torch', 'pandas', 'scipy', 'safetensors') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
