"""Fresh numbers are reproducible, and their answers are right."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tutor.core.generators import UnknownGenerator, generate, names, written

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
    with pytest.raises(UnknownGenerator, match=r"'dot-produkt'; known are dot-product, "):
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
def test_weight_decay_steps(seed: int) -> None:
    drawn = {name: number(text) for name, text in generate("weight-decay-rest", seed).items()}
    assert drawn["answer"] == drawn["w"] * (1 - drawn["lr"] * drawn["wd"])
    assert abs(drawn["answer"]) < abs(drawn["w"])
    drawn = {name: number(text) for name, text in generate("weight-decay-update", seed).items()}
    w, g, lr, wd = (drawn[name] for name in ("w", "g", "lr", "wd"))
    assert drawn["answer"] == drawn["kept"] - drawn["pushed"] == w * (1 - lr * wd) - lr * g
    assert drawn["coupled"] == w - lr * (g + 2 * wd * w)


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
