"""Several seeds, sketched numbers, tokens: what a run says beyond its first result."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.course_schema import ExperimentFile, Prediction
from tutor.core.lab_results import as_expected, finished, in_words, is_hit, read_prediction
from tutor.core.lab_tokens import Token, TokenError, read_token, result_digest
from tutor.core.settings import SettingError

NUMBER = Prediction(
    ask="How many stars?", measured="stars", low=0, high=5, unit="stars",
    expected_low=1, expected_high=2, near=0.25,
)  # fmt: skip
CHOICE = Prediction.model_validate(
    {
        "ask": "Up or down?",
        "measured": "way",
        "expected": "up",
        "choices": [{"key": "up", "text": "Up."}, {"key": "down", "text": "Down."}],
    }
)


def experiment(prediction: Prediction, **more: Any) -> ExperimentFile:
    texts = dict.fromkeys(
        ("title", "claim", "goal", "expected", "explanation", "x_label", "y_label"), "Words."
    )
    given = {
        "name": "x",
        "family": "x",
        "questions": ["q01"],
        "budget_s": 1,
        "sentence": "It was {stars:.1f}.",
    }
    return ExperimentFile.model_validate({**texts, **given, "prediction": prediction, **more})


def result(*stars: float) -> dict[str, Any]:
    by_seed = [{"seed": seed, "measured": {"stars": value, "way": "up"}} for seed, value in enumerate(stars)]
    return {"measured": by_seed[0]["measured"], "by_seed": by_seed if len(stars) > 1 else []}


def test_a_number_is_right_when_it_is_near_and_expected_when_in_the_band() -> None:
    assert is_hit(NUMBER, 1.5, 1.7) and not is_hit(NUMBER, 1.5, 1.8)
    assert as_expected(NUMBER, 1.8) and not as_expected(NUMBER, 2.1)
    assert in_words(experiment(NUMBER), 1.25) == "1.25 stars"


@pytest.mark.parametrize("said", ["2.5", "2.5 stars", 2.5, " 2.5 "])
def test_a_number_is_read_as_typed(said: Any) -> None:
    assert read_prediction(experiment(NUMBER), said) == 2.5


@pytest.mark.parametrize("said", ["many", "5.1", "-1", "nan", ""])
def test_a_number_that_cannot_be_is_one_clear_line(said: str) -> None:
    with pytest.raises(SettingError, match="a number from 0 to 5 stars"):
        read_prediction(experiment(NUMBER), said)


def test_several_seeds_have_a_spread_and_the_majority_decides() -> None:
    file = experiment(
        NUMBER, spread="{agree} of {seeds}: {stars.low:.1f} to {stars.high:.1f}, {stars.mean:.1f}."
    )
    run = finished(file, result(1.2, 1.4, 2.6), {}, 1.3, {})
    assert run.spread == "2 of 3: 1.2 to 2.6, 1.7."
    assert (run.outcome, run.hit, run.holds) == (1.2, True, True)
    assert [one["outcome"] for one in run.by_seed] == [1.2, 1.4, 2.6]
    assert finished(file, result(1.2, 2.2, 2.6), {}, None, {}).holds is False
    assert finished(file, result(1.2), {}, None, {}).spread is None


def test_without_a_sentence_of_its_own_a_spread_counts_who_agrees() -> None:
    run = finished(experiment(CHOICE), result(1, 2), {}, "down", {})
    assert run.spread == "2 of 2 seeds came out like this." and run.hit is False


@pytest.mark.parametrize(
    "broken",
    [
        {"choices": CHOICE.choices},
        {"choices": CHOICE.choices, "expected": "sideways"},
        {"choices": CHOICE.choices, "expected": "up", "low": 0},
        {"low": 0, "high": 1},
    ],
)
def test_a_prediction_is_a_choice_or_a_number_and_complete(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="prediction"):
        Prediction.model_validate({"ask": "?", "measured": "x", **broken})


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True),
        st.integers(-(2**50), 2**50)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(min_size=1, max_size=8)
        | st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=3),
        max_size=4,
    ),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_a_token_is_one_word_and_read_back_as_written(settings: dict[str, Any], seed: int) -> None:
    token = Token("weight-decay", settings, seed, 3, "planted:users=10", "aa", "-", "bb", "cc")
    line = str(token)
    assert not any(letter.isspace() for letter in line)
    read = read_token(f" {line}\n")
    assert (read.seed, read.seeds, read.data, read.result) == (seed, 3, "planted:users=10", "cc")
    assert set(read.settings) == set(settings)
    for name, value in settings.items():
        if isinstance(value, list):
            assert [float(part) for part in read.settings[name].split(",")] == value
        elif isinstance(value, str):
            assert read.settings[name] == value
        else:
            assert float(read.settings[name]) == value


def test_a_damaged_token_is_refused() -> None:
    line = str(Token("x", {"a": 1}, 0, 1, "planted", "aa", "-", "bb", "cc"))
    for cut in range(len(line) - 3):
        try:
            read_token(line[:cut])
        except TokenError as fault:
            assert str(fault)


def test_what_hangs_on_the_clock_is_no_part_of_a_result() -> None:
    run = {
        "clocked": ["time"],
        "series": [{"name": "time", "x": [1], "y": [0.1]}, {"name": "bytes", "x": [1], "y": [8]}],
        "table": {"columns": ["size", "time"], "rows": [[1, 0.1]]},
        "measured": {"time": 0.1, "bytes": 8},
    }
    slower = {
        **run,
        "table": {"columns": ["size", "time"], "rows": [[1, 0.9]]},
        "measured": {"time": 9, "bytes": 8},
    }
    other = {**run, "measured": {"time": 0.1, "bytes": 9}}
    assert result_digest(run) == result_digest(slower) != result_digest(other)
