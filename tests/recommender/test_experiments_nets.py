"""Experiments on embeddings and networks: smoke runs, and what each of them must find by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from experiment_runs import result_of

from recommender.config import recipe
from recommender.datasets import load
from recommender.experiments import (
    embedding_checks,
    model_layers,
    moved_rows,
    one_hot_cost,
    one_hot_equal,
    pieces,
    plain_tensors,
    unrated_row,
    widths,
)
from recommender.models.nets import embedding_width

# --- what they share ---------------------------------------------------------------------------


def test_what_a_call_comes_to() -> None:
    assert pieces.outcome(lambda: [1, 2][5]) == ("IndexError", "list index out of range")
    assert pieces.outcome(lambda: 1 + 1) == ("", "2")
    assert pieces.session({"1 + 1": ("", "2"), "boom": ("ValueError", "no")}).splitlines() == [
        ">>> 1 + 1",
        "2",
        ">>> boom",
        "ValueError: no",
    ]
    lines = pieces.print_out("t", "s", "x " * 100)["text"].splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= pieces.WIDTH


# --- moved-rows --------------------------------------------------------------------------------


def test_which_rows_moved_in_a_word() -> None:
    assert moved_rows.which(np.array([0, 2.0, 0, 1]), np.array([1, 3])) == "distinct"
    assert moved_rows.which(np.array([0, 2.0, 0, 1]), np.array([1, 2])) == "other"
    assert moved_rows.which(np.zeros(3), np.array([1])) == "none"
    assert moved_rows.which(np.ones(3), np.array([1])) == "all"


def test_the_rows_of_a_batch_move_and_with_decay_all() -> None:
    found = result_of("moved-rows", {"batch": 20, "steps": 4})["measured"]
    assert found["moved"] == found["distinct"] <= 20 and found["films_moved"] == found["films_distinct"]
    assert (found["moved_decay"], found["which_decay"]) == (found["rows"], "all") == (600, "all")
    assert found["moved_end"] == found["seen"] > found["moved"]
    assert (
        result_of("moved-rows", {"batch": 20, "steps": 1, "wd": 0})["measured"]["which_decay"] == "distinct"
    )


# --- one-hot-equal and one-hot-cost ------------------------------------------------------------


def test_a_row_by_product_is_the_row_by_lookup() -> None:
    tables = [way((4, 6), (0, 5.5), 3) for way in (one_hot_equal.Tables, one_hot_equal.OneHotTables)]
    rows = torch.tensor([2, 0, 2])
    picked = [model.pick(model.tables[0], rows) for model in tables]
    assert torch.equal(picked[0], tables[0].tables[0][rows]) and torch.equal(*picked)
    with torch.no_grad():
        tables[1].tables[0][2, 5] += 3
    assert one_hot_equal.gap(tables[0].tables, tables[1].tables) == pytest.approx(3)


def test_how_far_two_tables_are_apart_in_a_word() -> None:
    said = [one_hot_equal.apart(difference, 2.0) for difference in (0.0, 1e-4, 0.1, 0.3)]
    assert said == ["same", "same", "close", "far"]


def test_both_ways_learn_and_stay_together() -> None:
    result = result_of("one-hot-equal", {"steps": 60, "lr": 10})
    found, lookup = result["measured"], result["series"][0]["y"]
    assert found["gap_end"] < 1e-5 < 0.05 < found["moved"]
    assert lookup[-1] < 0.95 * lookup[0]


def test_bytes_of_a_batch_by_hand() -> None:
    result = result_of("one-hot-cost", {"vocabulary": [50, 1635], "batch": 64})
    assert [row[:3] for row in result["table"]["rows"]] == [(50, 12_800, 512), (1635, 418_560, 512)]
    assert result["measured"]["growth_onehot"] == 1635 / 50 and result["measured"]["growth_lookup"] == 1
    assert result["measured"]["difference"] == 0
    assert result_of("one-hot-cost", {"vocabulary": [50]})["measured"]["grows"] == "none"


def test_bytes_that_grow_in_a_word() -> None:
    def grows(*sizes: tuple[int, int]) -> float | str:
        return one_hot_cost.measured([(10, one, other, 1.0, 1.0, 1.0, 0.0) for one, other in sizes])["grows"]

    assert grows((10, 10), (100, 10)) == "one-hot" and grows((10, 10), (10, 100)) == "lookup"
    assert grows((10, 10), (100, 100)) == "both" and grows((10, 10), (10, 10)) == "none"


# --- unrated-row -------------------------------------------------------------------------------


def test_the_learning_rates_of_the_lecture_add_up_to_its_number() -> None:
    sums = unrated_row.learning_rates(recipe("lesson"), 6250)
    assert len(sums) == 6250 and sums[-1] == pytest.approx(15.781, abs=0.001)
    assert unrated_row.formula(0.1, sums[-1]) == pytest.approx(20.6, abs=0.05)


def test_nobodys_row_follows_the_formula() -> None:
    result = result_of("unrated-row", {"wd": [0, 0.5, 2], "steps": 375})
    found = result["measured"]
    assert found["left_wd_0"] == pytest.approx(100)
    assert found["left"] == pytest.approx(found["formula"], rel=1e-2) and 1 < found["left"] < 90
    assert found["left_wd_0.5"] == pytest.approx(100 * (found["left"] / 100) ** 0.25, rel=1e-2)
    curves = {one["name"]: one["y"] for one in result["series"]}
    assert curves["unrated, wd 2"] == pytest.approx(curves["formula, wd 2"], rel=1e-2)


def test_one_more_viewer_without_ratings() -> None:
    ratings = load("planted").ratings
    longer = unrated_row.with_nobody(ratings)
    assert longer.n_users == ratings.n_users + 1 and longer.n_items == ratings.n_items
    assert not (longer.users == ratings.n_users).any() and len(longer) == len(ratings)


# --- widths and embedding-checks ---------------------------------------------------------------


def test_unequal_widths_stop_the_dot_product_only() -> None:
    found = result_of("widths")["measured"]
    assert found["said"].startswith("RuntimeError") and "74" in found["said"] and "101" in found["said"]
    assert found["together"] == 175 and found["mse_end"] < 0.8 * found["mse_start"]
    equal = result_of("widths", {"users": 8, "films": 8, "batch": 7})
    assert equal["measured"]["fails"] == "neither" and "shape [7, 16]" in equal["charts"][0]["text"]
    assert result_of("widths", {"users": 1, "films": 8})["measured"]["fails"] == "neither"


def test_which_way_failed_in_a_word() -> None:
    said = [widths.failing(*errors) for errors in (("E", ""), ("", "E"), ("E", "E"), ("", ""))]
    assert said == ["dot", "net", "both", "neither"]
    assert all(widths.says(word, 5) for word in said)


def test_bell_and_box_by_their_kurtosis() -> None:
    draw = np.random.default_rng(0)
    assert embedding_checks.kurtosis(draw.normal(size=100_000)) == pytest.approx(3, abs=0.05)
    assert embedding_checks.kurtosis(draw.random(100_000)) == pytest.approx(1.8, abs=0.02)
    assert [embedding_checks.form(value) for value in (2.9, 1.7, 6.0, 1.0)] == [
        "bell",
        "box",
        "other",
        "other",
    ]


def test_an_embedding_says_what_is_wrong() -> None:
    result = result_of("embedding-checks", {"rows": 40, "width": 3})
    errors = [result["measured"][f"{name}_error"] for name in ("list", "float", "row")]
    assert errors == ["TypeError", "RuntimeError", "IndexError"]
    came = [row[2] for row in result["table"]["rows"]]
    assert came[:3] == ["shape [3, 3]", "shape [2, 2, 3]", "shape [3]"] and came[-1] == "IndexError"


# --- plain-tensors and model-layers ------------------------------------------------------------


def test_plain_tensors_get_gradients_and_stay() -> None:
    result = result_of("plain-tensors", {"epochs": 2})
    found = result["measured"]
    assert (found["listed_parameter"], found["listed_plain"]) == (5, 1)
    assert found["gradient_plain"] > 0 == found["moved_plain"]
    assert found["mse_plain"] == pytest.approx(found["mse_constant"], rel=0.03)
    assert found["mse_parameter"] < 0.9 * found["mse_plain"] < found["mse_start"]
    assert "['a']" in result["charts"][0]["text"]


def test_what_becomes_of_plain_tensors_in_a_word() -> None:
    assert plain_tensors.fate(0.8, 0.85, 1.3, 2.0) == "same"
    assert plain_tensors.fate(0.8, 1.3, 1.3, 0.0) == "constant"
    assert plain_tensors.fate(0.8, 1.2, 1.3, 0.1) == "other"
    assert plain_tensors.fate(0.8, float("nan"), 1.3, 0.0) == "error"


def test_the_numbers_of_a_model_by_hand() -> None:
    result = result_of("model-layers", {"factors": 7, "hidden": 3})
    found = result["measured"]
    assert found["dot"] == (600 + 320) * 8 and found["per_row"] == 8
    wide = embedding_width(600) + embedding_width(320)
    assert found["net_layers"] == wide * 3 + 3 + 3 + 1
    assert found["net_tables"] == 600 * embedding_width(600) + 320 * embedding_width(320)
    assert "(user_factors): Embedding(600, 7)" in result["charts"][0]["text"]
    assert "ReLU()" in result["charts"][1]["text"]
    assert [model_layers.rule(n, 943, 1682, 50) for n in (133_875, 131_250, 943 * 1682, 5)] == [
        "with-bias",
        "vectors",
        "cells",
        "other",
    ]
