"""A learner with films, ratings and a model, for tests: nothing trains, nothing is fetched."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender import checkpoint, lists_audience
from recommender.checkpoint import FactorModel
from recommender.films import film_id
from recommender.lists_audience import Audience
from recommender.posterior import Posterior
from recommender.ratings import Dataset, Items, Ratings
from recommender.serving import audience_path
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


def a_posterior(dataset: Dataset, seed: int = 0) -> Posterior:
    """Eight draws around one random film side."""
    rng = np.random.default_rng(seed)
    n, s, d = len(dataset.items), 8, 5
    films = rng.normal(0, 0.4, (n, 1, d)) + rng.normal(0, 0.05, (n, s, d))
    return Posterior(
        low=1, high=5, offset=3.5, smoothing=5, user_dof=10,
        films=films.astype(np.float16), link=rng.normal(0, 0.1, (n, s, d)).astype(np.float16),
        film_noise=np.ones((n, s), np.float16), mean=np.zeros((s, d), np.float32),
        mean_link=np.zeros((s, d), np.float32), precision=np.tile(np.eye(d, dtype=np.float32) * 4, (s, 1, 1)),
        rating_precision=np.full(s, 1.2, np.float32), spread=np.full((4, 4, 2), 1.645, np.float32),
        film_ids=dataset.items.film_ids, item_ids=dataset.items.ids,
        data_name=dataset.name, data_hash=dataset.ratings.fingerprint,
    )  # fmt: skip


def an_audience(dataset: Dataset, seed: int = 0) -> Audience:
    """Random directions; how often films are rated, and when they were made, as in the data set."""
    factors = np.random.default_rng(seed).normal(0, 0.2, (len(dataset.items), 4)).astype(np.float32)
    counts = np.bincount(dataset.ratings.items, minlength=len(dataset.items)).astype(np.int32)
    years = np.array(dataset.items.years, dtype=np.int32)
    return Audience(factors, counts, years, dataset.ratings.n_users, 5.0, 0.5)


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
            lists_audience.save(an_audience(self.dataset), audience_path(Path(job["out"])))
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
