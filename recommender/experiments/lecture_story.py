"""The lecture's story: dot product, + range, + biases, + weight decay; as a setting, all its eight models.

Settings
    models    "story": the four steps; "eight": all models of the lecture's tables ("story")
    epochs    passes over the ratings, 1 to 20 (5)
    factors   length of the dot products' vectors, 1 to 200 (50)

Series: for each step of the story "NAME train" and "NAME valid", one step after the other; of the eight
models "NAME" (held-out ratings) only. They begin after the first epoch: before it, the plain dot product is
far off every scale. The error before training is the chart "error before training".

Table: one row per model: model, weight decay, MSE at the start, train MSE (running error of the batches),
valid MSE at the end, lowest valid MSE at the end of an epoch, that epoch; `the lecture's`, the valid MSE that
it printed (with its own settings on ml-100k only); with the learner's ratings, `your stars` for one film.

Measured (NAME is dot, range, biases, decay; of the eight also params, fastai, net, deep)
    start_NAME, train_NAME, valid_NAME, lowest_NAME, lowest_epoch_NAME     numbers as in the table
    biases_shape    the step "+ biases", end by end of its epochs: "falls" if it ends at most 0.005 above its
                    lowest error; else "rises" if that is its first one, else "valley"
    saved           how much weight decay took off: valid_biases - valid_decay
    best            the model with the lowest valid MSE
    you             a sentence on the learner's bias; empty without the learner's ratings
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import choice, only, whole
from recommender.experiments.sweeps import CLEAR, best_of, epoch_ends, finished, learner_says, race, world_of
from recommender.training import Trainer

STORY = {
    "dot product": ("dot", "dot", 0.01, 0.8868),
    "+ range": ("range", "dot-range", 0.01, 0.877610),
    "+ biases": ("biases", "dot-bias", 0.01, 0.892580),
    "+ weight decay": ("decay", "dot-bias", 0.1, 0.823060),
}
"""Name: short name, model, weight decay, and the valid MSE in the lecture.

Source: fastbook, chapter 8; for the plain dot product its edition of March 2020 (later ones print a curve
that starts at 0.99, which a plain dot product cannot).
"""
MORE = {
    "own parameters": ("params", "dot-bias-params", 0.1, 0.824263),
    "collab_learner": ("fastai", "dot-bias-fastai", 0.1, 0.821688),
    "CollabNN": ("net", "nn", 0.01, 0.867455),
    "EmbeddingNN": ("deep", "nn-embedding", 0.1, 0.864936),
}
COLUMNS = ("model", "weight decay", "start", "train MSE", "valid MSE", "lowest valid", "at epoch")


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train one step after the other. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("models", "epochs", "factors"))
    models = choice(settings, "models", "story", ("story", "eight"))
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 1, 200),
    }
    return _run(spec, models, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    models: str,
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "lecture-story", "models": models, "seed": curves.seed, **changes})
    world = world_of(spec, cache, learner=True)
    plan = STORY if models == "story" else {**STORY, **MORE}
    lanes, starts = dict[str, Trainer](), dict[str, float]()
    for name, (_, model, wd, _) in plan.items():
        lanes[name] = world.trainer(model, wd=wd, **changes)
        starts[name] = lanes[name].mse(world.valid)
        yield Chart(start_chart(starts))
    show = ("train", "valid") if models == "story" else ("valid",)
    if not (yield from race(lanes, curves, cancelled, overlay=False, show=show, begin=1.0)):
        return
    ends = {name: epoch_ends(curves, f"{name} valid" if models == "story" else name) for name in plan}
    rows = [_row(name, lanes[name], starts[name], ends[name]) for name in plan]
    found = measured(rows, ends) | {"you": learner_says(world, lanes["+ weight decay"])}
    columns, shown = [*COLUMNS], [start_chart(starts)]
    if world.data.name == "ml-100k" and changes == {"epochs": 5, "factors": 50}:
        columns, rows = [*columns, "the lecture's"], [(*row, plan[row[0]][3]) for row in rows]
    if (pair := world.film_for_learner()) is not None:
        row, film = pair
        stars = {name: float(lane.predict([row], [film])[0]) for name, lane in lanes.items()}
        columns, rows = [*columns, "your stars"], [(*row, stars[row[0]]) for row in rows]
        shown.append(your_chart(world.data.items.titles[film], stars))
    yield finished(began, curves, columns, rows, found, shown)


def _row(name: str, trainer: Trainer, start: float, ends: Sequence[float]) -> tuple[Any, ...]:
    lowest = min(range(len(ends)), key=lambda epoch: ends[epoch])
    return (name, trainer.config.wd, start, trainer.smooth.value, ends[-1], ends[lowest], lowest + 1)


def measured(rows: Sequence[Sequence[Any]], ends: Mapping[str, Sequence[float]]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {}
    for name, _, start, train, valid, lowest, epoch in rows:
        short = {**STORY, **MORE}[name][0]
        found |= {f"start_{short}": start, f"train_{short}": train, f"valid_{short}": valid}
        found |= {f"lowest_{short}": lowest, f"lowest_epoch_{short}": epoch}
    found["biases_shape"] = turn(ends["+ biases"])
    found["saved"] = ends["+ biases"][-1] - ends["+ weight decay"][-1]
    found["best"] = best_of({name: values[-1] for name, values in ends.items()})
    return found


def turn(values: Sequence[float]) -> str:
    """The way of the errors after each epoch: "falls", "valley" or "rises", as the docstring defines."""
    if values[-1] - min(values) <= CLEAR:
        return "falls"
    return "valley" if min(values) < values[0] else "rises"


def start_chart(starts: Mapping[str, float]) -> charts.Chart:
    """The error of guesses from first weights."""
    far = max(starts, key=lambda name: starts[name])
    says = f"Before any training {far} misses by {starts[far]:.2f} stars² on average"
    return charts.bars("error before training", says, starts, "mean squared error, stars²")


def your_chart(title: str, stars: Mapping[str, float]) -> charts.Chart:
    """The learner's predicted stars for one film, model by model."""
    first, last = next(iter(stars)), list(stars)[-1]
    says = f"Your predicted stars for {title}: {stars[first]:.1f} by {first}, {stars[last]:.1f} by {last}"
    return charts.bars(f"your stars for {title}", says, stars, "predicted stars")
