"""A learner in a small fixed course; films, lab and quiz are small stand-ins."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tutor.core.catalogue import UnknownFilm
from tutor.core.curriculum import Course
from tutor.core.deck import Deck
from tutor.core.events import (
    Asked,
    ChatEvent,
    Failed,
    Opened,
    Progress,
    Rested,
    RunFinished,
    Said,
    Turn,
    TurnFinished,
)
from tutor.core.session import Session
from tutor.store.paths import Paths
from tutor.store.ratings import Change, FilmRow
from tutor.store.store import Store

COURSE = Path(__file__).parent / "fixtures" / "course"
RIGHT_7 = "Multiply the matching numbers and add up the products."
HALF_7 = "You multiply the matching numbers."
WRONG_7 = "You get a new list that holds the product of each pair."
FARGO = FilmRow("fargo-1996", "Fargo", 1996, ("Crime",), {})


class FakeMovies:
    """Knows Fargo, and keeps ratings in the learner's file."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.model_ready = False

    def rate(self, ref: str, stars: float) -> Change:
        if ref.casefold() != "fargo":
            raise UnknownFilm(ref, "the test world")
        return self._store.ratings.set(FARGO, stars)

    def undo(self) -> Change | None:
        return self._store.ratings.undo()

    def ensure_model(self) -> Iterator[Any]:
        yield Progress(fraction=0.5)
        self.model_ready = True
        yield Rested(note="trained")

    def recommend(self, top: int) -> list[Any]:
        film = SimpleNamespace(rank=1, id="heat-1995", title="Heat", year=1995, predicted=4.25)
        film.model_dump = lambda include: {"id": film.id, "title": film.title, "predicted": film.predicted}
        return [film]

    def basis(self) -> Any:
        return SimpleNamespace(note="From your 1 rating.")


class FakeLab:
    """Runs end as the test says."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.ending: Any = None

    def run(self, name: str, *, settings: Any, prediction: str | None) -> Iterator[Any]:
        self.runs.append({"name": name, "settings": settings, "prediction": prediction})
        yield Progress(fraction=0.5, note="half")
        yield self.ending or RunFinished(
            name=name, config={}, expected="A valley.", outcome="valley", prediction=prediction,
            holds=True, sentence="The lowest error was 0.8 stars².", seconds=1.0,
        )  # fmt: skip


class World:
    """Everything a session needs, with a learner's file in a folder."""

    def __init__(self, home: Path) -> None:
        self.paths = Paths(home)
        self.store = Store(self.paths)
        self.course = Course.load(COURSE)
        self.movies = FakeMovies(self.store)
        self.lab = FakeLab()
        counts = SimpleNamespace(due=2, new=3, next_due_at=None)
        self.introduced: list[str] = []
        self.practice = SimpleNamespace(
            counts=lambda: counts, deck=Deck(self.course), introduce=self.introduced.append
        )

    def session(self, *, inline: bool = False) -> Session:
        return Session(self, inline)  # type: ignore[arg-type]


def turn(events: Iterator[ChatEvent]) -> tuple[list[ChatEvent], Turn]:
    """All events of a turn that ends well."""
    found = list(events)
    assert sum(isinstance(event, TurnFinished | Failed) for event in found) == 1
    last = found[-1]
    assert isinstance(last, TurnFinished), last
    return found, last.turn


def said(events: list[ChatEvent]) -> list[Said]:
    return [event for event in events if isinstance(event, Said) and event.role == "tutor"]


def kinds(events: list[ChatEvent]) -> list[str]:
    return [event.event for event in events]


__all__ = ["FARGO", "HALF_7", "RIGHT_7", "WRONG_7", "Asked", "Opened", "World", "kinds", "said", "turn"]
