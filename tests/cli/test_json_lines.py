"""Batches say the line and column of what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.cli.diagnostics import UsageError
from tutor.cli.json_lines import at_line, question_field, read_objects, text_field
from tutor.core.curriculum import UnknownQuestion


def test_objects_come_with_their_line_numbers() -> None:
    assert list(read_objects(['{"a": 1}\n', "\n", '{"b": 2}'])) == [(1, {"a": 1}), (3, {"b": 2})]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"a": 1,}', ["line 2, column 9"]),
        ("nonsense", ["line 2, column 1", "not JSON"]),
        ("[1, 2]", ["line 2, column 1", "not an object"]),
        ('"text"', ["not an object"]),
        ('{"a": ' + "9" * 6000 + "}", ["line 2"]),
        ("[" * 100_000, ["line 2"]),
    ],
)
def test_lines_before_the_bad_one_are_served(line: str, words: list[str]) -> None:
    objects = read_objects(['{"a": 1}', line, '{"b": 2}'])
    assert next(objects) == (1, {"a": 1})
    with pytest.raises(UsageError) as error:
        next(objects)
    assert all(word in str(error.value) for word in ["stdin", *words])


@given(st.text())
def test_any_text_is_an_object_or_one_complaint(line: str) -> None:
    try:
        found = list(read_objects([line]))
    except UsageError as error:
        assert "stdin, line 1" in str(error)
    else:
        assert all(isinstance(record, dict) for _, record in found)


def test_fields() -> None:
    assert text_field({"text": ""}, "text") == ""
    assert question_field({"q": None, "id": "t01"}, "q", "id") == "t01"
    assert question_field({"q": 7}, "q", "id") == "7"
    assert question_field({}, "q", "id") is None
    for record in ({}, {"text": None}, {"text": 3}):
        with pytest.raises(UsageError, match="must be a text"):
            text_field(record, "text")
    for value in (True, 7.5, [7]):
        with pytest.raises(UsageError, match="number or an id"):
            question_field({"q": value}, "q")


def test_a_complaint_about_the_content_names_the_line() -> None:
    with pytest.raises(UsageError, match="stdin, line 4: There is no question"), at_line(4):
        raise UnknownQuestion("There is no question 'q99'.")
    with pytest.raises(ZeroDivisionError), at_line(4):
        raise ZeroDivisionError
