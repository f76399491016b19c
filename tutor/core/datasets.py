"""Which ratings the recommender learns from: list, fetch, switch, add.

Downloads and large files are handled by a command of the recommender, so that neither the network nor
pandas is ever loaded here; what it prepared is read with NumPy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.core.errors import BadInput
from tutor.core.events import Failed, Record, Rested, WorkEvent
from tutor.core.work import follow
from tutor.runner import oneshot
from tutor.runner.process import python
from tutor.store.database import now
from tutor.store.paths import Paths
from tutor.store.store import Store

if TYPE_CHECKING:
    from recommender.ratings import Dataset

DEFAULT, FALLBACK = "ml-100k", "planted"
RETRY = timedelta(days=1)
"""How long after a failed try the app does not fetch by itself."""


class UnknownData(BadInput):
    """No data set of that name, or none that can be read."""


class DataNotHere(BadInput):
    """A known data set that was not fetched yet."""


class DataRow(Record):
    """A data set as the list shows it."""

    name: str
    label: str
    ready: bool
    current: bool
    invented: bool
    """Whether its viewers are invented."""
    size: str
    licence: str
    source: str


class DataSets:
    """The data sets of one learner. Methods may be called from any thread."""

    def __init__(self, store: Store, paths: Paths) -> None:
        self._settings = store.settings
        self._paths = paths
        self._lock = threading.Lock()
        self._loaded: tuple[str, Dataset] | None = None
        self._pinned: str | None = None

    def pin(self, name: str) -> None:
        """Make a data set the current one for this process alone. Raises `DataNotHere`, `UnknownData`."""
        name = self._full_name(name)
        self.dataset(name)
        self._pinned = name

    @property
    def current(self) -> str:
        """The chosen data set if it is here, else MovieLens 100K if it is here, else the planted world."""
        chosen = self._pinned or self._settings.get("data")
        return next((name for name in (chosen, DEFAULT) if name and self.ready(name)), FALLBACK)

    @property
    def fetch_wanted(self) -> bool:
        """Whether the app should fetch by itself: not here, nothing else chosen, no failure of late."""
        failed = self._settings.get("fetch_failed_at")
        recent = failed and datetime.now(UTC) - datetime.fromisoformat(failed) < RETRY
        return not (recent or self._settings.get("data") or self.ready(DEFAULT))

    def ready(self, name: str) -> bool:
        """Whether a data set can be loaded at once. What was seen to be here is remembered, not looked up."""
        if name.startswith(FALLBACK) or name in self._here():
            return True
        if not self._paths.data.is_dir():
            return False  # the usual first start: nothing to import for
        from recommender.datasets import prepared

        found = prepared(name, self._paths.data)
        if found:
            self._remember(name, here=True)
        return found

    def _here(self) -> list[str]:
        return list(self._settings.get("data_here", ()))

    def _remember(self, name: str, *, here: bool) -> None:
        others = [one for one in self._here() if one != name]
        self._settings.set("data_here", [*others, name] if here else others)

    def check(self, name: str) -> None:
        """Raise `DataNotHere` or `UnknownData` unless a data set can be loaded; loads it only in doubt."""
        if name != FALLBACK and (name.startswith(FALLBACK) or not self.ready(name)):
            self.dataset(name)

    def dataset(self, name: str | None = None) -> Dataset:
        """Load a data set (default: the current one); kept until another one is asked for.

        Raises `DataNotHere`, `UnknownData`.
        """
        if name is not None:
            return self._load(name)
        try:
            return self._load(self.current)
        except DataNotHere:  # its files are gone since; what is current now is here
            return self._load(self.current)

    def _load(self, name: str) -> Dataset:
        from recommender.datasets import DataError, DataMissing, load

        with self._lock:
            if self._loaded is None or self._loaded[0] != name:
                try:
                    self._loaded = (name, load(name, self._paths.data))
                except DataMissing:
                    self._remember(name, here=False)
                    raise DataNotHere(f"{name} is not here yet; get it: tutor data fetch {name}") from None
                except DataError as error:
                    raise UnknownData(str(error)) from None
            return self._loaded[1]

    def list(self) -> list[DataRow]:
        """All known data sets and those that were added."""
        from recommender.datasets import known

        current = self.current
        rows = [
            DataRow(
                name=info.name, label=info.label, ready=self.ready(info.name), current=info.name == current,
                invented=info.name.startswith(FALLBACK), size=info.size, licence=info.licence,
                source=info.source,
            )
            for info in known()
        ]  # fmt: skip
        return rows + [self._added(path, current) for path in self._settings.get("data_added", [])]

    def use(self, name: str) -> DataRow:
        """Make a data set the current one; ratings stay. Raises `DataNotHere`, `UnknownData`."""
        name = self._full_name(name)
        self.dataset(name)
        self._settings.set("data", name)
        return next((row for row in self.list() if row.name == name), self._added(name, name))

    def add(self, path: Path, cancelled: Callable[[], bool] = lambda: False) -> Iterator[WorkEvent]:
        """Read the learner's own file or folder of ratings and list it; its name is its path.

        Raises `UnknownData` at once where nothing lies there.
        """
        name = str(path.expanduser().resolve())
        if not Path(name).exists():
            raise UnknownData(f"There is no file or folder {path}; check the path.")

        def done(event: dict[str, Any]) -> Rested:
            added = self._settings.get("data_added", [])
            self._settings.set("data_added", [*added, name] if name not in added else added)
            return Rested(note=f"{path.name} is here. Use it with: tutor data use {name}", data=_about(event))

        return self._command("prepare", name, cancelled, done)

    def fetch(
        self, name: str = DEFAULT, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[WorkEvent]:
        """Download a data set and prepare it. A failure changes nothing and is remembered for a day.

        Raises `UnknownData` at once for a name that is not known.
        """
        from recommender.datasets import known

        names = [info.name for info in known() if info.name != FALLBACK]
        if name not in names:
            raise UnknownData(f"There is no data set {name!r} to fetch; there are {', '.join(names)}.")
        return self._fetch(name, cancelled)

    def _fetch(self, name: str, cancelled: Callable[[], bool]) -> Iterator[WorkEvent]:
        def done(event: dict[str, Any]) -> Rested:
            note = f"{event['label']} is here: {event['ratings']:,} ratings. {event['licence']}"
            return Rested(note=note, data=_about(event))

        for event in self._command("fetch", name, cancelled, done):
            if name == DEFAULT and isinstance(event, Failed | Rested):
                self._settings.set("fetch_failed_at", now() if isinstance(event, Failed) else None)
            yield event

    def _command(
        self, command: str, name: str, cancelled: Callable[[], bool], done: Callable[[dict[str, Any]], Rested]
    ) -> Iterator[WorkEvent]:
        line = python("-m", "recommender.datasets", command, name, "--cache", str(self._paths.data))
        events = oneshot.run(line, self._paths.logs / "data.log", cancelled)
        for event in follow(events, done):
            if isinstance(event, Rested):
                self._forget(name)
                self._remember(name, here=True)
            yield event

    def _forget(self, name: str) -> None:
        with self._lock:
            if self._loaded is not None and self._loaded[0] == name:
                self._loaded = None

    def _full_name(self, name: str) -> str:
        """A name as it is, or the full path of a file that was added or lies here."""
        added = [path for path in self._settings.get("data_added", []) if Path(path).name == name]
        if len(added) == 1:
            return str(added[0])
        return str(Path(name).expanduser().resolve()) if "/" in name else name

    def _added(self, path: str, current: str) -> DataRow:
        return DataRow(
            name=path, label=Path(path).name, ready=self.ready(path), current=path == current, invented=False,
            size="", licence="yours", source=path,
        )  # fmt: skip


def _about(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in ("event", "id")}
