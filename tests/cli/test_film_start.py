"""The start, marks, groups, import, export and reset from the command line, on the planted world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Tutor, complains


def test_the_next_film_is_named_and_not_seen_moves_on(tutor: Tutor) -> None:
    (first,) = tutor("movies", "next", "--strategy", "popular", "--json").json
    assert set(first) == {"id", "title", "year", "genres", "keys", "rated"}
    assert tutor("movies", "unseen", first["id"], "--json").json[0]["id"] == first["id"]
    (second,) = tutor("movies", "next", "--strategy", "popular", "--json").json
    assert second["id"] != first["id"]
    assert "no longer marked as not seen" in tutor("rate", "--undo").out
    assert tutor("movies", "next", "--strategy", "popular", "--json").json == [first]
    assert "the best known films first" in tutor("movies", "next", "--strategy", "popular").out


def test_a_watchlist_is_filled_and_emptied(tutor: Tutor) -> None:
    assert "Nothing is on your watchlist" in tutor("movies", "watchlist").out
    assert tutor("movies", "watchlist", "add", "Fargo", "(1996)", "--json").json[0]["id"] == "fargo-1996"
    assert "Fargo (1996)" in tutor("movies", "watchlist").out
    assert tutor("movies", "watchlist", "remove", "fargo-1996", "--json").json == []
    for mark in ("seen", "hide"):
        assert "takes it back" in tutor("movies", mark, "Fargo").out


def test_the_score_waits_for_forecasts(tutor: Tutor) -> None:
    assert tutor("movies", "score", "--json").json["answers"] == 0
    assert "No forecast was put to the test" in tutor("movies", "score").out


def test_ratings_come_in_and_go_out(tutor: Tutor, tmp_path: Path) -> None:
    text = "Const,Your Rating,Title,Title Type,Year\ntt1,9,Fargo,Movie,1996\ntt2,8,Fargoo,Movie,1996\n"
    (tmp_path / "imdb.csv").write_text(text + "tt3,7,Stalker,Movie,1979\ntt4,0,Titanic,Movie,1997\n")
    source = str(tmp_path / "imdb.csv")
    told = tutor("rate", "--import", source, "--json").json
    (matched,) = told["matched"]
    assert {"line", "id", "title", "year", "keys", "stars"} <= set(matched)
    assert (matched["line"], matched["id"], matched["stars"]) == (2, "fargo-1996", 4.5)
    assert [row["line"] for row in told["uncertain"]] == [3] and told["uncertain"][0]["candidates"]
    assert [row["line"] for row in (*told["unmatched"], *told["skipped"])] == [4, 5]
    words = tutor("rate", "--import", source, "--choose", "3=pulp-fiction-1994").out
    assert words.startswith("IMDb: 2 ratings taken over, 1 not in") and "takes all of it back" in words
    assert tutor("rate", "--export", str(tmp_path / "mine.json"), "--json").json["ratings"] == 2
    assert tutor("rate", "--export", str(tmp_path / "mine.csv")).out.startswith("2 ratings written")
    assert (tmp_path / "mine.csv").read_text().splitlines()[0].startswith("tmdbID,imdbID,Title,Year,Rating")
    assert len(json.loads((tmp_path / "mine.json").read_text())["ratings"]) == 2
    assert tutor("rate", "--undo", "--json").json["undone"]["count"] == 1
    assert tutor("rate", "--undo", "--json").json["undone"]["id"] == "fargo-1996"
    assert tutor("rate", "--list", "--json").json == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["rate", "--import", "none.csv"], ["none.csv", "No such file"]),
        (["rate", "--export", "mine.xlsx"], [".csv", ".json"]),
        (["movies", "next", "--strategy", "psychic"], ["psychic", "information"]),
        (["movies", "watchlist", "add"], ["watchlist add FILM"]),
        (["movies", "hide", "No Such Film Anywhere"], ["no film"]),
        (["reset"], ["--yes", "--export"]),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor(*argv), *words)
    assert tutor("rate", "--list", "--json").json == []


def test_reset_removes_what_is_kept_and_nothing_else(tutor: Tutor, home: Path) -> None:
    tutor("rate", "Fargo", "4")
    (home / "my notes.txt").write_text("mine")
    removed = tutor("reset", "--yes", "--json").json["removed"]
    assert str(home / "tutor.db") in removed
    assert [file.name for file in home.iterdir()] == ["my notes.txt"]
    assert tutor("rate", "--list", "--json").json == []
