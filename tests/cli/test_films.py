"""Finding, rating and recommending films from the command line."""

from __future__ import annotations

import pytest

from .conftest import Tutor, complains


def test_search_names_films_and_what_is_rated(tutor: Tutor) -> None:
    tutor("rate", "Fargo", "4.5")
    found = tutor("movies", "search", "fargo", "--json").json
    assert set(found[0]) == {"id", "title", "year", "genres", "keys", "rated"}
    assert (found[0]["id"], found[0]["year"], found[0]["rated"]) == ("fargo-1996", 1996, 4.5)
    assert "Fargo (1996)" in tutor("movies", "search", "fargo").out
    assert len(tutor("movies", "search", "the", "--limit", "3", "--json").json) == 3


def test_a_search_without_a_hit_is_an_empty_list(tutor: Tutor) -> None:
    assert tutor("movies", "search", "qqqqqq", "--json").json == []
    assert tutor("movies", "search", "qqqqqq").code == 0


def test_a_rating_can_be_listed_changed_deleted_and_taken_back(tutor: Tutor) -> None:
    assert tutor("rate", "Fargo (1996)", "4", "--json").json["after"] == 4.0
    assert tutor("rate", "fargo-1996", "2.5").out == "Fargo (1996): 2.5 stars (was 4.0)\n"
    assert tutor("rate", "--delete", "fargo-1996", "--json").json["after"] is None
    assert tutor("rate", "--list", "--json").json == []
    assert tutor("rate", "--undo").code == 0
    rated = tutor("rate", "--list", "--json").json
    assert [(film["id"], film["stars"]) for film in rated] == [("fargo-1996", 2.5)]
    assert tutor("rate", "--list").out == "2.5 stars  Fargo (1996)  fargo-1996\n"
    tutor("rate", "--undo")
    tutor("rate", "--undo")
    assert tutor("rate", "--undo", "--json").json == {"undone": None}
    assert tutor("rate", "--list", "--json").json == []


def test_a_title_need_not_be_quoted(tutor: Tutor) -> None:
    assert tutor("rate", "Pulp", "Fiction", "5", "--json").json["id"] == "pulp-fiction-1994"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["rate"], ["tutor rate"]),
        (["rate", "Fargo (1996)"], ["only one of title and stars"]),
        (["rate", "Fargo (1996)", "4.7"], ["'4.7'", "halves"]),
        (["rate", "Fargo (1996)", "five"], ["'five'"]),
        (["rate", "Pulp Fictoin", "4"], ["Pulp Fictoin", "Pulp Fiction"]),
        (["rate", "Fargo (1996)", "4", "--list"], ["tutor rate"]),
        (["rate", "--delete", "fargo-1996"], ["not rated"]),
        (["rate", "\x1b[31m\x00", "4"], ["no film"]),
        (["movies", "search"], ["TEXT"]),
        (["recommend", "--ratings", "none.csv"], ["none.csv", "No such file"]),
        (["recommend", "--top", "none"], ["--top"]),
        (["recommend", "--data", "ml-zillion"], ["ml-zillion"]),
    ],
)
def test_a_mistake_changes_nothing(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor(*argv), *words)
    assert tutor("rate", "--list", "--json").json == []
