"""Film map: the films' vectors seen from above, and probes that look for genres in them.

The vectors come from ratings alone, by alternating least squares on all of them. The map shows their two
principal components. A probe asks whether a straight line through the whole space tells a genre's films from
the rest: ridge regression on the vectors, trained on four fifths of the films and judged on the last fifth,
for each fifth in turn. Its mark is the AUC: the chance that a film of the genre scores above one that is not
of it. 0.5 is guessing. The same probes run on random vectors of the same shape.

Settings
    genre     genre that the map marks (default: the one that is told best)
    factors   length of the vectors, 2 to 50 (10)
    sweeps    times that all users and all films are solved for, 2 to 40 (12)
    minimum   films with fewer ratings are left out, 1 to 500 (20)

Genres with fewer than LEAST films, or that nearly all films have, are left out.

Series: "trained" and "random", mean AUC over genres against sweeps.

Table: one row per genre, best told first: genre, films, AUC trained, AUC random. Charts: the map (scatter,
groups: the genre and "other"), the AUC of each genre (bars, with the 95 % interval of Hanley and McNeil
1982), the same of random vectors.

Measured
    trained, random       mean AUC over genres
    easiest, easiest_auc, hardest, hardest_auc    genres by the trained vectors
    random_low, random_high                       the lowest and the highest AUC of random vectors
    films, genres                                 how many took part
    shown                 share of the vectors' variance that the map shows, in %
    works                 "trained" or "random": mean AUC higher by MARGIN or more; else "same"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.als import Als
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import SpecError, charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.ratings import Dataset

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST = 15
MARGIN = 0.05
FOLDS = 5
RIDGE = 1.0
LOOKS = 4
"""The probes run after so many stretches of the sweeps."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Solve, draw the map, probe. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("genre", "factors", "sweeps", "minimum"))
    genre = settings.get("genre", "")
    if not isinstance(genre, str):
        raise SpecError(f"genre must be the name of one, not {genre!r}")
    factors, sweeps = whole(settings, "factors", 10, 2, 50), whole(settings, "sweeps", 12, 2, 40)
    return _run(spec, genre, factors, sweeps, whole(settings, "minimum", 20, 1, 500), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    genre: str,
    factors: int,
    sweeps: int,
    minimum: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "film-map", "data": name, "factors": factors, "sweeps": sweeps, "seed": seed})
    data = datasets.load(name, cache)
    films = np.flatnonzero(np.bincount(data.ratings.items, minlength=data.ratings.n_items) >= minimum)
    genres = _genres([data.items.genres[film] for film in films])
    if complaint := _complaint(genres, genre, minimum):
        yield Failed(complaint)
        return
    als, curves = Als(data.ratings, factors, seed=seed), Curves(seed)
    draw = np.random.default_rng([seed, 31])
    fold = draw.permutation(len(films)) % FOLDS  # [n]
    random = _marks(draw.standard_normal((len(films), factors)), genres, fold)
    found: dict[str, float] = {}
    stops = {max(1, sweeps * look // LOOKS) for look in range(1, LOOKS + 1)}
    for sweep in range(1, sweeps + 1):
        als.sweep(cancelled)
        if cancelled():
            yield Cancelled()
            return
        if sweep == 1 or sweep in stops:
            found = _marks(als.films[films, :-1], genres, fold)
            for series, marks in (("trained", found), ("random", random)):
                yield curves.add(series, sweep, float(np.mean(list(marks.values()))))
        yield Progress(sweep / sweeps, f"sweep {sweep}/{sweeps}")
    yield from _result(data, als, films, genres, (found, random), genre, curves, began)


def _result(
    data: Dataset,
    als: Als,
    films: NDArray[np.intp],
    genres: Mapping[str, Flags],
    marks: tuple[Mapping[str, float], Mapping[str, float]],
    genre: str,
    curves: Curves,
    began: float,
) -> Iterator[Event]:
    """The map, the bars of trained and random marks, and the end."""
    found, random = marks
    titles = [data.items.titles[film] for film in films]
    vectors, marked = als.films[films, :-1], genre or max(found, key=lambda one: found[one])
    shown = [_map(vectors, titles, genres, marked)]
    shown += [_bars("trained vectors", found, genres), _bars("random vectors", random, genres)]
    yield from (Chart(chart) for chart in shown)
    about = {"films": len(films), "genres": len(genres), "shown": 100 * flat(vectors)[1]}
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(found, random, genres),
            "measured": {**measured(found, random), **about},
            "seconds": time.perf_counter() - began,
        }
    )


def _complaint(genres: Mapping[str, Flags], genre: str, minimum: int) -> str:
    """Why there is nothing to probe; empty if there is."""
    if not genres:
        return f"no genre has {LEAST} films with {minimum} ratings or more"
    return f"no probe for {genre!r} here; there are {', '.join(genres)}" if genre not in ("", *genres) else ""


