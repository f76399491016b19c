"""What is on this machine, answered with the standard library alone: no NumPy for a look at the disk."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recommender.datasets.errors import DataError
from recommender.datasets.registry import KNOWN

Source = Path | zipfile.Path
"""A file or folder on disk or inside a zip archive; both are opened, named and listed alike."""

FORMAT = 1
"""The version of prepared copies; a copy of another version is made anew."""

STAMP_FILE = "stamp.json"
"""The member of a prepared copy that says its format and what it was made from."""

DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged archive may raise."""

_RATING_FILES = ("u.data", "ratings.dat", "ratings.csv")
_COMPANIONS = ("u.item", "u.user", "movies.dat", "users.dat", "movies.csv", "links.csv")


@dataclass(frozen=True)
class Wishes:
    """What the caller knows better: names of columns (user, item, rating, time) and the ends of the scale."""

    columns: Mapping[str, str] = field(default_factory=dict)
    scale: tuple[float, float] | None = None


def cache_root() -> Path:
    """$RECOMMENDER_HOME, else the user's cache folder. Nothing is created."""
    if home := os.environ.get("RECOMMENDER_HOME"):
        return Path(home)
    from platformdirs import user_cache_path

    return user_cache_path("recommender")


def prepared(name: str, cache: Path | None = None) -> bool:
    """Whether `load` needs nothing but NumPy and a moment."""
    if is_planted(name):
        return True
    try:
        stamp = stamp_of(name, Wishes())
        with zipfile.ZipFile(prepared_path(name, cache or cache_root())) as archive:
            return fits(archive, stamp)
    except (DataError, *DAMAGED):
        return False


def fits(archive: zipfile.ZipFile, stamp: str) -> bool:
    """Whether a prepared copy is of this version and made from what `stamp` says."""
    said: dict[str, Any] = json.loads(archive.read(STAMP_FILE))
    return bool(said["format"] == FORMAT and said["stamp"] == stamp)


def is_planted(name: str) -> bool:
    """Whether a name means the planted world, of whatever size."""
    return name == "planted" or name.startswith("planted:")


def is_path(name: str) -> bool:
    """Whether a name means a file or folder."""
    return name not in KNOWN and ("/" in name or "\\" in name or Path(name).expanduser().exists())


def prepared_path(name: str, cache: Path) -> Path:
    """Where the prepared copy of a data set is or would be."""
    if is_path(name):
        name = f"path-{hashlib.sha256(str(Path(name).expanduser().resolve()).encode()).hexdigest()[:16]}"
    return cache / "prepared" / f"{name}.npz"


def stamp_of(name: str, wishes: Wishes) -> str:
    """What a prepared copy depends on: for a path the wishes, and size and time of the files that are read.

    DataError where a path holds no ratings.
    """
    if not is_path(name):
        return name
    path = Path(name).expanduser()
    ratings = path if is_archive(path) else find_ratings(path)
    assert isinstance(ratings, Path)
    stem = ratings.name.removesuffix(".inter")
    names = (ratings.name, *_COMPANIONS, f"{stem}.item", f"{stem}.user")
    files = [file for file in map(ratings.with_name, names) if file.is_file()]
    found = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return repr((found, sorted(wishes.columns.items()), wishes.scale))


def is_archive(path: Path) -> bool:
    """Whether a path is a zip archive, to judge by its name."""
    return path.suffix.casefold() == ".zip"


def find_ratings(path: Source) -> Source:
    """The ratings file that a path means. DataError when there is none or more than one."""
    if isinstance(path, Path) and not path.exists():
        raise DataError(f"{path}: no such file or folder")
    if isinstance(path, Path) and is_archive(path):
        path = zipfile.Path(path)
    if path.is_file():
        return path
    inside = sorted((part for part in path.iterdir() if not part.name.startswith((".", "__"))), key=str)
    for name in _RATING_FILES:
        if found := [part for part in inside if part.name.casefold() == name and part.is_file()]:
            return found[0]
    atomic = [part for part in inside if part.name.endswith(".inter")]
    candidates = atomic or [part for part in inside if part.name.casefold().endswith((".csv", ".tsv"))]
    if not candidates and len(inside) == 1 and inside[0].is_dir():
        return find_ratings(inside[0])
    if len(candidates) != 1:
        names = ", ".join(part.name for part in candidates)
        wanted = f"{', '.join(_RATING_FILES)}, one .inter or one .csv file"
        raise DataError(f"{path}: which file holds the ratings? Expected {wanted}; found {names or 'none'}")
    return candidates[0]
