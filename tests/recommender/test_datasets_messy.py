"""Messy files load as far as they make sense, and the report counts what was left out, why and where."""

from pathlib import Path

import pytest
from datasets_samples import csvs

from recommender.datasets import load
from recommender.ratings import Dataset

NOTHING = Path("/nonexistent")  # a cache that holds nothing


def read(folder: Path, content: str | bytes, name: str = "mine.csv") -> Dataset:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return load(str(folder / name), NOTHING)


def stars(data: Dataset) -> dict[tuple[str, str], float]:
    ratings = data.ratings
    pairs = zip(ratings.users, ratings.items, ratings.stars.tolist(), strict=True)
    return {(ratings.user_ids[user], ratings.item_ids[item]): star for user, item, star in pairs}


def reasons(data: Dataset) -> dict[str, int]:
    return {skip.reason: skip.count for skip in data.report.skipped}


@pytest.mark.parametrize(
    "content",
    [
        "user,item,rating\n1,2,3\n4,5,1\n",
        "\ufeffuser,item,rating\r\n1,2,3\r\n4,5,1\r\n",
        "user,item,rating,,\n1,2,3,,\n\n4,5,1,,\n,,,,\n",
        "1,2,3\n4,5,1\n",
        "1\t2\t3\n4\t5\t1",
        "1::2::3\n4::5::1\n",
        "User ID;Movie;Stars\n1;2;3,0\n4;5;1,0\n",
        "rating|film_id|userId\n3|2|1\n1|5|4\n",
        ' user , item , rating\n "1", 2 , 3\n4,5,1 \n'.replace(' "1"', "1"),
        'user,item,rating\n"1","2","3"\n4,5,1\n',
        "user_id:token\titem_id:token\trating:float\n1\t2\t3\n4\t5\t1\n",
    ],
    ids=["plain", "bom-crlf", "blank-columns", "headless", "tabs", "colons", "semicolons", "bars", "blanks",
         "quotes", "types"],
)  # fmt: skip
def test_the_same_ratings_in_many_dresses(content: str, tmp_path: Path) -> None:
    data = read(tmp_path, content)
    assert stars(data) == {("1", "2"): 3.0, ("4", "5"): 1.0}
    assert reasons(data) == {}


def test_old_windows_files_and_utf_16_are_read(tmp_path: Path) -> None:
    text = "user,title,rating\n1,Amélie (2001),5\n2,Café Society’s (2016),3\n"
    for encoding in ("utf-8", "cp1252", "utf-16"):
        data = read(tmp_path, text.encode(encoding))
        assert data.items.titles == ("Amélie", "Café Society’s")
        assert data.items.film_ids[0] == "amelie-2001" and data.items.years == (2001, 2016)


def test_every_reason_is_counted_with_its_first_place(tmp_path: Path) -> None:
    lines = [
        "user,item,rating,timestamp",
        "1,1,4,100",
        "1,2,,100",
        "1,3,NaN,100",
        "1,4,good,100",
        "1,5,9,100",
        "1,6,0,100",
        "1,7,-1,100",
        ",8,3,100",
        "1,,3,100",
        "1,9",
        "1,10,inf,100",
        "1,11,1_0,100",
        *(f"2,{item},3,100" for item in range(200)),
        "1,1,2,50",
    ]
    data = read(tmp_path, "\n".join(lines))
    assert stars(data)["1", "1"] == 4.0  # rated at 100, after the later line's 50
    assert reasons(data) == {
        "the rating is missing": 2,
        "the rating is no number": 3,
        "the user is missing": 1,
        "the film is missing": 1,
        "too few columns": 1,
        "the rating is outside 1 to 5": 3,
        "rated again by the same user: the latest counts": 1,
    }
    report = data.report
    assert report.read == len(lines) - 1 == report.kept + sum(skip.count for skip in report.skipped)
    examples = {skip.reason: skip.example for skip in report.skipped}
    file = tmp_path / "mine.csv"
    assert examples["the rating is missing"] == f"{file}: line 3, column 3"
    assert examples["the rating is no number"] == f"{file}: line 5, column 3: 'good'"
    assert examples["the user is missing"] == f"{file}: line 9, column 1"
    assert examples["too few columns"] == f"{file}: line 11, column 3"
    assert examples["the rating is outside 1 to 5"] == f"{file}: line 6"


