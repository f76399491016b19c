"""The model of interest: a closed form, what it learns, the newcomer, and the file it is kept in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from recommender_toys import planted

from recommender.checkpoint import CheckpointError
from recommender.lists_audience import NEWCOMER, Audience, fit_audience, load, save
from recommender.ratings import Ratings


def two_tribes(n: int = 60, seed: int = 0) -> Ratings:
    """Even people watch even films, odd people odd ones; of 20 films each knows about half of their own."""
    seen = np.random.default_rng(seed).random((n, 20)) < 0.5
    seen &= (np.arange(n)[:, None] + np.arange(20)) % 2 == 0
    users, items = np.nonzero(seen)
    ids = (tuple(map(str, range(n))), tuple(map(str, range(20))))
    return Ratings(users, items, np.full(len(users), 3, np.float32), None, *ids)


def test_interest_is_the_ridge_regression_it_says() -> None:
    films = fit_audience(planted(), factors=4)
    rows = [2, 7, 11]
    v = films.factors.astype(np.float64)
    left = np.vstack([v[rows], np.sqrt(films.unseen) * v, np.sqrt(films.ridge) * np.eye(4)])
    vector = np.linalg.lstsq(left, np.append(np.ones(3), np.zeros(len(v) + 4)), rcond=None)[0]
    own = 3 / (3 + NEWCOMER)
    assert films.interest(rows) == pytest.approx(own * v @ vector + (1 - own) * films.share, abs=1e-5)
    assert films.interest([11, 2, 7, 2]).tolist() == films.interest(rows).tolist()  # order and doubles


def test_people_are_interested_in_what_their_like_watch() -> None:
    films = fit_audience(two_tribes(), factors=4, ridge=1.0)
    interest = films.interest([0, 2, 4, 6, 8, 10])
    assert interest[12::2].min() > interest[1::2].max()
    assert interest[12::2].mean() > 2 * interest[1::2].mean()


def test_without_ratings_interest_is_the_share_of_people() -> None:
    ratings = two_tribes()
    films = fit_audience(ratings, factors=4)
    counts = np.bincount(ratings.items, minlength=20)
    assert films.counts.tolist() == counts.tolist()
    assert films.interest([]) == pytest.approx(counts / 60)


def test_stars_and_repeated_ratings_do_not_matter_and_seeds_are_kept() -> None:
    once = two_tribes()
    twice = Ratings(
        *(np.tile(x, 2) for x in (once.users, once.items, once.stars)), None, once.user_ids, once.item_ids
    )
    one, other = fit_audience(once, seed=3), fit_audience(twice, seed=3)
    assert np.array_equal(one.factors, other.factors)
    assert not np.array_equal(one.factors, fit_audience(once, seed=4).factors)


def test_films_that_nobody_rated_are_legal() -> None:
    ratings = two_tribes().take(two_tribes().items != 5)
    films = fit_audience(ratings, years=np.arange(1980, 2000))
    assert not films.directions(np.array([5])).any()
    assert films.counts[5] == 0
    assert np.isfinite(films.interest([0, 5])).all()
    assert films.decades[[0, 19]] == pytest.approx([-0.95, 0.95])
    assert not fit_audience(ratings).decades.any()  # no years known


def test_saved_and_loaded_are_equal(tmp_path: Path) -> None:
    films = fit_audience(two_tribes(), years=np.arange(1980, 2000))
    save(films, tmp_path / "in" / "a.safetensors")
    again = load(tmp_path / "in" / "a.safetensors")
    assert (again.people, again.ridge, again.unseen) == (films.people, films.ridge, films.unseen)
    for name in ("factors", "counts", "years"):
        assert np.array_equal(getattr(again, name), getattr(films, name))
    assert again.interest([1, 2]).tolist() == films.interest([1, 2]).tolist()
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a.safetensors"]


def test_damaged_files_are_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with pytest.raises(CheckpointError, match="there is no such file"):
        load(path)
    save(fit_audience(two_tribes()), path)
    whole = path.read_bytes()
    for broken in (b"", whole[:50], whole[:-8], whole.replace(b"audience-1", b"audience-9")):
        path.write_bytes(broken)
        with pytest.raises(CheckpointError) as caught:
            load(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_what_cannot_be_is_refused() -> None:
    films = fit_audience(two_tribes())
    with pytest.raises(ValueError, match="lies outside"):
        films.interest([20])
    with pytest.raises(ValueError, match="lies outside"):
        films.interest([-1])
    with pytest.raises(ValueError, match="no ratings"):
        fit_audience(two_tribes().take([]))
    with pytest.raises(CheckpointError, match="same films"):
        Audience(films.factors, films.counts[1:], films.years, 60, 1.0, 1.0)
    with pytest.raises(CheckpointError, match="finite"):
        Audience(films.factors * np.float32(np.nan), films.counts, films.years, 60, 1.0, 1.0)


def test_lists_need_no_torch() -> None:
    code = "import sys, recommender.lists; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
