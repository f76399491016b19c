"""Newcomers to Movies, replayed through the very code of the screen, as Markdown tables:

    python tests/benchmarks/movies_table.py [--cache DIR] [--users 200] [--seed 1] [--skip-speed]

So many people of MovieLens 100K are taken out before anything is trained. Each of them answers the questions
that the screen asks: with their stars where they rated the film, else "not seen". A part of their ratings is
held back and not asked about. Error: of the forecasts for what was held back, after so many answers with
stars (RMSE, every person counts the same). Lists: the first ten films after ten questions; held-back films of
four stars or more are what they are to find. 95 % intervals are of 10,000 new draws of the people.
The speed part measures on this machine, as it is.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from contextlib import closing
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.ratings import Dataset
from tests.benchmarks.movies_speed import speed
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths

STEPS, QUESTIONS, LONGEST, TOP, LIKED = (0, 1, 3, 5, 10, 15), 10, 60, 10, 4.0
HELD, LEAST = 0.3, 20
Doubles = NDArray[np.float64]
LISTS = {
    "default list after ten questions": "popularity after ten questions",
    "popularity after ten questions": "",
    "three groups picked, nothing rated": "popularity, nothing rated",
    "popularity, nothing rated": "",
}
"""Lists, and the ones that they are compared with."""


class Person:
    """Somebody who was taken out: what they would answer, and what was held back."""

    def __init__(self, told: dict[str, float], rng: np.random.Generator) -> None:
        films = list(rng.permutation(list(told)))
        held = films[: max(1, round(HELD * len(films)))]
        self.held = {film: told[film] for film in held}
        self.stars = {film: told[film] for film in films[len(held) :]}
        self.liked = {film for film, stars in self.held.items() if stars >= LIKED}


def newcomers(data: Dataset, n: int, rng: np.random.Generator) -> tuple[list[Person], NDArray[np.intp]]:
    """n people with LEAST ratings or more, and their rows."""
    counts = np.bincount(data.ratings.users, minlength=data.ratings.n_users)
    rows = rng.permutation(np.flatnonzero(counts >= LEAST))[:n]
    people = []
    for row in rows:
        mine = np.flatnonzero(data.ratings.users == row)
        films = [data.items.film_ids[item] for item in data.ratings.items[mine]]
        told = dict(zip(films, data.ratings.stars[mine].tolist(), strict=True))
        people.append(Person(told, rng))
    return people, rows


def written(data: Dataset, without: NDArray[np.intp], folder: Path) -> Path:
    """The data set without these people, as MovieLens files."""
    folder.mkdir()
    keep = np.flatnonzero(~np.isin(data.ratings.users, without))
    with (folder / "ratings.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["userId", "movieId", "rating", "timestamp"])
        ratings, ids = data.ratings, data.items.ids
        for row in keep.tolist():
            user, stars = int(ratings.users[row]) + 1, float(ratings.stars[row])
            writer.writerow([user, ids[ratings.items[row]], stars, 0])
    with (folder / "movies.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["movieId", "title", "genres"])
        items = data.items
        for row in zip(items.ids, items.titles, items.years, items.genres, strict=True):
            number, title, year, genres = row
            writer.writerow([number, f"{title} ({year})" if year else title, "|".join(genres)])
    return folder


def forget(workspace: Workspace) -> None:
    """A new person sits down."""
    while workspace.movies.undo() is not None:
        pass
    workspace.movies.choose_tastes(())


def errors(workspace: Workspace, person: Person) -> float:
    """Mean squared error of what was held back."""
    misses = [(workspace.movies.predicted(film) or 3.5) - stars for film, stars in person.held.items()]
    return float(np.mean(np.square(misses)))


def replayed(workspace: Workspace, person: Person) -> dict[str, object]:
    """One person's course: errors by answers, lists after ten questions, forecasts with their ends."""
    asking, movies = workspace.asking, workspace.movies
    by_answer, lists, asked, answered = [errors(workspace, person)], {}, 0, 0
    while asked < LONGEST and (answered < STEPS[-1] or asked < QUESTIONS):
        question = asking.next(never=person.held)
        if question is None:
            break
        stars = person.stars.get(question.film.id)
        asking.answer(question.film.id, stars)
        asked += 1
        if stars is not None:
            answered += 1
            by_answer.append(errors(workspace, person) if answered in STEPS else by_answer[-1])
        if asked == QUESTIONS:
            lists["default list after ten questions"] = [one.id for one in movies.recommend(TOP)]
            lists["popularity after ten questions"] = [
                one.id for one in movies.recommend(TOP, model="popularity")
            ]
            lists["answers"] = answered
    ends = {one.id: (one.low, one.high) for one in movies.recommend(10_000) if one.id in person.held}
    inside = [low <= person.held[film] <= high for film, (low, high) in ends.items() if low is not None]
    forget(workspace)
    lists["popularity, nothing rated"] = [one.id for one in movies.recommend(TOP, model="popularity")]
    lists["three groups picked, nothing rated"] = groups_list(workspace, person)
    means = movies.mean_stars()
    usual = float(np.mean([(means[film] - stars) ** 2 for film, stars in person.held.items()]))
    reached = [by_answer[min(step, len(by_answer) - 1)] for step in STEPS]
    return {"errors": reached, "means": usual, "lists": lists, "inside": inside}


