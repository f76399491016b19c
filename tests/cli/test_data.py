"""Listing, choosing and adding data sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Tutor, complains


def test_the_list_says_what_is_here_and_whose_ratings_they_are(tutor: Tutor) -> None:
    rows = {row["name"]: row for row in tutor("data", "list", "--json").json}
    assert rows["planted"]["current"] and rows["planted"]["ready"] and rows["planted"]["invented"]
    assert not rows["ml-100k"]["ready"] and "GroupLens" in rows["ml-100k"]["licence"]
    assert "invented viewers" in tutor("data", "list").out


def test_a_file_of_ones_own_can_be_added_and_used(tutor: Tutor, tmp_path: Path) -> None:
    ratings = tmp_path / "mine.csv"
    people = ((user, film, 1 + (user * film) % 5) for user in range(1, 9) for film in range(1, 7))
    rows = "".join(f"{user},{film},{stars},0\n" for user, film, stars in people)
    ratings.write_text("userId,movieId,rating,timestamp\n" + rows, "utf-8")
    assert tutor("data", "add", str(ratings), "--json").lines[-1]["event"] == "finished"
    assert tutor("data", "use", str(ratings), "--json").json["current"] is True
    assert [row["name"] for row in tutor("data", "list", "--json").json if row["current"]] == [str(ratings)]
    assert tutor("data", "use", "planted").out == "planted world is in use\n"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["use", "ml-100k"], ["ml-100k", "tutor data fetch ml-100k"]),
        (["use", "ml-zillion"], ["ml-zillion"]),
        (["use"], ["NAME"]),
    ],
)
def test_a_set_that_is_not_here(tutor: Tutor, argv: list[str], words: list[str]) -> None:
    assert complains(tutor("data", *argv), *words)


def test_a_file_that_cannot_be_read(tutor: Tutor, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("userId,movieId,rating\n1,2,four\n", "utf-8")
    for ran in (tutor("data", "add", str(broken)), tutor("data", "add", str(tmp_path / "none.csv"))):
        assert complains(ran, ".csv")
