"""Lists for people whom no model has seen, on MovieLens 100K, one Markdown table:

    python tests/benchmarks/lists_table.py [--cache DIR] [--recipe fast] [--seeds 1 2 3]

A seed shuffles the people into five folds. The people of a fold are held out whole, and a fifth of each one's
ratings, drawn at random, is what the lists are to find: films with a held-out rating of 4 or more. The
other ratings are folded in, and every film that is not among them is a candidate. Figures are means over all
people, with their range over seeds; coverage is the share of films in anybody's list. Differences from
popularity are those of the same people, averaged over seeds, with the 95 % interval of 10,000 new draws of
the people. Settings of the list were chosen on seed 7. Everything runs on one thread.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray

from recommender import datasets, foldin, posterior_fold
from recommender.bayes_serving import fit_posterior
from recommender.checkpoint import FactorModel
from recommender.config import range_of, recipe
from recommender.events import Finished
from recommender.fitting import fit
from recommender.lists import STARS_ONLY, Knobs, personal, rank
from recommender.lists_audience import Audience, fit_audience
from recommender.posterior import Posterior
from recommender.ranking import best
from recommender.ratings import Dataset, Ratings
from recommender.serving import factor_model, one_row_per_film

FOLDS, TOP, LIKED, HELD = 5, 10, 4.0, 0.2
KNOBS = {
    "default list": Knobs(),
    "no caution": Knobs(caution=0),
    "popularity -0.2": Knobs(popularity=-0.2),
    "novelty 0.2": Knobs(novelty=0.2),
    "diversity 1": Knobs(diversity=1),
    "diversity 2": Knobs(diversity=2),
}
Rows = NDArray[np.intp]
Doubles = NDArray[np.float64]
Told = dict[str, dict[int, tuple[Rows, Rows, float]]]
"""By list, by person: the rows of the list, the films it was to find, mean price of its diversity (stars)."""


def models(
    data: Dataset, learn: Ratings, film_ids: tuple[str, ...], name: str
) -> tuple[FactorModel, Posterior]:
    """dot-bias and best, as they are served, learnt from `learn`."""
    config = recipe("fast", "dot-bias", range_of(data.low, data.high))
    *_, dot = fit(config, learn)
    *_, sampled = fit_posterior(data, learn, film_ids, name, 0)
    assert isinstance(dot, Finished) and isinstance(sampled, Finished), (dot, sampled)
    return factor_model(dot, data, config, learn, film_ids), sampled.model


def tell(told: Told, dot: FactorModel, drawn: Posterior, films: Audience, known: Ratings, find: Rows) -> None:
    """Add the lists of one person, who gave the ratings `known` and liked the films `find`."""
    person = int(known.users[0])
    one = foldin.fold_in(dot, known.items, known.stars)
    many = posterior_fold.fold_in(drawn, known.items, known.stars)

    def add(name: str, rows: Rows, cost: float = 0.0) -> None:
        told[name][person] = (rows, find, cost)

    counts = films.counts.astype(np.float64)
    counts[known.items] = -np.inf
    add("popularity", best(counts, TOP))
    interest = films.interest(known.items)
    add("interest alone", rank(films, 0 * interest, interest, TOP, known.items).rows)
    add("`dot-bias`, predicted stars", personal(dot, films, one, TOP, knobs=STARS_ONLY).rows)
    add("`best`, predicted stars", personal(drawn, films, many, TOP, knobs=STARS_ONLY).rows)
    add("`dot-bias`, default list", personal(dot, films, one, TOP).rows)
    for name, knobs in KNOBS.items():
        ranked = personal(drawn, films, many, TOP, knobs=knobs)
        add(f"`best`, {name}", ranked.rows, float(ranked.diversity_cost.mean()))


def lists_of(data: Dataset, seed: int, name: str) -> Told:
    """All lists of all people who have something to find, from models that know nothing of the person."""
    ratings, film_ids = one_row_per_film(data)
    year = dict(zip(data.items.film_ids, data.items.years, strict=True))
    rng = np.random.default_rng(seed)
    told: Told = defaultdict(dict)
    for people in np.array_split(rng.permutation(ratings.n_users), FOLDS):
        learn = ratings.take(~np.isin(ratings.users, people))
        dot, drawn = models(data, learn, film_ids, name)
        films = fit_audience(learn, [year[film] for film in film_ids])
        for person in people:
            mixed = rng.permutation(np.flatnonzero(ratings.users == person))
            held, known = np.split(mixed, [round(HELD * len(mixed))])
            find = ratings.items[held][ratings.stars[held] >= LIKED].astype(np.intp)
            if len(find):
                tell(told, dot, drawn, films, ratings.take(known), find)
    return told


def judged(rows: Rows, find: Rows) -> tuple[float, float]:
    """Precision and nDCG of one list."""
    hit = np.isin(rows, find)
    worth = 1 / np.log2(np.arange(2, TOP + 2))
    return float(hit.sum() / TOP), float(worth[: len(rows)][hit].sum() / worth[: len(find)].sum())


def interval(differences: Doubles) -> str:
    """Mean of one number per person, and the 95 % interval of new draws of the people."""
    rng, n = np.random.default_rng(0), len(differences)
    means = np.array([differences[rng.integers(0, n, n)].mean() for _ in range(10_000)])
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{differences.mean():+.4f} [{low:+.4f}, {high:+.4f}]"


def by_person(runs: list[Told], name: str) -> dict[int, Doubles]:
    """Precision and nDCG [2] of each person, averaged over the seeds in which they had something to find."""
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for told in runs:
        for person, (rows, find, _) in told[name].items():
            found[person].append(judged(rows, find))
    return {person: np.mean(figures, axis=0) for person, figures in sorted(found.items())}


def spread(values: list[float]) -> str:
    """Mean and range over the seeds."""
    return f"{np.mean(values):.3f} ({min(values):.3f}-{max(values):.3f})"


def row_of(runs: list[Told], name: str, n_items: int) -> str:
    """One line of the table."""
    figures = [np.mean([judged(*entry[:2]) for entry in told[name].values()], axis=0) for told in runs]
    shown = [
        len(np.unique(np.concatenate([entry[0] for entry in told[name].values()]))) / n_items for told in runs
    ]
    base, mine = by_person(runs, "popularity"), by_person(runs, name)
    ahead = np.array([mine[person] - base[person] for person in base])  # [people, 2]
    against = ("-", "-") if name == "popularity" else (interval(ahead[:, 0]), interval(ahead[:, 1]))
    price = np.mean([entry[2] for told in runs for entry in told[name].values()])
    columns = (name, *(spread([float(f[at]) for f in figures]) for at in (0, 1)), spread(shown), *against)
    return f"| {' | '.join(columns)} | {price:.3f} |"


def speed(n_items: int) -> str:
    """A line: milliseconds of `rank` among so many made films, all knobs turned."""
    rng = np.random.default_rng(0)
    factors = rng.normal(0, 0.2, (n_items, 32)).astype(np.float32)
    counts, years = (rng.integers(*ends, n_items).astype(np.int32) for ends in ((1, 500), (1930, 2000)))
    films = Audience(factors, counts, years, 1000, 5.0, 0.5)
    stars, rated = rng.uniform(1, 5, n_items).astype(np.float32), rng.choice(n_items, 100, replace=False)
    knobs, seconds = Knobs(popularity=0.1, novelty=0.1, diversity=1), []
    for _ in range(200):
        began = time.perf_counter()
        rank(films, stars, films.interest(rated), TOP, rated, knobs)
        seconds.append(time.perf_counter() - began)
    middle, late = 1000 * np.quantile(seconds, (0.5, 0.95))
    return f"interest and rank, {n_items} films: median {middle:.2f} ms, p95 {late:.2f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--recipe", choices=("fast", "lesson"), default="fast", help="of `best`")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="N")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    data = datasets.load("ml-100k", arguments.cache)
    runs = [lists_of(data, seed, arguments.recipe) for seed in arguments.seeds]
    n_items = len(set(data.items.film_ids))
    print("| list | precision@10 | nDCG@10 | coverage | precision - popularity | nDCG - popularity | price |")
    print("|---|---|---|---|---|---|---|")
    for name in runs[0]:
        print(row_of(runs, name, n_items))
    print(f"\n{speed(1682)}\n{speed(87_000)}")


if __name__ == "__main__":
    main()
