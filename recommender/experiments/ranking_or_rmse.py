"""Ranking or RMSE: a model with a low error in stars and its top-ten lists, against plain popularity.

Settings
    top       length of the lists, 1 to 50 (10)
    epochs    passes of the model over the ratings, 1 to 10 (5)

One fifth of the ratings is held out (the book's split at seed 0). A list holds films without a training
rating of the viewer. A held-out film is a hit if it got four fifths of the best mark or more (4 of 5 stars).
At most `jury.MOST_VIEWERS` viewers with such a film get a list, drawn at random.

Ways to sort the films: "model" by the lecture's model, "film bias" by that model's film bias alone,
"popularity" by the number of ratings, "model + interest" by the model's stars plus how likely the viewer is
to care for the film (the program's own list).

Series: precision of the lists against epochs: "model", and "popularity", a straight line.

Charts: bars of precision, of the share of films that are in any list; for the learner the tops of two lists.
Table: one row per way: way, MSE in stars squared (of the damped film mean for popularity; blank where a way
guesses no stars), precision, recall, % of films ever shown, % of all places that the ten most shown films
take, median number of ratings of a film in a list.

Measured
    precision_W, shown_W, ten_W, median_W    for W in model, bias, popularity, interest
    mse_model, mse_popularity                on the held-out ratings, stars squared
    hits                                     "model" or "popularity", whose precision is higher by over 0.005;
                                             else "same"
    wider                                    which of the two shows more different films
    median_film                              median number of ratings of a film of the set
    viewers, top                             how many lists, and their length
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender import datasets
from recommender.config import range_of, recipe
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.jury import Judged, Jury, Scores, top_of
from recommender.experiments.learner import with_learner
from recommender.experiments.settings import only, whole
from recommender.lists import Knobs, worth
from recommender.lists_audience import fit_audience
from recommender.models.baselines import Popularity
from recommender.ratings import Dataset, Ratings, book_split
from recommender.training import Trainer, tables_of

Results = dict[str, tuple[float | None, Judged]]
"""Way of sorting -> its MSE, if it guesses stars, and its lists."""

BOOK_SEED = 42
SHORT = {"popularity": "popularity", "model": "model", "film bias": "bias", "model + interest": "interest"}


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train, list, judge. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("top", "epochs"))
    top, epochs = whole(settings, "top", 10, 1, 50), whole(settings, "epochs", 5, 1, 10)
    return _run(spec, top, epochs, cache, cancelled)


def _run(
    spec: Mapping[str, Any], top: int, epochs: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "ranking-or-rmse", "data": name, "top": top, "epochs": epochs, "seed": seed})
    data = datasets.load(name, cache)
    split = book_split(data.ratings, seed=BOOK_SEED + seed)
    ratings, row = with_learner(data, spec.get("ratings"))
    own = np.arange(len(data.ratings), len(ratings))
    train, held = ratings.take(np.concatenate([split.train, own])), ratings.take(split.valid)
    jury, curves, results = Jury(train, held, top, seed), Curves(seed), Results()
    changes = {"epochs": epochs, "seed": seed, **range_of(data.low, data.high)}
    trainer = Trainer(recipe("lesson", "dot-bias", changes), train, held)
    try:
        yield from _popularity(trainer, jury, curves, results, cancelled)
        yield from _model(trainer, jury, curves, results, cancelled)
        if len(results) > 1:
            yield from _others(trainer, data, jury, results, cancelled)
    except FloatingPointError as error:
        yield Failed(str(error))
        return
    if len(results) < len(SHORT):
        yield Cancelled()
        return
    shown = _bars(results, jury) + ([] if row is None else [_tops(data, trainer, row, top)])
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(results),
            "measured": measured(results, jury),
            "seconds": time.perf_counter() - began,
        }
    )


# --- the ways to sort --------------------------------------------------------------------------


def _popularity(
    trainer: Trainer, jury: Jury, curves: Curves, results: Results, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """Films by how many people rated them: no training."""
    counts = jury.counts.astype(np.float64)  # [I]
    judged = jury.judge(lambda viewer: counts, cancelled)
    if judged is None:
        return
    assert trainer.valid is not None  # given by _run
    held = trainer.valid
    guess = Popularity(trainer.train).predict(held.users, held.items)
    results["popularity"] = (float(np.mean((guess - held.stars.astype(np.float64)) ** 2)), judged)
    for epoch in (0, trainer.config.epochs):
        yield curves.add("popularity", epoch, judged.precision)


def _model(
    trainer: Trainer, jury: Jury, curves: Curves, results: Results, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """Train, and judge the lists of the model after each epoch."""
    assert trainer.valid is not None  # given by _run
    for epoch in range(trainer.config.epochs + 1):
        while trainer.epoch < epoch:
            if cancelled():
                return
            trainer.step()
        judged = jury.judge(stars_of(trainer), cancelled)
        if judged is None:
            return
        yield curves.add("model", epoch, judged.precision)
        yield Progress(0.8 * epoch / trainer.config.epochs, f"epoch {epoch}")
        if trainer.done:
            results["model"] = (trainer.mse(trainer.valid), judged)


def _others(
    trainer: Trainer, data: Dataset, jury: Jury, results: Results, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """Films by the model's film bias; and by its stars together with interest."""
    bias = tables_of(trainer.model)[3]
    yield Progress(0.8, "who sees which films")
    audience = fit_audience(trainer.train, data.items.years, cancelled=cancelled)
    stars = stars_of(trainer)
    ways: dict[str, Scores] = {
        "film bias": lambda viewer: bias,
        "model + interest": lambda viewer: worth(
            audience, stars(viewer), audience.interest(jury.seen[viewer]), Knobs()
        ),
    }
    for way, scores in ways.items():
        judged = jury.judge(scores, cancelled)
        if judged is None:
            return
        results[way] = (None, judged)
        yield Progress(0.9, f"sorted by {way}")
        for chart in _bars(results, jury):
            yield Chart(chart)


