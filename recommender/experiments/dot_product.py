"""Dot product: take a film's vector and a person's, stretch and turn one, and see the prediction move.

NumPy only: it may run in the process of an app. `scene` gives the two vectors; `Scene.measure` moves one.

Settings
    film      film id (default: the film that suits this person's taste best)
    moves     "film" or "person": whose vector is moved ("film")
    stretch   list of up to 12 factors from -20 to 20 (default -1, 0, 0.5, 1, 2, 5, 10)
    turn      list of up to 37 angles in degrees from 0 to 180, away from the other vector (0, 15 ... 180)

The person is the learner where `ratings` {film id: stars} are given, else a viewer of the data whose vector
is of middle length. Without a checkpoint a small model is made on the spot by alternating least squares.

Series: "dot (stretch)", "cosine (stretch)", "stars (stretch)" against the factor; the same with "(turn)"
against the angle. Table: one row per move: move, amount, dot, cosine, angle, length, stars.

Measured
    person                                             "learner" or "viewer"
    film, dot, cosine, angle, stars                    the pair as it is
    factor, dot_stretched, cosine_stretched, stars_stretched    at the largest factor
    dot_ratio                                          dot_stretched / dot
    dot_flipped, cosine_flipped, stars_flipped         at factor -1
    dot_square                                         turned until the two are at 90 degrees
    dot_opposite                                       turned until they are opposite
    dot_when_stretched, cosine_when_stretched, stars_when_stretched    over the factors from 1 up:
                                                       "rises", "falls", "stays" or "neither"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.checkpoint import FactorModel, load
from recommender.events import Cancelled, Event, Finished, Started
from recommender.experiments import SpecError
from recommender.experiments.curves import Curves, direction
from recommender.experiments.geometry import Measures, Scene
from recommender.experiments.settings import choice, numbers, only
from recommender.foldin import Doubles, fold_in

STRETCH = (-1.0, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
TURN = tuple(float(angle) for angle in range(0, 181, 15))


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Sweep both moves. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("film", "moves", "stretch", "turn"))
    moves = choice(settings, "moves", "film", ("film", "person"))
    factors = numbers(settings, "stretch", STRETCH, -20, 20, 12)
    angles = numbers(settings, "turn", TURN, 0, 180, 37)
    return _run(spec, settings.get("film"), moves, factors, angles, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    film: str | None,
    moves: str,
    factors: tuple[float, ...],
    angles: tuple[float, ...],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began = time.perf_counter()
    model = model_for(spec, cache, cancelled)
    if model is None:
        yield Cancelled()
        return
    ratings = spec.get("ratings") or {}
    film, here = scene(model, ratings, film)
    person = "learner" if ratings else "viewer"
    yield Started({"family": "dot-product", "data": model.data_name, "film": film, "moves": moves})
    curves, rows = Curves(int(spec.get("seed") or 0)), []
    plan = [("stretch", factor) for factor in factors] + [("turn", angle) for angle in angles]
    for move, amount in plan:
        if cancelled():
            yield Cancelled()
            return
        seen = here.measure(moves, amount) if move == "stretch" else here.measure(moves, degrees=amount)
        for name, value in (("dot", seen.dot), ("cosine", seen.cosine), ("stars", seen.stars)):
            yield curves.add(f"{name} ({move})", amount, value)
        rows.append((move, amount, seen.dot, seen.cosine, seen.angle, seen.length, seen.stars))
    columns = ["move", "amount", "dot", "cosine", "angle", "length", "stars"]
    yield Finished(
        {
            "series": curves.to_list(),
            "table": {"columns": columns, "rows": rows},
            "measured": {"person": person, "film": film, **measured(here, moves, factors)},
            "seconds": time.perf_counter() - began,
        }
    )


def model_for(
    spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool] = lambda: False
) -> FactorModel | None:
    """The model at the spec's checkpoint, or else one made on the spot from the spec's data set.

    None when that was cancelled.

    Raises CheckpointError, DataMissing or DataError, each with one clear line.
    """
    if spec.get("checkpoint"):
        return load(Path(str(spec["checkpoint"])))
    from recommender.serving import fit  # only where there is no checkpoint

    data = datasets.load(str(spec.get("data") or "planted"), cache)
    *_, end = fit(data, "als", seed=int(spec.get("seed") or 0), cancelled=cancelled)
    model: FactorModel | None = end.model if isinstance(end, Finished) else None
    return model


def scene(model: FactorModel, ratings: Mapping[str, float], film: str | None = None) -> tuple[str, Scene]:
    """The film's id and the two vectors, for a person with `ratings` {film id: stars} (a viewer if none).

    Ratings of films that the model does not know are left out. Raises SpecError for an unknown film.
    """
    place = {film_id: row for row, film_id in enumerate(model.film_ids)}
    if film is not None and film not in place:
        raise SpecError(f"the model does not know the film {film!r}")
    vector, bias = _person(model, {place[name]: stars for name, stars in ratings.items() if name in place})
    row = int(np.argmax(model.item_factors @ vector)) if film is None else place[film]
    rest = model.offset + float(model.item_bias[row]) + bias
    film_vector = model.item_factors[row].astype(np.float64)
    return model.film_ids[row], Scene(film_vector, vector, rest, model.link, model.low, model.high)


def _person(model: FactorModel, ratings: Mapping[int, float]) -> tuple[Doubles, float]:
    """Vector and bias of who rated the rows as given; of a viewer in the middle if nothing is known."""
    if not ratings and model.user_factors is not None and model.user_bias is not None:
        lengths = np.linalg.norm(model.user_factors, axis=1)  # [U]
        middle = int(np.argsort(lengths, kind="stable")[len(lengths) // 2])
        return model.user_factors[middle].astype(np.float64), float(model.user_bias[middle])
    person = fold_in(model, list(ratings), list(ratings.values()))
    return np.asarray(person.vector), person.bias


def measured(here: Scene, moves: str, factors: tuple[float, ...]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    plain, most = here.measure(moves), max(factors)
    stretched, flipped = here.measure(moves, most), here.measure(moves, -1.0)
    found: dict[str, float | str] = {
        "dot": plain.dot,
        "cosine": plain.cosine,
        "angle": plain.angle,
        "stars": plain.stars,
        "factor": most,
        "dot_ratio": stretched.dot / plain.dot if plain.dot else 0.0,
        "dot_square": round(here.measure(moves, degrees=90 - plain.angle).dot, 9) + 0.0,
        "dot_opposite": here.measure(moves, degrees=180 - plain.angle).dot,
    }
    for name, at in (("stretched", stretched), ("flipped", flipped)):
        found |= {f"dot_{name}": at.dot, f"cosine_{name}": at.cosine, f"stars_{name}": at.stars}
    up = [here.measure(moves, factor) for factor in sorted({1.0, *(f for f in factors if f >= 1)})]
    for name in ("dot", "cosine", "stars"):
        found[f"{name}_when_stretched"] = direction([_value(at, name) for at in up], slack=1e-6)
    return found


def _value(at: Measures, name: str) -> float:
    return float(getattr(at, name))