def test_without_times_the_last_line_counts(tmp_path: Path) -> None:
    assert stars(read(tmp_path, "user,item,rating\n1,2,3\n1,2,5\n1,2,4\n")) == {("1", "2"): 4.0}


def test_films_that_the_list_does_not_know_are_left_out(tmp_path: Path) -> None:
    csvs(tmp_path)
    with (tmp_path / "ratings.csv").open("a") as file:
        file.write("1,999,4,1\n2,999,4,1\n")
    data = load(str(tmp_path), NOTHING)
    assert reasons(data) == {"the film is not in the list of films": 2}
    assert data.report.skipped[0].example == f"{tmp_path / 'ratings.csv'}: line 6"
    assert data.ratings.n_items == 3 and data.report.kept == 4


def test_odd_film_rows_cost_no_rating_and_are_noted(tmp_path: Path) -> None:
    csvs(tmp_path)
    with (tmp_path / "movies.csv").open("a") as file:
        file.write("7,Another Title (2001),Drama\n\n,No Number,Drama\n400\n500,,\n")
    with (tmp_path / "links.csv").open("a") as file:
        file.write("x,y,z\n")
    data = load(str(tmp_path), NOTHING)
    assert data.items.titles == ("The Matrix", "Les Misérables", "Toy Story", "500")
    assert {note.reason: note.count for note in data.report.notes} == {
        "links that are no numbers": 1,
        "a film listed twice: the first row counts": 1,
        "a film without id, title or genres": 2,
    }
    assert data.report.kept == 4


def test_a_user_that_the_list_of_people_does_not_know_stays(tmp_path: Path) -> None:
    (tmp_path / "u.item").write_text("1|A (1990)|||" + "|0" * 20 + "\n")
    (tmp_path / "u.user").write_text("5|30|M|writer|1\n7|x\n")
    data = read(tmp_path, "9\t1\t4\t1\n5\t1\t3\t1\n", "u.data")
    assert data.ratings.user_ids == ("5", "9")
    assert data.users is not None and data.users.ages == (30, 0) and data.users.occupations == ("writer", "")


def test_times_in_other_forms(tmp_path: Path) -> None:
    content = "user,item,rating,date\n1,1,3,2001-09-09\n1,2,3,2001-09-09T01:46:40Z\n1,3,3,1e9\n"
    times = read(tmp_path, content).ratings.times
    assert times is not None and times.tolist() == [999_993_600, 1_000_000_000, 1_000_000_000]


def test_one_missing_time_leaves_the_times_out_and_says_so(tmp_path: Path) -> None:
    data = read(tmp_path, "user,item,rating,date\n1,1,3,2001-09-09\n1,2,3,yesterday\n1,3,4,\n")
    assert data.ratings.times is None and data.report.kept == 3
    assert data.report.notes[0].example == f"{tmp_path / 'mine.csv'}: line 3, column 4"


def test_columns_and_scale_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("title,who,rating,mark\nA,x,1,70\nB,x,1,150\nC,y,1,20\n")
    data = load(str(file), NOTHING, columns={"user": "who", "rating": "mark"}, scale=(0, 100))
    assert stars(data) == {("x", "A"): 70.0, ("y", "C"): 20.0}
    assert (data.low, data.high) == (0, 100) and reasons(data) == {"the rating is outside 0 to 100": 1}


@pytest.mark.parametrize(
    ("marks", "ends"),
    [
        ([1, 3, 5], (1.0, 5.0)),
        ([0.5, 3, 5], (0.5, 5.0)),
        ([1, 7, 10], (1.0, 10.0)),
        ([20, 70, 95], (1.0, 100.0)),
        ([4] * 200 + [11], (1.0, 5.0)),
        ([300, 400], (1.0, 400.0)),
    ],
)
def test_the_scale_is_guessed_from_the_marks(
    marks: list[float], ends: tuple[float, float], tmp_path: Path
) -> None:
    lines = [f"u,{number},{mark}" for number, mark in enumerate(marks)]
    data = read(tmp_path, "\n".join(["user,item,rating", *lines]))
    assert (data.low, data.high) == ends


def test_bare_numbers_name_no_film_of_another_data_set(tmp_path: Path) -> None:
    data = read(tmp_path, "1,50,3\n")
    assert data.items.titles == ("50",) and data.items.film_ids == ("mine-csv-50",)
