"""Feedback loops: a recommender that learns from what it showed, round after round, and what helps.

Each round the model is fitted to all that was seen so far, shows each person a list, each person picks the
films with the highest true utility plus noise and rates them. Everything is drawn from the seed; runs with
different remedies share world and draws, so that their differences are the remedy's.
Letters: U people, I films, n places of a list, R rounds, M measures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.events import Cancelled, Event, Failed, Finished, Point, Progress, Started
from recommender.simulation_lists import STRENGTHS, Remedy, lists
from recommender.simulation_measures import coverage, gini, overlap, shown, top_share
from recommender.simulation_model import ModelSettings, fit
from recommender.simulation_summary import summary
from recommender.simulation_world import World, worlds

Doubles = NDArray[np.float64]

NONE = Remedy("none", 0.0)


class SimulationError(ValueError):
    """A simulation that cannot be run; the message says which setting, and what it may be."""


def remedy_named(text: str) -> Remedy:
    """Read "explore" or "explore=0.2". Raises SimulationError."""
    name, given, value = text.partition("=")
    if name not in STRENGTHS:
        raise SimulationError(f"unknown remedy {name!r}; there are {', '.join(STRENGTHS)}")
    try:
        strength = float(value) if given else STRENGTHS[name]
    except ValueError:
        raise SimulationError(f"remedy {text!r}: the strength must be a number") from None
    most = 10.0 if name == "penalty" else 1.0
    if not 0 <= strength <= most:
        raise SimulationError(f"remedy {text!r}: the strength must lie between 0 and {most:g}")
    return Remedy(name, strength)


@dataclass(frozen=True)
class SimulationConfig:
    """Everything that decides a simulation. The defaults were chosen on the seeds 100 to 111 of "planted"."""

    data: str = "planted"
    rounds: int = 12
    seeds: int = 20
    seed: int = 0
    """The first of the seeds."""
    remedies: tuple[Remedy, ...] = tuple(Remedy(*each) for each in STRENGTHS.items() if each[0] != "none")
    """What is tried beside the run without a remedy."""
    places: int = 10
    """Films on a list."""
    picks: int = 3
    """Films that a person takes from a list and rates."""
    known: int = 20
    """Ratings of their own choice that each person has given before the first round, at most."""
    again: bool = True
    """Whether a film may be shown to who has rated it (series, songs); the last rating counts."""
    choice_noise: float = 0.5
    """Scale of the noise (Gumbel) in a choice, in stars."""
    model: ModelSettings = field(default_factory=ModelSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name in ("rounds", "seeds", "picks", "known"):
            if getattr(self, name) < 1:
                raise SimulationError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.seed < 2**32:
            raise SimulationError(f"seed must lie between 0 and {2**32 - 1}, not {self.seed}")
        if not self.picks <= self.places:
            raise SimulationError(f"places must be at least {self.picks} (picks), not {self.places}")
        names = [remedy.name for remedy in self.remedies]
        if len(set(names)) < len(names):
            raise SimulationError("each remedy may be tried once")


def simulate(
    config: SimulationConfig, cache: Path | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Event]:
    """Run every seed with and without each remedy: a Point per round and measure, and at the end Finished
    with the summary of `recommender.simulation_summary`; else Failed or Cancelled.

    Raises the errors of `datasets.load`, and SimulationError for a planted size that cannot be.
    """
    began = time.perf_counter()
    world_of = _worlds(config, cache, cancelled)
    yield Started(asdict(config))
    remedies = (NONE, *(remedy for remedy in config.remedies if remedy.name != "none"))
    runs: dict[str, list[Doubles]] = {remedy.name: [] for remedy in remedies}
    for number in range(config.seeds):
        seed = config.seed + number
        here = world_of(seed)
        if complaint := _too_small(config, here):
            yield Failed(complaint)
            return
        for remedy in remedies:
            rounds: list[Doubles] = []
            for measured in run(here, remedy, config, seed):
                if cancelled():
                    yield Cancelled()
                    return
                rounds.append(np.array(list(measured.values())))
                for measure, value in measured.items():
                    yield Point(f"{remedy.name} {measure}", len(rounds), value, seed)
            runs[remedy.name].append(np.array(rounds))
        yield Progress((number + 1) / config.seeds, f"seed {seed}: {number + 1}/{config.seeds}")
    told = summary({name: np.array(each) for name, each in runs.items()})
    yield Finished({**told, "seconds": time.perf_counter() - began})


def _worlds(
    config: SimulationConfig, cache: Path | None, cancelled: Callable[[], bool]
) -> Callable[[int], World]:
    try:
        return worlds(config.data, config.known, cache, cancelled)
    except ValueError as error:
        if type(error).__module__.startswith("recommender"):
            raise
        raise SimulationError(str(error)) from None


def _too_small(config: SimulationConfig, here: World) -> str:
    """Why the loop would run out of films; empty if it will not."""
    films = int(here.truth.shape[1])
    need = config.places + (0 if config.again else config.known + config.picks * (config.rounds - 1))
    if films >= need:
        return ""
    return f"{config.rounds} rounds need {need} films or more, and {config.data} has {films}"


def run(here: World, remedy: Remedy, config: SimulationConfig, seed: int) -> Iterator[dict[str, float]]:
    """One loop: the measures of each round, in the order of `simulation_summary.MEASURES`."""
    draw = np.random.default_rng([seed, 2])
    seen = here.known.copy()  # [U, I]
    start = draw.normal(0, 0.4, (seen.shape[1], config.model.factors))
    minority = here.minority()
    most = np.sort(here.truth, axis=1)[:, -config.picks :].mean(axis=1)  # [U] the best anybody could do
    for _ in range(config.rounds):
        rated = np.isfinite(seen)
        fitted = fit(seen, start, config.model)
        shut = np.zeros_like(rated) if config.again else rated
        given = lists(fitted, shut, rated.sum(axis=0), remedy, config.places, draw)
        picked = _choose(here, given, config, draw)
        worth = np.take_along_axis(here.truth, picked, axis=1)  # [U, picks]
        noisy = np.rint(worth + here.noise * draw.standard_normal(worth.shape))
        np.put_along_axis(seen, picked, np.clip(noisy, here.low, here.high), axis=1)
        yield _measure(given, seen.shape[1], worth.mean(axis=1), most, minority)


def _choose(
    here: World, given: NDArray[np.intp], config: SimulationConfig, draw: np.random.Generator
) -> NDArray[np.intp]:
    """The films of each list [U, n] that its person takes [U, picks]."""
    pull = np.take_along_axis(here.truth, given, axis=1) + config.choice_noise * draw.gumbel(size=given.shape)
    return np.take_along_axis(given, np.argsort(-pull, axis=1)[:, : config.picks], axis=1)


def _measure(
    given: NDArray[np.intp], n_items: int, utility: Doubles, most: Doubles, minority: NDArray[np.bool_]
) -> dict[str, Any]:
    counts = shown(given, n_items)
    short = most - utility  # [U] stars
    return {
        "coverage": coverage(counts),
        "gini": gini(counts),
        "top10": top_share(counts, 10),
        "overlap": overlap(given, n_items),
        "utility": float(utility.mean()),
        "minority": float(utility[minority].mean()),
        "majority": float(utility[~minority].mean()),
        "harm": float(short[minority].mean() - short[~minority].mean()),
    }
