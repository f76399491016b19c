"""Data sets by name or path.

Each name is imported on first use: looking which sets are here (`known`, `prepared`) needs the standard
library, `load` needs NumPy, and pandas is imported only where large files are parsed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.datasets.errors import DataError, DataMissing, FetchFailed
    from recommender.datasets.fetching import FetchEvent, FetchFinished, FetchProgress, fetch
    from recommender.datasets.planted import Truth, planted_truth, planted_world, size_of
    from recommender.datasets.presence import cache_root, prepared
    from recommender.datasets.registry import DatasetInfo, known
    from recommender.datasets.store import load, prepare

_HOMES = {
    "errors": ("DataError", "DataMissing", "FetchFailed"),
    "fetching": ("FetchEvent", "FetchFinished", "FetchProgress", "fetch"),
    "planted": ("Truth", "planted_truth", "planted_world", "size_of"),
    "presence": ("cache_root", "prepared"),
    "registry": ("DatasetInfo", "known"),
    "store": ("load", "prepare"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DataError",
    "DataMissing",
    "DatasetInfo",
    "FetchEvent",
    "FetchFailed",
    "FetchFinished",
    "FetchProgress",
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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
