"""Deletes what the tutor keeps of a learner: everything, or all about one question."""

from __future__ import annotations

import shutil
from pathlib import Path

from tutor.core.errors import BadInput
from tutor.store.paths import Paths
from tutor.store.store import Store
from tutor.store.whole import forget_question


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


def reset_question(store: Store, question: str) -> dict[str, int]:
    """Delete what is kept of one question: answers, standing, cards, reviews, code, its transcript.

    Returns how many rows went, by table; all of them, or nothing, if it is interrupted.
    """
    with store.transaction():
        gone = forget_question(store.database, question)
        settings = store.settings
        settings.set("ask_again", [ref for ref in settings.get("ask_again", []) if ref != question])
        appeals = settings.get("appeals", [])
        settings.set("appeals", [case for case in appeals if case["question"] != question])
        _forget_moves(store, question)
        if settings.get("current_question") == question:
            settings.set("draft", "")
    return gone


def _forget_moves(store: Store, question: str) -> None:
    """Forget which of a question's points were told, slips put to a run, and sentences asked for."""
    settings = store.settings
    told = [one for one in settings.get("points_told", []) if one["question"] != question]
    settings.set("points_told", told)
    for name in ("sentences_asked", "refuted"):  # ids of questions, or of their parts
        kept = [one for one in settings.get(name, []) if one.partition(".")[0] != question]
        settings.set(name, kept)
    for name in ("asked_beside", "offered_run"):
        if (settings.get(name) or {}).get("question") == question:
            settings.set(name, None)
