"""One small data set in every format that is read, written by hand to temporary folders."""

from collections.abc import Callable
from pathlib import Path

RATINGS = [  # user, film, stars, seconds: in the order of the file
    ("2", "10", 5, 881250949),
    ("1", "10", 3, 891717742),
    ("2", "7", 1, 878887116),
    ("1", "300", 4, 880606923),
]
FILMS = [  # id, title as catalogues write it, year, genres
    ("7", "Matrix, The", 1999, ["Action", "Sci-Fi"]),
    ("10", "Misérables, Les", 1995, ["Drama"]),
    ("300", "Toy Story", 1995, ["Animation", "Children's"]),
]
PEOPLE = [("1", 24, "M", "technician"), ("2", 53, "F", "other")]

_FLAGS = (
    "unknown Action Adventure Animation Children's Comedy Crime Documentary Drama Fantasy Film-Noir Horror "
    "Musical Mystery Romance Sci-Fi Thriller War Western"
)


def ml_100k(folder: Path) -> Path:
    """u.data, u.item and u.user, latin-1."""
    lines = ["\t".join(map(str, row)) for row in RATINGS]
    (folder / "u.data").write_text("\n".join(lines) + "\n", encoding="latin-1")
    names = _FLAGS.split(" ")
    films = [
        f"{number}|{title} ({year})|01-Jan-{year}||http://us.imdb.com/M/title-exact?x|"
        + "|".join("1" if name in genres else "0" for name in names)
        for number, title, year, genres in FILMS
    ]
    (folder / "u.item").write_text("\n".join(films) + "\n", encoding="latin-1")
    people = [f"{number}|{age}|{gender}|{job}|85711" for number, age, gender, job in PEOPLE]
    (folder / "u.user").write_text("\n".join(people) + "\n", encoding="latin-1")
    return folder


def dat(folder: Path) -> Path:
    """ratings.dat, movies.dat and users.dat of ml-1m, latin-1; occupations are numbers."""
    lines = ["::".join(map(str, row)) for row in RATINGS]
    (folder / "ratings.dat").write_text("\n".join(lines) + "\n", encoding="latin-1")
    films = [f"{number}::{title} ({year})::{'|'.join(genres)}" for number, title, year, genres in FILMS]
    (folder / "movies.dat").write_text("\n".join(films) + "\n", encoding="latin-1")
    (folder / "users.dat").write_text("1::M::24::17::85711\n2::F::53::0::94043\n", encoding="latin-1")
    return folder


def csvs(folder: Path) -> Path:
    """ratings.csv, movies.csv and links.csv, UTF-8."""
    lines = [",".join(map(str, row)) for row in RATINGS]
    (folder / "ratings.csv").write_text("\n".join(["userId,movieId,rating,timestamp", *lines]) + "\n")
    films = [f'{number},"{title} ({year})",{"|".join(genres)}' for number, title, year, genres in FILMS]
    text = "\n".join(["movieId,title,genres", *films]).replace("Children's", "Children") + "\n"
    (folder / "movies.csv").write_text(text, encoding="utf-8")
    (folder / "links.csv").write_text("movieId,imdbId,tmdbId\n7,0133093,603\n10,0113828,\n300,114709,862\n")
    return folder


def recbole(folder: Path) -> Path:
    """RecBole's atomic files: typed column names, the year in a column of its own."""
    lines = ["\t".join(map(str, row)) for row in RATINGS]
    head = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
    (folder / "ml-100k.inter").write_text("\n".join([head, *lines]) + "\n")
    films = [f"{number}\t{title}\t{year}\t{' '.join(genres)}" for number, title, year, genres in FILMS]
    head = "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq"
    (folder / "ml-100k.item").write_text("\n".join([head, *films]) + "\n", encoding="utf-8")
    people = [f"{number}\t{age}\t{gender}\t{job}\t85711" for number, age, gender, job in PEOPLE]
    head = "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token"
    (folder / "ml-100k.user").write_text("\n".join([head, *people]) + "\n")
    return folder


FORMATS: dict[str, Callable[[Path], Path]] = {"ml-100k": ml_100k, "dat": dat, "csv": csvs, "recbole": recbole}
