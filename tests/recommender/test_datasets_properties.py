"""For any ratings: what is written is read, both ways of reading agree, a prepared copy loses nothing."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from datasets_samples import ml_100k
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.datasets import DataError, load, prepare
from recommender.datasets.rating_files import Columns, RawRatings, read_carefully, read_fast
from recommender.datasets.tables import Problems, Table
from recommender.ratings import Dataset

ROWS = st.lists(
    st.tuples(
        st.integers(1, 40), st.integers(1, 40), st.sampled_from([0.5, 1, 2.5, 4, 5]), st.integers(0, 2**40)
    ),
    min_size=1,
    max_size=40,
)


def written(rows: list[tuple[int, int, float, int]], separator: str, header: bool, end: str) -> str:
    lines = [separator.join(map(str, row)) for row in rows]
    return end.join(
        [*([separator.join(("userId", "movieId", "rating", "timestamp"))] if header else []), *lines]
    )


@pytest.mark.parametrize(("separator", "header"), [(",", True), ("\t", False), ("::", False), (";", True)])
@given(rows=ROWS, crlf=st.booleans(), bom=st.booleans())
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read(
    separator: str, header: bool, rows: list[tuple[int, int, float, int]], crlf: bool, bom: bool
) -> None:
    text = written(rows, separator, header, "\r\n" if crlf else "\n")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "r.csv"
        file.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
        data = load(str(file), Path(folder) / "cache")
    latest: dict[tuple[str, str], tuple[int, int, float]] = {}
    for line, (user, item, star, time) in enumerate(rows):
        pair = (str(user), str(item))
        latest[pair] = max(latest.get(pair, (-1, -1, 0.0)), (time, line, star))
    ratings = data.ratings
    assert ratings.times is not None
    found = {
        (ratings.user_ids[user], ratings.item_ids[item]): (time, star)
        for user, item, star, time in zip(
            ratings.users, ratings.items, ratings.stars.tolist(), ratings.times.tolist(), strict=True
        )
    }
    assert found == {pair: (time, star) for pair, (time, _, star) in latest.items()}
    assert data.report.read == len(rows) == data.report.kept + sum(skip.count for skip in data.report.skipped)


def both(text: str, separator: str, header: bool, columns: Columns) -> tuple[RawRatings, RawRatings | None]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "r.csv"
        file.write_text(text, newline="")
        table = Table(file, separator, header, quoted=separator == ",")
        return read_carefully(table, columns, Problems()), read_fast(table, columns)


@pytest.mark.parametrize(("separator", "header"), [(",", True), ("\t", False), ("::", False)])
@given(rows=ROWS, timed=st.booleans(), crlf=st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_fast_way_reads_the_same(
    separator: str, header: bool, rows: list[tuple[int, int, float, int]], timed: bool, crlf: bool
) -> None:
    columns = Columns(0, 1, 2, 3 if timed else None)
    text = written(rows, separator, header, "\r\n" if crlf else "\n")
    careful, fast = both(text, separator, header, columns)
    assert fast is not None
    assert (careful.times is None) == (fast.times is None) == (not timed)
    assert [careful.user_ids[code] for code in careful.users] == [fast.user_ids[code] for code in fast.users]
    assert [careful.item_ids[code] for code in careful.items] == [fast.item_ids[code] for code in fast.items]
    for name in ("stars", "lines", *(["times"] if timed else [])):
        assert np.array_equal(getattr(careful, name), getattr(fast, name)), name
    assert careful.read == fast.read == len(rows)


SPOILS: list[Callable[[str], str]] = [
    lambda row: "",
    lambda row: row.replace(",", ""),
    lambda row: row.replace(row.split(",")[2], "good"),
    lambda row: f"u{row}",
    lambda row: ",".join([*row.split(",")[:2], "", row.split(",")[3]]),
    lambda row: ",".join([*row.split(",")[:3], ""]),
    lambda row: ",".join([*row.split(",")[:2], "inf", row.split(",")[3]]),
    lambda row: f"1.5{row}",
]


@pytest.mark.parametrize("spoil", SPOILS)
def test_the_fast_way_leaves_a_spoilt_file_to_the_careful_one(spoil: Callable[[str], str]) -> None:
    rows = [f"{number},2,3.5,77" for number in range(1, 9)]
    rows[4] = spoil(rows[4])
    careful, fast = both("\n".join(["a,b,c,d", *rows]), ",", True, Columns(0, 1, 2, 3))
    assert fast is None
    assert len(careful.stars) >= 7


def test_a_large_file_takes_the_fast_way_and_a_blank_last_column_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "r.csv"
    rows = "".join(f"{number % 97},{number % 89},{number % 5 + 1},{number},\n" for number in range(5000))
    file.write_text("userId,movieId,rating,timestamp,\n" + rows)
    careful = load(str(file), tmp_path)
    monkeypatch.setattr("recommender.datasets.rating_files.LARGE", 1000)
    monkeypatch.setattr("recommender.datasets.rating_files.read_carefully", None)
    assert load(str(file), tmp_path).ratings.fingerprint == careful.ratings.fingerprint


@given(rows=ROWS)
@settings(max_examples=20, deadline=None)
def test_a_prepared_copy_loses_nothing(rows: list[tuple[int, int, float, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, cache = Path(folder) / "r.csv", Path(folder) / "cache"
        file.write_text(written(rows, ",", True, "\n"))
        made = prepare(str(file), cache)
        assert contents(load(str(file), cache)) == contents(made)


def contents(data: Dataset) -> tuple[object, ...]:
    items = data.items
    films = (items.film_ids, items.titles, items.years, items.genres, items.directors, items.keys)
    return (data.name, data.label, data.low, data.high, data.ratings.fingerprint, films, data.report)


NAMES = ["r.csv", "u.data", "ratings.dat", "ml.inter", "r.zip"]
LINES = [b"user,item,rating\n", b"1,2,3\n", b"1\t2\t3\t4\n", b"1::2::3::4\n", b'"', b"\xff\xfe", b",,,\n"]
PIECES = st.one_of(st.binary(max_size=12), st.sampled_from(LINES))


@pytest.mark.parametrize("name", NAMES)
@given(pieces=st.lists(PIECES, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused_in_one_line(name: str, pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(b"".join(pieces))
        try:
            data = load(str(file), Path(folder))
        except DataError as error:
            assert "\n" not in str(error) and str(file) in str(error)
        else:
            assert data.report.kept == len(data.ratings) > 0


@pytest.mark.parametrize("name", ["u.item", "u.user"])
@given(pieces=st.lists(st.one_of(PIECES, st.just(b"1|A (1990)|||" + b"|0" * 20 + b"\n")), max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_bytes_beside_the_ratings_are_noted_or_refused(name: str, pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ml_100k(Path(folder))
        with (Path(folder) / name).open("ab") as file:
            file.write(b"".join(pieces))
        try:
            assert load(folder, Path(folder)).report.kept == 4
        except DataError as error:
            assert "\n" not in str(error) and name in str(error)
