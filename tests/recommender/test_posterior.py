from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.checkpoint import CheckpointError
from recommender.posterior import (
    BUCKETS,
    LEVELS,
    NORMAL_90,
    SMALL,
    Posterior,
    is_posterior,
    load,
    save,
    screen_of,
)
from recommender.posterior_fold import fold_in, forecast, moments, predict, top_n, why

S, K, C = 6, 3, 5.0
D = K + 1


def made(n_items: int = 40, seed: int = 0, **changes: Any) -> Posterior:
    rng = np.random.default_rng(seed)
    films = (rng.normal(size=(n_items, 1, D)) * 0.5 + 0.1 * rng.normal(size=(n_items, S, D))).astype(
        np.float16
    )
    names = tuple(f"film-{i}" for i in range(n_items))
    fields: dict[str, Any] = {
        "low": 1.0,
        "high": 5.0,
        "offset": 3.5,
        "smoothing": C,
        "user_dof": 1e9,  # so steady a person that `own` is 1, and the textbook applies
        "films": films,
        "link": (0.2 * rng.normal(size=(n_items, S, D))).astype(np.float16),
        "film_noise": rng.uniform(0.5, 2, (n_items, S)).astype(np.float16),
        "mean": (0.1 * rng.normal(size=(S, D))).astype(np.float32),
        "mean_link": (0.1 * rng.normal(size=(S, D))).astype(np.float32),
        "precision": np.tile(np.eye(D, dtype=np.float32) * 4 + 0.5, (S, 1, 1)),
        "rating_precision": rng.uniform(1, 2, S).astype(np.float32),
        "spread": np.full((len(BUCKETS), len(LEVELS) + 1, 2), NORMAL_90, dtype=np.float32),
        "film_ids": names,
        "item_ids": names,
        **screen_of(films),
    }
    return Posterior(**{**fields, **changes})


ROWS, STARS = np.array([3, 8, 20, 21]), np.array([5.0, 1.0, 4.0, 3.0])


