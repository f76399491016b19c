"""The planted world: real films, invented viewers whose tastes are known, so that the truth can be checked.

The films are facts (title, year, genres, director); the viewers are drawn from `RandomState(seed)` alone:

    stars = round(mean + user bias + item bias + taste · film + noise), cut to 1..5

with K = 4 planted factors made of genres and era. Who rates what: well-known films and films to one's
taste a little more often (so what is missing is not missing at random).
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.datasets.planted_sampling import choose_pairs
from recommender.datasets.registry import FILMS, PLANTED, RATINGS, USERS
from recommender.films import film_id
from recommender.ratings import Dataset, Items, Ratings, Report, Users

Doubles = NDArray[np.float64]

CHUNK = 1_000_000
"""Pairs whose factors are gathered at once."""
LIMIT = 200_000_000  # ratings; beyond it the arrays no longer fit an ordinary machine

FACTORS = ("spectacle", "lightness", "wonder", "old films")
"""What each planted factor stands for; a film high on it has much of that, a viewer high on it likes that."""

_GENRES: dict[str, tuple[float, float, float]] = {  # how much spectacle, lightness and wonder a genre brings
    "Action": (1.0, -0.2, 0.0),
    "Adventure": (0.8, 0.3, 0.4),
    "Animation": (0.0, 0.8, 0.8),
    "Children's": (0.0, 1.0, 0.5),
    "Comedy": (-0.3, 1.0, -0.2),
    "Crime": (0.1, -0.7, -0.6),
    "Documentary": (-0.8, -0.2, -0.8),
    "Drama": (-1.0, -0.4, -0.6),
    "Fantasy": (0.2, 0.4, 1.0),
    "Film-Noir": (-0.5, -0.8, -0.5),
    "Horror": (0.2, -1.0, 0.7),
    "Musical": (-0.3, 0.8, 0.2),
    "Mystery": (-0.2, -0.5, 0.0),
    "Romance": (-0.9, 0.4, -0.3),
    "Sci-Fi": (0.8, -0.1, 1.0),
    "Thriller": (0.5, -0.9, -0.2),
    "War": (0.4, -0.8, -0.6),
    "Western": (0.6, -0.1, -0.5),
}
_STRENGTH = np.array([0.42, 0.36, 0.30, 0.34])  # [K], stars that one standard deviation of taste moves
_MEAN, _USER_SD, _NOISE_SD = 3.38, 0.38, 0.9  # stars
_JOBS = (
    "student",
    "educator",
    "engineer",
    "programmer",
    "writer",
    "healthcare",
    "artist",
    "retired",
    "other",
)
_FIRST_DAY, _DAYS = 1_704_067_200, 700  # 2024-01-01 UTC in seconds; viewers join within so many days


@dataclass(frozen=True)
class Size:
    """How large a planted world is, and its seed."""

    users: int = USERS
    items: int = FILMS
    ratings: int = RATINGS
    seed: int = 0


USUAL = Size()


@dataclass(frozen=True, eq=False)
class Truth:
    """What was planted. The expected rating before rounding is `stars(user rows, item rows)`."""

    mean: float  # stars
    user_bias: Doubles  # [U], stars
    item_bias: Doubles  # [I], stars
    user_factors: Doubles  # [U, K], stars per unit of the film's factor
    item_factors: Doubles  # [I, K], each column has mean 0 and standard deviation 1
    noise: float  # standard deviation in stars

    def stars(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Doubles:
        """Expected stars [N] of each pair of rows, before noise, rounding and the ends of the scale."""
        stars = self.mean + self.user_bias[users] + self.item_bias[items]  # [N]
        for start in range(0, len(stars), CHUNK):
            part = slice(start, start + CHUNK)
            stars[part] += (self.user_factors[users[part]] * self.item_factors[items[part]]).sum(axis=1)
        return np.asarray(stars)


@dataclass(frozen=True)
class _Film:
    title: str
    year: int
    genres: tuple[str, ...]
    director: str
    fame: int  # 1..5: how many people have seen it
    liked: int  # -2..2: how well the invented viewers take to it on the whole


def size_of(name: str) -> Size:
    """Read "planted" or "planted:users=…,items=…,ratings=…,seed=…". ValueError says what is wrong."""
    _, _, rest = name.partition(":")
    given: dict[str, int] = {}
    for part in filter(None, rest.split(",")):
        key, _, value = part.partition("=")
        if key not in ("users", "items", "ratings", "seed") or not value.isascii() or not value.isdigit():
            raise ValueError(
                f"{name!r}: {part!r} is not users=, items=, ratings= or seed= with a whole number"
            )
        given[key] = int(value)
    size = Size(**given)
    if min(size.users, size.items) < 2 or size.users >= 2**31 or size.items >= 2**31 or size.seed >= 2**32:
        raise ValueError(f"{name!r}: users and items must be 2 or more and, like the seed, fit 32 bits")
    room = min(int(0.7 * size.items) * size.users, LIMIT)
    if not size.users <= size.ratings <= room:
        raise ValueError(f"{name!r}: ratings must lie between {size.users} (one per user) and {room}")
    return size


def planted_world(size: Size = USUAL) -> Dataset:
    """The data set: built in memory, the same for the same size and seed on every machine."""
    return _world(size)[0]


def planted_truth(size: Size = USUAL) -> Truth:
    """The factors and biases that `planted_world(size)` was drawn from."""
    return _world(size)[1]


@lru_cache(maxsize=2)
def _world(size: Size) -> tuple[Dataset, Truth]:
    random = np.random.RandomState(size.seed)
    films = _films(size.items, random)
    users = _viewers(size.users, random)
    truth = _truth(films, users, random)
    fame = np.exp(0.8 * np.array([film.fame for film in films]) + 0.4 * random.standard_normal(len(films)))
    rows = choose_pairs(size.ratings, fame, truth, random)
    noisy = truth.stars(*rows) + truth.noise * random.standard_normal(size.ratings)
    stars = np.clip(np.rint(noisy), 1, 5).astype(np.float32)
    times = _times(rows[0], size.users, random)
    items = _items(films)
    user_ids = tuple(str(row + 1) for row in range(size.users))
    ratings = Ratings(rows[0].astype(np.int32), rows[1].astype(np.int32), stars, times, user_ids, items.ids)
    plain = size == USUAL
    name = PLANTED.name if plain else f"planted:users={size.users},items={size.items},ratings={size.ratings}"
    name += f",seed={size.seed}" if size.seed and not plain else ""
    report = Report(read=size.ratings, kept=size.ratings)
    about = (ratings, items, users, True, PLANTED.licence, 1.0, 5.0, report)
    return Dataset(name, PLANTED.label, *about), truth


def _films(count: int, random: np.random.RandomState) -> list[_Film]:
    """The first `count` films by fame; beyond the real ones, invented films with the genres of real ones."""
    real = _real_films()
    if count <= len(real):
        best = sorted(range(len(real)), key=lambda row: (-real[row].fame, row))[:count]
        return [real[row] for row in sorted(best)]
    more = range(len(real) + 1, count + 1)
    models = random.randint(0, len(real), len(more))
    years = random.randint(1930, 2024, len(more))
    fames = random.randint(0, 3, len(more))
    liked = random.randint(-2, 3, len(more))
    return [
        *real,
        *(
            _Film(f"Invented film {number}", int(year), real[model].genres, "", int(fame), int(like))
            for number, model, year, fame, like in zip(more, models, years, fames, liked, strict=True)
        ),
    ]


@lru_cache(maxsize=1)
def _real_films() -> tuple[_Film, ...]:
    text = Path(__file__).with_name("planted_films.csv").read_text(encoding="utf-8")
    return tuple(
        _Film(
            row["title"],
            int(row["year"]),
            tuple(row["genres"].split("|")),
            row["director"],
            int(row["fame"]),
            int(row["liked"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _items(films: list[_Film]) -> Items:
    return Items(
        ids=tuple(str(row + 1) for row in range(len(films))),
        film_ids=tuple(film_id(film.title, film.year) for film in films),
        titles=tuple(film.title for film in films),
        years=tuple(film.year for film in films),
        genres=tuple(film.genres for film in films),
        directors=tuple(film.director for film in films),
        keys=tuple({} for _ in films),
    )


def _viewers(count: int, random: np.random.RandomState) -> Users:
    ages = np.clip(np.rint(34 + 12 * random.standard_normal(count)), 12, 80).astype(int)
    genders = random.choice(["F", "M"], count)
    jobs = random.choice(_JOBS, count)
    return Users(tuple(ages.tolist()), tuple(genders.tolist()), tuple(jobs.tolist()))


def _truth(films: list[_Film], users: Users, random: np.random.RandomState) -> Truth:
    raw = np.empty((len(films), len(FACTORS)))  # [I, K]
    for row, film in enumerate(films):
        raw[row, :3] = np.mean([_GENRES[genre] for genre in film.genres], axis=0)
        raw[row, 3] = (1985 - film.year) / 30
    raw += 0.15 * random.standard_normal(raw.shape)
    item_factors = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    likes = random.standard_normal((len(users.ages), len(FACTORS)))  # [U, K]
    likes[:, 3] = 0.8 * likes[:, 3] + 0.6 * (np.array(users.ages) - 34) / 12  # old films: older viewers more
    item_bias = 0.3 * np.array([film.liked for film in films]) + 0.12 * random.standard_normal(len(films))
    user_bias = _USER_SD * random.standard_normal(len(users.ages))
    return Truth(_MEAN, user_bias, item_bias - item_bias.mean(), likes * _STRENGTH, item_factors, _NOISE_SD)


def _times(users: NDArray[np.int64], count: int, random: np.random.RandomState) -> NDArray[np.int64]:
    """Seconds [N]: each viewer joins on a day and rates through some evenings after it."""
    joined = _FIRST_DAY + 86_400 * random.randint(0, _DAYS, count)  # [U]
    evening = 86_400 * np.floor(random.exponential(6.0, len(users))).astype(np.int64)
    return np.asarray(
        joined[users] + evening + 64_800 + random.randint(0, 14_400, len(users)), dtype=np.int64
    )
