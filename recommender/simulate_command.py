"""`python -m recommender simulate`: its options, its run, its words."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from typing import Any

REMEDIES = "explore, penalty, mmr"


def add_options(command: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    command.add_argument("--data", default="planted", metavar="D", help="name of a data set, or a path")
    command.add_argument("--rounds", type=int, default=12, metavar="N", help="times the model learns anew")
    command.add_argument("--seeds", type=int, default=20, metavar="N", help="how many worlds are tried")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="the first of them")
    command.add_argument(
        "--remedy", action="append", metavar="R[=X]", help=f"{REMEDIES}, with a strength; all"
    )
    command.add_argument("--once", action="store_true", help="never show a film to who has rated it")


def events(arguments: argparse.Namespace, stop: Callable[[], bool]) -> Iterator[Any]:
    """The simulation that the options ask for. Raises SimulationError."""
    from recommender.simulation import SimulationConfig, remedy_named, simulate

    given = {name: getattr(arguments, name) for name in ("data", "rounds", "seeds", "seed")}
    if arguments.remedy:
        given["remedies"] = tuple(map(remedy_named, arguments.remedy))
    return simulate(SimulationConfig(**given, again=not arguments.once), arguments.cache, stop)


def words(event: Mapping[str, Any]) -> str:
    """The event as text: the tables at the end, nothing for a point."""
    if event["event"] == "progress":
        return str(event["note"])
    if event["event"] != "finished":
        return ""
    lines = [f"{'remedy':<9}{'measure':<10}{'first':>8}{'last':>8}{'change':>9}  95 % interval"]
    lines += map(_row, event["table"]["rows"])
    lines.append("change: without a remedy last round - first; with one last round - last round without")
    told = event["measured"]
    seeds = told["seeds"]
    narrowed = ", ".join(f"{name} in {count}" for name, count in told["narrowed"].items())
    lines.append(f"narrower at the end, of {seeds} seeds: {narrowed}")
    lines += (
        f"{name}: coverage, Gini and top 10 back to the first round at 95 % of the utility or more "
        f"in {back['all']} of {seeds} seeds (lowest utility kept {back['utility_share']:.1%})"
        for name, back in told["remedies"].items()
    )
    return "\n".join(lines)


def _row(row: list[Any]) -> str:
    name, measure, first, last, change, low, high = row
    ends = "-" if low is None else f"{low:+.3f} to {high:+.3f}"
    return f"{name:<9}{measure:<10}{first:>8.3f}{last:>8.3f}{change:>+9.3f}  {ends}"
