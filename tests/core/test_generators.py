"""Fresh numbers are reproducible, and their answers are right."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from tutor.core.generators import UnknownGenerator, fields, generate, names, written

SEEDS = range(40)


def number(text: str) -> Fraction:
    return Fraction(text.strip("()").replace("−", "-"))


def vector(text: str) -> list[Fraction]:
    return [number(part) for part in text.strip("[]").split(", ")]


@pytest.mark.parametrize("name", names())
def test_equal_seeds_draw_equal_numbers_and_others_differ(name: str) -> None:
    assert generate(name, 3) == generate(name, 3)
    assert len({tuple(generate(name, seed).items()) for seed in SEEDS}) > 10


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownGenerator, match=r"'dot-produkt'; known are .*, dot-product, "):
        generate("dot-produkt", 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_dot_product(seed: int) -> None:
    drawn = generate("dot-product", seed)
    products = [a * b for a, b in zip(vector(drawn["x"]), vector(drawn["y"]), strict=True)]
    assert number(drawn["answer"]) == sum(products)
    factors = [[number(one) for one in part.split("·")] for part in drawn["working"].split(" + ")]
    assert [a * b for a, b in factors] == products


@pytest.mark.parametrize("seed", SEEDS)
def test_third_product_and_stretch(seed: int) -> None:
    drawn = generate("third-product", seed)
    assert number(drawn["answer"]) == vector(drawn["x"])[2] * vector(drawn["y"])[2]
    drawn = generate("stretch", seed)
    assert number(drawn["answer"]) == number(drawn["before"]) * number(drawn["factor"])
    assert number(drawn["bracketed"]) == number(drawn["before"])


@pytest.mark.parametrize("seed", SEEDS)
def test_cosine_and_distance(seed: int) -> None:
    drawn = generate("cosine", seed)
    x, y = vector(drawn["x"]), vector(drawn["y"])
    assert number(drawn["dot"]) == sum(a * b for a, b in zip(x, y, strict=True))
    assert number(drawn["x_length"]) ** 2 == sum(a * a for a in x)
    assert number(drawn["lengths"]) == number(drawn["x_length"]) * number(drawn["y_length"])
    assert abs(number(drawn["answer"]) - number(drawn["dot"]) / number(drawn["lengths"])) <= Fraction(1, 200)
    drawn = generate("distance", seed)
    gap = [a - b for a, b in zip(vector(drawn["x"]), vector(drawn["y"]), strict=True)]
    assert gap == vector(drawn["gap"])
    assert number(drawn["answer"]) ** 2 == number(drawn["squares"]) == sum(d * d for d in gap)


@pytest.mark.parametrize("seed", SEEDS)
def test_argsort_is_what_numpy_gives(seed: int) -> None:
    for name, sign in (("argsort", 1), ("argsort-descending", -1)):
        drawn = generate(name, seed)
        values = np.array([float(one) for one in vector(drawn["values"])])
        order = [int(one) for one in vector(drawn["answer"])]
        assert order == np.argsort(sign * values).tolist()
        assert values[order].tolist() == [float(one) for one in vector(drawn["ordered"])]


@pytest.mark.parametrize("seed", SEEDS)
def test_crosstab_cells_are_what_pandas_gives(seed: int) -> None:
    drawn = generate("crosstab-cell", seed)
    rows = [re.fullmatch(r"(\w+) gave (.+) (\d)", one) for one in drawn["ratings"].split(", ")]
    data = pd.DataFrame([one.groups() for one in rows if one], columns=["viewer", "film", "stars"])
    stars = data["stars"].astype(int)
    table = pd.crosstab(data["viewer"], data["film"], values=stars, aggfunc="sum")
    assert len(data) == 5
    assert table.loc[drawn["viewer"], drawn["film"]] == int(drawn["answer"])
    assert table.iloc[int(drawn["row"]) - 1, int(drawn["column"]) - 1] == int(drawn["answer"])
    drawn = generate("crosstab-empty", seed)
    viewers, films, ratings = (int(drawn[name]) for name in ("viewers", "films", "ratings"))
    assert int(drawn["answer"]) == int(drawn["cells"]) - ratings == viewers * films - ratings > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_one_hot_row_times_the_table_is_the_row(seed: int) -> None:
    drawn = generate("one-hot-row", seed)
    table = np.array(json.loads(drawn["table"].replace("−", "-")))
    one_hot = np.array(json.loads(drawn["one_hot"]))
    wanted = [int(one) for one in vector(drawn["answer"])]
    assert (one_hot @ table).tolist() == table[int(drawn["place"])].tolist() == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_models_have_as_many_parameters_as_pytorch_counts(seed: int) -> None:
    drawn = {name: int(text) for name, text in generate("parameters-dot", seed).items()}
    assert drawn["answer"] == drawn["rows"] * drawn["factors"]
    drawn = {name: int(text) for name, text in generate("parameters-bias", seed).items()}
    users, films, factors = drawn["users"], drawn["films"], drawn["factors"]
    tables = [(users, factors), (users, 1), (films, factors), (films, 1)]
    assert drawn["answer"] == sum(rows * width for rows, width in tables) == drawn["tables"] + drawn["rows"]
    drawn = {name: int(text) for name, text in generate("parameters-linear", seed).items()}
    layer = nn.Linear(drawn["inputs"], drawn["outputs"], device="meta")
    assert drawn["answer"] == sum(one.numel() for one in layer.parameters())


@pytest.mark.parametrize("seed", SEEDS)
def test_shapes_are_what_pytorch_makes(seed: int) -> None:
    def sizes(name: str) -> dict[str, int]:
        drawn = generate(name, seed)
        return {key: int(text) for key, text in drawn.items() if key != "answer"}

    def answer(name: str) -> list[int]:
        return [int(one) for one in vector(generate(name, seed)["answer"])]

    drawn = sizes("shape-lookup")
    codes = torch.zeros(drawn["batch"], dtype=torch.long)
    assert answer("shape-lookup") == [*nn.Embedding(drawn["rows"], drawn["factors"])(codes).shape]
    drawn = sizes("shape-sum")
    assert answer("shape-sum") == [*torch.ones(drawn["batch"], drawn["factors"]).sum(dim=1).shape]
    drawn = sizes("shape-concat")
    parts = [torch.ones(drawn["batch"], drawn[name]) for name in ("first", "second")]
    assert answer("shape-concat") == [*torch.cat(parts, dim=1).shape]
    drawn = sizes("shape-matmul")
    product = torch.ones(drawn["batch"], drawn["inner"]) @ torch.ones(drawn["inner"], drawn["outer"])
    assert answer("shape-matmul") == [*product.shape]
    batch = sizes("shape-broadcast")["batch"]
    difference = torch.ones(batch, 1) - torch.ones(batch)
    assert answer("shape-broadcast") == [*difference.shape]
    assert difference.numel() == sizes("shape-broadcast")["pairs"]


@pytest.mark.parametrize("seed", SEEDS)
def test_errors_folds_and_biases_add_up(seed: int) -> None:
    drawn = generate("squared-error", seed)
    errors = [a - b for a, b in zip(vector(drawn["guesses"]), vector(drawn["stars"]), strict=True)]
    assert errors == vector(drawn["errors"])
    assert [one * one for one in errors] == vector(drawn["squares"])
    assert abs(number(drawn["answer"]) - sum(one * one for one in errors) / 3) <= Fraction(1, 200)
    assert abs(number(drawn["absolute"]) - sum(map(abs, errors)) / 3) <= Fraction(1, 200)
    folds = {name: int(text) for name, text in generate("fold-size", seed).items()}
    assert folds["answer"] + folds["part"] == folds["ratings"] == folds["part"] * folds["folds"]
    drawn = generate("biased-guess", seed)
    parts = [number(drawn[name]) for name in ("mean", "viewer", "film", "taste")]
    assert number(drawn["answer"]) == sum(parts)
    assert [number(one) for one in drawn["working"].split(" + ")] == parts


def test_embedding_sizes_follow_the_rule_of_fastai() -> None:
    drawn = [generate("embedding-size", seed) for seed in SEEDS]
    sizes = {int(one["n"]): int(one["answer"]) for one in drawn}
    assert all(width == min(600, round(1.6 * n**0.56)) for n, width in sizes.items())
    assert sizes[944] == 74 and sizes[1665] == 102
    assert all(abs(1.6 * float(one["power"]) - float(one["product"])) < 0.02 for one in drawn)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sigmoid_ends_inside_its_range(seed: int) -> None:
    drawn = {name: float(number(text)) for name, text in generate("sigmoid-range", seed).items()}
    assert drawn["low"] < drawn["answer"] < drawn["high"]
    exact = drawn["low"] + (drawn["high"] - drawn["low"]) / (1 + math.exp(-drawn["x"]))
    assert drawn["answer"] == pytest.approx(exact, abs=0.005 * drawn["width"] + 0.005)
    assert drawn["answer"] == pytest.approx(drawn["low"] + drawn["width"] * drawn["sigmoid"], abs=0.0051)


@pytest.mark.parametrize("seed", SEEDS)
def test_weight_decay_steps(seed: int) -> None:
    drawn = {name: number(text) for name, text in generate("weight-decay-rest", seed).items()}
    assert drawn["answer"] == drawn["w"] * (1 - drawn["lr"] * drawn["wd"])
    assert abs(drawn["answer"]) < abs(drawn["w"])
    drawn = {name: number(text) for name, text in generate("weight-decay-update", seed).items()}
    w, g, lr, wd = (drawn[name] for name in ("w", "g", "lr", "wd"))
    assert drawn["answer"] == drawn["kept"] - drawn["pushed"] == w * (1 - lr * wd) - lr * g
    assert drawn["coupled"] == w - lr * (g + 2 * wd * w)
    drawn = {name: number(text) for name, text in generate("weight-decay-gradient", seed).items()}
    assert drawn["answer"] == drawn["g"] + 2 * drawn["wd"] * drawn["w"] == drawn["g"] + drawn["pull"]
    assert (drawn["w_bracketed"], drawn["pull_bracketed"]) == (drawn["w"], drawn["pull"])
    drawn = {name: number(text) for name, text in generate("gradient-step", seed).items()}
    assert drawn["answer"] == drawn["w"] - drawn["lr"] * drawn["g"] == drawn["w"] - drawn["push"]


@pytest.mark.parametrize("seed", SEEDS)
def test_shrunken_mean_minimises_the_penalised_error(seed: int) -> None:
    drawn = {name: float(text) for name, text in generate("shrunken-mean", seed).items()}

    def cost(b: float) -> float:
        return drawn["n"] * (drawn["surplus"] - b) ** 2 + drawn["strength"] * b**2

    best = drawn["answer"]
    assert cost(best) <= min(cost(best - 0.011), cost(best + 0.011))


def test_numbers_are_written_with_a_true_minus_and_without_trailing_zeros() -> None:
    assert written(-3) == "−3"
    for seed in SEEDS:
        for text in generate("weight-decay-update", seed).values():
            assert re.fullmatch(r"−?\d+(\.\d*[1-9])?", text)


def test_the_guide_for_teachers_names_every_generator_and_value() -> None:
    guide = (Path(__file__).parents[2] / "content" / "README.md").read_text("utf-8")
    for name in names():
        assert f"`{name}`" in guide, name
    told = set(re.findall(r"`\{(\w+)\}`", guide))
    assert {field for name in names() for field in fields(name)} <= told
