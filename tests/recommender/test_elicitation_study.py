from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
import pytest

from recommender import elicitation_study
from recommender.cli import main
from recommender.datasets import load
from recommender.elicit_command import events
from recommender.elicitation import Answers
from recommender.elicitation_study import STEPS, Person, Replay, held_out, people_of, replay, study, tables
from recommender.events import Finished

QUICK = ["elicit", "--data", "planted", "--users", "3", "--strategies", "popular,entropy0,information"]


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What the command prints, read back."""
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*QUICK, "--json"]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_table_has_every_strategy_and_step(printed: dict[str, Any]) -> None:
    places = {(row["strategy"], row["per"], row["n"]) for row in printed["rows"]}
    names = ("popular", "entropy0", "information")
    assert places == {(s, per, n) for s in names for per in ("questions", "answers") for n in STEPS}
    starts = {row["rmse"] for row in printed["rows"] if row["n"] == 0}
    assert len(starts) == 1 and 0.3 < starts.pop() < 2


def test_no_strategy_is_compared_with_itself(printed: dict[str, Any]) -> None:
    pairs = {(row["strategy"], row["rival"]) for row in printed["differences"]}
    assert pairs == {
        ("popular", "entropy0"),
        ("entropy0", "popular"),
        ("information", "popular"),
        ("information", "entropy0"),
    }
    assert all(row["low"] <= row["difference"] <= row["high"] for row in printed["differences"])


def test_new_films_are_placed_better_by_what_they_are(printed: dict[str, Any]) -> None:
    new = printed["new_films"]
    for told in (new, new["each_film"]):
        assert told["high"] < 0 and told["difference"] == pytest.approx(told["metadata"] - told["nothing"])


def test_words_and_wrong_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elicit", "--data", "planted", "--strategies", "telepathy"]) == 2
    assert "'telepathy' is not one of random" in capsys.readouterr().err
    assert main(["elicit", "--data", "planted", "--users", "0"]) == 2
    assert "--users must be at least 1" in capsys.readouterr().err


def test_people_held_out_have_their_films_parted() -> None:
    ratings = load("planted").ratings
    rows = held_out(ratings, 5, seed=1)
    assert len(set(rows.tolist())) == 5
    for row, person in zip(rows, people_of(ratings, rows, seed=1), strict=True):
        films = set(ratings.items[ratings.users == row].tolist())
        assert set(person.stars) | set(person.held.tolist()) == films
        assert not set(person.stars) & set(person.held.tolist())


def test_groups_of_people_are_apart_and_all_count() -> None:
    data = load("planted:users=60,items=60,ratings=2000")
    parts = [set(held_out(data.ratings, 4, 0, group).tolist()) for group in range(3)]
    assert len(set.union(*parts)) == 12
    *_, end = study(data, ("popular",), 4, groups=3)
    assert isinstance(end, Finished) and end.result["users"] == 12
    assert {round(row["n"]) for row in end.result["rows"]} == set(STEPS)


def test_a_replay_counts_questions_and_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Films 0, 1, 2, ... are asked and the odd ones are known; the error is 1 / (1 + answers)."""

    class InTurn:
        def next_film(self, answers: Answers) -> int | None:
            return len(answers.rated) + len(answers.not_seen)

    monkeypatch.setattr(elicitation_study, "_error", lambda model, person, said: 1 / (1 + len(said.rated)))
    person = Person(dict.fromkeys(range(1, 200, 2), 4.0), np.array([999]), np.array([3.0]))
    found = replay(None, person, InTurn())  # type: ignore[arg-type]
    assert found.answered.tolist() == [0, 0, 1, 1, 2, 5, 7]
    assert found.asked.tolist() == [0, 2, 4, 6, 10, 20, 30]
    assert found.by_question.tolist() == [1 / (1 + n) for n in found.answered]
    assert found.by_answer.tolist() == [1 / (1 + n) for n in STEPS]


def test_intervals_hold_a_constant_difference() -> None:
    """Everybody's error is 1 star under one strategy and 2 under the other: no redrawing changes that."""
    whole = np.zeros(len(STEPS), dtype=np.intp)
    one, four = np.ones(len(STEPS)), np.full(len(STEPS), 4.0)
    found = tables(
        {"popular": [Replay(four, four, whole, whole)] * 9, "x": [Replay(one, one, whole, whole)] * 9}, 0
    )
    told = [row for row in found["differences"] if row["strategy"] == "x"]
    assert all((row["low"], row["difference"], row["high"]) == (-1, -1, -1) for row in told)


def test_a_study_that_is_stopped_says_so() -> None:
    told = list(study(load("planted"), ("popular",), 3, cancelled=lambda: True))
    assert [event.name for event in told] == ["started", "cancelled"]


def test_a_run_that_is_stopped_among_the_new_films_has_one_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(elicitation_study, "study", lambda *given: iter([Finished({"rows": []})]))
    given = argparse.Namespace(data="planted", cache=None, strategies=None, users=3, groups=1, seed=0)
    names = [event.name for event in events(given, lambda: not asked.append(1))]
    assert names == ["cancelled"]
