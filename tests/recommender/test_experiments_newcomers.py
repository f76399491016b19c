"""Experiments on newcomers, new films and loops: smoke runs, and arithmetic with known answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from experiment_runs import LEARNER, result_of

from recommender import experiments
from recommender.als import Als
from recommender.datasets import load
from recommender.elicitation import Answers, Ranked
from recommender.elicitation_study import Person
from recommender.experiments import (
    SpecError,
    elicitation,
    feedback_loops,
    new_films,
    newcomers,
    one_row,
    strangers,
)

# --- newcomers: cold start ---------------------------------------------------------------


def test_newcomers_are_unknown_to_the_model_and_their_parts_apart() -> None:
    ratings = load("planted").ratings
    people = strangers.newcomers(ratings, 40, 10, 5, 3)
    assert len(people) == 40
    rest = strangers.without(ratings, people)
    assert not set(rest.users.tolist()) & {one.row for one in people}
    for one in people:
        parts = [one.first, one.aside, one.test]
        assert [len(part) for part in parts[:2]] == [10, 5] and len(one.test) >= 10
        every = np.concatenate(parts)
        assert sorted(every.tolist()) == sorted(ratings.items[ratings.users == one.row].tolist())


def test_fold_in_is_the_solvers_own_step() -> None:
    """A person folded in with all their ratings gets what one more user step of the solver gives."""
    ratings = load("planted").ratings
    als = Als(ratings, 4)
    als.sweep()
    mine = ratings.users == 7
    folded = strangers.fold(als, ratings.items[mine].astype(np.intp), ratings.stars[mine].astype(np.float64))
    again = Als(ratings, 4)
    again.films[:] = als.films
    again.sweep()
    np.testing.assert_allclose(folded, again.users[7], atol=1e-5)
    assert not strangers.fold(als, np.zeros(0, np.intp), np.zeros(0)).any()


def test_the_learner_sees_how_each_rating_was_guessed() -> None:
    result = result_of("cold-start", {"people": 20}, ratings=LEARNER)
    mine = result["charts"][-1]
    assert len(mine["bars"]) == 3 and "Toy Story (you: 5)" in [bar["name"] for bar in mine["bars"]]
    assert len(result["charts"]) == len(result_of("cold-start", {"people": 20})["charts"]) + 1


# --- newcomers: ways to place them -------------------------------------------------------


def test_a_table_model_predicts_what_is_linear() -> None:
    rng = np.random.default_rng(4)
    inputs, weights = rng.normal(size=(3000, 3)), rng.normal(size=(3, 2))
    told = newcomers.predicted(inputs, inputs @ weights + [1.0, -1.0], inputs[:5])
    np.testing.assert_allclose(told, inputs[:5] @ weights + [1.0, -1.0], atol=0.05)


def test_answers_are_genre_means_in_half_stars() -> None:
    data = load("planted")
    genres = newcomers.asked_genres(data, 3)
    films = [next(i for i, some in enumerate(data.items.genres) if genre in some) for genre in genres[:1]]
    other = next(i for i, some in enumerate(data.items.genres) if not set(some) & set(genres))
    told = newcomers.answer(np.array([*films, other]), np.array([5.0, 2.0]), data, [*genres[:1], "Cookery"])
    assert told.tolist() == [5.0, 3.5]
    every = newcomers.table_of_answers(data.ratings, data, genres, 0)
    assert every.shape == (data.ratings.n_users, 3) and ((every * 2) % 1 == 0).all()
    assert every.min() >= 1 and every.max() <= 5


def test_when_fold_in_passes() -> None:
    plain = {"biases only": 1.0, "mean embedding": 1.0, "most central user": 1.1, "questionnaire": 0.9}
    for errors, when, passes in (
        ((1.0, 0.95, 0.89), "few", 5),
        ((1.0, 0.8, 0.7), "once", 1),
        ((1.0, 1.0, 1.0), "never", 99),
    ):
        found = newcomers.measured(plain, dict(zip((0, 1, 5), errors, strict=True)))
        assert (found["when"], found["passes"]) == (when, passes)
    assert found["best"] == "questionnaire" and found["signup"] == 1.0


# --- elicitation -------------------------------------------------------------------------


def test_a_question_is_answered_as_the_person_would() -> None:
    person = Person({3: 4.0}, np.array([1]), np.array([2.0]))
    chooser = Ranked(np.array([1, 2, 3]), np.array([3.0, 2.0, 1.0]))
    answers = Answers(left_out=frozenset([1]))
    answers = elicitation.ask(chooser, answers, person)
    assert answers.not_seen == (2,) and not answers.rated
    answers = elicitation.ask(chooser, answers, person)
    assert answers.rated == {3: 4.0}
    assert elicitation.ask(chooser, answers, person) == answers


def test_the_next_question_follows_the_learners_ratings() -> None:
    small = {"questions": 2, "people": 10}
    result = result_of("elicitation", small, ratings=LEARNER)
    nxt = result["charts"][-1]
    assert nxt["title"] == "what to ask next" and "3 of your ratings" in nxt["says"]
    names = [bar["name"] for bar in nxt["bars"]]
    assert not {"Toy Story", "Alien", "Casablanca"} & set(names)
    assert nxt["bars"][0]["value"] == pytest.approx(100) and result["measured"]["next_film"] == names[0]
    assert "nothing is known" in result_of("elicitation", small)["charts"][-1]["says"]


# --- new films ---------------------------------------------------------------------------


def test_films_take_the_place_of_people() -> None:
    data = load("planted")
    turned = new_films.on_its_side(data.ratings)
    assert (turned.n_users, turned.n_items) == (data.ratings.n_items, data.ratings.n_users)
    films = strangers.newcomers(turned, 20, 10, 0, 0)
    rest = strangers.without(turned, films)
    assert len(rest) + sum(len(one.first) + len(one.test) for one in films) == len(data.ratings)
    assert not np.isin(rest.users, [one.row for one in films]).any()


def test_the_most_alike_films_share_genres_then_years() -> None:
    facts = np.array([[1, 0, 0.0, 0], [1, 1, 0.1, 0], [0, 1, 0.2, 0], [1, 0, 2.0, 4]], dtype=float)
    assert new_films.alike(facts, np.array([1, 0, 1.9, 3.6])).tolist() == [3, 0, 1, 2]


def test_the_winner_among_the_new_films() -> None:
    ways = {"nothing": 1.0, "random vector": 1.2, "mean film": 1.1, "most alike": 0.8, "metadata": 0.9}
    found = new_films.measured(ways, {0: 1.0, 1: 0.95, 2: 0.85})
    assert (found["best"], found["winner"]) == ("most alike", "metadata")
    assert (found["passes"], found["when"]) == (2, "few") and found["gone"] == pytest.approx(10)
    assert new_films.measured({**ways, "nothing": 0.7}, {0: 0.7})["winner"] == "nothing"


# --- feedback loops ----------------------------------------------------------------------


def loop(*rounds: tuple[float, float, float]) -> list[Mapping[str, float]]:
    names = ("coverage", "top10", "utility")
    return [dict(zip(names, each, strict=True), harm=0.0) for each in rounds]


@pytest.mark.parametrize(("stars", "word"), [(4.0, "little"), (3.8, "much"), (4.25, "gains")])
def test_what_exploring_costs(stars: float, word: str) -> None:
    plain = loop((0.5, 0.2, 3.9), (0.3, 0.4, 4.05))
    found = {"plain": plain, "explore 0.1": plain, "explore 0.5": loop((0.9, 0.1, 3.8), (1.0, 0.1, stars))}
    told = feedback_loops.measured(found)
    assert (told["satisfied"], told["narrows"], told["explore"]) == (word, "yes", 0.5)
    assert told["shown_last"] == pytest.approx(30) and told["shown_remedy"] == told["shown_last"]
    assert feedback_loops.measured({"plain": plain[::-1]})["narrows"] == "no"


def test_all_loops_run_side_by_side() -> None:
    result = result_of("feedback-loops", {"explore": [0.5], "remedy": "mmr", "rounds": 2})
    assert [row[0] for row in result["table"]["rows"]] == ["plain", "explore 0.5", "mmr"]
    ends = {one["name"]: one["y"] for one in result["series"]}
    assert ends["explore 0.5 shown"][-1] > ends["plain shown"][-1]
    with pytest.raises(SpecError, match="remedy must be one of"):
        experiments.run({"family": "feedback-loops", "settings": {"remedy": "luck"}})


# --- your ratings ------------------------------------------------------------------------


def test_the_learner_is_the_last_row() -> None:
    result = result_of("your-ratings", ratings=LEARNER)
    told, rows = result["measured"], load("planted").ratings.n_users
    assert (told["person"], told["row"], told["ratings"]) == ("learner", rows + 1, 3)
    assert {row[0] for row in result["table"]["rows"]} == {"Toy Story", "Alien", "Casablanca"}
    assert f"You are row {rows + 1}" in result["charts"][0]["says"]
    moved = [row[3] for row in result["table"]["rows"]]
    assert moved == sorted(moved, reverse=True) and moved[0] == pytest.approx(told["mover_moved"])


def test_a_viewer_stands_in_and_is_said_to() -> None:
    result = result_of("your-ratings", ratings={"toy-story-1995": 5.0})
    assert result["measured"]["person"] == "viewer" and "no ratings of yours" in result["charts"][0]["says"]
    assert "viewer" in result["charts"][1]["says"]


def test_a_stronger_pull_brings_the_row_to_everybodys() -> None:
    result = result_of("your-ratings", {"pull": [0.1, 10.0, 10000.0]}, ratings=LEARNER)
    away, miss = (one["y"] for one in result["series"])
    assert away[0] > away[1] > away[2] and away[2] < 0.02
    assert miss[0] < miss[1] < miss[2]


def test_a_rating_that_was_foretold_moves_nothing() -> None:
    """Give a film exactly the stars that the others foretell: leaving it out changes nothing."""
    data = load("planted")
    als = Als(data.ratings, 3)
    als.sweep()
    films, stars = np.array([4, 9, 30, 31]), np.array([5.0, 2.0, 4.0, 0.0])
    row = one_row.solve(als, films[:3], stars[:3])
    stars[3] = one_row.level(als, row, films[3:])[0]
    person = one_row.Person(0, films, stars, "learner")
    moves = one_row.leave_out(als, person, np.arange(50))
    assert moves.moved[3] == pytest.approx(0, abs=1e-9) and moves.moved[:3].min() > 1e-4
    assert moves.guess[3] == pytest.approx(stars[3])


def test_what_goes_with_the_movement() -> None:
    person = one_row.Person(0, np.arange(4), np.array([1.0, 5.0, 3.0, 4.0]), "learner")
    moved, flat = np.array([0.4, 0.1, 0.2, 0.3]), np.zeros(4)
    moves = one_row.Moves(person.stars + moved, moved, flat, flat.astype(np.intp))
    told = one_row.moved_by(person, moves, np.array([1, 2, 3, 4]))
    assert told["moved_by"] == "surprise" and told["surprise_rank"] == pytest.approx(1)
    assert told["stars_rank"] == pytest.approx(-0.8)
