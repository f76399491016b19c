"""The served models: fitted on everything, one row per film, true to their training users."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recommender_toys import checkerboard, dataset, planted

from recommender import als
from recommender.checkpoint import FactorModel, load
from recommender.config import ConfigError
from recommender.datasets import load as load_data
from recommender.events import Cancelled, Finished
from recommender.foldin import fold_in
from recommender.listing import load_audience
from recommender.lists_audience import Audience
from recommender.ranking import predict, top_n, why
from recommender.ratings import Dataset, Ratings
from recommender.serving import (
    MODELS,
    audience_of,
    audience_path,
    fit,
    one_row_per_film,
    save_when_finished,
)


def fitted(data: Dataset, model: str) -> FactorModel:
    *_, end = fit(data, model)
    assert isinstance(end, Finished)
    served: FactorModel = end.model
    return served


@pytest.fixture(scope="module", params=MODELS)
def served(request: pytest.FixtureRequest) -> tuple[Dataset, FactorModel]:
    data = load_data("planted")
    return data, fitted(data, request.param)


def test_fold_in_of_a_training_user_is_near_their_own(served: tuple[Dataset, FactorModel]) -> None:
    """Vector and predictions of people with many ratings come out again from their ratings alone."""
    data, model = served
    ratings, _ = one_row_per_film(data)
    assert model.user_factors is not None
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    nobody = fold_in(model, [], [])
    gaps = []
    for user in np.argsort(-counts)[:20]:
        mine = ratings.users == user
        folded = fold_in(model, ratings.items[mine], ratings.stars[mine])
        own = dataclasses.replace(nobody, vector=model.user_factors[user], bias=float(model.user_bias[user]))
        gap, far = (
            float(np.sqrt(np.mean((predict(model, one) - predict(model, own)) ** 2)))
            for one in (folded, nobody)
        )
        cosine = folded.vector @ own.vector / np.linalg.norm(folded.vector) / np.linalg.norm(own.vector)
        assert cosine > 0.6
        gaps.append((gap, far))
    near, far = np.median(gaps, axis=0)
    assert near < 0.3 and near < far / 1.5


def test_als_folds_its_own_users_in_exactly() -> None:
    """The last half-sweep of users is the same regression, so after it nothing moves."""
    ratings = planted()
    solver = als.fit(ratings, factors=3, reg=2.0, sweeps=4)
    films = solver.films.copy()
    solver.sweep()
    users = solver.users.copy()
    model = FactorModel(
        "als", "clip", 1.0, 5.0, solver.mean, films[:, :-1].astype("f"), films[:, -1].astype("f"), 2.0,
        ratings.item_ids, ratings.item_ids, bias_ridge=solver.bias_reg,
    )  # fmt: skip
    for user in (0, 7, 31):
        mine = ratings.users == user
        folded = fold_in(model, ratings.items[mine], ratings.stars[mine])
        assert np.allclose(np.append(folded.vector, folded.bias), users[user], atol=1e-5)


def test_als_recovers_what_is_planted() -> None:
    ratings = planted(n_users=120, n_items=80)
    learn, held = (
        ratings.take(np.arange(len(ratings)) % 5 != 0),
        ratings.take(np.arange(len(ratings)) % 5 == 0),
    )
    solver = als.fit(learn, factors=2, reg=0.5, sweeps=10)
    miss = solver.predict(held.users, held.items) - held.stars
    assert np.mean(miss**2) < 0.04


def test_als_solves_the_checkerboard() -> None:
    ratings = checkerboard()
    solver = als.fit(ratings, factors=1, reg=0.1, sweeps=10)
    users, items = np.divmod(np.arange(400), 20)
    expected = np.where((users + items) % 2 == 0, 5, 1)
    assert np.abs(solver.predict(users, items) - expected).max() < 0.5


def test_als_of_a_film_nobody_rated_stays_finite() -> None:
    ratings = planted()
    learn = ratings.take((ratings.items != 5) & (ratings.users != 3))
    solver = als.fit(learn, factors=2, sweeps=2)
    assert np.allclose(solver.films[5], 0) and np.allclose(solver.users[3], 0)
    assert np.isfinite(solver.predict(np.array([3]), np.array([5]))).all()
    with pytest.raises(ValueError, match="no ratings"):
        als.Als(ratings.take([]))


def test_why_adds_up_on_a_trained_model(served: tuple[Dataset, FactorModel]) -> None:
    _, model = served
    folded = fold_in(model, [1, 5, 9], [5.0, 1.0, 4.0])
    for row in top_n(model, folded, 5):
        reason = why(model, folded, int(row))
        parts = reason.mean + reason.user_bias + reason.item_bias + reason.taste + reason.clamp
        assert parts == pytest.approx(reason.predicted, abs=1e-6)
        assert reason.predicted == pytest.approx(float(predict(model, folded, [row])[0]), abs=1e-4)


def test_two_rows_of_one_film_become_one() -> None:
    ratings = Ratings.from_ids(list("aabbc"), list("12123"), [5, 4, 3, 2, 1])
    joined, film_ids = one_row_per_film(
        dataset(ratings.take([0, 1, 2, 4]), ("alien-1979", "alien-1979", "x"))
    )
    assert film_ids == ("alien-1979", "x")
    assert joined.items.tolist() == [0, 0, 0, 1]
    assert joined.item_ids == ("1", "3")


def test_a_dead_film_is_finite_and_never_first() -> None:
    ratings = planted()
    data = dataset(ratings.take(ratings.items != 5))
    for name in MODELS:
        model = fitted(data, name)
        stars = predict(model, fold_in(model, [1, 2], [5.0, 4.0]))
        assert np.isfinite(stars).all()
        assert stars[5] < stars.max()


def no_audience() -> Audience:
    raise AssertionError("nothing was finished")


def test_saved_before_finished_is_seen(tmp_path: Path) -> None:
    out, data = tmp_path / "m.safetensors", load_data("planted")
    for event in save_when_finished(fit(data, "als"), out, lambda: audience_of(data)):
        assert out.exists() == audience_path(out).exists() == isinstance(event, Finished)
    assert event.result["path"] == str(out)
    assert load(out).data_hash == data.ratings.fingerprint
    beside = load_audience(audience_path(out), load(out))
    assert beside is not None
    assert beside.counts.sum() == len(data.ratings) and beside.years.max() > 1990
    assert (
        load_audience(audience_path(out), dataclasses.replace(load(out), **first_films(load(out), 9))) is None
    )


def first_films(model: FactorModel, n: int) -> dict[str, Any]:
    names = ("item_factors", "item_bias", "film_ids", "item_ids")
    return {name: getattr(model, name)[:n] for name in names}


def test_an_audience_has_one_row_per_film_as_the_checkpoint_has() -> None:
    ratings = Ratings.from_ids(list("aabbc"), list("12123"), [5, 4, 3, 2, 1])
    data = dataset(ratings.take([0, 1, 2, 4]), ("alien-1979", "alien-1979", "x"))
    assert audience_of(data).counts.tolist() == [2, 1]
    whole = audience_of(data, data.ratings, data.items.film_ids)  # rows apart: the more rated one stays
    assert whole.counts.tolist() == [2, 1] and whole.n_items == 2


@pytest.mark.parametrize("model", MODELS)
def test_cancel_writes_nothing(tmp_path: Path, model: str) -> None:
    out = tmp_path / "m.safetensors"
    *_, end = save_when_finished(fit(load_data("planted"), model, cancelled=lambda: True), out, no_audience)
    assert isinstance(end, Cancelled)
    assert not out.exists()


def test_a_model_that_cannot_be_served_is_refused() -> None:
    with pytest.raises(ConfigError, match="nn"):
        fit(dataset(planted()), "nn")
    with pytest.raises(ConfigError, match="slow"):
        list(fit(dataset(planted()), "dot-bias", "slow"))