def _table(
    trained: Mapping[str, float], random: Mapping[str, float], genres: Mapping[str, Flags]
) -> dict[str, Any]:
    order = sorted(genres, key=lambda one: -trained[one])
    rows = [(one, int(genres[one].sum()), trained[one], random[one]) for one in order]
    return {"columns": ["genre", "films", "AUC trained", "AUC random"], "rows": rows}


def _genres(of_films: list[tuple[str, ...]]) -> dict[str, Flags]:
    """Which films [n] have each genre, by name, for genres with enough films and enough others."""
    names = sorted({genre for genres in of_films for genre in genres})
    members = {name: np.array([name in genres for genres in of_films]) for name in names}
    return {name: has for name, has in members.items() if LEAST <= has.sum() <= len(of_films) - LEAST}


def _marks(vectors: Doubles, genres: Mapping[str, Flags], fold: NDArray[np.intp]) -> dict[str, float]:
    return {name: probe(vectors, has, fold) for name, has in genres.items()}


def probe(vectors: Doubles, has: Flags, fold: NDArray[np.intp]) -> float:
    """AUC of a linear probe for `has` [n] on vectors [n, K]; mean of the folds that have both kinds."""
    spread = np.maximum(vectors.std(axis=0), 1e-12)
    inputs = np.column_stack([(vectors - vectors.mean(axis=0)) / spread, np.ones(len(vectors))])  # [n, D]
    marks = []
    for held in range(FOLDS):
        test = fold == held
        x, y = inputs[~test], has[~test].astype(np.float64)
        weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)  # [D]
        if 0 < has[test].sum() < test.sum():
            marks.append(auc(inputs[test] @ weights, has[test]))
    return float(np.mean(marks)) if marks else 0.5


def auc(scores: Doubles, has: Flags) -> float:
    """Chance that one that has it scores above one that has not; equal scores count half."""
    above = scores[has][:, None] - scores[~has][None, :]  # [yes, no]
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def interval(mark: float, yes: int, no: int) -> tuple[float, float]:
    """The 95 % interval of an AUC over so many films of either kind. Source: Hanley, McNeil 1982."""
    once, twice = mark / (2 - mark), 2 * mark**2 / (1 + mark)
    variance = mark * (1 - mark) + (yes - 1) * (once - mark**2) + (no - 1) * (twice - mark**2)
    half = 1.96 * float(np.sqrt(max(variance, 0.0) / (yes * no)))
    return max(0.0, mark - half), min(1.0, mark + half)


def flat(vectors: Doubles) -> tuple[Doubles, float]:
    """The first two principal components of each film [n, 2], and their share of the variance."""
    apart = vectors - vectors.mean(axis=0)
    left, sizes, _ = np.linalg.svd(apart, full_matrices=False)
    return left[:, :2] * sizes[:2], float((sizes[:2] ** 2).sum() / max((sizes**2).sum(), 1e-12))


def measured(trained: Mapping[str, float], random: Mapping[str, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    easiest, hardest = max(trained, key=lambda one: trained[one]), min(trained, key=lambda one: trained[one])
    means = [float(np.mean(list(marks.values()))) for marks in (trained, random)]
    ahead = means[0] - means[1]
    return {
        "trained": means[0],
        "random": means[1],
        "easiest": easiest,
        "easiest_auc": trained[easiest],
        "hardest": hardest,
        "hardest_auc": trained[hardest],
        "random_low": min(random.values()),
        "random_high": max(random.values()),
        "works": "same" if abs(ahead) < MARGIN else "trained" if ahead > 0 else "random",
    }


def _map(vectors: Doubles, titles: list[str], genres: Mapping[str, Flags], marked: str) -> charts.Chart:
    """All films, those of one genre marked."""
    places, share = flat(vectors)
    has = genres[marked]
    spots = [
        (title, x, y, marked if inside else "other")
        for title, (x, y), inside in zip(titles, places.tolist(), has.tolist(), strict=True)
    ]
    centre = places[has].mean(axis=0) - places[~has].mean(axis=0)
    says = (
        f"{int(has.sum())} of {len(titles)} films are {marked}; their centre lies {np.hypot(*centre):.2f} "
        f"away from that of the others. The two axes show {100 * share:.0f} % of the variance"
    )
    return charts.scatter(f"map of films: {marked}", says, spots, "component 1", "component 2")


def _bars(kind: str, marks: Mapping[str, float], genres: Mapping[str, Flags]) -> charts.Chart:
    ordered = dict(sorted(marks.items(), key=lambda one: -one[1]))
    ends = {
        name: interval(mark, int(genres[name].sum()), int((~genres[name]).sum()))
        for name, mark in ordered.items()
    }
    first, last = next(iter(ordered)), list(ordered)[-1]
    says = f"from {first} ({marks[first]:.2f}) down to {last} ({marks[last]:.2f}); 0.5 is guessing"
    return charts.bars(f"genre probes, {kind}", says, ordered, "AUC", ends)
