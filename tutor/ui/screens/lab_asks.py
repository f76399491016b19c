"""What the Lab asks of the core beside the screen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.core.errors import BadInput

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile
    from tutor.core.events import RunFinished
    from tutor.core.lab import Lab
    from tutor.core.workspace import Workspace


@dataclass(frozen=True)
class Past:
    """What the runs so far say."""

    finished: frozenset[str]
    """Names of experiments that were run to their end."""
    rate: tuple[int, int]
    """How many predictions came out, of how many."""


@dataclass(frozen=True)
class Saved:
    """A file that was written."""

    path: Path


def look_back(lab: Lab) -> Past:
    """Count what was run and predicted."""
    finished = frozenset(past.experiment for past in lab.history() if past.status == "finished")
    return Past(finished, lab.hit_rate())


def your_row(workspace: Workspace) -> str:
    """Which row of the data the learner is, in a sentence; how to become one without ratings."""
    stars = workspace.store.ratings.stars()
    try:
        dataset = workspace.data.dataset() if stars else None
    except BadInput:  # the data set is not here: the run will say so
        return ""
    if dataset is None:
        return "Rate films in Movies (alt+3), and you are a row of the data here."
    known = sum(film in dataset.items.rows_of for film in stars)
    if not known:
        return "None of the films you rated is in this data set, so you are no row of it."
    ratings = "rating is" if known == 1 else f"{known} ratings are"
    return f"Your {ratings} part of the data: you are row {dataset.ratings.n_users + 1}."


def save(file: ExperimentFile, run: RunFinished, folder: Path, ending: str) -> Saved:
    """Write a run into a new file of the learner's folder. Raises `BadInput`."""
    from tutor.core.lab_export import ExportError, export

    stem = f"{run.name}-seed{run.config.get('seed', 0)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise ExportError(f"{folder}: {fault.strerror}.") from fault
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{ending}" for number in count(1))
    return Saved(export(file, run, next(folder / name for name in names if not (folder / name).exists())))
