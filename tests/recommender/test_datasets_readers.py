"""Every format gives the same ratings, films and people; what is wrong is said with its place."""

import shutil
from pathlib import Path

import pytest
from datasets_samples import FORMATS, PEOPLE, RATINGS, csvs, ml_100k, recbole

from recommender.datasets import DataError, load
from recommender.ratings import Dataset

NOTHING = Path("/nonexistent")  # a cache that holds nothing


def rows(data: Dataset) -> list[tuple[str, str, float, int]]:
    ratings = data.ratings
    assert ratings.times is not None
    users = [ratings.user_ids[row] for row in ratings.users]
    items = [ratings.item_ids[row] for row in ratings.items]
    return list(zip(users, items, ratings.stars.tolist(), ratings.times.tolist(), strict=True))


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_is_recognised_and_read_whole(form: str, tmp_path: Path) -> None:
    data = load(str(FORMATS[form](tmp_path)), NOTHING)
    assert rows(data) == RATINGS
    assert data.ratings.user_ids == ("1", "2") and data.items.ids == ("7", "10", "300")
    assert data.items.titles == ("The Matrix", "Les Misérables", "Toy Story")
    assert data.items.film_ids == ("the-matrix-1999", "les-miserables-1995", "toy-story-1995")
    assert data.items.years == (1999, 1995, 1995)
    assert data.items.genres == (("Action", "Sci-Fi"), ("Drama",), ("Animation", "Children's"))
    assert (data.low, data.high, data.invented) == (1.0, 5.0, False)
    assert (data.report.read, data.report.kept, data.report.skipped) == (4, 4, ())


@pytest.mark.parametrize("form", ["ml-100k", "recbole"])
def test_people_are_read_where_there_are_any(form: str, tmp_path: Path) -> None:
    users = load(str(FORMATS[form](tmp_path)), NOTHING).users
    assert users is not None
    assert list(zip(("1", "2"), users.ages, users.genders, users.occupations, strict=True)) == PEOPLE


def test_the_numbers_of_ml_1m_become_words(tmp_path: Path) -> None:
    users = load(str(FORMATS["dat"](tmp_path)), NOTHING).users
    assert users is not None
    assert (users.ages, users.genders, users.occupations) == ((24, 53), ("M", "F"), ("engineer", "other"))


@pytest.mark.parametrize(
    ("form", "key"), [("ml-100k", "ml-100k"), ("recbole", "ml-100k"), ("dat", "movielens")]
)
def test_films_keep_the_number_of_their_data_set(form: str, key: str, tmp_path: Path) -> None:
    assert load(str(FORMATS[form](tmp_path)), NOTHING).items.keys[0] == {key: "7"}


def test_links_give_the_numbers_of_imdb_and_tmdb(tmp_path: Path) -> None:
    keys = load(str(csvs(tmp_path)), NOTHING).items.keys
    assert keys[0] == {"movielens": "7", "imdb": "tt0133093", "tmdb": "603"}
    assert keys[1] == {"movielens": "10", "imdb": "tt0113828"}
    assert keys[2]["imdb"] == "tt0114709"


def test_a_zip_archive_and_a_single_file_are_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "ml-100k"
    folder.mkdir(parents=True)
    ml_100k(folder)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "in")
    prints = {
        load(path, NOTHING).ratings.fingerprint for path in (archive, str(folder / "u.data"), str(folder))
    }
    assert len(prints) == 1
    assert load(archive, NOTHING).items.titles[0] == "The Matrix"


def test_the_two_spoilt_rows_of_recboles_copy_are_mended(tmp_path: Path) -> None:
    recbole(tmp_path)
    with (tmp_path / "ml-100k.item").open("a", encoding="utf-8") as file:
        file.write("267\tunkonwn\tunkonwn\tunknown\n")
        file.write(
            "1412\tLand Before Time III: The Time of the Great Giving (1995)\tV\tAnimation Children's\n"
        )
    items = load(str(tmp_path), NOTHING).items
    assert (items.titles[3], items.years[3], items.genres[3]) == ("unknown", 0, ())
    assert items.titles[4] == "Land Before Time III: The Time of the Great Giving"
    assert (items.years[4], items.genres[4]) == (1995, ("Animation", "Children's"))


def test_two_films_of_one_name_and_year_are_told_apart_by_imdb(tmp_path: Path) -> None:
    csvs(tmp_path)
    (tmp_path / "movies.csv").write_text(
        "movieId,title,genres\n7,Emma (1996),\n10,Emma (1996),\n300,Emma (1996),\n"
    )
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n7,116191,\n10,118308,\n")
    assert load(str(tmp_path), NOTHING).items.film_ids == ("emma-1996", "emma-1996-tt0118308", "emma-1996")


def test_a_missing_or_unclear_place_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        load(str(tmp_path / "nothing"), NOTHING)
    with pytest.raises(DataError, match=r"which file holds the ratings\? Expected u\.data.*found none"):
        load(str(tmp_path), NOTHING)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("user,item,rating\n1,2,3\n")
    with pytest.raises(DataError, match=r"found a\.csv, b\.csv"):
        load(str(tmp_path), NOTHING)
    with pytest.raises(DataError, match="unknown data set 'ml-200k'; there are planted, ml-100k"):
        load("ml-200k", NOTHING)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"PK\x03\x04\n\0\0\0,,,", "line 2: a zero byte; this is no text table"),
        (b"just words\n", "line 1: expected user, item and rating, set apart by commas or tabs"),
        (
            b"who,what,mark\nx,y,3\n",
            "line 1: no column for user, item, rating among who, what, mark; name them",
        ),
        (b"user,item,rating\n", "no rating could be read"),
        (b"user,item,rating\n1,2,good\n", "1 times the rating is no number (F: line 2, column 3: 'good')"),
        (b'user,item,rating\n1,"2,3\n1,3,4\n', "line 2: unexpected end of data; is a quote left open?"),
    ],
)
def test_an_unreadable_file_is_one_clear_line_with_its_place(
    content: bytes, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "F.csv"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load(str(file), NOTHING)
    assert said.replace("F:", f"{file}:") in str(caught.value)
    assert str(caught.value).startswith(str(file)) and "\n" not in str(caught.value)


def test_a_broken_zip_archive_is_one_clear_line(tmp_path: Path) -> None:
    archive = tmp_path / "broken.zip"
    archive.write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(DataError, match=r"broken\.zip: cannot be read: File is not a zip file"):
        load(str(archive), NOTHING)


def test_what_a_file_says_cannot_reach_the_terminal_raw(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("a\x1b[2J,b\x07,c\u202e\nx,y,z\n")
    with pytest.raises(DataError, match=r"among a·\[2J, b·, c·; name them"):
        load(str(file), NOTHING)
