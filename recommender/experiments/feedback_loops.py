"""Feedback loops: a recommender that learns from what it showed, with and without remedies, round by round.

The loops of `recommender.simulation` in a world whose tastes are known: in each round the model is fitted to
all ratings so far, everybody gets a list of ten films, takes three of them and rates these. "planted" is a
new world for each seed; for other sets the truth is what a model makes of their ratings. All loops share the
world and the draws.

Settings
    explore   list of up to 4 shares of random places on the lists, 0 to 1 (0, 0.1, 0.3); 0 is the plain loop
              and always runs
    remedy    "none", "penalty" (well-known films lose stars) or "mmr" (lists of unlike films): one more loop
              ("penalty")
    rounds    2 to 30 (12)

Series, for each loop (named "plain", "explore 0.1", "penalty"): "LOOP shown", share of all films that stand
in anybody's list, and "LOOP top ten", share of all places that the ten most shown films take; against rounds.

Table: one row per loop: loop, films shown and top ten in % in the first and the last round, true stars of
what people took in both, harm at the end (stars that the fifth with the least common taste loses beyond the
rest). Charts: how often films were rated before the loop (histogram), true stars in the last round
(bars), films shown in the last round (bars).

Measured, shares in %
    shown_first, shown_last, top_first, top_last, stars_first, stars_last    of the plain loop
    explore      the largest share of random places
    shown_explore, top_explore, stars_explore    its last round
    shown_remedy, top_remedy, stars_remedy       last round of the remedy (of the plain loop if there is none)
    cost         stars that exploring costs in the last round (negative: it gains)
    satisfied    "much" if it costs FELT or more, "gains" if it gains as much, else "little"
    narrows      "yes" if the plain loop ends with fewer films shown and a larger top ten, else "no"
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import choice, numbers, only, whole
from recommender.ratings import Dataset
from recommender.simulation import NONE, SimulationConfig
from recommender.simulation import run as rounds_of
from recommender.simulation_lists import STRENGTHS, Remedy
from recommender.simulation_world import worlds

Measures = Mapping[str, float]

PLAIN = "plain"
FELT = 0.1
"""Stars from which a difference counts as felt."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Run the loops side by side. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("explore", "remedy", "rounds"))
    shares = numbers(settings, "explore", (0.0, 0.1, 0.3), 0, 1, 4)
    remedy = choice(settings, "remedy", "penalty", ("none", "penalty", "mmr"))
    loops = {PLAIN: NONE, **{f"explore {share:g}": Remedy("explore", share) for share in shares if share}}
    if remedy != "none":
        loops[remedy] = Remedy(remedy, STRENGTHS[remedy])
    return _run(spec, loops, whole(settings, "rounds", 12, 2, 30), cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    loops: Mapping[str, Remedy],
    n_rounds: int,
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "feedback-loops", "data": name, "loops": list(loops), "seed": seed})
    before = _before(datasets.load(name, cache))
    yield Chart(before)
    config = SimulationConfig(data=name, rounds=n_rounds, seeds=1, seed=seed)
    here = worlds(name, config.known, cache, cancelled)(seed)
    if here.truth.shape[1] < config.places:
        yield Failed(f"{name} has {here.truth.shape[1]} films; the lists need {config.places}")
        return
    going = {loop: rounds_of(here, remedy, config, seed) for loop, remedy in loops.items()}
    found: dict[str, list[Measures]] = {loop: [] for loop in loops}
    curves = Curves(seed)
    for number in range(1, n_rounds + 1):
        for loop, turns in going.items():
            if cancelled():
                yield Cancelled()
                return
            found[loop].append(next(turns))
            yield curves.add(f"{loop} shown", number, found[loop][-1]["coverage"])
            yield curves.add(f"{loop} top ten", number, found[loop][-1]["top10"])
        yield Progress(number / n_rounds, f"round {number}/{n_rounds}")
    shown = [before, *_bars(found)]
    yield from (Chart(chart) for chart in shown[1:])
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(found),
            "measured": measured(found),
            "seconds": time.perf_counter() - began,
        }
    )


def measured(found: Mapping[str, list[Measures]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    first, last = found[PLAIN][0], found[PLAIN][-1]
    explore = [loop for loop in found if loop.startswith("explore")]
    other = [loop for loop in found if loop != PLAIN and loop not in explore]
    most, remedy = (found[some[-1]][-1] if some else last for some in (explore, other))
    cost = last["utility"] - most["utility"]
    narrows = last["coverage"] < first["coverage"] and last["top10"] > first["top10"]
    return {
        **_three("first", first),
        **_three("last", last),
        **_three("explore", most),
        **_three("remedy", remedy),
        "explore": float(explore[-1].split()[1]) if explore else 0.0,
        "cost": cost,
        "satisfied": "much" if cost >= FELT else "gains" if cost <= -FELT else "little",
        "narrows": "yes" if narrows else "no",
    }


def _three(end: str, measures: Measures) -> dict[str, float]:
    return {
        f"shown_{end}": 100 * measures["coverage"],
        f"top_{end}": 100 * measures["top10"],
        f"stars_{end}": measures["utility"],
    }


def _table(found: Mapping[str, list[Measures]]) -> dict[str, Any]:
    columns = ["loop"]
    for what in ("% shown", "% top ten", "stars"):
        columns += [f"{what}, first", f"{what}, last"]
    rows = []
    for loop, each in found.items():
        ends = (each[0], each[-1])
        shares = [100 * end[name] for name in ("coverage", "top10") for end in ends]
        rows.append((loop, *shares, *(end["utility"] for end in ends), each[-1]["harm"]))
    return {"columns": [*columns, "harm, last"], "rows": rows}


def _before(data: Dataset) -> charts.Chart:
    """How unevenly the films were rated before any loop."""
    counts = np.sort(np.bincount(data.ratings.items, minlength=data.ratings.n_items))[::-1]
    share = 100 * counts[:10].sum() / max(counts.sum(), 1)
    says = f"before the loop the ten best known of {len(counts)} films had {share:.0f} % of all ratings"
    return charts.histogram("ratings per film before the loop", says, {"films": counts}, "ratings")


def _bars(found: Mapping[str, list[Measures]]) -> list[charts.Chart]:
    stars = {loop: each[-1]["utility"] for loop, each in found.items()}
    spread = {loop: 100 * each[-1]["coverage"] for loop, each in found.items()}
    best, widest = max(stars, key=lambda loop: stars[loop]), max(spread, key=lambda loop: spread[loop])
    return [
        charts.bars(
            "true stars of what people took, last round",
            f"most satisfied: {best}, {stars[best]:.2f} stars; without a remedy {stars[PLAIN]:.2f}",
            stars,
            "stars",
        ),
        charts.bars(
            "films that anybody was shown, last round",
            f"widest: {widest}, {spread[widest]:.0f} % of the films; without a remedy {spread[PLAIN]:.0f} %",
            spread,
            "% of all films",
        ),
    ]