def textbook(
    posterior: Posterior, rows: np.ndarray, stars: np.ndarray, s: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of a person in draw s, written down plainly."""
    n, films = len(rows), posterior.films[rows, s].astype(float)
    features = np.hstack([films[:, :K], np.ones((n, 1))])
    links = posterior.link[rows, s].astype(float).sum(axis=0)
    prior = posterior.mean[s] + links / np.sqrt(n + C) - n / (n + C) * posterior.mean_link[s]
    weights = posterior.film_noise[rows, s].astype(float) * posterior.rating_precision[s]
    covariance = np.linalg.inv(posterior.precision[s] + features.T @ (weights[:, None] * features))
    seen = stars - posterior.offset - films[:, K]
    return covariance @ (posterior.precision[s] @ prior + features.T @ (weights * seen)), covariance


def test_the_posterior_of_a_person_is_the_closed_form() -> None:
    posterior = made()
    folded = fold_in(posterior, ROWS, STARS)
    for s in range(S):
        mean, covariance = textbook(posterior, ROWS, STARS, s)
        assert np.allclose(folded.vectors[s], mean, atol=1e-5)
        assert np.allclose(folded.covariance[s], covariance, atol=1e-5)


def test_nobody_has_the_prior_and_still_gets_a_list() -> None:
    posterior = made()
    folded = fold_in(posterior, [], [])
    assert np.allclose(folded.vectors, posterior.mean)
    assert np.allclose(folded.covariance, np.linalg.inv(posterior.precision.astype(float)))
    assert folded.own == 1
    assert len(top_n(posterior, folded, 5)) == 5
    assert why(posterior, folded, 0).because == ()


def test_predictions_average_the_cut_draws() -> None:
    posterior = made()
    folded = fold_in(posterior, ROWS, STARS)
    films = posterior.films.astype(float)
    raw = np.einsum("isk,sk->is", films[..., :K], folded.vectors[:, :K]) + films[..., K]
    stars = np.clip(raw + posterior.offset + folded.vectors[:, K], 1, 5).mean(axis=1)
    assert np.allclose(predict(posterior, folded), stars, atol=1e-5)
    assert np.allclose(predict(posterior, folded, [7]), stars[[7]], atol=1e-5)
    best = [row for row in np.argsort(-stars) if row not in ROWS][:5]
    assert top_n(posterior, folded, 5).tolist() == best
    assert set(top_n(posterior, folded, 99, exclude_rows=[0])) == set(range(1, 40))


def test_mean_and_spread_of_a_rating_are_those_of_simulated_ones() -> None:
    posterior = made()
    folded, rng = fold_in(posterior, ROWS, STARS), np.random.default_rng(1)
    simulated = []
    for s in range(S):
        film = posterior.films[10, s].astype(float)
        people = rng.multivariate_normal(folded.vectors[s], folded.covariance[s], 40_000)
        noise = rng.normal(size=40_000) / np.sqrt(posterior.film_noise[10, s] * posterior.rating_precision[s])
        simulated.append(posterior.offset + film[K] + people[:, :K] @ film[:K] + people[:, K] + noise)
    centre, deviation = moments(posterior, folded, np.array([10]))
    assert centre[0] == pytest.approx(np.mean(simulated), abs=0.01)
    assert deviation[0] == pytest.approx(np.std(simulated), abs=0.01)


def test_intervals_hold_the_forecast_lie_in_the_range_and_shrink_with_ratings() -> None:
    posterior = made()
    every = np.arange(40)
    widths = []
    for n in (0, 2, 12, 30):
        told = forecast(posterior, fold_in(posterior, every[:n], np.full(n, 3.5)), every)
        assert (told.low <= told.predicted).all() and (told.predicted <= told.high).all()
        assert told.low.min() >= 1 and told.high.max() <= 5
        widths.append(float((told.high - told.low).mean()))
    assert widths == sorted(widths, reverse=True)


def test_erratic_people_get_wider_intervals() -> None:
    posterior = made(user_dof=10.0)
    rows = np.arange(30)
    even = predict(posterior, fold_in(posterior, rows, np.full(30, 3.5)), rows)
    steady = fold_in(posterior, rows, even)
    erratic = fold_in(posterior, rows, np.where(rows % 2, 5.0, 1.0))
    assert steady.own > 1 > erratic.own
    assert (moments(posterior, erratic, rows)[1] > moments(posterior, steady, rows)[1]).all()


@pytest.mark.parametrize("stars", [STARS, np.full(4, 5.0)])
def test_why_adds_up(stars: np.ndarray) -> None:
    posterior = made(user_dof=10.0)
    folded = fold_in(posterior, ROWS, stars)
    for row in range(posterior.n_items):
        reason = why(posterior, folded, row)
        parts = reason.mean + reason.user_bias + reason.item_bias + reason.taste
        assert parts + reason.clamp == pytest.approx(reason.predicted, abs=1e-9)
        assert reason.predicted == pytest.approx(float(predict(posterior, folded, [row])[0]), abs=1e-4)
        pushed = sum(push for _, _, push in reason.because) + reason.rest
        assert pushed == pytest.approx(reason.user_bias + reason.taste, abs=1e-9)
        prior = np.einsum(
            "sd,sd->s", np.append(posterior.films[row, :, :K], np.ones((S, 1)), 1), posterior.mean
        )
        assert reason.rest == pytest.approx(prior.mean(), abs=1e-4)  # nobody's ratings are in it


def test_a_push_is_what_one_more_star_changes() -> None:
    posterior = made()
    more = STARS + np.array([0, 1.0, 0, 0])
    before, after = (why(posterior, fold_in(posterior, ROWS, stars), 12) for stars in (STARS, more))
    moved = {row: push for row, _, push in after.because}
    for row, _, push in before.because:
        assert (moved[row] == pytest.approx(push, abs=1e-6)) == (row != 8)


def test_saved_and_loaded_are_equal(tmp_path: Path) -> None:
    posterior, path = made(), tmp_path / "deep" / "best.safetensors"
    save(posterior, path)
    again = load(path)
    assert is_posterior(path)
    for name, array in posterior.arrays().items():
        assert np.array_equal(array, getattr(again, name)) and array.dtype == getattr(again, name).dtype
    assert again.film_ids == posterior.film_ids and again.offset == posterior.offset
    folded = [fold_in(p, ROWS, STARS) for p in (posterior, again)]
    assert np.array_equal(predict(posterior, folded[0]), predict(again, folded[1]))
    assert [file.name for file in path.parent.iterdir()] == ["best.safetensors"]


def test_many_films_are_screened_without_loss(tmp_path: Path) -> None:
    posterior, path = made(SMALL + 400), tmp_path / "many.safetensors"
    save(posterior, path)
    mapped = load(path)
    folded = fold_in(mapped, ROWS, STARS)
    stars = predict(posterior, folded)
    assert np.allclose(predict(mapped, folded), stars)
    stars[ROWS] = -np.inf
    top = top_n(mapped, folded, 10)
    assert np.allclose(stars[top], np.sort(stars)[:-11:-1])


def test_damaged_files_are_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    with pytest.raises(CheckpointError, match="no such checkpoint"):
        load(path)
    save(made(), path)
    whole = path.read_bytes()
    for damaged in (
        b"",
        whole[:5],
        whole[:200],
        whole[:-8],
        b"\xff" * 8 + whole[8:],
        whole.replace(b"F16", b"I16"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=r"best.safetensors: ") as raised:
            load(path)
        assert "\n" not in str(raised.value)
    assert not is_posterior(path.with_name("nothing"))


def test_shapes_and_numbers_that_cannot_be_are_refused() -> None:
    good = made()
    with pytest.raises(CheckpointError, match="link has shape"):
        replace(good, link=good.link[:-1])
    with pytest.raises(CheckpointError, match="mean holds numbers"):
        replace(good, mean=np.full_like(good.mean, np.nan))
    with pytest.raises(CheckpointError, match="film ids"):
        replace(good, film_ids=good.film_ids[:-1])


@pytest.mark.parametrize(
    ("rows", "stars", "message"),
    [
        ([40], [3.0], "outside"),
        ([-1], [3.0], "outside"),
        ([1, 2], [3.0], "ratings"),
        ([1], [np.nan], "finite"),
    ],
)
def test_bad_ratings_are_refused(rows: list[int], stars: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fold_in(made(), rows, stars)


def test_serving_needs_no_torch() -> None:
    code = "import sys, recommender.posterior_fold; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