def stars_of(trainer: Trainer) -> Callable[[int], NDArray[np.float32]]:
    """The stars that the model guesses for a viewer's row, all films at once [I]."""
    users, films, user_bias, film_bias = tables_of(trainer.model)
    low, high = trainer.config.low, trainer.config.high

    def stars(viewer: int) -> NDArray[np.float32]:
        raw = films @ users[viewer] + film_bias + user_bias[viewer]  # [I]
        return np.asarray(low + (high - low) / (1 + np.exp(-raw)), dtype=np.float32)

    return stars


# --- what is shown -----------------------------------------------------------------------------


def measured(results: Results, jury: Jury) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {
        "viewers": len(jury.viewers),
        "top": jury.top,
        "median_film": float(np.median(jury.counts)),
    }
    for way, (mse, judged) in results.items():
        short = SHORT[way]
        found |= {f"precision_{short}": judged.precision, f"shown_{short}": judged.shown}
        found |= {f"ten_{short}": judged.ten, f"median_{short}": judged.median}
        if mse is not None:
            found[f"mse_{short}"] = mse
    model, popular = results["model"][1], results["popularity"][1]
    lead = model.precision - popular.precision
    found["hits"] = "same" if abs(lead) <= 0.005 else "model" if lead > 0 else "popularity"
    found["wider"] = "model" if model.shown > popular.shown else "popularity"
    return found


def _table(results: Results) -> dict[str, Any]:
    columns = ["way", "MSE", "precision", "recall", "% of films shown", "% taken by ten", "median ratings"]
    rows = [(way, mse, j.precision, j.recall, j.shown, j.ten, j.median) for way, (mse, j) in results.items()]
    return {"columns": columns, "rows": rows}


def _bars(results: Results, jury: Jury) -> list[charts.Chart]:
    precision = {way: judged.precision for way, (_, judged) in results.items()}
    shown = {way: judged.shown for way, (_, judged) in results.items()}
    best_way, widest = (max(values, key=lambda way: values[way]) for values in (precision, shown))
    lines = (
        f"Most hits: {best_way}, {jury.top * precision[best_way]:.2f} in a list of {jury.top}",
        f"Most different films: {widest}, {shown[widest]:.0f} % of all",
    )
    return [
        charts.bars(f"precision of the top {jury.top}", lines[0], precision, "share of a list"),
        charts.bars("films in any list", lines[1], shown, "% of all films"),
    ]


def _tops(data: Dataset, trainer: Trainer, row: int, n: int) -> charts.Chart:
    """The learner's own lists: by the model's stars and by popularity, side by side."""
    train: Ratings = trainer.train
    seen = train.items[train.users == row]
    counts = np.bincount(train.items, minlength=train.n_items).astype(np.float64)  # [I]
    tops = [
        top_of(scores, seen, min(n, 10)) for scores in (stars_of(trainer)(row).astype(np.float64), counts)
    ]
    titles = [[data.items.titles[film][:34] for film in top] for top in tops]
    lines = [f"{'by stars':36}by popularity", *(f"{a:36}{b}" for a, b in zip(*titles, strict=True))]
    same = len(np.intersect1d(tops[0], tops[1]))
    says = f"You are row {row + 1}: your two lists share {same} of {len(tops[0])} films"
    return charts.text("your top lists", says, "\n".join(lines))
