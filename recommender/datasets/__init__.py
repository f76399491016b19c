"""Data sets by name or path. Importing this needs NumPy at most; pandas only where large files are parsed."""

from pathlib import Path

from recommender.datasets.errors import DataError, DataMissing, FetchFailed
from recommender.datasets.planted import planted_truth, planted_world, size_of
from recommender.ratings import Dataset

__all__ = ["DataError", "DataMissing", "FetchFailed", "load", "planted_truth", "planted_world", "size_of"]


def load(name: str, cache: Path | None = None) -> Dataset:
    """The data set of that name. DataError for a name that is not known."""
    if name == "planted" or name.startswith("planted:"):
        try:
            return planted_world(size_of(name))
        except ValueError as error:
            raise DataError(str(error)) from None
    raise DataError(f"unknown data set {name!r}")
