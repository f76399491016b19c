"""Items: shuffled options, filled templates and a judge that forgives only what does not matter."""

from __future__ import annotations

import pytest

from tutor.core.course_schema import Item, Option
from tutor.core.items import NotAnOption, present

CHOICE = Item(
    id="i1",
    point="p1",
    form="choice",
    prompt="Which one?",
    options=(
        Option(text="One number", why="Right: the sum.", correct=True),
        Option(text="A list", why="That is halfway."),
        Option(text="A table", why="That is the outer product."),
    ),
)
COMPUTE = Item(
    id="i2", point="p1", form="compute", prompt="{x} · {y}?", generator="dot-product", why="{answer}"
)
CLOZE = Item(
    id="i3", point="p1", form="cloze", prompt="{a} ___", answers=("add", "sum up"), why="One is left."
)


def test_options_keep_their_explanations_in_every_order() -> None:
    orders = {tuple(option.text for option in present(CHOICE, seed).options) for seed in range(30)}
    assert len(orders) == 6
    shown = present(CHOICE, 5)
    assert shown == present(CHOICE, 5)
    assert set(shown.options) == set(CHOICE.options)
    assert (shown.answer, shown.why) == ("One number", "Right: the sum.")


def test_an_option_is_named_by_number_letter_or_text() -> None:
    shown = present(CHOICE, 1)
    for number, option in enumerate(shown.options, start=1):
        for reply in (str(number), f" {'abc'[number - 1].upper()}) ", option.text.upper() + "."):
            judged = shown.judge(reply)
            assert (judged.right, judged.why, judged.chosen) == (option.correct, option.why, option)


@pytest.mark.parametrize("reply", ["4", "0", "d", "", "a number"])
def test_a_reply_that_is_no_option_is_refused(reply: str) -> None:
    with pytest.raises(NotAnOption, match="a number from 1 to 3"):
        present(CHOICE, 1).judge(reply)


def test_compute_draws_fresh_numbers_and_shows_the_solution_for_them() -> None:
    prompts = {present(COMPUTE, seed).prompt for seed in range(20)}
    assert len(prompts) > 15
    shown = present(COMPUTE, 7)
    assert shown.why == shown.answer
    assert shown.judge(shown.answer).right
    assert "{" not in shown.prompt


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("−0.45", True),
        ("-0.45", True),
        ("-0,45", True),
        (" b = −0.450 stars", True),
        ("-.45", True),
        ("-0.5 * 0.9 = -0.45", True),
        ("0.45", False),
        ("-0.46", False),
        ("-0.4", False),
        ("minus a bit", False),
        ("", False),
    ],
)
def test_numbers_are_compared_by_value(reply: str, right: bool) -> None:
    item = COMPUTE.model_copy(update={"prompt": "{w}", "generator": "weight-decay-rest"})
    shown = next(one for one in (present(item, seed) for seed in range(500)) if one.answer == "−0.45")
    assert shown.judge(reply).right is right


def test_whole_numbers_are_not_rounded() -> None:
    shown = present(COMPUTE, 7)
    value = int(shown.answer.replace("−", "-"))
    assert shown.judge(f"{value}.0").right
    assert not shown.judge(f"{value}.4").right


def test_a_gap_takes_any_accepted_word_and_keeps_its_braces() -> None:
    shown = present(CLOZE, 0)
    assert shown.prompt == "{a} ___"
    assert [shown.judge(reply).right for reply in ("Add", "`sum  up`", "adds", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_an_explanation_is_not_judged_here() -> None:
    shown = present(Item(id="i4", point="p1", form="explain", prompt="Why?", why="Because."), 0)
    assert (shown.judge("no idea").right, shown.why, shown.answer) == (None, "Because.", "")


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("[64, 5]", True),
        ("(64, 5)", True),
        ("64 x 5", True),
        ("64,5", True),
        ("[5, 64]", False),
        ("64", False),
        ("[64, 5, 1]", False),
        ("", False),
    ],
)
def test_lists_are_compared_number_by_number(reply: str, right: bool) -> None:
    item = COMPUTE.model_copy(update={"prompt": "{batch}", "generator": "shape-lookup"})
    shown = next(one for one in (present(item, seed) for seed in range(500)) if one.answer == "[64, 5]")
    assert shown.judge(reply).right is right
