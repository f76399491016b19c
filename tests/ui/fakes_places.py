"""A workspace for tests of Lab, Movies, Quiz and Progress: real store and cards, scripted films and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tutor.core.events import (
    Failed,
    Progress,
    Rested,
)
from tutor.core.practice import Practice
from tutor.store.paths import Paths
from tutor.store.ratings import Change, FilmRow, RatingRow
from tutor.store.store import Store

from .fakes import FakeWorkspace
from .fakes_lab import FewData, ScriptedChild, lab

FILMS = [
    FilmRow(id, title, year, genres, {})
    for id, title, year, genres in [
        ("the-usual-suspects-1995", "The Usual Suspects", 1995, ("Crime", "Thriller")),
        ("l-a-confidential-1997", "L.A. Confidential", 1997, ("Crime", "Film-Noir", "Mystery", "Thriller")),
        (
            "dr-strangelove-1963",
            "Dr. Strangelove or: How I Learned to Stop Worrying",
            1963,
            ("Sci-Fi", "War"),
        ),
        ("fargo-1996", "Fargo", 1996, ("Crime", "Drama", "Thriller")),
        ("pulp-fiction-1994", "Pulp Fiction", 1994, ("Crime", "Drama")),
        ("star-wars-1977", "Star Wars", 1977, ("Action", "Adventure", "Sci-Fi")),
        ("casablanca-1942", "Casablanca", 1942, ("Drama", "Romance", "War")),
        ("twister-1996", "Twister", 1996, ("Action", "Adventure", "Thriller")),
        ("alien-1979", "Alien", 1979, ("Action", "Horror", "Sci-Fi", "Thriller")),
        ("four-weddings-1994", "Four Weddings and a Funeral", 1994, ("Comedy", "Romance")),
        ("toy-story-1995", "Toy Story", 1995, ("Animation", "Children's", "Comedy")),
        ("amadeus-1984", "Amadeus", 1984, ("Drama", "Mystery")),
    ]
]


@dataclass
class FakeMovies:
    """Twelve films; a rating pulls films of the same genres along."""

    store: Store
    model_ready: bool = True
    fails: bool = False
    best_wanted: bool = False
    interval: tuple[float | None, float | None] = (None, None)

    def search(self, text: str, limit: int = 10) -> list[FilmRow]:
        return [film for film in FILMS if text.casefold() in film.title.casefold()][:limit]

    def rated(self) -> list[RatingRow]:
        return self.store.ratings.all()

    def rate(self, ref: str, stars: float) -> Change:
        return self.store.ratings.set(self._film(ref), stars)

    def delete(self, ref: str) -> Change:
        return self.store.ratings.set(self._film(ref), None)

    def undo(self) -> Change | None:
        return self.store.ratings.undo()

    def recommend(self, top: int = 10, *, why: bool = False, **_: Any) -> list[Any]:
        stars = self.store.ratings.stars()
        scored = [(self._why(film, place, stars), film) for place, film in enumerate(FILMS)]
        scored = [one for one in scored if one[1].id not in stars]
        scored.sort(key=lambda one: -_total(one[0]))
        return [
            SimpleNamespace(
                rank=rank, id=film.id, title=film.title, year=film.year, genres=film.genres, keys={},
                predicted=_total(reason), low=self.interval[0], high=self.interval[1],
                why=reason if why else None,
            )
            for rank, (reason, film) in enumerate(scored[:top], 1)
        ]  # fmt: skip

    def ensure_best(self, cancelled: Callable[[], bool]) -> Iterator[Any]:
        self.best_wanted = False
        self.interval = (2.9, 5.0)
        yield Rested(note="The recommender is ready.")

    def ensure_model(self, cancelled: Callable[[], bool]) -> Iterator[Any]:
        yield Progress(fraction=0.4, note="epoch 2 of 5")
        if self.fails:
            yield Failed(message="The training process died.", log="worker.log")
            return
        self.model_ready = True
        yield Rested(note="The recommender is ready.")

    def _film(self, ref: str) -> FilmRow:
        return next(film for film in FILMS if film.id == ref)

    def _why(self, film: FilmRow, place: int, stars: dict[str, float]) -> Any:
        because = [
            SimpleNamespace(
                id=id, title=self._film(id).title, stars=given,
                push=(given - 3) * 0.1 * len({*film.genres} & {*self._film(id).genres}),
            )
            for id, given in stars.items()
        ]  # fmt: skip
        total = sum(push.push for push in because)
        return SimpleNamespace(
            mean=3.0, user_bias=0.1, item_bias=1.2 - place * 0.11, taste=total, clamp=-0.054,
            because=because, rest=0.1,
        )  # fmt: skip


def _total(why: Any) -> float:
    return float(why.mean + why.user_bias + why.item_bias + why.taste + why.clamp)


class PlacesWorkspace(FakeWorkspace):
    """The shell's workspace with the four places filled in."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths)
        self.child = ScriptedChild()  # type: ignore[assignment]
        self.gate = self.child.gate
        self.data.dataset = FewData().dataset  # type: ignore[attr-defined]
        self.movies = FakeMovies(self.store)  # type: ignore[assignment]
        self.practice = Practice(self.store, self.course)  # type: ignore[assignment]
        self.lab = lab(self.store, self.paths, self.course, self.child)  # type: ignore[arg-type]


def places_app() -> Any:
    """The app on this workspace in the learner's folder of this process."""
    from tutor.ui.app import TutorApp

    return TutorApp(PlacesWorkspace(Paths.default()))  # type: ignore[arg-type]
