"""Formulas in a text: what is found, what is left alone, and that nothing is ever executed."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tutor.text
from tutor.text.formula_source import Unreadable, python_source
from tutor.text.formula_tree import parsed
from tutor.text.formulas import agrees, formulas_in, value_of

DECAY = "loss + coefficient * sum(weights**2)"
HOSTILE = [
    "9**9**9",
    "p**9**9",
    "p**99",
    "2**(p)",
    "(" * 4000,
    "(" * 2000 + "w" + ")" * 2000,
    "((((" * 30 + "p" + "))))" * 30,
    "__import__('os').system('echo x')",
    "().__class__.__bases__[0].__subclasses__()",
    "w.__class__.__init__.__globals__",
    "lambda x: x**2",
    "loss + " + "9" * 3900,
    "1e999 * p",
    "loss + wd*" * 390 + "p",
    "λ" * 4000,
    "Σ" * 3000,
    "|" * 3000,
    "\\frac{" * 600,
    "w_" * 2000,
    "w²³²³²" * 600,
    "p=p+p;" * 600,
    "for p in params: " * 200 + "loss += p",
    "sum(x for a in p for b in p for c in p for d in p for x in p)",
    "[" + "p," * 1900 + "]",
    "loss + wd * sum(\u0440**2)",
    "loss + wd * open('x')",
    "loss + wd * sum(p**2 if exec('1') else 0)",
    "(loss := 3) + wd",
    "f'{p}' * 3",
    "[0] * 99999999",
    "range(999999)",
    "p @ p @ p",
    "\x00loss + \x00wd",
]
ALPHABET = [
    *"lwpgληθΣ∂∇‖|√½²₂ᵢ·×−←+-*/^=()[]{}.,:;_'`$\\ \n0129eE",
    "loss", "wd", "sum(", "params", "for p in ", "\\frac{", "\\lambda", "**2", "d/dp", "norm(", "lambda ",
    "...",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_left_alone(text: str) -> None:
    started = time.thread_time()
    assert not any(agrees(one, DECAY) for one in formulas_in(text))
    assert time.thread_time() - started < 0.5  # far more than it takes, far less than an explosion


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ALPHABET), max_size=60).map("".join))
def test_any_text_is_read_without_an_error(text: str) -> None:
    first = formulas_in(text)
    formulas_in.cache_clear()
    assert repr(first) == repr(formulas_in(text))
    for one in first:
        assert 0 <= one.span.start < one.span.end <= len(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_are_read_without_an_error(text: str) -> None:
    formulas_in(text)


def test_no_text_is_ever_executed() -> None:
    folder = Path(tutor.text.__file__).parent
    for path in folder.glob("formula*.py"):
        called = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"eval", "exec", "compile", "__import__"}, path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so the loss becomes L + λ‖w‖² and nothing else", "L + λ‖w‖²"),
        ("I'd write `loss + wd * sum(p**2)`, I think.", "loss + wd * sum(p**2)"),
        ("It is $L + \\lambda \\sum_i w_i^2$, as in the book.", "L + \\lambda \\sum_i w_i^2"),
        (
            "new loss = loss + wd * (p**2).sum() - because large weights cost",
            "loss = loss + wd * (p**2).sum()",
        ),
    ],
)
def test_a_formula_is_found_inside_a_sentence(text: str, found: str) -> None:
    right = [one for one in formulas_in(text) if agrees(one, DECAY)]
    assert [one.span.of(text) for one in right] == [found]


@pytest.mark.parametrize(
    "text",
    [
        "loss + wd * sum(p**2) * something",
        "loss + wd * Σ p² times the count",
        "loss + wd * sum(p**2) + dropout",
        "log loss + wd * sum(p**2)",
        "loss + wd times the sum of the weights",
        "loss + wd * sum(p**2) / n",
        "the loss and the weights",
        "wd",
        "",
    ],
)
def test_part_of_another_formula_is_none(text: str) -> None:
    assert not any(agrees(one, DECAY) for one in formulas_in(text))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("2λw", "2 * λ * w"),
        ("wd p^2", "wd * p ** 2"),
        ("Σ wᵢ²", "sum ( w_i ** 2 )"),
        ("½λ‖w‖²", "( 1 / 2 ) * λ * norm ( w ) ** 2"),
        (r"\frac{\lambda}{2} \|w\|_2^2", "( ( λ ) / ( 2 ) ) * norm ( w ) ** 2"),
        ("J(θ) + λ(θ)", "J + λ * ( θ )"),
        ("∂L/∂w + 2 lambda w", "grad + 2 * λ * w"),
    ],
)
def test_one_spelling_for_all(text: str, source: str) -> None:
    assert python_source(text) == source


@pytest.mark.parametrize(
    "source", ["__import__('os')", "'a' * 9", "lambda: 0", "True", "p if p else w", "9**9**9 < p"]
)
def test_only_nodes_of_formulas_are_let_through(source: str) -> None:
    with pytest.raises(Unreadable):
        parsed(source)


def test_values_are_the_same_each_time() -> None:
    assert value_of(DECAY, 0) == value_of(DECAY, 0) != value_of(DECAY, 1)
