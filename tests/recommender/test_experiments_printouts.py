"""Print-outs and small geometry: what Python says is what is measured, and the words follow from it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from experiment_runs import result_of

from recommender import experiments
from recommender.events import Finished
from recommender.experiments import SpecError, argsort, cosine_distance, star_arguments
from recommender.experiments.printout import WIDTH, Entry, enter, transcript

# --- the prompt --------------------------------------------------------------------------------


def test_what_a_prompt_shows(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    assert enter("a = 2", names) == Entry("a = 2", "")
    assert enter("a + 1", names) == Entry("a + 1", "3", 3)
    assert enter("print('hello')\nNone", names).shown == "hello\n"
    assert enter("for i in range(2):\n    print(i)\na", names).shown == "0\n1\n2"
    failed = enter("a + 'x'", names)
    assert failed.error == "TypeError" and failed.shown.startswith("TypeError: unsupported operand")
    assert capsys.readouterr().out == ""  # nothing reaches the program's own output


def test_a_transcript_reads_like_a_terminal() -> None:
    names: dict[str, Any] = {}
    entries = [enter(source, names) for source in ("def f():\n\n    return 'x' * 200", "f()")]
    lines = transcript(entries).splitlines()
    assert lines[:4] == [">>> def f():", "...", "...     return 'x' * 200", ">>> f()"]
    assert len(lines[4]) == WIDTH and lines[4].endswith("…")


@pytest.mark.parametrize("name", ["argsort", "merge", "slices", "star-arguments", "two-instances"])
def test_a_print_out_grows_and_fits_its_width(name: str) -> None:
    *events, end = experiments.run({"family": name})
    texts = [event.chart["text"] for event in events if event.name == "chart"]
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert isinstance(end, Finished)
    assert end.result["charts"][0]["text"] == texts[-1]
    assert max(map(len, texts[-1].splitlines())) <= WIDTH
    assert len(end.result["table"]["rows"]) == len(texts)


# --- slices, argsort, stars, instances ---------------------------------------------------------


def test_shapes_of_slices_follow_the_batch() -> None:
    found = result_of("slices", {"rows": 5})["measured"]
    assert (found["column"], found["rows"]) == ("flat", 5)
    shapes = [found[f"shape_{part}"] for part in ("column", "row", "kept")]
    assert shapes == ["[5]", "[2]", "[5, 1]"]


def test_argsort_of_the_lecture_and_its_words() -> None:
    found = result_of("argsort", {"values": [0.3, -0.2, 0.5]})["measured"]
    assert (found["ascending"], found["descending"]) == ("[1, 0, 2]", "[2, 0, 1]")
    values = [0.5, -0.2, 0.3, 0.1]
    assert argsort.kind(values, [1, 3, 2, 0]) == "positions"
    assert argsort.kind(values, [3, 0, 2, 1]) == "ranks"
    assert argsort.kind(values, sorted(values)) == "values"
    assert argsort.kind(values, [0, 1, 2, 3]) == "other"
    found = result_of("argsort")["measured"]
    assert len({found["ascending"], found["descending"], found["ranks"]}) == 3


@pytest.mark.parametrize("values", [[1, 2], [1, 1, 2], 5, [1, 2, "x"], [1, 2, 1000]])
def test_numbers_that_cannot_be_sorted_here_are_refused(values: Any) -> None:
    with pytest.raises(SpecError, match="values"):
        experiments.run({"family": "argsort", "settings": {"values": values}})


def test_what_stars_collect_and_spread() -> None:
    found = result_of("star-arguments")["measured"]
    assert (found["collected"], found["named"], found["spread"]) == ("(2, 3)", "x", "(2,)")
    assert found["collects"] == "tuple-dict"
    assert (found["star_on_number"], found["twice"]) == ("TypeError", "TypeError")
    assert star_arguments.collects(Entry("f()", "", (1, [2, 3], {"x": 4}))) == "list-dict"
    assert star_arguments.collects(Entry("f()", "", (1, (2,), {}))) == "other"
    assert star_arguments.collects(Entry("f()", "TypeError: no", None, "TypeError")) == "error"


@pytest.mark.parametrize(
    ("store", "other", "same", "second"),
    [("self", "stays", "two lists", "[]"), ("class", "changes", "one list", "['Alien']")],
)
def test_two_objects_share_what_lives_in_the_class(store: str, other: str, same: str, second: str) -> None:
    found = result_of("two-instances", {"store": store})["measured"]
    assert (found["other"], found["same"], found["seen_second"]) == (other, same, second)
    assert found["seen_first"] == "['Alien']" and found["forgotten"] == "TypeError"


# --- merge -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copies", "rows", "word", "validate"),
    [
        (1, (3, 4, 4, 5), "fewer", "none"),
        (2, (4, 5, 5, 6), "same", "MergeError"),
        (4, (6, 7, 7, 8), "more", "MergeError"),
    ],
)
def test_rows_out_of_a_merge(copies: int, rows: tuple[int, ...], word: str, validate: str) -> None:
    found = result_of("merge", {"copies": copies, "how": "left"})["measured"]
    assert tuple(found[f"rows_{join}"] for join in ("inner", "left", "right", "outer")) == rows
    assert (found["inner"], found["validate"]) == (word, validate)
    assert (found["lost"], found["doubled"]) == (1, copies - 1)
    assert found["set_in"] == 30_000 and found["set_extra"] == found["set_out"] - 30_000 > 100


# --- cosine-distance ---------------------------------------------------------------------------


def test_the_lectures_pair_of_vectors() -> None:
    alike, apart, dot = cosine_distance.compare(np.array([1.0, 1.0]), np.array([10.0, 10.0]))
    assert (alike, dot) == (1, 20) and apart == pytest.approx(12.7, abs=0.05)


def test_neighbours_by_each_measure() -> None:
    """Film 1 is near film 0, film 2 is far in the same direction, film 3 is close but turned away."""
    vectors = np.array([[1.0, 0.1], [1.0, 0.3], [9.0, 0.9], [0.7, 0.5]])
    first = {
        measure: cosine_distance.nearest(vectors, measure, 1)[0, 0]
        for measure in ("cosine", "distance", "dot")
    }
    assert first == {"cosine": 2, "distance": 1, "dot": 2}
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_array_equal(
        cosine_distance.nearest(vectors, "cosine", 3), cosine_distance.nearest(unit, "distance", 3)
    )
    assert cosine_distance.overlap(np.array([[1, 2], [0, 3]]), np.array([[2, 0], [0, 3]])) == 75


def test_a_dragged_vector_moves_what_it_should() -> None:
    found = result_of("cosine-distance", {"stretch": [1, 3], "turn": [0, 60, 180]})["measured"]
    assert found["stays"] == "cosine" and found["unit_gap"] < 1e-9
    assert found["same_unit"] == 100 > found["same_distance"]
    assert result_of("cosine-distance", {"stretch": [2]})["measured"]["stays"] == "several"
