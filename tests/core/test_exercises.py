"""Programs run in a process of their own: what comes back, what is equal, what ends early."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tutor.core.exercises.case_runner import encode, run
from tutor.core.exercises.comparing import as_expected, difference, same, same_result
from tutor.core.exercises.running import blocks_job, cases_job, run_jobs

CODE = "def double(x):\n    print('hello')\n    return x * 2\n"


def results(code: str, *cases: tuple[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(cases_job(code, cases))["cases"]
    return found


def test_a_case_gives_its_value_and_what_was_printed() -> None:
    first, second = results(CODE, ("", "double(3)"), ("y = double('a')", "[y, None, 1.5]"))
    assert first == {"value": 6, "printed": "hello\n"}
    assert second["value"] == ["aa", None, 1.5]


def test_cases_do_not_see_each_other_and_start_with_equal_chances() -> None:
    code = "seen = []\ndef grow():\n    seen.append(1)\n    return len(seen)\n"
    assert [one["value"] for one in results(code, ("", "grow()"), ("", "grow()"))] == [1, 1]
    draws = results("import random", ("", "random.random()"), ("", "random.random()"))
    assert draws[0] == draws[1]


@pytest.mark.parametrize(
    ("code", "setup", "call", "raised"),
    [
        (CODE, "", "double()", ("TypeError", "call", 1)),
        (CODE, "x = 1\n\nprint(y)", "x", ("NameError", "setup", 3)),
        ("def f():\n    return 1 / 0\n", "", "f()", ("ZeroDivisionError", "code", 2)),
        ("def f(:\n", "", "f()", ("SyntaxError", "code", 1)),
        ("import sys\nsys.exit(3)", "", "1", ("SystemExit", "code", 2)),
    ],
)
def test_an_error_is_told_with_its_place(code: str, setup: str, call: str, raised: Any) -> None:
    (found,) = results(code, (setup, call))
    assert (found["raised"]["type"], found["raised"]["in"], found["raised"]["line"]) == raised


def test_blocks_are_one_program_and_the_failing_one_is_named() -> None:
    assert run(blocks_job(["x = 1", "assert x == 1"])) == {"failed": None}
    failed = run(blocks_job(["x = 1", "assert x == 2, 'no'", "boom"]))["failed"]
    assert (failed["block"], failed["type"], failed["message"]) == (1, "AssertionError", "no")


# --- values ----------------------------------------------------------------------------------------


def test_arrays_are_equal_with_shape_and_kind() -> None:
    import numpy as np
    import pandas as pd
    import torch

    ones = encode(torch.ones(2, 1))
    assert same(ones, encode(torch.ones(2, 1) + 1e-6))
    assert difference(encode(torch.ones(2)), ones) == "shape [2] instead of [2, 1]"
    assert (
        difference(encode(torch.ones(2, 1, dtype=torch.long)), ones)
        == "whole numbers instead of real numbers"
    )
    assert difference(encode(np.ones((2, 1))), ones) == "array instead of tensor"
    assert difference(encode(torch.zeros(2, 1)), ones) == "other numbers in the right shape"
    table = pd.DataFrame({"Fargo": [4.0, float("nan")]}, index=["Ana", "Ben"])
    assert same(encode(table), encode(table.copy()))
    assert (
        difference(encode(table.rename(columns={"Fargo": "Jaws"})), encode(table))
        == "other labels in the columns"
    )
    assert as_expected(encode(torch.tensor([[1, 2]])), [[1, 2]])
    assert not as_expected(encode(torch.tensor([1, 2])), [[1, 2]])


@pytest.mark.parametrize(
    ("found", "wanted", "equal"),
    [
        (1, 1.00001, True),
        (1, 1.01, False),
        (1, True, False),
        ((1, [2]), [1, (2,)], True),
        ([1], [1, 2], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({1, 2}, {2, 1}, True),
        (float("inf"), float("inf"), True),
        (float("inf"), float("-inf"), False),
        (None, 0, False),
        (object(), object(), True),
    ],
)
def test_plain_values(found: Any, wanted: Any, equal: bool) -> None:
    assert same(encode(found), encode(wanted)) is equal


def test_errors_are_equal_by_type() -> None:
    raised = {"raised": {"type": "ValueError", "message": "a"}}
    assert same_result(raised, {"raised": {"type": "ValueError", "message": "b"}})
    assert not same_result(raised, {"raised": {"type": "TypeError", "message": "a"}})
    assert not same_result(raised, {"value": 1})


# --- the process -----------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="jobs share one process where there is no fork")
def test_a_job_that_hangs_or_crashes_costs_only_itself() -> None:
    jobs = [
        blocks_job(["while True: pass"]),
        blocks_job(["import os; os.abort()"]),
        blocks_job(["import os; os.write(1, b'noise')"]),
        cases_job("x = 1", [("", "x")]),
    ]
    hung, crashed, noisy, good = run_jobs(jobs, seconds=0.5)
    assert hung == {"ended": "it took more than 0.5 s"}
    assert crashed == {"ended": "the process broke off"}
    assert noisy == {"failed": None}
    assert good["cases"][0]["value"] == 1


def test_no_jobs_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", None)
    assert run_jobs([]) == []
