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
from tutor.core.film_lists import MODELS, film_of
from tutor.core.film_records import Answered, Film, Question, Score
from tutor.core.practice import Practice
from tutor.core.serving import NoModel
from tutor.core.tastes import Taste
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

    tastes_picked: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        return MODELS

    @property
    def chosen_tastes(self) -> tuple[str, ...]:
        return self.tastes_picked

    def tastes(self) -> list[Taste]:
        return [Taste(f"g{at}", f"Group {at}", tuple(FILMS[at : at + 3])) for at in range(8)]

    def choose_tastes(self, chosen: tuple[str, ...]) -> None:
        self.tastes_picked = tuple(chosen)

    def genres(self) -> list[str]:
        return sorted({genre for film in FILMS for genre in film.genres})

    def marks(self) -> Any:
        return self.store.ratings.marks()

    def mark(self, ref: str, mark: Any, on: bool = True) -> Change:
        return self.store.ratings.mark(self._film(ref), mark, on)

    def marked(self, mark: Any) -> list[Film]:
        stars = self.store.ratings.stars()
        return [film_of(row, stars) for row in self.store.ratings.marked(mark)]

    def basis(self) -> Any:
        return SimpleNamespace(left_out=self.left_out)

    def factor_model(self) -> Any:
        raise NoModel("There are no vectors here.")

    def nearest_rated(self, ref: str, top: int = 3) -> list[Any]:
        rated = self.store.ratings.all()[:top]
        return [SimpleNamespace(title=row.film.title, stars=row.stars, cosine=0.5) for row in rated]

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

    def recommend(self, top: int = 10, *, why: bool = False, **wishes: Any) -> list[Any]:
        self.wishes = wishes
        stars = self.store.ratings.stars() | (wishes.get("what_if") or {})
        marks = self.store.ratings.marks()
        gone = {*marks["hidden"], *marks["seen"]}
        scored = [(self._why(film, place, stars), film) for place, film in enumerate(FILMS)]
        scored = [one for one in scored if one[1].id not in stars and one[1].id not in gone]
        if wishes.get("genres"):
            scored = [one for one in scored if {*one[1].genres} & {*wishes["genres"]}]
        scored.sort(key=lambda one: -_total(one[0]))
        return [
            SimpleNamespace(
                rank=rank, id=film.id, title=film.title, year=film.year, genres=film.genres, keys={},
                predicted=_total(reason), low=self.interval[0], high=self.interval[1],
                why=reason if why else None, few=film.id == "twister-1996", diversity_cost=0.0,
            )
            for rank, (reason, film) in enumerate(scored[:top], 1)
        ]  # fmt: skip

    def ensure_best(self, cancelled: Callable[[], bool]) -> Iterator[Any]:
        self.best_wanted = False
        self.interval = (2.9, 5.0)
        yield Rested(note="The recommender is ready.")

    def retrain(self, cancelled: Callable[[], bool]) -> Iterator[Any]:
        yield from self.ensure_model(cancelled)

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


@dataclass
class FakeAsking:
    """Asks for the films in their order; every forecast is 3.9."""

    store: Store
    strategy: str = "information"

    def next(self, strategy: str | None = None) -> Question | None:
        said = self.store.ratings.stars()
        unseen = self.store.ratings.marks()["not_seen"]
        left = [film for film in reversed(FILMS) if film.id not in said and film.id not in unseen]
        if not left:
            return None
        return Question(
            film=film_of(left[0], {}),
            strategy=self.strategy,
            why="",
            answered=len(said),
            not_seen=len(unseen),
        )

    def choose_strategy(self, name: str) -> None:
        self.strategy = name

    def answer(self, ref: str, stars: float | None, *, asked: bool = True) -> Answered:
        film = next(film for film in FILMS if film.id == ref)
        if stars is None:
            self.store.ratings.mark(film, "not_seen")
            return Answered(film=film_of(film, {}), stars=None, predicted=None)
        self.store.ratings.set(film, stars, 3.9)
        return Answered(film=film_of(film, {ref: stars}), stars=stars, predicted=3.9)

    def score(self) -> Score:
        errors = [abs(one.predicted - one.stars) for one in self.store.ratings.guesses()]
        off = sum(errors) / len(errors) if errors else None
        curve = tuple(sum(errors[: n + 1]) / (n + 1) for n in range(len(errors)))
        return Score(answers=len(errors), off=off, means_off=off, curve=curve, means_curve=curve)


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
        self.asking = FakeAsking(self.store)
        self.practice = Practice(self.store, self.course)  # type: ignore[assignment]
        self.lab = lab(self.store, self.paths, self.course, self.child)  # type: ignore[arg-type]


def places_app() -> Any:
    """The app on this workspace in the learner's folder of this process."""
    from tutor.ui.app import TutorApp

    return TutorApp(PlacesWorkspace(Paths.default()))  # type: ignore[arg-type]
