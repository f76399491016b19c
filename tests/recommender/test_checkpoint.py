"""Checkpoints: what is saved is what is loaded, and a damaged file is one clear line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from recommender.checkpoint import CheckpointError, FactorModel, load, save


def small(**changes: object) -> FactorModel:
    draw = np.random.default_rng(1)
    model = FactorModel(
        kind="dot-bias",
        link="sigmoid",
        low=0.0,
        high=5.5,
        offset=0.0,
        item_factors=draw.normal(size=(4, 2)).astype(np.float32),
        item_bias=draw.normal(size=4).astype(np.float32),
        ridge=0.3,
        film_ids=("alien-1979", "fargo-1996", "heat-1995", "amelie-2001"),
        item_ids=("1", "2", "3", "x"),
        config={"epochs": 5, "wd": 0.1},
        data_name="ml-100k",
        data_hash="abc",
        metrics={"valid_mse": 0.82},
        prior=np.zeros(3, dtype=np.float32),
        user_factors=draw.normal(size=(7, 2)).astype(np.float32),
        user_bias=draw.normal(size=7).astype(np.float32),
    )
    return dataclasses.replace(model, **changes)


@pytest.mark.parametrize("changes", [{}, {"user_factors": None, "user_bias": None}, {"prior": None}])
def test_loads_what_was_saved(tmp_path: Path, changes: dict[str, object]) -> None:
    model = small(**changes)
    save(model, tmp_path / "new" / "model.safetensors")
    again = load(tmp_path / "new" / "model.safetensors")
    for name, value in vars(model).items():
        other = getattr(again, name)
        assert np.array_equal(other, value) if isinstance(value, np.ndarray) else other == value, name
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["model.safetensors"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.safetensors"
    save(small(), path)
    before = path.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        save(small(ridge=9.0), path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", ["truncate", "garbage", "empty", "header"])
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.safetensors"
    save(small(), path)
    data = path.read_bytes()
    broken = {
        "truncate": data[:-7],
        "garbage": b"\xff" * 300,
        "empty": b"",
        "header": data.replace(b"wd", b'"'),
    }
    path.write_bytes(broken[damage])
    with pytest.raises(CheckpointError) as error:
        load(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such checkpoint"):
        load(tmp_path / "nothing")


def test_another_safetensors_file_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"item_bias": np.zeros(3)}, tmp_path / "other")
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        load(tmp_path / "other")


@pytest.mark.parametrize(
    "changes",
    [
        {"item_bias": np.zeros(3, dtype=np.float32)},
        {"item_bias": np.full(4, np.nan, dtype=np.float32)},
        {"film_ids": ("a",)},
        {"prior": np.zeros(9, dtype=np.float32)},
        {"link": "exp"},
        {"ridge": 0.0},
        {"bias_ridge": -1.0},
        {"low": 5.5},
    ],
)
def test_a_model_that_does_not_fit_together_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CheckpointError):
        small(**changes)
