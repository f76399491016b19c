from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from recommender_toys import halves, planted

from recommender.bayes import BayesModel, Sampler, fit
from recommender.bayes_blocks import Conditional, blocks_of, draw_rows, table_of
from recommender.bayes_config import BEST, FAST, BayesConfig
from recommender.bayes_features import directions, film_traits
from recommender.bayes_side import wishart
from recommender.config import ConfigError
from recommender.datasets import planted_truth, planted_world
from recommender.events import ENDINGS, Cancelled, Event, Failed, Finished, Point, Progress
from recommender.ratings import Ratings, random_split

SMALL = replace(FAST, factors=4, sweeps=24, rank=16)


def sampled(train: Ratings, config: BayesConfig = SMALL, **known: Any) -> list[Event]:
    return list(fit(train, config, low=1, high=5, **known))


def model_of(events: list[Event]) -> BayesModel:
    assert isinstance(events[-1], Finished), events[-1]
    model: BayesModel = events[-1].model
    return model


def conditional_case(rng: np.random.Generator) -> dict[str, Any]:
    """Three users (one without a rating) and four films with vectors of 2 factors and a bias."""
    rows, others = np.array([0, 0, 0, 1]), np.array([0, 1, 3, 2])
    return {
        "rows": rows,
        "others": others,
        "stars": rng.normal(size=4).astype(np.float32),
        "films": rng.normal(size=(4, 3)).astype(np.float32),
        "weights": rng.uniform(0.5, 2, 4).astype(np.float32),
        "means": rng.normal(size=(3, 3)).astype(np.float32),
        "own": np.array([0.7, 1.3, 1.0], dtype=np.float32),
        "precision": (np.eye(3) * 2 + 0.3).astype(np.float32),
    }


