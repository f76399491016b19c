"""`python -m recommender fit`: the model that makes personal lists, fitted on all ratings of a data set."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

MODELS = "best, dot-bias, als"
GIVE_WAY = 10
"""How much nicer than usual the process is with --background."""


def add_options(command: argparse.ArgumentParser) -> None:
    """What the command takes, beyond --json and --cache."""
    command.add_argument("--data", required=True, metavar="D", help="name of a data set, or a path")
    command.add_argument("--model", default="best", metavar="M", help=MODELS)
    command.add_argument("--recipe", choices=("lesson", "fast"), default="fast")
    command.add_argument("--seed", type=int, default=0, metavar="N")
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="checkpoint")
    command.add_argument("--background", action="store_true", help="give way to other programs")


def events(arguments: argparse.Namespace, stop: Callable[[], bool]) -> Iterator[Any]:
    """Fit on one thread, write checkpoint and audience. Raises ConfigError for what cannot be served."""
    from recommender import datasets, serving

    if arguments.background and hasattr(os, "nice"):
        os.nice(GIVE_WAY)
    data = datasets.load(arguments.data, arguments.cache)
    fitted = serving.fit(data, arguments.model, arguments.recipe, arguments.seed, stop)
    if arguments.model == "best":
        import torch

        torch.set_num_threads(1)
    return serving.save_when_finished(fitted, arguments.out, lambda: serving.audience_of(data))


def words(event: Mapping[str, Any]) -> str:
    """The event as text: one line at the end."""
    if event["event"] != "finished":
        return ""
    return f"{event['model']} on {event['n_ratings']} ratings in {event['seconds']:.1f} s: {event['path']}"
