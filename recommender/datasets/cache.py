"""The prepared copy of a data set: one file of plain arrays that NumPy alone reads in a moment.

A file is a zip of .npy arrays (with the checksums that zip keeps of each) and two JSON texts. It appears
at once and whole, so that two processes may share a cache.
"""

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from recommender.datasets.errors import DataError
from recommender.datasets.presence import DAMAGED, FORMAT, STAMP_FILE, fits
from recommender.files import replacing
from recommender.ratings import Dataset, Items, Ratings, Report, Skip, Users

_ABOUT_FILE = "about.json"
_ITEM_COLUMNS = ("ids", "film_ids", "titles", "years", "genres", "directors", "keys")
_RATING_COLUMNS = ("users", "items", "stars", "times")


class NoCopy(Exception):
    """There is no prepared copy, or it was made by another version of this program or from something else."""


def write_prepared(path: Path, dataset: Dataset, stamp: str) -> None:
    """Write the prepared copy of a data set; `stamp` says what it was made from."""
    ratings, items, users = dataset.ratings, dataset.items, dataset.users
    about = {
        "name": dataset.name,
        "label": dataset.label,
        "licence": dataset.licence,
        "scale": [dataset.low, dataset.high],
        "user_ids": ratings.user_ids,
        "items": {name: getattr(items, name) for name in _ITEM_COLUMNS},
        "users": None if users is None else asdict(users),
        "report": asdict(dataset.report),
    }
    columns = {name: getattr(ratings, name) for name in _RATING_COLUMNS}
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(STAMP_FILE, json.dumps({"format": FORMAT, "stamp": stamp}))
        archive.writestr(_ABOUT_FILE, json.dumps(about, ensure_ascii=False))
        for name, column in columns.items():
            if column is not None:
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, column, allow_pickle=False)


def read_prepared(path: Path, stamp: str) -> Dataset:
    """The data set in a prepared copy.

    NoCopy when there is none of this version that was made from `stamp`, DataError when it is damaged.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            if not fits(archive, stamp):
                raise NoCopy
            return _dataset(json.loads(archive.read(_ABOUT_FILE)), _columns(archive))
    except (FileNotFoundError, NotADirectoryError):
        raise NoCopy from None
    except DAMAGED as error:
        raise DataError(
            f"{path}: this prepared copy is damaged ({str(error) or type(error).__name__});"
            " delete the file or fetch the data set again"
        ) from None


def _columns(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The columns of the ratings; those that the data set does not have are None."""
    there = set(archive.namelist())
    columns: dict[str, Any] = {}
    for name in _RATING_COLUMNS:
        columns[name] = None
        if f"{name}.npy" in there:
            with archive.open(f"{name}.npy") as member:
                columns[name] = np.lib.format.read_array(member, allow_pickle=False)
                columns[name].flags.writeable = False  # so that Ratings keeps it without a copy
    return columns


def _dataset(about: dict[str, Any], columns: dict[str, Any]) -> Dataset:
    films = about["items"]
    items = Items(
        **{name: tuple(films[name]) for name in _ITEM_COLUMNS if name != "genres"},
        genres=tuple(map(tuple, films["genres"])),
    )
    people, report = about["users"], about["report"]
    return Dataset(
        name=about["name"],
        label=about["label"],
        ratings=Ratings(**columns, user_ids=tuple(about["user_ids"]), item_ids=items.ids),
        items=items,
        users=None if people is None else Users(**{name: tuple(column) for name, column in people.items()}),
        invented=False,
        licence=about["licence"],
        low=about["scale"][0],
        high=about["scale"][1],
        report=Report(report["read"], report["kept"], _skips(report["skipped"]), _skips(report["notes"])),
    )


def _skips(rows: list[dict[str, Any]]) -> tuple[Skip, ...]:
    return tuple(Skip(**row) for row in rows)
