"""The prepared copy of a data set: one file of plain arrays that NumPy alone reads in a moment.

A file is a zip of .npy arrays (with the checksums that zip keeps of each) and one JSON text in UTF-8. It
appears at once and whole, so that two processes may share a cache.
"""

import json
import os
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.datasets.errors import DataError
from recommender.datasets.files import replacing
from recommender.ratings import Dataset, Items, Ratings, Report, Skip, Users

FORMAT = 1
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


class OtherFormat(Exception):
    """A prepared copy that another version of this program wrote, or whose source has changed since."""


def cache_root() -> Path:
    """$RECOMMENDER_HOME, else the user's cache folder. Nothing is created."""
    if home := os.environ.get("RECOMMENDER_HOME"):
        return Path(home)
    from platformdirs import user_cache_path

    return user_cache_path("recommender")


def write_prepared(path: Path, dataset: Dataset, stamp: str) -> None:
    """Write the prepared copy of a data set; `stamp` says what it was made from."""
    ratings, items, users = dataset.ratings, dataset.items, dataset.users
    about: dict[str, Any] = {
        "format": FORMAT,
        "stamp": stamp,
        "name": dataset.name,
        "label": dataset.label,
        "licence": dataset.licence,
        "scale": [dataset.low, dataset.high],
        "user_ids": ratings.user_ids,
        "items": {name: getattr(items, name) for name in _ITEM_COLUMNS},
        "users": None if users is None else asdict(users),
        "report": asdict(dataset.report),
    }
    arrays: dict[str, NDArray[Any]] = {
        "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
        "users": ratings.users,
        "items": ratings.items,
        "stars": ratings.stars,
    }
    if ratings.times is not None:
        arrays["times"] = ratings.times
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read_prepared(path: Path, stamp: str) -> Dataset:
    """The data set in a prepared copy.

    FileNotFoundError when there is none, OtherFormat when it was made by another version or from something
    else than `stamp`, DataError when it is damaged.
    """
    with path.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as arrays:
                about = json.loads(arrays["about"].tobytes())
                if about["format"] != FORMAT or about["stamp"] != stamp:
                    raise OtherFormat
                return _dataset(about, arrays)
        except _DAMAGED as error:
            raise DataError(
                f"{path}: this prepared copy is damaged ({str(error) or type(error).__name__});"
                " delete the file or fetch the data set again"
            ) from None


def has_prepared(path: Path, stamp: str) -> bool:
    """Whether a prepared copy is there, of this format and made from `stamp`."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            return bool(about["format"] == FORMAT and about["stamp"] == stamp)
    except _DAMAGED:
        return False


def _dataset(about: dict[str, Any], arrays: Any) -> Dataset:
    columns = {name: about["items"][name] for name in _ITEM_COLUMNS}
    items = Items(**{name: tuple(column) for name, column in columns.items()} | {"genres": _nested(columns)})
    ratings = Ratings(
        _fixed(arrays["users"]),
        _fixed(arrays["items"]),
        _fixed(arrays["stars"]),
        _fixed(arrays["times"]) if "times" in arrays else None,
        tuple(about["user_ids"]),
        items.ids,
    )
    people = about["users"]
    report = about["report"]
    return Dataset(
        about["name"],
        about["label"],
        ratings,
        items,
        None if people is None else Users(**{name: tuple(column) for name, column in people.items()}),
        False,
        about["licence"],
        about["scale"][0],
        about["scale"][1],
        Report(report["read"], report["kept"], _skips(report["skipped"]), _skips(report["notes"])),
    )


def _fixed(array: Any) -> Any:
    array.flags.writeable = False  # so that Ratings keeps it without a copy
    return array


def _nested(columns: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(genres) for genres in columns["genres"])


def _skips(rows: list[dict[str, Any]]) -> tuple[Skip, ...]:
    return tuple(Skip(**row) for row in rows)


_ITEM_COLUMNS = ("ids", "film_ids", "titles", "years", "genres", "directors", "keys")
