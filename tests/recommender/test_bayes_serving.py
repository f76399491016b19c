from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recommender_toys import dataset, planted

from recommender import posterior, serving
from recommender.cli import main
from recommender.config import ConfigError
from recommender.datasets import planted_world
from recommender.events import ENDINGS, Cancelled, Finished, Progress
from recommender.posterior import Posterior
from recommender.posterior_fold import fold_in, forecast
from recommender.ratings import Dataset, Ratings


def served(data: Dataset) -> Posterior:
    *_, end = serving.fit(data, "best", "fast")
    assert isinstance(end, Finished), end
    model: Posterior = end.model
    return model


@pytest.fixture(scope="module")
def held_out() -> tuple[Posterior, Ratings, np.ndarray]:
    """The planted world without a fifth of its people, its posterior, and who was left out."""
    world = planted_world()
    people = np.random.default_rng(11).permutation(world.ratings.n_users)[:120]
    learn = world.ratings.take(~np.isin(world.ratings.users, people))
    fields = (world.name, world.label, learn, world.items, world.users, True, world.licence, 1.0, 5.0)
    return served(Dataset(*fields)), world.ratings, people


def test_intervals_hold_nine_tenths_in_every_bucket(
    held_out: tuple[Posterior, Ratings, np.ndarray],
) -> None:
    """People of the planted world whom neither the chain nor the calibration has seen."""
    model, ratings, people = held_out
    rng, inside, misses = np.random.default_rng(5), {}, []
    for fewest, most in ((0, 0), (1, 2), (3, 9), (10, 60)):
        rows = []
        for person in people:
            mixed = rng.permutation(np.flatnonzero(ratings.users == person))
            known = int(rng.integers(fewest, min(most, len(mixed) - 1) + 1))
            given, asked = mixed[:known], mixed[known : known + 20]
            told = forecast(
                model, fold_in(model, ratings.items[given], ratings.stars[given]), ratings.items[asked]
            )
            stars = ratings.stars[asked]
            rows.append(np.stack([stars, told.predicted, told.low, told.high]))
        stars, predicted, low, high = np.concatenate(rows, axis=1)
        inside[fewest] = float(((low <= stars) & (stars <= high)).mean())
        misses.append(float(np.sqrt(np.mean((stars - predicted) ** 2))))
    assert all(0.85 <= share <= 0.95 for share in inside.values()), inside
    assert 0.88 <= np.mean(list(inside.values())) <= 0.92
    assert misses[3] < misses[0] - 0.03


def test_best_is_fitted_kept_and_loaded_by_name(tmp_path: Path) -> None:
    data, path = dataset(planted()), tmp_path / "best.safetensors"
    fitted = serving.fit(data, "best", "fast", seed=3)
    events = list(serving.save_when_finished(fitted, path, lambda: serving.audience_of(data)))
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert sum(isinstance(event, ENDINGS) for event in events) == 1
    model = posterior.load(path)
    assert model.data_hash == data.ratings.fingerprint and model.n_draws == posterior_draws(events)
    mine = data.ratings.users == 5
    folded = fold_in(model, data.ratings.items[mine], data.ratings.stars[mine])
    told = forecast(model, folded, data.ratings.items[mine])
    assert np.abs(told.predicted - data.ratings.stars[mine]).mean() < 0.2


def posterior_draws(events: list[Any]) -> int:
    return int(events[-1].model.n_draws)


def test_a_training_user_is_folded_in_close_to_where_the_chain_had_them() -> None:
    """The posterior keeps half of the model; the other half comes back out of the ratings."""
    from recommender.bayes import fit
    from recommender.bayes_config import FAST
    from recommender.bayes_serving import posterior_of
    from recommender.posterior_fold import predict

    data = dataset(planted())
    *_, end = fit(data.ratings, FAST, low=1, high=5, items=data.items)
    about = {
        "film_ids": data.items.film_ids,
        "item_ids": data.ratings.item_ids,
        "data_name": "",
        "data_hash": "",
    }
    model = posterior_of(end.model, about)
    for user in (0, 17, 60):
        mine = data.ratings.users == user
        folded = fold_in(model, data.ratings.items[mine], data.ratings.stars[mine])
        chain = end.model.predict(np.full(60, user), np.arange(60))
        assert np.abs(predict(model, folded) - chain).mean() < 0.1


def test_rows_that_are_one_film_become_one() -> None:
    names = ("film-0", "film-0", *(f"film-{i}" for i in range(2, 60)))
    model = served(dataset(planted(), names))
    assert model.film_ids == ("film-0", *names[2:]) and model.n_items == 59


def test_films_without_a_rating_are_placed_by_genres_and_year() -> None:
    """In the planted world taste follows genre and era: people's true taste for new films is foretold."""
    from recommender.datasets import load
    from recommender.datasets.planted import planted_truth
    from recommender.posterior_fold import predict

    data, truth = load("planted"), planted_truth()
    new = np.arange(5, 320, 10)
    model = served(replace(data, ratings=data.ratings.take(~np.isin(data.ratings.items, new))))
    foretold, true = [], []
    for user in range(0, 600, 20):
        mine = data.ratings.take((data.ratings.users == user) & ~np.isin(data.ratings.items, new))
        foretold.append(predict(model, fold_in(model, mine.items, mine.stars), new))
        true.append((truth.item_factors[new] * truth.user_factors[user]).sum(axis=1))
    tables = [np.array(foretold), np.array(true)]
    apart = [table - table.mean(axis=0) - table.mean(axis=1)[:, None] for table in tables]
    assert np.corrcoef(apart[0].ravel(), apart[1].ravel())[0, 1] > 0.5


def test_few_people_are_served_without_calibration() -> None:
    ratings = planted()
    model = served(dataset(ratings.take(ratings.users < 3)))
    assert np.unique(model.spread).tolist() == [np.float32(1.645)]


def test_cancel_and_unknown_recipes() -> None:
    events = list(serving.fit(dataset(planted()), "best", cancelled=lambda: True))
    assert isinstance(events[-1], Cancelled)
    with pytest.raises(ConfigError, match="recipe"):
        list(serving.fit(dataset(planted()), "best", "slow"))


def test_train_out_and_recommend_give_intervals_and_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, mine = str(tmp_path / "best.safetensors"), tmp_path / "me.csv"
    mine.write_text("film,stars\nfargo-1996,5\ntoy-story-1995,1\n")
    fit = ["--data", "planted", "--model", "best", "--epochs", "16", "--factors", "4", "--split", "random"]
    assert main(["train", *fit, "--out", out, "--json"]) == 0
    capsys.readouterr()
    assert main(["recommend", "--checkpoint", out, "--ratings", str(mine), "--top", "5", "--json"]) == 0
    films = json.loads(capsys.readouterr().out)
    assert len(films) == 5
    for film in films:
        assert 1 <= film["low"] < film["predicted"] < film["high"] <= 5
        why = film["why"]
        parts = sum(why[name] for name in ("mean", "user_bias", "item_bias", "taste", "clamp"))
        assert parts == pytest.approx(film["predicted"], abs=1e-4)
        pushes = sum(because["push"] for because in why["because"]) + why["rest"]
        assert pushes == pytest.approx(why["user_bias"] + why["taste"], abs=1e-4)
        assert {because["id"] for because in why["because"]} == {"fargo-1996", "toy-story-1995"}
