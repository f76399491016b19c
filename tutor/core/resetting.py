"""Deletes everything that the tutor keeps of a learner."""

from __future__ import annotations

import shutil
from pathlib import Path

from tutor.core.errors import BadInput
from tutor.store.paths import Paths


class CannotReset(BadInput):
    """Something could not be deleted."""


def reset(paths: Paths) -> list[Path]:
    """Delete the learner's file with its copies, data sets, models and logs; returns what was there.

    Anything else in the folder stays, and so does what a link points at. Raises `CannotReset`.
    """
    database = paths.database
    beside = [database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm", "-journal")]
    places = [
        database,
        *beside,
        paths.backups,
        paths.models,
        paths.logs,
        paths.data,
        paths.home / "copied.txt",
    ]
    there = [place for place in places if place.exists() or place.is_symlink()]
    for place in there:
        try:
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()
        except OSError as error:
            raise CannotReset(
                f"{place}: {error.strerror or error}; close other tutors and try again."
            ) from None
    if paths.home.is_dir() and not any(paths.home.iterdir()):
        paths.home.rmdir()
    return there
