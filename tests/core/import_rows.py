"""Files of ratings with traps, made by a seeded generator, together with what each row truly means."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from recommender.datasets import load
from recommender.films import ARTICLES, film_id
from tutor.core.catalogue import Catalogue
from tutor.store.ratings import FilmRow

ROWS = 300
_TRAPS = [
    ("Psycho", 1960, "tt0054215"), ("Psycho", 1998, "tt0155975"), ("Hamlet", 1990, "tt0099726"),
    ("Hamlet", 1996, "tt0116477"), ("Sabrina", 1954, "tt0047437"), ("Sabrina", 1995, "tt0114319"),
    ("The City of Lost Children (La Cité des enfants perdus)", 1995, "tt0112682"),
    ("Seven (a.k.a. Se7en)", 1995, "tt0114369"), ("Lock, Stock & Two Smoking Barrels", 1998, "tt0120735"),
    ('"Crocodile" Dundee', 1986, "tt0090555"), ("Delicatessen", 1991, "tt0101700"), ("8½", 1963, "tt0056801"),
    ("L'Avventura", 1960, "tt0053619"), ("What's Eating Gilbert Grape", 1993, "tt0108550"),
]  # fmt: skip
_ELSEWHERE = [
    ("Psycho", 1931), ("Sabrina", 2011), ("Heat 2", 2026), ("The Matrix Resurrections", 2021),
    ("Fargo", 2014),
    ("King Kong", 1976), ("Alien Nation", 1988), ("Emma.", 2020), ("Toy Story 5", 2026), ("Ran", 1985),
    ("The Godfather of Harlem", 2019), ("Titanic II", 2010), ("Stalker", 1979), ("Amelie's Story", 2003),
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What a row says, and the film that is meant: None where the catalogue does not hold it."""

    title: str
    year: int
    stars: float
    truth: str | None
    imdb: str = ""
    original: str = ""


def a_catalogue() -> Catalogue:
    """The planted world's films and some that are easily mistaken; every second one has its IMDb number."""
    catalogue = Catalogue(load("planted"))
    films = list(catalogue.films.values())
    for number, film in enumerate(films):
        if number % 2:
            film.keys["imdb"] = f"tt{9000000 + number:07}"
    added = [FilmRow(film_id(title, year), title, year, (), {"imdb": imdb}) for title, year, imdb in _TRAPS]
    twins = [FilmRow(f"emma-1996{end}", "Emma", 1996, (), {"imdb": imdb}) for end, imdb in _TWINS]
    for film in [*added, *twins]:
        catalogue.films.setdefault(film.id, film)
        catalogue.counts.setdefault(film.id, 30)
    return catalogue


_TWINS = (("", "tt0116191"), ("-tt0118308", "tt0118308"))


def rows(catalogue: Catalogue, seed: int) -> list[Row]:
    """ROWS rows: most of films in the catalogue, spelled in some way; some of films that it does not hold."""
    rng = random.Random(seed)
    films = [film for film in catalogue.films.values() if not film.id.startswith("emma")]
    titles = Counter(_bare(film.title) for film in films)
    found = [
        Row(title, year, rng.randint(1, 10) / 2, None, f"tt{7000000 + number}")
        for number, (title, year) in enumerate(_ELSEWHERE)
    ]
    for film in rng.sample(films, ROWS - len(found)):
        alone = titles[_bare(film.title)] == 1
        title, year, original = _spelled(film, alone, rng)
        imdb = film.keys.get("imdb", "")
        found.append(Row(title, year, rng.randint(1, 10) / 2, film.id, imdb, original))
    rng.shuffle(found)
    return found


def _spelled(film: FilmRow, alone: bool, rng: random.Random) -> tuple[str, int, str]:
    """A film as another service writes it."""
    spellings: list[Callable[[str], str]] = [
        lambda title: title, lambda title: title, str.upper, _without_accents, _article_last,
        lambda title: title.replace("&", "and"), lambda title: f" {title}  ",
        lambda title: title.replace("'", "’"),
    ]  # fmt: skip
    title = rng.choice(spellings)(film.title.split(" (")[0])
    year = film.year
    if alone and rng.random() < 0.1:
        year += rng.choice((-1, 1))
    elif alone and rng.random() < 0.05:
        year = 0
    inside = film.title.partition(" (")[2].rstrip(")").removeprefix("a.k.a. ")
    if inside and rng.random() < 0.5:
        return title, film.year, inside
    return title, year, ""


def _without_accents(title: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign))


def _article_last(title: str) -> str:
    first, _, rest = title.partition(" ")
    return f"{rest}, {first}" if rest and first.casefold() in ARTICLES else title


def _bare(title: str) -> str:
    words = film_id(title.split(" (")[0]).split("-")
    return "-".join(word for word in words if word not in ARTICLES)


def letterboxd(found: list[Row]) -> str:
    """`ratings.csv`: half stars, no ids, a mark in front, a 0 and a row that is cut off."""
    lines = [
        ["2021-03-04", row.title, row.year or "", f"https://boxd.it/{n}", f"{row.stars:g}"]
        for n, row in enumerate(found)
    ]
    text = _csv([["Date", "Name", "Year", "Letterboxd URI", "Rating"], *lines])
    return f'\ufeff{text}2021-03-05,Never Rated,1999,https://boxd.it/zero,0\r\n2021-03-05,"Cut o\r\n'


def imdb(found: list[Row]) -> str:
    """IMDb's new export: ten points, numbers, original titles; and what is no film."""
    head = "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Year,Genres"
    lines: list[list[object]] = []
    for n, row in enumerate(found):
        title, number = row.title.strip(), row.imdb or f"tt{8000000 + n}"
        told = (title, row.original or title, "", "Movie", "7.1", row.year or "", "Drama")
        lines.append([number, int(row.stars * 2), "2021-03-04", *told])
    others = [
        ["tt6000001", 9, "2021-03-04", "Fargo", "Fargo", "", "TV Series", "8.9", 1996, "Crime"],
        ["tt6000002", 9, "2021-03-04", "Alien", "Alien", "", "TV Episode", "8.9", 1979, "Crime"],
        ["tt6000003", 9, "2021-03-04", "Aladdin", "Aladdin", "", "Video Game", "8.9", 1993, "Crime"],
    ]
    return _csv([[*head.split(",")], *lines, *others])


def movielens_site(found: list[Row]) -> str:
    """The MovieLens site: titles with years, IMDb numbers without letters."""
    lines: list[list[object]] = []
    for n, row in enumerate(found):
        title = f"{row.title.strip()} ({row.year})" if row.year else row.title
        number = (row.imdb or f"tt{8000000 + n}")[2:]
        lines.append([500000 + n, number, 0, f"{row.stars:g}", 3.5, title])
    return _csv([["movie_id", "imdb_id", "tmdb_id", "rating", "average_rating", "title"], *lines])


def plain(found: list[Row]) -> str:
    """A table that somebody typed: semicolons, decimal commas, other names."""
    text = "Film;Release Year;My Rating\n"
    for row in found:
        title = row.title.strip().replace('"', '""')
        text += f'"{title}";{row.year or ""};{row.stars:g}\n'.replace(".5\n", ",5\n")
    return text


def _csv(lines: list[list[object]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue()
