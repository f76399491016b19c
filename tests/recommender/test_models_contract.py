"""One suite that every model passes, whatever is inside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from recommender_toys import checkerboard, dataset, halves, planted

from recommender.config import ConfigError, TrainConfig, recipe
from recommender.events import ENDINGS, Cancelled, Failed, Finished
from recommender.fitting import Predictor, fit, mse
from recommender.models import DOTS, NAMES, NETS, SOLVED
from recommender.ratings import Ratings

TOY = {"epochs": 6, "batch_size": 32, "factors": 8, "lr": 0.02}
PERSONAL = sorted(set(NAMES) - {"mean", "popularity"})


def config_for(model: str, **changes: Any) -> TrainConfig:
    return replace(recipe("lesson", model), **{**TOY, **changes})


def fitted(model: str, train: Ratings, **changes: Any) -> Predictor:
    *_, end = fit(config_for(model, **changes), train, None, dataset(train))
    assert isinstance(end, Finished), end
    predictor: Predictor = end.model
    return predictor


@pytest.fixture(scope="module")
def parts() -> tuple[Ratings, Ratings]:
    return halves(planted())


@pytest.fixture(scope="module", params=NAMES)
def named(request: pytest.FixtureRequest, parts: tuple[Ratings, Ratings]) -> tuple[str, Predictor]:
    return request.param, fitted(request.param, parts[0])


def test_predictions_have_one_shape_and_are_finite(
    named: tuple[str, Predictor], parts: tuple[Ratings, Ratings]
) -> None:
    held = parts[1]
    stars = named[1].predict(held.users, held.items, held.times)
    assert stars.shape == (len(held),) and stars.dtype == np.float32
    assert np.isfinite(stars).all()


def test_one_by_one_is_the_batch(named: tuple[str, Predictor], parts: tuple[Ratings, Ratings]) -> None:
    held = parts[1].take(range(12))
    together = named[1].predict(held.users, held.items, held.times)
    alone = [
        named[1].predict(held.users[i : i + 1], held.items[i : i + 1], held.times[i : i + 1])[0]
        for i in range(len(held))
    ]
    assert np.allclose(together, alone, atol=1e-5)


def test_the_empty_batch(named: tuple[str, Predictor]) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert named[1].predict(nothing, nothing, nothing).shape == (0,)


def test_better_than_the_mean(named: tuple[str, Predictor], parts: tuple[Ratings, Ratings]) -> None:
    learn, held = parts
    worst = mse(fitted("mean", learn), held)
    assert mse(named[1], held) <= worst * (1 if named[0] == "mean" else 0.97)


def test_predicting_changes_nothing(named: tuple[str, Predictor], parts: tuple[Ratings, Ratings]) -> None:
    held = parts[1]
    first = named[1].predict(held.users, held.items, held.times)
    assert np.array_equal(first, named[1].predict(held.users, held.items, held.times))


@pytest.mark.parametrize("model", NAMES)
def test_same_seed_same_model(model: str, parts: tuple[Ratings, Ratings]) -> None:
    learn, held = parts
    stars = [fitted(model, learn, epochs=1, seed=7).predict(held.users, held.items, held.times) for _ in "12"]
    assert np.array_equal(*stars)


@pytest.mark.parametrize("model", NAMES)
def test_a_user_and_a_film_without_ratings(model: str) -> None:
    ratings = planted()
    learn = ratings.take((ratings.users != 3) & (ratings.items != 5))
    predictor = fitted(model, learn, epochs=1)
    stars = predictor.predict(np.array([3, 3, 0]), np.array([5, 0, 5]), np.zeros(3, dtype=np.int64))
    assert np.isfinite(stars).all()
    assert (stars > -1).all() and (stars < 7).all()


@pytest.mark.parametrize("model", PERSONAL)
def test_people_differ(model: str, parts: tuple[Ratings, Ratings]) -> None:
    learn, _ = parts
    predictor = fitted(model, learn)
    stars = predictor.predict(np.arange(10), np.zeros(10, dtype=np.int64), np.zeros(10, dtype=np.int64))
    assert len(set(np.round(stars, 4))) > 3


@pytest.mark.parametrize("model", ["item-knn", "als", *DOTS, *NETS])
def test_the_checkerboard_is_learnt(model: str) -> None:
    """Taste and nothing else: means and biases say 3 of everything; a model of taste tells 5 from 1."""
    if model == "item-knn":
        pytest.skip("on a checkerboard unlike films carry half of what is known, and it ignores them")
    learn = checkerboard()
    known = set(zip(learn.users.tolist(), learn.items.tolist(), strict=True))
    users, items = np.array([(u, i) for u in range(20) for i in range(20) if (u, i) not in known]).T
    even = (users + items) % 2 == 0
    predictor = fitted(model, learn, epochs=60, lr=0.03, wd=0.001)
    stars = predictor.predict(users, items, np.zeros(len(users), dtype=np.int64))
    assert stars[even].mean() - stars[~even].mean() > 2


@pytest.mark.parametrize("model", NAMES)
def test_no_ratings_and_cancel_have_their_endings(model: str) -> None:
    learn = planted()
    for train, cancelled, kind in ((learn.take([]), False, Failed), (learn, True, Cancelled)):
        events = list(fit(config_for(model), train, None, dataset(learn), lambda said=cancelled: said))
        assert isinstance(events[-1], kind)
        assert sum(isinstance(event, ENDINGS) for event in events) == 1


def test_every_name_is_of_one_kind() -> None:
    assert set(NAMES) >= {*SOLVED, *DOTS, *NETS}
    assert len(NAMES) == len(set(NAMES))
    with pytest.raises(ConfigError, match="dot-bias"):
        fit(config_for("dot-biased"), planted())
