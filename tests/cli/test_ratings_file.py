"""A learner's CSV: read whole, or one line that says where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.films import film_id, parse_title
from tutor.cli.diagnostics import UsageError
from tutor.cli.ratings_file import read_ratings

FILMS = {"fargo-1996", "the-matrix-1999"}


def film_of(name: str) -> str:
    found = name if name in FILMS else film_id(*parse_title(name))
    if found not in FILMS:
        raise UsageError(f"there is no film {name!r}")
    return found


def read(tmp_path: Path, content: str | bytes) -> dict[str, float]:
    path = tmp_path / "mine.csv"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return read_ratings(path, film_of, {"100": "fargo-1996"})


@pytest.mark.parametrize(
    "content",
    [
        "title,stars\nFargo (1996),4.5\n",
        "Title,Year,Rating\nFargo,1996,4.5\n",
        "stars,id\n4.5,fargo-1996\n",
        "movieId,rating\n100,4.5",
        "\ufefftitle,stars\r\n\r\n  Fargo (1996) , 4.5\r\n",
        'title,stars,note\n"Fargo (1996)",1,first\nFargo (1996),4.5,"again, later"\n',
    ],
)
def test_reads_a_film_by_id_title_or_number(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == {"fargo-1996": 4.5}


def test_an_article_may_stand_behind_the_comma(tmp_path: Path) -> None:
    assert read(tmp_path, 'title,stars\n"Matrix, The (1999)",5\n') == {"the-matrix-1999": 5.0}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["no ratings"]),
        ("title,stars\n", ["no ratings"]),
        ("film name,mark\nFargo,4", ["line 1", "header", "film name"]),
        ("title,stars\nFargo (1996),4\nFargo (1996),five\n", ["line 3", "'five'", "halves"]),
        ("title,stars\nFargo (1996),4.3\n", ["line 2", "'4.3'"]),
        ("title,stars\nFargo (1996),nan\n", ["line 2", "'nan'"]),
        ("title,stars\nNo Such Film (1901),4\n", ["line 2", "No Such Film"]),
        ("title,stars\nFargo (1996)\n", ["line 2", "2 fields", "not 1"]),
        ("title,stars\n,4\n", ["line 2", "no film is named"]),
        ("movieId,rating\n7,4\n", ["line 2", "'7'"]),
        ('title,stars\n"Fargo (1996),4\n', ["line 2", "quotes"]),
        (b"title,stars\nFargo (1996),4\nAm\xe9lie,4\n", ["line 3", "UTF-8"]),
    ],
)
def test_a_broken_row_is_one_clear_line(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, content)
    assert all(word in str(error.value) for word in ["mine.csv", *words])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: No such file"):
        read_ratings(tmp_path / "none.csv", film_of, {})
