"""`python -m recommender recommend`: a personal list from a checkpoint and a small file of ratings."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KNOBS = {
    "popularity": "stars for each doubling of a film's audience; below 0 for the little known",
    "novelty": "stars for each decade that a film is newer; below 0 for the old",
    "diversity": "stars that a film loses that is just like one above it",
}


class ListError(ValueError):
    """A list that cannot be made; the message is one line."""


def add_options(command: argparse.ArgumentParser) -> None:
    """What the command takes, beyond --json and --cache."""
    command.add_argument("--checkpoint", type=Path, required=True, metavar="F")
    command.add_argument("--ratings", type=Path, required=True, metavar="FILE", help="CSV: film, stars")
    command.add_argument("--top", type=int, default=10, metavar="K")
    for name, words in KNOBS.items():
        command.add_argument(f"--{name}", type=float, metavar="X", help=words)


def run(arguments: argparse.Namespace) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The list, and the films of the file that the model does not know.

    Raises ListError, CheckpointError or PersonError for what was typed.
    """
    from recommender.listing import load_audience, load_served, personal_list
    from recommender.lists import Knobs
    from recommender.person import read_person
    from recommender.serving import audience_path

    if arguments.top < 1:
        raise ListError(f"--top must be at least 1, not {arguments.top}")
    turned = {name: getattr(arguments, name) for name in KNOBS if getattr(arguments, name) is not None}
    try:
        knobs = Knobs(**turned)
    except ValueError as error:
        raise ListError(str(error)) from None
    model = load_served(arguments.checkpoint)
    beside = audience_path(arguments.checkpoint)
    audience = load_audience(beside, model)
    if turned and audience is None:
        raise ListError(f"--{next(iter(turned))} needs {beside}: missing, or of other films; train again")
    person = read_person(arguments.ratings, model)
    return personal_list(model, person.stars, arguments.top, arguments.cache, audience, knobs), person.unknown


def words(film: Mapping[str, Any]) -> str:
    """One line of the list."""
    ends = "" if film["low"] is None else f"  ({film['low']:.1f} to {film['high']:.1f})"
    return f"{film['rank']:>3}  {film['predicted']:.2f}{ends}  {film['title']} ({film['year'] or '?'})"
