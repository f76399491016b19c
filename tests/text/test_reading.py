"""Polarity: what a sentence affirms and what it denies."""

import pytest

from tutor.text.reading import Reading, read_marks, regime_after
from tutor.text.tokens import tokens


def read(text: str) -> Reading:
    return Reading(tuple(read_marks(tokens(text))))


@pytest.mark.parametrize(
    ("text", "concept", "sign"),
    [
        ("the products are added", "add", 1),
        ("the products are not added", "add", -1),
        ("the products are never added", "add", -1),
        ("a list instead of a sum", "add", -1),
        ("it multiplies rather than adds", "add", -1),
        ("not only multiplied but added", "multiply", 1),
        ("it isn't added, it is multiplied", "multiply", 1),
        ("not the list but the sum", "add", 1),
        ("they dont get added", "add", -1),
        ("it has no length", "length", -1),
    ],
)
def test_negation_reaches_as_far_as_a_reader_reads(text: str, concept: str, sign: int) -> None:
    assert read(text).signs[concept] == {sign}


@pytest.mark.parametrize(
    "text",
    [
        "small weights do not overfit",
        "small weights prevent overfitting",
        "small weights keep it from overfitting",
        "less overfitting",
        "large weights overfit",
        "without the penalty it overfits",
        "unpenalised weights overfit",
        "overfitting is reduced",
        "the penalty stops the overfitting",
        "it does not overfit any more",
    ],
)
def test_these_all_say_that_small_weights_overfit_less(text: str) -> None:
    assert read(text).signs["overfit"] == {-1}


@pytest.mark.parametrize(
    "text",
    [
        "small weights overfit",
        "small weights cause overfitting",
        "small weights do not prevent overfitting",
        "large weights prevent overfitting",
        "more overfitting",
        "it does not reduce overfitting at all",
        "the penalty makes it overfit",
    ],
)
def test_these_all_say_the_opposite(text: str) -> None:
    assert read(text).signs["overfit"] == {1}


def test_a_tendency_without_a_regime_is_open() -> None:
    assert read("it just learns the noise").signs["noise"] == {0}


def test_the_regime_of_the_sentence_before_counts() -> None:
    first = read_marks(tokens("Big weights are dangerous."))
    second = Reading(tuple(read_marks(tokens("It learns the noise."), regime=regime_after(first))))
    assert second.signs["noise"] == {-1}


def test_opposites_hang_on_what_they_qualify() -> None:
    found = read("bias goes up, variance goes down").pairs
    assert found["size", "bias"] == {1}
    assert found["size", "variance"] == {-1}


def test_dismissals_are_seen() -> None:
    assert read("that has nothing to do with noise").dismisses
    assert not read("that has to do with noise").dismisses


def test_misspelt_words_count_as_what_they_stand_for() -> None:
    marks = read_marks(tokens("mulitply them"), {"mulitply": "multiply"})
    assert marks[0].concept == "multiply"
    assert marks[0].token.start == 0