def groups_list(workspace: Workspace, person: Person) -> list[str]:
    """The list of somebody who picks the three groups whose films they know and like best."""
    movies = workspace.movies

    def worth(films: tuple[object, ...]) -> float:
        return sum(person.stars[film.id] - 2.5 for film in films if film.id in person.stars)  # type: ignore[attr-defined]

    chosen = sorted(movies.tastes(), key=lambda taste: -worth(taste.films))[:3]
    movies.choose_tastes([taste.id for taste in chosen])
    found = [one.id for one in movies.recommend(TOP)]
    movies.choose_tastes(())
    return found


def judged(listed: list[str], liked: set[str]) -> tuple[float, float]:
    """Whether anything was found, and nDCG."""
    gains = [1 / np.log2(place + 2) for place, film in enumerate(listed[:TOP]) if film in liked]
    most = sum(1 / np.log2(place + 2) for place in range(min(TOP, len(liked))))
    return float(bool(gains)), float(sum(gains) / most)


def interval(differences: Doubles) -> str:
    """Mean difference and its 95 % interval over people."""
    rng, n = np.random.default_rng(0), len(differences)
    means = np.array([differences[rng.integers(0, n, n)].mean() for _ in range(10_000)])
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def tables(found: list[dict[str, object]], people: list[Person], n_films: int) -> None:
    """Print what came out."""
    squares = np.array([one["errors"] for one in found])  # [P, len(STEPS)]
    usual = np.array([one["means"] for one in found])
    print("| answers | 0 | 1 | 3 | 5 | 10 | 15 |\n|---|---|---|---|---|---|---|")
    rmse = [f"{value:.3f}" for value in np.sqrt(squares.mean(axis=0))]
    print(f"| forecasts of the screen, RMSE | {' | '.join(rmse)} |")
    print(
        f"| film means (what popularity shows), RMSE | {' | '.join([f'{np.sqrt(usual.mean()):.3f}'] * 6)} |\n"
    )
    inside = [hit for one in found for hit in one["inside"]]  # type: ignore[attr-defined]
    print(f"Inside the 90 % interval: {np.mean(inside):.1%} of {len(inside)} held-back ratings.")
    answers = np.mean([one["lists"].get("answers", 0) for one in found])  # type: ignore[attr-defined]
    print(f"Ten questions brought {answers:.1f} answers with stars.\n")
    print("| list | hit rate | nDCG@10 | coverage | nDCG@10 beyond popularity |")
    print("|---|---|---|---|---|")
    asked = [(one["lists"], person.liked) for one, person in zip(found, people, strict=True) if person.liked]
    scores = {
        name: np.array([judged(lists.get(name, []), liked) for lists, liked in asked]) for name in LISTS
    }
    for name, rival in LISTS.items():
        shown = {film for lists, _ in asked for film in lists.get(name, [])}
        beyond = interval(scores[name][:, 1] - scores[rival][:, 1]) if rival else ""
        hits, ndcg = scores[name].mean(axis=0)
        print(f"| {name} | {hits:.3f} | {ndcg:.3f} | {len(shown) / n_films:.1%} | {beyond} |")


def main() -> None:
    """Take people out, train, replay, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip-speed", action="store_true")
    options = parser.parse_args()
    data = datasets.load("ml-100k", options.cache)
    people, rows = newcomers(data, options.users, np.random.default_rng(options.seed))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Workspace(Paths(Path(folder) / "home"))) as workspace,
    ):
        path = written(data, rows, Path(folder) / "without")
        for event in workspace.data.add(path):
            assert event.event != "failed", event
        workspace.data.use(str(path))
        for stream in (workspace.movies.ensure_model(), workspace.movies.ensure_best()):
            assert [event.event for event in stream][-1] == "finished"
        found = []
        for person in people:
            found.append(replayed(workspace, person))
            forget(workspace)
        print(f"{len(people)} people of {data.label}, seed {options.seed}\n")
        tables(found, people, len(workspace.movies.catalogue().films))
    if not options.skip_speed:
        print()
        speed(data, options.cache)


if __name__ == "__main__":
    main()
