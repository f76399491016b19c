"""Everything of one learner, opened on first use: doors hold one workspace and nothing else.

Making one costs nothing; importing this module loads neither numpy nor the recommender.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tutor.core.asking import Asking
from tutor.core.curriculum import Course
from tutor.core.datasets import DataSets
from tutor.core.film_import.files import RatingFiles
from tutor.core.lab import Lab
from tutor.core.movies import Movies
from tutor.core.practice import Practice
from tutor.core.serving import Serving
from tutor.runner.child import TrainingChild
from tutor.store.paths import Paths
from tutor.store.store import Store

if TYPE_CHECKING:
    from tutor.core.exercises.usecase import Exercises
    from tutor.core.session import Session

Part = TypeVar("Part")


class Workspace:
    """The learner's file, the course, and every use-case over them. Any thread may ask for any part."""

    def __init__(self, paths: Paths | None = None) -> None:
        self.paths = paths or Paths.default()
        self._lock = threading.RLock()
        self._parts: dict[str, Any] = {}

    def _part(self, name: str, make: Callable[[], Part]) -> Part:
        with self._lock:
            if name not in self._parts:
                self._parts[name] = make()
            part: Part = self._parts[name]
            return part

    @property
    def store(self) -> Store:
        """What the tutor remembers. Raises `StoreError`."""
        return self._part("store", lambda: Store(self.paths))

    @property
    def course(self) -> Course:
        """The course. Raises `ContentError`."""
        return self._part("course", Course.load)

    @property
    def data(self) -> DataSets:
        """The data sets."""
        return self._part("data", lambda: DataSets(self.store, self.paths))

    @property
    def child(self) -> TrainingChild:
        """The training process; it starts with its first job or by `start`."""
        return self._part("child", lambda: TrainingChild(self.paths.logs))

    @property
    def serving(self) -> Serving:
        """The model that serves recommendations."""
        return self._part("serving", lambda: Serving(self.paths, self.data, lambda: self.child))

    @property
    def movies(self) -> Movies:
        """Films, ratings, recommendations."""
        return self._part("movies", lambda: Movies(self.store, self.data, self.serving))

    @property
    def asking(self) -> Asking:
        """Which film is asked about next, and how good the forecasts were."""
        return self._part("asking", lambda: Asking(self.movies))

    @property
    def rating_files(self) -> RatingFiles:
        """Ratings from other services, and for them."""
        return self._part("rating_files", lambda: RatingFiles(self.store.ratings, self.movies.catalogue))

    @property
    def lab(self) -> Lab:
        """Experiments."""
        return self._part(
            "lab",
            lambda: Lab(self.store, self.paths, self.course, self.data, self.serving, lambda: self.child),
        )

    @property
    def practice(self) -> Practice:
        """The quiz."""
        return self._part("practice", lambda: Practice(self.store, self.course))

    @property
    def exercises(self) -> Exercises:
        """Code exercises."""

        def make() -> Exercises:
            from tutor.core.exercises.usecase import Exercises

            return Exercises(self.store, self.paths, self.course, self.data)

        return self._part("exercises", make)

    def session(self, inline_runs: bool = False) -> Session:
        """A tutoring session; `inline_runs`: experiments run inside the chat (for pipes)."""
        from tutor.core.session import Session

        return Session(self, inline_runs)

    def close(self) -> None:
        """Stop the training process and close the learner's file."""
        with self._lock:
            parts, self._parts = self._parts, {}
        if "child" in parts:
            parts["child"].stop()
        if "exercises" in parts:
            parts["exercises"].close()
        if "store" in parts:
            parts["store"].close()
