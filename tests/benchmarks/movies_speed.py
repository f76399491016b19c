"""How fast Movies answers: search, rating to list, import; on MovieLens 100K and on 87,000 invented films."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from recommender import checkpoint, lists_audience
from recommender.checkpoint import FactorModel
from recommender.films import film_id
from recommender.lists_audience import Audience
from recommender.ratings import Dataset, Items, Ratings
from recommender.serving import audience_path
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths
from tutor.ui.screens.movies_board import Wishes, read_board

MANY, FACTORS, QUERIES, RATINGS, ROWS = 87_000, 50, 300, 60, 10_000


def many_films(data: Dataset, rng: random.Random) -> Dataset:
    """MANY films whose titles are made of the words of real ones, and a few ratings of each."""
    words = [word for title in data.items.titles for word in title.split()]
    titles = [" ".join(rng.sample(words, rng.randint(1, 5))) for _ in range(MANY)]
    years = [rng.randint(1920, 2023) for _ in range(MANY)]
    named = {film_id(title, year): (title, year) for title, year in zip(titles, years, strict=True)}
    ids = list(named)
    n = len(ids)
    items = Items(
        tuple(map(str, range(n))), tuple(ids), tuple(named[one][0] for one in ids),
        tuple(named[one][1] for one in ids), (("Drama",),) * n, ("",) * n, ({},) * n,
    )  # fmt: skip
    rows = np.minimum((np.random.default_rng(0).pareto(1, 400_000) * 50).astype(int), n - 1)
    ratings = Ratings.from_ids([i % 4000 for i in range(len(rows))], rows.tolist(), [4.0] * len(rows))
    known = np.array([int(one) for one in ratings.item_ids])
    whole = Ratings(
        ratings.users, known[ratings.items].astype(np.int32), ratings.stars, None, ratings.user_ids, items.ids
    )
    return Dataset("many", "87,000 films", whole, items, None, False, "", 0.5, 5.0)


def serve(workspace: Workspace, data: Dataset) -> None:
    """A model of random vectors for all films of `data`, as if it had been trained and fetched."""
    rng, n = np.random.default_rng(0), len(data.items)
    model = FactorModel(
        kind="dot-bias", link="sigmoid", low=0, high=5.5, offset=0,
        item_factors=rng.normal(0, 0.3, (n, FACTORS)).astype(np.float32),
        item_bias=rng.normal(0.5, 0.3, n).astype(np.float32), ridge=5.0,
        film_ids=data.items.film_ids, item_ids=data.items.ids, data_name=data.name,
        data_hash=data.ratings.fingerprint,
    )  # fmt: skip
    counts = np.bincount(data.ratings.items, minlength=n).astype(np.int32)
    audience = Audience(
        rng.normal(0, 0.1, (n, 32)).astype(np.float32),
        counts,
        np.array(data.items.years, np.int32),
        4000,
        5.0,
        0.5,
    )
    path = workspace.serving.path("planted")
    workspace.data._loaded = ("planted", data)
    lists_audience.save(audience, audience_path(path))
    checkpoint.save(model, path)


def queries(workspace: Workspace, rng: random.Random) -> list[str]:
    """What people type on the way to a film: beginnings, with a slip in every third one."""
    films = list(workspace.movies.catalogue().films.values())
    typed = []
    for number in range(QUERIES):
        title = rng.choice(films).title
        text = title[: rng.randint(2, max(2, len(title)))]
        if number % 3 == 0 and len(text) > 4:
            at = rng.randrange(len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        typed.append(text)
    return typed


def measured(work: Callable[[int], object], times: int) -> str:
    """Median and 95th percentile in milliseconds."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - began) * 1000)
    return f"{np.median(took):.1f} | {np.quantile(took, 0.95):.1f}"


def rows(name: str, workspace: Workspace, rng: random.Random) -> None:
    """Search and rating to list on one data set."""
    movies, typed = workspace.movies, queries(workspace, rng)
    movies.search("warm")
    print(f"| {name}: search | {measured(lambda number: movies.search(typed[number], 30), QUERIES)} |")
    films = [one.id for one in movies.recommend(RATINGS)]

    def rate(number: int) -> None:
        movies.rate(films[number], 1 + number % 9 / 2)
        read_board(workspace, "", Wishes())

    rate(0)
    print(f"| {name}: rating to list with reasons | {measured(rate, RATINGS)} |")


def imported(workspace: Workspace, folder: Path) -> None:
    """ROWS rows of a Letterboxd file, a sixth of them in the catalogue."""
    films, path = list(workspace.movies.catalogue().films.values()), folder / "ratings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", "Name", "Year", "Letterboxd URI", "Rating"])
        for number in range(ROWS):
            film = films[number % len(films)]
            title = film.title if number < len(films) else f"{film.title} {number}"
            writer.writerow(["2020-01-01", title, film.year or "", f"https://boxd.it/{number}", 3.5])
    print(f"| import of {ROWS:,} rows | {measured(lambda _: workspace.rating_files.take(path), 3)} |")


def speed(data: Dataset, cache: Path | None) -> None:
    """Print the table."""
    rng = random.Random(1)
    print("| on this machine, ms | median | 95th percentile |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, closing(Workspace(Paths(Path(folder) / "a"))) as workspace:
        if cache is not None:
            workspace.paths.home.mkdir(parents=True)
            workspace.paths.data.symlink_to(cache)
        workspace.data.use("ml-100k")
        for stream in (workspace.movies.ensure_model(), workspace.movies.ensure_best()):
            assert [event.event for event in stream][-1] == "finished"
        rows("ML-100K", workspace, rng)
        imported(workspace, Path(folder))
    with tempfile.TemporaryDirectory() as folder, closing(Workspace(Paths(Path(folder) / "a"))) as workspace:
        serve(workspace, many_films(data, rng))
        rows("87,000 films", workspace, rng)
