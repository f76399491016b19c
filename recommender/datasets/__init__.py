"""Data sets by name or path. Importing this needs NumPy at most; pandas only where large files are parsed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.datasets.cache import cache_root
from recommender.datasets.errors import DataError, DataMissing, FetchFailed
from recommender.datasets.planted import Truth, planted_truth, planted_world, size_of
from recommender.datasets.registry import DatasetInfo, known
from recommender.datasets.store import load, prepare, prepared

if TYPE_CHECKING:
    from recommender.datasets.fetching import FetchEvent

__all__ = [
    "DataError",
    "DataMissing",
    "DatasetInfo",
    "FetchFailed",
    "Truth",
    "cache_root",
    "fetch",
    "known",
    "load",
    "planted_truth",
    "planted_world",
    "prepare",
    "prepared",
    "size_of",
]


def fetch(name: str, cache: Path | None = None) -> "Iterator[FetchEvent]":
    """Bring a known data set here and prepare it; see `recommender.datasets.fetching.fetch`."""
    from recommender.datasets import fetching  # the network's modules, which no other use needs

    return fetching.fetch(name, cache)
