"""Data sets by name or path. Importing this needs NumPy at most; pandas only where large files are parsed."""

from recommender.datasets.cache import cache_root
from recommender.datasets.errors import DataError, DataMissing, FetchFailed
from recommender.datasets.planted import Truth, planted_truth, planted_world, size_of
from recommender.datasets.registry import DatasetInfo, known
from recommender.datasets.store import load, prepare, prepared

__all__ = [
    "DataError",
    "DataMissing",
    "DatasetInfo",
    "FetchFailed",
    "Truth",
    "cache_root",
    "known",
    "load",
    "planted_truth",
    "planted_world",
    "prepare",
    "prepared",
    "size_of",
]
