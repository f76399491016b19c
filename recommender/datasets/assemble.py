"""From what the files say to a Dataset: the scale, unknown films, doubles, and the order of the rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.datasets.errors import DataError
from recommender.datasets.film_files import Film, Films, People, Person
from recommender.datasets.presence import Source
from recommender.datasets.rating_files import RawRatings
from recommender.datasets.registry import Identity
from recommender.datasets.tables import Problems, place
from recommender.films import film_id, parse_title
from recommender.ratings import Dataset, Items, Ratings, Report, Users, ordered_ids

_FEW = 0.01  # share of ratings beyond the top of a scale up to which they count as mistakes
_TOPS = (5.0, 10.0, 100.0)  # stars; the scales that people use


def assemble(
    identity: Identity,
    raw: RawRatings,
    films: Films | None,
    people: People | None,
    scale: tuple[float, float] | None,
    file: Source,
    problems: Problems,
) -> Dataset:
    """The data set made of `raw`; ratings that make no sense are counted in `problems`.

    Without films the items are the ids that were rated; without a scale it is guessed from the stars.
    DataError when no rating is left.
    """
    low, high = scale or guess_scale(raw.stars)
    outside = (raw.stars < low) | (raw.stars > high)
    raw = _without(raw, outside, f"the rating is outside {low:g} to {high:g}", file, problems)
    if films is not None:
        unknown = np.array([name not in films for name in raw.item_ids], dtype=bool)
        raw = _without(raw, unknown[raw.items], "the film is not in the list of films", file, problems)
    raw = _without(raw, _doubles(raw), "rated again by the same user: the latest counts", file, problems)
    if not len(raw.stars):
        reasons = "; ".join(f"{skip.count} times {skip.reason} ({skip.example})" for skip in problems.skipped)
        raise DataError(f"{file}: no rating could be read{': ' if reasons else ''}{reasons}")
    user_ids, users = _rows(raw.users, raw.user_ids, None if people is None else tuple(people))
    item_ids, items = _rows(raw.items, raw.item_ids, None if films is None else tuple(films))
    ratings = Ratings(users, items, raw.stars, raw.times, user_ids, item_ids)
    report = Report(raw.read, len(ratings), problems.skipped, problems.notes)
    return Dataset(
        identity.name,
        identity.label,
        ratings,
        _items(item_ids, films, identity.label),
        None if people is None else _users(user_ids, people),
        False,
        identity.licence,
        low,
        high,
        report,
    )


def guess_scale(stars: NDArray[np.float32]) -> tuple[float, float]:
    """The ends of the scale: 5, 10 or 100 at the top, so that few ratings lie beyond; 1 or 0.5 below."""
    high = (
        next((top for top in _TOPS if np.mean(stars > top) <= _FEW), float(stars.max()))
        if len(stars)
        else 5.0
    )
    return (0.5 if ((stars >= 0.5) & (stars < 1)).any() else 1.0), high


def _without(
    raw: RawRatings, bad: NDArray[np.bool_], reason: str, file: Source, problems: Problems
) -> RawRatings:
    if not bad.any():
        return raw
    problems.skip(reason, place(file, int(raw.lines[np.argmax(bad)])), int(bad.sum()))
    return raw.take(~bad)


def _doubles(raw: RawRatings) -> NDArray[np.bool_]:
    """Which ratings are replaced by a later one (by time, else by line) of the same user and film."""
    pairs = raw.users.astype(np.int64) * len(raw.item_ids) + raw.items
    replaced = np.zeros(len(pairs), dtype=bool)
    alike = np.sort(pairs)
    if not (alike[:-1] == alike[1:]).any():
        return replaced  # the usual case, at a third of the cost
    order = np.argsort(pairs, kind="stable") if raw.times is None else np.lexsort((raw.times, pairs))
    replaced[order[:-1]] = pairs[order[:-1]] == pairs[order[1:]]
    return replaced


def _rows(
    codes: NDArray[np.int32], ids: Sequence[str], known: tuple[str, ...] | None
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The ids in the order of rows, and the row of each rating: as `known` lists them, others after those."""
    used = np.bincount(codes, minlength=len(ids)) > 0
    rated = [name for name, is_used in zip(ids, used, strict=True) if is_used]
    listed = known or ()
    names = listed + ordered_ids(set(rated).difference(listed))
    row = {name: number for number, name in enumerate(names)}
    rows = np.array([row.get(name, 0) for name in ids], dtype=np.int32)
    return names, rows[codes]


def _items(ids: tuple[str, ...], films: Films | None, name: str) -> Items:
    rows = [_film_of(number, name) if films is None else (films[number], "") for number in ids]
    first: dict[str, str] = {}
    film_ids: list[str] = []
    for film, made in rows:
        ours, imdb = made or film_id(film.title, film.year), film.keys.get("imdb", "")
        if ours in first and imdb and first[ours] and imdb != first[ours]:
            ours = f"{ours}-{imdb}"  # another film of the same name and year
        first.setdefault(ours, imdb)
        film_ids.append(ours)
    return Items(
        ids,
        tuple(film_ids),
        tuple(film.title for film, _ in rows),
        tuple(film.year for film, _ in rows),
        tuple(film.genres for film, _ in rows),
        ("",) * len(ids),
        tuple(film.keys for film, _ in rows),
    )


def _film_of(number: str, name: str) -> tuple[Film, str]:
    """All that a bare id tells: a title, if it is one; a number means nothing outside its data set."""
    if any(sign.isalpha() for sign in number):
        return Film(*parse_title(number), ()), ""
    return Film(number, 0, ()), film_id(f"{name} {number}")


def _users(ids: tuple[str, ...], people: People) -> Users:
    rows = [people.get(number, Person(0, "", "")) for number in ids]
    return Users(
        tuple(person.age for person in rows),
        tuple(person.gender for person in rows),
        tuple(person.occupation for person in rows),
    )
