"""`python -m recommender elicit`: which questions make a new person known soonest, as tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


def add_options(command: argparse.ArgumentParser) -> None:
    """What the command takes, beyond --json and --cache."""
    command.add_argument("--data", required=True, metavar="D", help="name of a data set, or a path")
    command.add_argument("--strategies", metavar="A,B", help="separated by commas; all by default")
    command.add_argument("--users", type=int, default=300, metavar="N", help="people held out and asked")
    command.add_argument(
        "--groups", type=int, default=1, metavar="G", help="ask so many people G times, nobody twice"
    )
    command.add_argument("--seed", type=int, default=0, metavar="N")


def events(arguments: argparse.Namespace, stop: Callable[[], bool]) -> Iterator[Any]:
    """Run the study. Raises StudyError for what cannot be run."""
    from recommender import datasets
    from recommender.elicitation import STRATEGIES
    from recommender.elicitation_new_films import new_films
    from recommender.elicitation_study import StudyError, study
    from recommender.events import Finished

    names = [name.strip() for name in (arguments.strategies or ",".join(STRATEGIES)).split(",")]
    for name in names:
        if name not in STRATEGIES:
            raise StudyError(f"--strategies: {name!r} is not one of {', '.join(STRATEGIES)}")
    if arguments.users < 1:
        raise StudyError(f"--users must be at least 1, not {arguments.users}")
    if arguments.groups < 1:
        raise StudyError(f"--groups must be at least 1, not {arguments.groups}")
    data = datasets.load(arguments.data, arguments.cache)
    for event in study(data, names, arguments.users, arguments.seed, stop, arguments.groups):
        if isinstance(event, Finished):
            placed = yield from new_films(data, arguments.seed, stop)
            if placed is None:
                return
            event = Finished({**event.result, "new_films": placed or None})
        yield event


def text(event: Mapping[str, Any]) -> str:
    """What is printed of an event: the tables of the last one."""
    if event["event"] != "finished":
        return ""
    lines = [
        f"{event['data']}: {event['users']} people held out, seed {event['seed']}. "
        "Error of the forecasts (RMSE in stars; every person counts the same)"
    ]
    for per, extra in (("questions", "answered"), ("answers", "asked")):
        rows = [row for row in event["rows"] if row["per"] == per]
        steps = sorted({row["n"] for row in rows})
        lines += ["", _line(f"after so many {per}", [str(step) for step in steps])]
        for name in dict.fromkeys(row["strategy"] for row in rows):
            mine = [row for row in rows if row["strategy"] == name]
            lines.append(_line(name, [f"{row['rmse']:.4f}" for row in mine]))
            lines.append(_line(f"  {extra}", [f"{row[extra]:.1f}" for row in mine]))
        lines += _differences([row for row in event["differences"] if row["per"] == per])
    new = event.get("new_films")
    if new:
        lines += ["", *_new_films(new)]
    return "\n".join(lines)


def _differences(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines for the strategies that are compared, with 95 % intervals in thousandths of a star."""
    mine = [row for row in rows if row["strategy"] == "information"]
    lines = []
    for rival in dict.fromkeys(row["rival"] for row in mine):
        cells = [
            f"{1000 * row['low']:+.0f}..{1000 * row['high']:+.0f}" for row in mine if row["rival"] == rival
        ]
        lines.append(_line(f"information - {rival}, 1/1000", cells))
    return lines


def _new_films(new: Mapping[str, Any]) -> list[str]:
    lines = [f"{new['films']} films without a rating: RMSE by genres and year, by the person's mean"]
    for name, told in (("each rating counts", new), ("each film counts", new["each_film"])):
        ends = f"(95 % from {told['low']:+.4f} to {told['high']:+.4f})"
        errors = f"{told['metadata']:.4f} {told['nothing']:.4f} difference {told['difference']:+.4f}"
        lines.append(f"  {name}: {errors} {ends}")
    return lines


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:34}" + "".join(f"{cell:>10}" for cell in cells)