def closed_form(case: dict[str, Any], user: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of one user's (vector, bias), written down as in a textbook."""
    precision, target = case["precision"].astype(float), case["precision"] @ case["means"][user]
    for row, film, stars in zip(case["rows"], case["others"], case["stars"], strict=True):
        if row == user:
            features = np.append(case["films"][film, :2], 1.0)
            weight = case["own"][user] * case["weights"][film]
            precision = precision + weight * np.outer(features, features)
            target = target + weight * features * (stars - case["films"][film, 2])
    covariance = np.linalg.inv(precision)
    return covariance @ target, covariance


def draw(case: dict[str, Any], normal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    blocks = blocks_of(case["rows"], case["others"], case["stars"], 3, 4)
    table = table_of(torch.from_numpy(case["films"]), torch.from_numpy(case["weights"]))
    given = Conditional(*(torch.from_numpy(case[name]) for name in ("means", "precision", "own")))
    vectors, errors = draw_rows(blocks, table, given, torch.from_numpy(normal.astype(np.float32)))
    return vectors.numpy(), errors.numpy()


def test_the_conditional_mean_is_the_closed_form() -> None:
    case = conditional_case(np.random.default_rng(0))
    vectors, errors = draw(case, np.zeros((3, 3)))
    for user in range(3):
        assert np.allclose(vectors[user], closed_form(case, user)[0], atol=1e-5)
    assert np.allclose(vectors[2], case["means"][2])
    for user in range(2):
        mine = case["rows"] == user
        features = np.hstack([case["films"][case["others"][mine], :2], np.ones((mine.sum(), 1))])
        miss = case["stars"][mine] - case["films"][case["others"][mine], 2] - features @ vectors[user]
        assert errors[user] == pytest.approx(
            (case["weights"][case["others"][mine]] * miss**2).sum(), rel=1e-4
        )


def test_draws_have_the_closed_form_covariance() -> None:
    rng = np.random.default_rng(1)
    case = conditional_case(rng)
    draws = np.stack([draw(case, rng.normal(size=(3, 3)))[0] for _ in range(4000)])  # [n, 3, D]
    for user in range(3):
        assert np.allclose(np.cov(draws[:, user].T), closed_form(case, user)[1], atol=0.06)


def test_blocks_hold_every_rating_once() -> None:
    ratings = planted()
    blocks = blocks_of(ratings.users, ratings.items, ratings.stars, ratings.n_users, ratings.n_items)
    cells = [
        (int(row), int(item))
        for block in blocks
        for row, items in zip(block.rows, block.others, strict=True)
        for item in items
        if item < ratings.n_items
    ]
    assert sorted(cells) == sorted(zip(ratings.users.tolist(), ratings.items.tolist(), strict=True))


def test_directions_are_those_of_the_dense_matrix() -> None:
    ratings = planted()
    sides = (ratings.users, ratings.items, (ratings.n_users, ratings.n_items))
    traits = np.random.default_rng(3).normal(size=(ratings.n_users, 2)).astype(np.float32)
    found = directions(*sides, traits, 200, 5.0, np.random.default_rng(0))
    seen = np.zeros((ratings.n_users, ratings.n_items))
    seen[ratings.users, ratings.items] = 1
    counts = seen.sum(axis=1, keepdims=True)
    raw = seen / np.sqrt(counts + 5)
    dense = np.hstack([raw + 5 / (counts + 5) * raw.mean(0) - raw.mean(0), traits])
    scores = found.scores.numpy()
    assert np.allclose(scores @ scores.T, dense @ dense.T, atol=1e-3)
    assert np.allclose(scores, dense @ found.basis.numpy(), atol=1e-4)
    assert np.allclose(scores.T @ scores, np.diag(found.squares.numpy()), atol=1e-3)


def test_wishart_draws_have_their_mean() -> None:
    rng = np.random.default_rng(0)
    inverse_scale = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.double)
    mean = np.mean([wishart(rng, 7.0, inverse_scale).numpy() for _ in range(4000)], axis=0)
    assert np.allclose(mean, 7 * np.linalg.inv(inverse_scale.numpy()), atol=0.25)


def test_planted_factors_are_recovered() -> None:
    learn, held = halves(planted())
    model = model_of(sampled(learn))
    miss = model.predict(held.users, held.items) - held.stars
    assert float(np.sqrt(np.mean(miss**2))) < 0.2  # the noise is 0.1; a constant misses by about 1.1


def test_events_points_and_progress() -> None:
    learn, held = halves(planted())
    events = sampled(learn, valid=held)
    points = [event for event in events if isinstance(event, Point)]
    progress = [event.fraction for event in events if isinstance(event, Progress)]
    assert len(progress) == SMALL.sweeps and progress[-1] == 1
    assert len(points) == SMALL.sweeps - SMALL.burn
    miss = model_of(events).predict(held.users, held.items) - held.stars
    assert points[-1].y == pytest.approx(float(np.sqrt(np.mean(miss**2))), abs=1e-5)
    assert sum(isinstance(event, ENDINGS) for event in events) == 1


def test_draws_are_reproducible_and_hang_on_the_seed() -> None:
    learn, held = halves(planted())
    first, same, other = (
        model_of(sampled(learn, replace(SMALL, seed=seed))).predict(held.users, held.items)
        for seed in (4, 4, 5)
    )
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_batch_of_one_and_of_none() -> None:
    learn, held = halves(planted())
    model = model_of(sampled(learn))
    together = model.predict(held.users[:5], held.items[:5])
    alone = [model.predict(held.users[i : i + 1], held.items[i : i + 1])[0] for i in range(5)]
    assert np.allclose(together, alone, atol=1e-5)
    assert model.predict(held.users[:0], held.items[:0]).shape == (0,)


def test_one_rating_is_enough_to_go_on() -> None:
    learn = planted().take([0])
    assert np.isfinite(model_of(sampled(learn)).predict(np.array([0, 1]), np.array([0, 1]))).all()


def test_numbers_off_all_scales_are_a_failure_in_one_line() -> None:
    learn = planted()
    stars = learn.stars.copy()
    stars[::2] = 3e38
    wild = Ratings(learn.users, learn.items, stars, None, learn.user_ids, learn.item_ids)
    end = sampled(wild)[-1]
    assert isinstance(end, Failed)
    assert "diverged" in end.message and "\n" not in end.message


def test_cancel_is_asked_in_every_sweep() -> None:
    asked: list[int] = []
    events = list(
        fit(planted(), SMALL, low=1, high=5, cancelled=lambda: asked.append(1) is None and len(asked) > 3)
    )
    assert isinstance(events[-1], Cancelled)
    assert sum(isinstance(event, Progress) for event in events) == 3


def test_bad_settings_and_foreign_metadata_are_refused() -> None:
    with pytest.raises(ConfigError, match="factors"):
        replace(BEST, factors=0)
    with pytest.raises(ConfigError, match="smoothing"):
        replace(BEST, smoothing=0.0)
    data = planted_world()
    with pytest.raises(ValueError, match="metadata"):
        Sampler(planted(), SMALL, items=data.items)


def test_traits_of_films_say_genres_and_years() -> None:
    items = planted_world().items
    traits = film_traits(items)
    assert len(traits) == len(items) and np.isfinite(traits).all()
    alike = [
        row
        for row in range(len(items))
        if (items.genres[row], items.years[row] // 10) == (items.genres[0], items.years[0] // 10)
    ]
    assert np.allclose(traits[alike][:, :-1], traits[0][:-1])


def test_close_to_the_truth_of_the_planted_world() -> None:
    """The expected stars are known there. Biases alone miss them by 0.68, als by 0.51, a rating by 0.9."""
    data = planted_world()
    split = random_split(data.ratings, seed=3)
    learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
    config = replace(FAST, factors=6, sweeps=48)
    model = model_of(sampled(learn, config, items=data.items, users=data.users))
    truth = np.clip(planted_truth().stars(held.users, held.items), 1, 5)
    miss = model.predict(held.users, held.items) - truth
    assert float(np.sqrt(np.mean(miss**2))) < 0.44
