"""Neighbours: the films nearest to a film by its vector, and how many of them survive a new seed.

The same model is solved from two random starts by alternating least squares on all ratings. For each of the
PROBES best known films the nearest films are listed twice; "survivors" are those in both lists.

Settings
    film      film id whose lists are shown (default: the best known film)
    minimum   list of up to 6 numbers of ratings from 1 to 1000 (1, 20, 50, 100); a film with fewer is no
              neighbour
    listed    length of the lists, 1 to 20 (5)
    factors   length of the vectors, 2 to 50 (10)
    sweeps    times that all users and all films are solved for, 2 to 40 (15)

A minimum that leaves fewer than `listed` + 1 films is skipped; at least one has to remain.

Series: "by cosine" and "by Euclid", mean survivors per list against the minimum count.

Table: the lists of one film at the highest minimum: place, by cosine, ratings, by Euclid, ratings, and
whether each is in the list of the second seed. Charts: the nearest by cosine at the lowest and the highest
minimum (bars), survivors of every probe (histogram).

Measured
    film, listed, lowest, highest             the film's title, length of the lists, the ends of `minimum`
    cosine_lowest, cosine_highest, euclid_lowest, euclid_highest    mean survivors at these ends
    rarest                                    ratings of the rarest film in the list by cosine at `lowest`
    steadier                                  "cosine" or "euclid": more survivors at `highest`; "same"
                                              within 0.1
    helps                                     "more", "fewer" or "same": survivors by cosine at `highest`
                                              against `lowest`, within 0.1
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.als import Als
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import SpecError, charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import numbers, only, whole
from recommender.experiments.two_seeds import NEXT_SEED
from recommender.ratings import Dataset

Doubles = NDArray[np.float64]
Rows = NDArray[np.intp]

PROBES = 30
LOOKS = 3
"""The survivors are counted after so many stretches of the sweeps; the last one counts."""
SAME = 0.1
KINDS = ("cosine", "Euclid")


@dataclass(frozen=True)
class Asked:
    """The settings of a run."""

    film: str
    minimum: tuple[float, ...]
    listed: int
    factors: int
    sweeps: int
    seed: int


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Solve twice, list, compare. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("film", "minimum", "listed", "factors", "sweeps"))
    film = settings.get("film", "")
    if not isinstance(film, str):
        raise SpecError(f"film must be a film id, not {film!r}")
    minimum = numbers(settings, "minimum", (1, 20, 50, 100), 1, 1000, 6)
    listed, factors = whole(settings, "listed", 5, 1, 20), whole(settings, "factors", 10, 2, 50)
    sweeps, seed = whole(settings, "sweeps", 15, 2, 40), int(spec.get("seed") or 0)
    asked = Asked(film, minimum, listed, factors, sweeps, seed)
    return _run(str(spec.get("data") or "planted"), asked, cache, cancelled)


def _run(name: str, asked: Asked, cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    began = time.perf_counter()
    yield Started({"family": "neighbours", "data": name, **vars(asked)})
    data = datasets.load(name, cache)
    counts = np.bincount(data.ratings.items, minlength=data.ratings.n_items)  # [I]
    minimum = [least for least in asked.minimum if (counts >= least).sum() > asked.listed]
    film = data.items.rows_of.get(asked.film, (int(counts.argmax()),))[0]
    if not minimum or (asked.film and asked.film not in data.items.rows_of):
        yield Failed(
            f"too few films have {asked.minimum[0]:g} ratings; take a smaller minimum"
            if not minimum
            else f"{data.label} has no film {asked.film!r}"
        )
        return
    pair = [Als(data.ratings, asked.factors, seed=asked.seed + more) for more in (0, NEXT_SEED)]
    stops = sorted({max(1, asked.sweeps * look // LOOKS) for look in range(1, LOOKS + 1)})
    for sweep in range(1, asked.sweeps + 1):
        for als in pair:
            als.sweep(cancelled)
            if cancelled():
                yield Cancelled()
                return
        if sweep == 1 or sweep in stops:
            yield Chart(_nearest(data, pair[0], film, counts >= minimum[-1], asked.listed, minimum[-1]))
        yield Progress(sweep / asked.sweeps, f"sweep {sweep}/{asked.sweeps}")
    yield from _result(data, pair, film, counts, minimum, asked, began)


def _result(
    data: Dataset,
    pair: list[Als],
    film: int,
    counts: NDArray[np.intp],
    minimum: list[float],
    asked: Asked,
    began: float,
) -> Iterator[Event]:
    """Count the survivors for each minimum, with a point each; then the end."""
    curves, kept = Curves(asked.seed), {}
    probes = np.argsort(-counts, kind="stable")[:PROBES]
    vectors = [als.films[:, :-1] for als in pair]
    for least in minimum:
        for kind in KINDS:
            kept[kind, least] = survivors(vectors, probes, counts >= least, asked.listed, kind)
            yield curves.add(f"by {kind}", least, float(kept[kind, least].mean()))
    shown = [
        _nearest(data, pair[0], film, counts >= least, asked.listed, least)
        for least in dict.fromkeys((minimum[0], minimum[-1]))
    ]
    groups = {f"at least {least:g} ratings": kept["cosine", least] for least in (minimum[0], minimum[-1])}
    says = f"of {asked.listed} neighbours by cosine, so many are also in the list of the second seed"
    shown.append(charts.histogram("survivors per list", says, groups, "survivors", asked.listed + 1))
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(data, vectors, film, counts, minimum[-1], asked.listed),
            "measured": {
                "film": data.items.titles[film],
                "rarest": int(counts[nearest(vectors[0], film, counts >= minimum[0], asked.listed)].min()),
                **measured(
                    {key: float(values.mean()) for key, values in kept.items()}, minimum, asked.listed
                ),
            },
            "seconds": time.perf_counter() - began,
        }
    )


def nearest(vectors: Doubles, film: int, allowed: NDArray[np.bool_], n: int, kind: str = "cosine") -> Rows:
    """Rows of the n allowed films nearest to `film`, nearest first, itself left out; vectors [I, K]."""
    if kind == "cosine":
        lengths = np.linalg.norm(vectors, axis=1)  # [I]
        far = -(vectors @ vectors[film]) / np.maximum(lengths * lengths[film], 1e-12)
    else:
        far = np.linalg.norm(vectors - vectors[film], axis=1)
    able = np.flatnonzero(allowed)
    able = able[able != film]
    chosen: Rows = able[np.argsort(far[able], kind="stable")[:n]]
    return chosen


def survivors(
    vectors: list[Doubles], probes: Rows, allowed: NDArray[np.bool_], n: int, kind: str
) -> NDArray[np.intp]:
    """For each probe, how many of its n neighbours are the same in both spaces [P]."""
    kept = []
    for film in probes.tolist():
        first, second = (nearest(space, film, allowed, n, kind).tolist() for space in vectors)
        kept.append(len(set(first) & set(second)))
    return np.array(kept)


def measured(kept: Mapping[tuple[str, float], float], minimum: list[float], n: int) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {"listed": n, "lowest": minimum[0], "highest": minimum[-1]}
    for end, least in (("lowest", minimum[0]), ("highest", minimum[-1])):
        found |= {f"{kind.lower()}_{end}": kept[kind, least] for kind in KINDS}
    found["steadier"] = _word(kept["cosine", minimum[-1]] - kept["Euclid", minimum[-1]], "cosine", "euclid")
    found["helps"] = _word(kept["cosine", minimum[-1]] - kept["cosine", minimum[0]], "more", "fewer")
    return found


def _word(difference: float, above: str, below: str) -> str:
    return "same" if abs(difference) <= SAME else above if difference > 0 else below


def _nearest(
    data: Dataset, als: Als, film: int, allowed: NDArray[np.bool_], n: int, least: float
) -> charts.Chart:
    """The neighbours by cosine of the first seed."""
    vectors = als.films[:, :-1]
    rows = nearest(vectors, film, allowed, n)
    counts = np.bincount(data.ratings.items, minlength=data.ratings.n_items)
    lengths = np.linalg.norm(vectors, axis=1)
    values = {
        f"{data.items.titles[row]} ({counts[row]} ratings)": float(
            vectors[row] @ vectors[film] / max(lengths[row] * lengths[film], 1e-12)
        )
        for row in rows
    }
    title = f"nearest to {data.items.titles[film]}, at least {least:g} ratings"
    says = f"nearest by cosine: {', '.join(data.items.titles[row] for row in rows[:3])}"
    return charts.bars(title, says, values, "cosine")


def _table(
    data: Dataset, vectors: list[Doubles], film: int, counts: NDArray[np.intp], least: float, n: int
) -> dict[str, Any]:
    """Both lists of the film, and which of them the second seed has, too."""
    columns, cells = ["place"], []
    for kind in KINDS:
        rows, again = (nearest(space, film, counts >= least, n, kind).tolist() for space in vectors)
        columns += [f"by {kind}", "ratings", "stays"]
        cells.append([(data.items.titles[r], int(counts[r]), "yes" if r in again else "no") for r in rows])
    rows = [(place + 1, *cosine, *euclid) for place, (cosine, euclid) in enumerate(zip(*cells, strict=True))]
    return {"columns": columns, "rows": rows}
