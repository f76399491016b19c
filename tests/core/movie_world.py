"""A learner with films, ratings and a model, for tests: nothing trains, nothing is fetched."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender import checkpoint
from recommender.checkpoint import FactorModel
from recommender.films import film_id
from recommender.ratings import Dataset, Items, Ratings
from tutor.core.datasets import DataSets
from tutor.core.movies import Movies
from tutor.core.serving import Serving
from tutor.store.paths import Paths
from tutor.store.store import Store


def a_model(dataset: Dataset, seed: int = 0, **changes: Any) -> FactorModel:
    rng = np.random.default_rng(seed)
    n_items, k = len(dataset.items), 8
    model = FactorModel(
        kind="dot-bias", link="sigmoid", low=0, high=5.5, offset=0,
        item_factors=rng.normal(0, 0.4, (n_items, k)).astype(np.float32),
        item_bias=rng.normal(0.5, 0.3, n_items).astype(np.float32),
        ridge=2.0, film_ids=dataset.items.film_ids, item_ids=dataset.items.ids,
        data_name=dataset.name, data_hash=dataset.ratings.fingerprint,
    )  # fmt: skip
    return replace(model, **changes)


class FakeChild:
    """A training process that writes a model, or does what the test says."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.jobs: list[dict[str, Any]] = []
        self.ending: dict[str, Any] | Exception = {"event": "finished", "valid_mse": 0.82}

    def run(self, job: dict[str, Any], cancelled: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        self.jobs.append(job)
        yield {"event": "progress", "fraction": 0.5, "note": "epoch 1 of 2"}
        if cancelled():
            yield {"event": "cancelled"}
            return
        if isinstance(self.ending, Exception):
            raise self.ending
        if self.ending["event"] == "finished":
            checkpoint.save(a_model(self.dataset), Path(job["out"]))
        yield self.ending


class World:
    """A learner with the planted world (or another data set) and a fake training process."""

    def __init__(self, home: Path) -> None:
        self.paths = Paths(home)
        self.store = Store(self.paths)
        self.data = DataSets(self.store, self.paths)
        self.child = FakeChild(self.data.dataset())
        self.serving = Serving(self.paths, self.data, lambda: self.child)  # type: ignore[arg-type,return-value]
        self.movies = Movies(self.store, self.data, self.serving)

    def switch_to(self, dataset: Dataset) -> None:
        """As if `dataset` were the current one, fetched and trained on."""
        self.data._loaded = ("planted", dataset)
        checkpoint.save(a_model(dataset), self.serving.path("planted"))

    def train(self) -> None:
        checkpoint.save(a_model(self.child.dataset), self.serving.path("planted"))


def a_dataset(films: list[tuple[str, int]], ids: list[str] | None = None) -> Dataset:
    """A data set of these films (title, year), ids made by the recommender unless given."""
    n = len(films)
    film_ids = tuple(ids or [film_id(title, year) for title, year in films])
    items = Items(
        tuple(map(str, range(n))), film_ids, tuple(t for t, _ in films), tuple(y for _, y in films),
        ((),) * n, ("",) * n, tuple({"movielens": str(row)} for row in range(n)),
    )  # fmt: skip
    ratings = Ratings.from_ids([0] * n, list(range(n)), [4.0] * n)
    return Dataset("toy", "toy set", ratings, items, None, False, "", 0.5, 5.0)
