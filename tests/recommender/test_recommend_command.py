"""`fit` and `recommend`: a checkpoint with its audience, a list with intervals, and what its knobs do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender import datasets, listing
from recommender.checkpoint import FactorModel
from recommender.cli import main
from recommender.foldin import fold_in
from recommender.lists import personal
from recommender.serving import audience_path

WORLD = "planted:users=150,items=80,ratings=5000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two checkpoints of one small world, and a person."""
    folder = tmp_path_factory.mktemp("served")
    for model in ("best", "als"):
        argv = ["fit", "--data", WORLD, "--model", model, "--out", str(folder / f"{model}.safetensors")]
        assert main([*argv, "--cache", str(folder)]) == 0
    films = datasets.load(WORLD, folder).items.film_ids
    (folder / "mine.csv").write_text(f"film,stars\n{films[0]},5\n{films[1]},1\n{films[2]},4.5\n")
    return folder


def listed(capsys: pytest.CaptureFixture[str], folder: Path, model: str, *more: str) -> list[dict[str, Any]]:
    argv = ["recommend", "--checkpoint", str(folder / f"{model}.safetensors"), "--cache", str(folder)]
    assert main([*argv, "--ratings", str(folder / "mine.csv"), "--top", "10", "--json", *more]) == 0
    films: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return films


def test_best_tells_intervals_and_reasons_that_add_up(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    for film in listed(capsys, folder, "best"):
        assert film["low"] < film["predicted"] < film["high"]
        why = film["why"]
        parts = sum(why[name] for name in ("mean", "user_bias", "item_bias", "taste", "clamp"))
        assert parts == pytest.approx(film["predicted"], abs=1e-4)
        pushed = sum(one["push"] for one in why["because"]) + why["rest"]
        assert pushed == pytest.approx(why["user_bias"] + why["taste"], abs=1e-4)
    assert {film["low"] for film in listed(capsys, folder, "als")} == {None}


def test_the_default_list_is_the_personal_ranking(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    path = folder / "als.safetensors"
    model = listing.load_served(path)
    assert isinstance(model, FactorModel)
    audience = listing.load_audience(audience_path(path), model)
    assert audience is not None
    rows = personal(model, audience, fold_in(model, [0, 1, 2], [5, 1, 4.5]), 10).rows
    ids = [film["id"] for film in listed(capsys, folder, "als")]
    assert ids == [model.film_ids[row] for row in rows]
    stars = [film["predicted"] for film in listed(capsys, folder, "als")]
    assert stars != sorted(stars, reverse=True)  # interest counts, too


@pytest.mark.parametrize("model", ["best", "als"])
def test_knobs_turn_the_list(capsys: pytest.CaptureFixture[str], folder: Path, model: str) -> None:
    data = datasets.load(WORLD, folder)
    counts = dict(zip(data.items.film_ids, np.bincount(data.ratings.items, minlength=80), strict=True))

    def mean(films: list[dict[str, Any]], of: Any) -> float:
        return float(np.mean([of(film) for film in films]))

    plain, known, little = (
        listed(capsys, folder, model, *more) for more in ((), ("--popularity", "3"), ("--popularity", "-3"))
    )
    assert mean(known, lambda film: counts[film["id"]]) > mean(little, lambda film: counts[film["id"]])
    new, old = (listed(capsys, folder, model, "--novelty", x) for x in ("2", "-2"))
    assert mean(new, lambda film: film["year"]) > mean(old, lambda film: film["year"])
    mixed = listed(capsys, folder, model, "--diversity", "8")
    assert [film["id"] for film in mixed] != [film["id"] for film in plain]
    assert any(film["diversity_cost"] != 0 for film in mixed)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--diversity", "-1"], "diversity must not be negative"),
        (["--novelty", "nan"], "novelty must be a finite number"),
        (["--top", "0"], "--top must be at least 1"),
    ],
)
def test_a_knob_that_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, more: list[str], words: str
) -> None:
    argv = [
        "recommend",
        "--checkpoint",
        str(folder / "als.safetensors"),
        "--ratings",
        str(folder / "mine.csv"),
    ]
    assert main([*argv, *more]) == 2
    told = capsys.readouterr()
    assert words in told.err and told.err.count("\n") == 1 and not told.out


def test_without_an_audience_stars_sort_the_list_and_knobs_are_refused(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes((folder / "als.safetensors").read_bytes())
    argv = ["recommend", "--checkpoint", str(alone), "--ratings", str(folder / "mine.csv"), "--json"]
    assert main([*argv, "--cache", str(folder)]) == 0
    stars = [film["predicted"] for film in json.loads(capsys.readouterr().out)]
    assert stars == sorted(stars, reverse=True)
    assert main([*argv, "--novelty", "1"]) == 2
    assert "--novelty needs" in capsys.readouterr().err


def test_similar_films_of_a_sampled_model_have_more_genres_in_common(folder: Path) -> None:
    """Planted tastes follow genres, so films that please the same people share more than others do."""
    model, data = listing.load_served(folder / "best.safetensors"), datasets.load(WORLD, folder)
    genres = [frozenset(of_film) for of_film in data.items.genres]

    def alike(one: int, other: int) -> float:
        return len(genres[one] & genres[other]) / max(len(genres[one] | genres[other]), 1)

    near, all_films = [], []
    for row in range(model.n_items):
        found = listing.similar(model, row, 5)
        assert len(found) == 5 and row not in found
        near += [alike(row, int(other)) for other in found]
        all_films += [alike(row, other) for other in range(model.n_items) if other != row]
    assert np.mean(near) > 1.2 * np.mean(all_films)
    with pytest.raises(IndexError):
        listing.similar(model, model.n_items, 3)
