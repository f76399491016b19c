"""Reading what is known of films and people: MovieLens in three generations and RecBole's atomic files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from recommender.datasets.presence import Source
from recommender.datasets.tables import Problems, Table, place
from recommender.films import natural_title, parse_title

ML_100K_GENRES = (
    "",  # "unknown"
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)
"""What the 19 flags of a row in u.item stand for, in their order."""

_ML_1M_OCCUPATIONS = (
    "other",
    "educator",
    "artist",
    "clerical",
    "student",
    "customer service",
    "doctor",
    "executive",
    "farmer",
    "homemaker",
    "student",
    "lawyer",
    "programmer",
    "retired",
    "salesman",
    "scientist",
    "self-employed",
    "engineer",
    "craftsman",
    "none",
    "writer",
)
"""ml-1m writes occupations as numbers (its README); the words are those of ml-100k where it has them."""

_NO_GENRE = frozenset({"", "unknown", "(no genres listed)", "(no", "genres", "listed)"})
_SPELLINGS = {"Children": "Children's"}


@dataclass(frozen=True)
class Film:
    """One row of a film table, its title as people write it; year 0 and no genres where they are unknown."""

    title: str
    year: int
    genres: tuple[str, ...]
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """One row of a user table: age in years (0: unknown), gender and occupation ("": unknown)."""

    age: int
    gender: str
    occupation: str


Films = dict[str, Film]
People = dict[str, Person]


def read_u_item(file: Source, problems: Problems) -> Films:
    """ML-100K's u.item: id|title (year)|release|video|address and 19 genre flags."""

    def film(fields: list[str]) -> Film:
        title, year = parse_title(fields[1])
        flags = zip(ML_100K_GENRES, fields[5:24], strict=True)
        return Film(title, year, tuple(name for name, flag in flags if flag == "1" and name))

    return _films(Table(file, "|", header=False), 24, film, problems, "ml-100k")


def read_movies_dat(file: Source, problems: Problems) -> Films:
    """movies.dat of ml-1m and ml-10m: id::title (year)::genre|genre."""

    def film(fields: list[str]) -> Film:
        title, year = parse_title("::".join(fields[1:-1]))
        return Film(title, year, _genres(fields[-1].split("|")))

    return _films(Table(file, "::", header=False), 3, film, problems, "movielens")


def read_movies_csv(file: Source, links: Source | None, problems: Problems) -> Films:
    """movies.csv (movieId,title,genres) with the numbers of links.csv (movieId,imdbId,tmdbId) as keys."""
    elsewhere = {} if links is None else _links(links, problems)

    def film(fields: list[str]) -> Film:
        title, year = parse_title(fields[1])
        genres = _genres(fields[2].split("|")) if len(fields) > 2 else ()
        return Film(title, year, genres, elsewhere.get(fields[0].strip(), {}))

    return _films(Table(file, ",", header=True, quoted=True), 2, film, problems, "movielens")


def read_atomic_items(file: Source, problems: Problems, key: str) -> Films:
    """RecBole's .item: typed column names, tabs, genres set apart by blanks, the year in a column of its own.

    Where the year column holds no year (two rows of its ML-100K do), the title is asked instead.
    """
    table = Table(file, "\t", header=True)
    names = atomic_names(table)
    title_at = _position(names, "title", "name")
    year_at = _position(names, "year")
    genres_at = _position(names, "class", "genre")

    def film(fields: list[str]) -> Film:
        said = fields[title_at].strip() if title_at is not None else fields[0]
        year_text = fields[year_at].strip() if year_at is not None else ""
        title, year = (natural_title(said), int(year_text)) if _is_year(year_text) else parse_title(said)
        genres = fields[genres_at] if genres_at is not None else ""
        return Film(_SPOILT_TITLES.get(title, title), year, _genres(genres.split(" ")))

    return _films(table, len(names), film, problems, key)


_SPOILT_TITLES = {"unkonwn": "unknown"}  # item 267 of RecBole's ML-100K


def _films(
    table: Table, width: int, film: Callable[[list[str]], Film], problems: Problems, key: str
) -> Films:
    films: Films = {}
    for line, fields in table.rows():
        number = fields[0].strip()
        if len(fields) < width or not number:
            where = place(table.file, line, min(len(fields), width - 1) if number else 0)
            problems.note("a film without id, title or genres", where)
        elif number in films:
            problems.note("a film listed twice: the first row counts", place(table.file, line, 0))
        else:
            row = film(fields)
            keys = {key: number, **row.keys} if key else row.keys
            films[number] = Film(row.title or number, row.year, row.genres, keys)
    return films


def _links(file: Source, problems: Problems) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line, fields in Table(file, ",", header=True, quoted=True).rows():
        number, imdb, tmdb = (*(text.strip() for text in fields[:3]), "", "", "")[:3]
        if not number.isdigit() or (imdb and not imdb.isdigit()) or (tmdb and not tmdb.isdigit()):
            problems.note("links that are no numbers", place(file, line))
            continue
        keys = {"imdb": f"tt{int(imdb):07}" if imdb else "", "tmdb": tmdb}
        found[number] = {name: value for name, value in keys.items() if value}
    return found


def read_u_user(file: Source, problems: Problems) -> People:
    """ML-100K's u.user: id|age|gender|occupation|zip."""
    return _people(Table(file, "|", header=False), (0, 1, 2, 3), problems)


def read_users_dat(file: Source, problems: Problems) -> People:
    """ml-1m's users.dat: id::gender::age::occupation::zip; ages are lower ends of brackets (1: below 18)."""
    return _people(Table(file, "::", header=False), (0, 2, 1, 3), problems)


def read_atomic_users(file: Source, problems: Problems) -> People:
    """RecBole's .user, whatever it has of age, gender and occupation."""
    table = Table(file, "\t", header=True)
    names = atomic_names(table)
    at = (0, _position(names, "age"), _position(names, "gender"), _position(names, "occupation"))
    return _people(table, at, problems)


def _people(table: Table, at: Sequence[int | None], problems: Problems) -> People:
    people: People = {}
    for line, fields in table.rows():
        known = [
            fields[column].strip() if column is not None else "" for column in at if _fits(column, fields)
        ]
        if len(known) < len(at) or not known[0]:
            problems.note("a user with too few columns", place(table.file, line, len(fields)))
            continue
        number, age, gender, occupation = known
        people.setdefault(number, Person(int(age) if age.isdigit() else 0, gender, _occupation(occupation)))
    return people


def _fits(column: int | None, fields: list[str]) -> bool:
    return column is None or column < len(fields)


def _occupation(text: str) -> str:
    if text.isdigit() and int(text) < len(_ML_1M_OCCUPATIONS):
        return _ML_1M_OCCUPATIONS[int(text)]
    return text


def atomic_names(table: Table) -> list[str]:
    """The column names of a RecBole file without their types ("rating:float" -> "rating")."""
    return [name.partition(":")[0].strip().casefold() for name in table.first_row()]


def _position(names: Sequence[str], *parts: str) -> int | None:
    """The first column whose name holds one of `parts`."""
    return next((at for at, name in enumerate(names) if any(part in name for part in parts)), None)


def _genres(names: Sequence[str]) -> tuple[str, ...]:
    stripped = (name.strip() for name in names)
    return tuple(_SPELLINGS.get(name, name) for name in stripped if name not in _NO_GENRE)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()
