"""Ratings from elsewhere are matched with the right film or not at all, and nothing is lost on the way."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import import_rows
import pytest

from tutor.core.catalogue import Catalogue
from tutor.core.film_import.files import RatingFiles
from tutor.core.film_import.own import CannotWrite
from tutor.core.film_import.rows import UnreadableFile
from tutor.store.paths import Paths
from tutor.store.ratings import FilmRow
from tutor.store.store import Store

FORMATS = {
    "ratings.csv": import_rows.letterboxd,
    "0b1f6c.csv": import_rows.imdb,
    "movielens-ratings.csv": import_rows.movielens_site,
    "mine.csv": import_rows.plain,
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return import_rows.a_catalogue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Paths(tmp_path / "home"))
    yield store
    store.close()


@pytest.fixture
def files(store: Store, catalogue: Catalogue) -> RatingFiles:
    return RatingFiles(store.ratings, lambda: catalogue)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- who is who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", FORMATS)
def test_three_hundred_rows_with_traps(
    files: RatingFiles, store: Store, catalogue: Catalogue, tmp_path: Path, name: str, seed: int
) -> None:
    rows = import_rows.rows(catalogue, seed)
    write: Callable[[list[import_rows.Row]], str] = FORMATS[name]
    report = files.take(written(tmp_path, name, write(rows)))
    truth = dict(enumerate(rows, 2))
    wrong = [
        row for row in report.matched if truth[row.line].truth != row.id or truth[row.line].stars != row.stars
    ]
    assert wrong == []
    there = [line for line, row in truth.items() if row.truth]
    missed = [truth[line] for line in {*there} - {row.line for row in report.matched}]
    assert len(missed) <= 0.01 * len(there), missed
    assert store.ratings.stars() == {row.id: row.stars for row in report.matched}
    told = [*report.matched, *report.uncertain, *report.unmatched, *report.skipped]
    assert {*truth} <= {row.line for row in told}
    store.ratings.undo()
    assert store.ratings.stars() == {}


def test_what_is_no_film_and_what_is_no_rating_is_skipped_with_its_reason(
    files: RatingFiles, catalogue: Catalogue, tmp_path: Path
) -> None:
    rows = import_rows.rows(catalogue, 1)
    imdb = files.take(written(tmp_path, "x.csv", import_rows.imdb(rows)))
    assert [row.reason for row in imdb.skipped] == [
        "a TV Series, not a film", "a TV Episode, not a film", "a Video Game, not a film",
    ]  # fmt: skip
    assert imdb.source == "IMDb" and "up to 10" in imdb.notes[0]
    boxed = files.take(written(tmp_path, "ratings.csv", import_rows.letterboxd(rows)))
    assert [row.reason for row in boxed.skipped] == [
        "0 is no rating here: not rated",
        "a quote is not closed",
    ]


@pytest.mark.parametrize(
    ("row", "where", "ids"),
    [
        ("Emma,1996,4", "uncertain", {"emma-1996", "emma-1996-tt0118308"}),
        ("Psycho,,4", "uncertain", {"psycho-1960", "psycho-1998"}),
        ("Psycho,1962,4", "uncertain", {"psycho-1960"}),
        ("Psycho,1931,4", "unmatched", set()),
        ("Fargoo,1996,4", "uncertain", {"fargo-1996"}),
        ("Zzyzx Road,2006,4", "unmatched", set()),
    ],
)
def test_what_is_not_sure_is_asked_and_changes_nothing(
    files: RatingFiles, store: Store, tmp_path: Path, row: str, where: str, ids: set[str]
) -> None:
    report = files.take(written(tmp_path, "a.csv", f"title,year,stars\n{row}\n"))
    (asked,) = getattr(report, where)
    assert {one.id for one in asked.candidates} == ids and asked.line == 2
    assert report.matched == () and report.batch is None and store.ratings.stars() == {}


def test_two_rows_that_claim_one_film_are_both_asked(files: RatingFiles, tmp_path: Path) -> None:
    text = "Const,Your Rating,Title,Title Type,Year\ntt1,8,Fargo,Movie,1996\ntt2,6,Fargo,Movie,1996\n"
    report = files.take(written(tmp_path, "a.csv", text))
    assert report.matched == () and [row.line for row in report.uncertain] == [2, 3]


def test_another_id_of_the_same_kind_is_another_film(files: RatingFiles, tmp_path: Path) -> None:
    text = "Const,Your Rating,Title,Title Type,Year\ntt0000001,8,Delicatessen,Movie,1991\n"
    report = files.take(written(tmp_path, "a.csv", text))
    assert report.matched == () and report.uncertain[0].candidates[0].id == "delicatessen-1991"


def test_a_choice_settles_a_row_and_joins_the_one_undo(
    files: RatingFiles, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, "a.csv", "title,year,stars\nFargo,1996,5\nEmma,1996,4\nFargoo,1997,2\n")
    again = files.take(path, choices={"3": "emma-1996"})
    assert {row.id: row.how for row in again.matched}["emma-1996"] == "chosen by you"
    row, batch = files.settle(again.uncertain[0], "pulp-fiction-1994", again.batch)
    assert (row.id, batch) == ("pulp-fiction-1994", again.batch)
    assert store.ratings.stars() == {"fargo-1996": 5, "emma-1996": 4, "pulp-fiction-1994": 2}
    undone = store.ratings.undo()
    assert undone is not None and undone.count == 3 and store.ratings.stars() == {}


def test_an_import_that_is_repeated_changes_nothing_and_needs_no_undo(
    files: RatingFiles, store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, "a.csv", "title,stars\nFargo,4\nPulp Fiction (1994),3\n")
    assert files.take(path).batch is not None
    assert files.take(path).batch is None
    changed = files.take(written(tmp_path, "b.csv", "title,stars\nFargo,2\n"))
    assert changed.matched[0].before == 4.0
    store.ratings.undo()
    assert store.ratings.stars() == {"fargo-1996": 4, "pulp-fiction-1994": 3}


# --- files ---------------------------------------------------------------------------------------------


def test_a_letterboxd_export_is_taken_whole(files: RatingFiles, store: Store, tmp_path: Path) -> None:
    head = "Date,Name,Year,Letterboxd URI"
    diary = f"{head},Rating,Rewatch,Tags,Watched Date\n"
    with zipfile.ZipFile(tmp_path / "letterboxd-me.zip", "w") as archive:
        for name, text in {
            "ratings.csv": f"{head},Rating\n2020-01-01,Fargo,1996,https://boxd.it/1,4.5\n",
            "diary.csv": f"{diary}2019-01-01,Fargo,1996,https://boxd.it/x9,2,,,2019-01-01\n"
            "2019-02-01,Titanic,1997,https://boxd.it/x8,3,,,2019-02-01\n"
            "2020-02-01,Titanic,1997,https://boxd.it/x7,3.5,Yes,,2020-02-01\n",
            "watched.csv": f"{head}\n2020-01-01,Fargo,1996,https://boxd.it/1\n"
            "2020-01-01,Pulp Fiction,1994,https://boxd.it/2\n",
            "watchlist.csv": f"{head}\n2020-01-01,Toy Story,1995,https://boxd.it/3\n",
            "likes/films.csv": f"{head}\n2020-01-01,The Matrix,1999,https://boxd.it/4\n",
            "deleted/diary.csv": f"{diary}2019-01-01,Heat,1995,https://boxd.it/5,5,,,2019-01-01\n",
        }.items():
            archive.writestr(f"letterboxd-me/{name}", text)
    report = files.take(tmp_path / "letterboxd-me.zip")
    assert store.ratings.stars() == {"fargo-1996": 4.5, "titanic-1997": 3.5}
    assert store.ratings.marks()["seen"] == {"pulp-fiction-1994"}
    assert store.ratings.marks()["watchlist"] == {"toy-story-1995"}
    assert [(row.file, row.line) for row in report.skipped] == [("diary.csv", 3)]
    assert report.sentence.startswith("Letterboxd export: 2 ratings taken over, 1 seen without a rating")


OLD_IMDB = "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres"
IMDB_LIST = "Position,Const,Created,Modified,Description,Title,URL,Title Type,Year,Your Rating"
FARGO = "fargo-1996"


@pytest.mark.parametrize(
    ("name", "text", "stars", "marks"),
    [
        ("a.csv", "LetterboxdURI,imdbID,Title,Year,Rating,Rating10\n,,Fargo,1996,,9\n", {FARGO: 4.5}, {}),
        ("0f.csv", f"{OLD_IMDB}\nID,7,2020-01-01,Fargo,x,movie,8.1,98,1996,Crime\n", {FARGO: 3.5}, {}),
        ("list.csv", f"{IMDB_LIST}\n1,ID,x,x,,Fargo,x,movie,1996,\n", {}, {"watchlist": {FARGO}}),
        ("watched.csv", "Date,Name,Year,Letterboxd URI\nx,Fargo,1996,https://boxd.it/1\n", {},
         {"seen": {FARGO}}),
        ("a.csv", "tmdb id,name,release year,rating\n275,Fargo,1996,8\n276,Titanic,1997,10\n",
         {FARGO: 4.0, "titanic-1997": 5.0}, {}),
    ],
)  # fmt: skip
def test_older_and_rarer_tables(
    files: RatingFiles,
    store: Store,
    catalogue: Catalogue,
    tmp_path: Path,
    name: str,
    text: str,
    stars: dict[str, float],
    marks: dict[str, set[str]],
) -> None:
    imdb = catalogue.films[FARGO].keys.get("imdb", "tt0116282")
    files.take(written(tmp_path, name, text.replace("ID,", f"{imdb},") if "Const" in text else text))
    assert store.ratings.stars() == stars
    assert {mark: films for mark, films in store.ratings.marks().items() if films} == marks


def test_a_movielens_set_is_one_persons(files: RatingFiles, store: Store, tmp_path: Path) -> None:
    ratings = written(
        tmp_path, "ratings.csv", "userId,movieId,rating,timestamp\n1,608,4.5,964982703\n2,608,1,964982703\n"
    )
    written(tmp_path, "movies.csv", "movieId,title,genres\n608,Fargo (1996),Crime\n")
    with pytest.raises(UnreadableFile, match=r"2 people.*--user 1"):
        files.take(ratings)
    assert files.take(ratings, user="2").matched[0].id == "fargo-1996"
    assert store.ratings.stars() == {"fargo-1996": 1.0}
    old = written(tmp_path, "u.data", "7\t100\t4\t881250949\nnonsense\n")
    written(tmp_path, "u.item", "100|Fargo (1996)|14-Feb-1997||x|0|0\n".encode("latin-1"))
    report = files.take(old)
    assert store.ratings.stars() == {"fargo-1996": 4.0} and report.skipped[0].line == 2


@pytest.mark.parametrize(
    "content",
    [
        "title,year,stars\nFargo,1996,4.5\nno,such\nBroken,1990,five\n\"Open,1990,4\nTitanic,1997,2\n",
        "\ufefftitle,year,stars\r\nFargo,1996,4.5\r\n,,3\r\nTitanic,1997,2\r\n",
        "title;year;stars\nFargo;1996;4,5\nBad;1990;9/10/3\nTitanic;1997;2\n",
        "title,year,stars,review\nFargo,1996,4.5,\"two\nlines, \"\"quoted\"\"\"\nTitanic,1997,2,\n",
        "title,year,stars\nFargo,1996,4.5\nTitanic,1997,2\n".encode("utf-16"),
        "title,year,stars\nFargo,1996,4.5\nAm\xe9lie X,1901,2\nTitanic,1997,2\n".encode("latin-1"),
    ],
)  # fmt: skip
def test_a_broken_row_costs_that_row_alone(
    files: RatingFiles, store: Store, tmp_path: Path, content: str | bytes
) -> None:
    files.take(written(tmp_path, "a.csv", content))
    assert store.ratings.stars() == {"fargo-1996": 4.5, "titanic-1997": 2.0}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "", "nothing is in it"),
        ("a.csv", "title,stars\n", "no ratings in it"),
        ("a.csv", "hello,world\n1,2\n", "no column of films"),
        ("a.csv", "title,stars\nFargo,five\n", "line 2: 'five' is no rating"),
        ("a.json", "{nonsense", "not JSON"),
        ("a.json", "{}", "no list"),
        ("a.zip", b"PK\x03\x04 torn", "damaged"),
        ("a.csv", bytes(range(256)), "no column"),
    ],
)
def test_a_file_with_nothing_readable_is_one_clear_line(
    files: RatingFiles, store: Store, tmp_path: Path, name: str, content: str | bytes, words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words) as fault:
        files.take(written(tmp_path, name, content))
    assert "\n" not in str(fault.value) and name in str(fault.value)
    assert store.ratings.stars() == {}


def test_a_file_that_is_not_there(files: RatingFiles, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        files.take(tmp_path / "none.csv")


# --- out and in again ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mine.csv", "mine.json"])
def test_what_is_written_is_read_again(
    files: RatingFiles, store: Store, catalogue: Catalogue, tmp_path: Path, name: str
) -> None:
    for number, film in enumerate(catalogue.films.values()):
        if not film.id.startswith("emma"):
            store.ratings.set(film, (number % 10 + 1) / 2)
    store.ratings.set(FilmRow("stalker-1979", "Stalker", 1979, (), {"imdb": "tt0079944"}), 5)
    before = store.ratings.stars()
    assert files.export(tmp_path / name) == len(before)
    for film in list(before):
        row = store.ratings.film(film)
        assert row is not None
        store.ratings.set(row, None)
    report = files.take(tmp_path / name)
    assert store.ratings.stars() == {film: stars for film, stars in before.items() if film != "stalker-1979"}
    assert [row.named for row in report.unmatched] == ["Stalker (1979)"] and not report.uncertain


def test_an_export_says_what_it_cannot(files: RatingFiles, tmp_path: Path) -> None:
    for path in (tmp_path / "mine.xlsx", tmp_path / "no" / "such.csv"):
        with pytest.raises(CannotWrite):
            files.export(path)
