"""Reviews that were made in Anki on notes that came from here, read from a package that Anki exported.

Anki keeps a row for each review in `revlog`: `id` (ms since 1970), `cid` (card), `ease` (1-4, 0 for changes
by hand), `time` (ms). A note's first field says which item it is, and the item which of our cards it is.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.core.curriculum import Course
from tutor.core.errors import BadInput

_COLLECTIONS = ("collection.anki21", "collection.anki2")
_REVIEWS = """
    SELECT revlog.id, revlog.ease, revlog.time, notes.flds FROM revlog
    JOIN cards ON cards.id = revlog.cid JOIN notes ON notes.id = cards.nid
    WHERE revlog.ease BETWEEN 1 AND 4 ORDER BY revlog.id"""


class NotFromAnki(BadInput):
    """The file is no package that can be read."""


def anki_rows(course: Course, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The reviews of our notes, numbered from 1, as rows of a review log. Raises `NotFromAnki`, OSError."""
    cards = _cards_of_items(course)
    for number, (at_ms, ease, took_ms, fields) in enumerate(_reviews(file), start=1):
        item = str(fields).partition("\x1f")[0]
        if item in cards:
            yield number, {
                "card": cards[item], "item": item.partition(".")[2], "review_rating": ease,
                "review_time": datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(),
                "review_duration": took_ms,
            }  # fmt: skip


def _cards_of_items(course: Course) -> dict[str, str]:
    return {
        f"{entry.id}.{item.id}": f"{entry.id}.{item.point}"
        for entry in course.written
        for item in course.question(entry.id).practice.items
    }


def _reviews(file: Path) -> list[tuple[int, int, int, str]]:
    try:
        with zipfile.ZipFile(file) as package, tempfile.TemporaryDirectory() as folder:
            names = package.namelist()
            if "collection.anki21b" in names:
                raise NotFromAnki(
                    f"{file} is in Anki's newest format; export it again with “Support older Anki versions”"
                )
            name = next((name for name in _COLLECTIONS if name in names), None)
            if name is None:
                raise NotFromAnki(f"{file} holds no Anki collection")
            package.extract(name, folder)
            with closing(sqlite3.connect(Path(folder) / name)) as database:
                return database.execute(_REVIEWS).fetchall()
    except (zipfile.BadZipFile, sqlite3.DatabaseError) as fault:
        raise NotFromAnki(f"{file} is no Anki package: {fault}") from None
