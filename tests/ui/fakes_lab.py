"""The real Lab on a scripted training child: real course, store, tokens and history, no training."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from recommender.experiments import charts
from tutor.core.course_schema import ExperimentFile, Prediction
from tutor.core.curriculum import Course
from tutor.core.lab import Lab
from tutor.store.store import Store

DECAYS = (0.0, 0.01, 0.1, 1.0)
SENTENCE = "The lowest error on unseen ratings was {best:.3f}, at weight decay 0.1, without {none:.3f}."
NUMBER = Prediction(
    ask="Which weight decay is best?", measured="best_wd", low=0, high=1, unit="of pull",
    expected_low=0.05, expected_high=0.2, near=0.05,
)  # fmt: skip
PRINT_OUT = "\n".join(f"line {number}: a print-out" for number in range(30))


def lab(store: Store, paths: Any, course: Course, child: ScriptedChild) -> Lab:
    """The Lab of a workspace, with experiments whose measured values the child knows."""
    return Lab(
        store, paths, cast("Course", ShortCourse(course)), cast("Any", FewData()),
        cast("Any", SimpleNamespace(ready=lambda name: False)), lambda: cast("Any", child),
    )  # fmt: skip


class ShortCourse:
    """The course's experiments with sentences that the child can serve, one of a number, one of charts."""

    def __init__(self, course: Course) -> None:
        files = {file.name: _served(file) for file in course.experiments()}
        model = files["weight-decay"]
        short: dict[str, Any] = {"seeds": 1, "uses_ratings": False, "code": None, "questions": ("t13",)}
        files["k-fold"] = model.model_copy(
            update=short | {"name": "k-fold", "title": "A number", "prediction": NUMBER}
        )
        files["two-seeds"] = model.model_copy(
            update=short | {"name": "two-seeds", "title": "Only charts", "family": "two-seeds"}
        )
        self._files = list(files.values())

    def experiments(self) -> tuple[ExperimentFile, ...]:
        return tuple(self._files)

    def experiment(self, name: str) -> ExperimentFile:
        return next(file for file in self._files if file.name == name)


def _served(file: ExperimentFile) -> ExperimentFile:
    if file.family == "dot-product":  # runs in this process, for real
        return file
    asked = NUMBER if file.prediction.is_number else file.prediction.model_copy(update={"measured": "shape"})
    changes: dict[str, Any] = {"sentence": SENTENCE, "spread": None, "seeds": 1, "prediction": asked}
    if file.name == "weight-decay":
        changes |= {"seeds": 3, "uses_ratings": True, "code": "print('$data', $epochs)\n"}
    return file.model_copy(update=changes)


class FewData:
    """One data set of 943 viewers."""

    current = "planted"

    def check(self, name: str) -> None:
        assert name == "planted"

    def dataset(self, name: str | None = None) -> Any:
        ratings = SimpleNamespace(n_users=943, fingerprint="0" * 8)
        items = SimpleNamespace(rows_of={"fargo-1996": [3], "alien-1979": [4]})
        label = "planted world, invented viewers"
        return SimpleNamespace(name="planted", label=label, ratings=ratings, items=items, invented=True)


@dataclass
class ScriptedChild:
    """Curves made of exponentials for each seed; `gate` holds a run half-way, `seeds_gate` after a seed."""

    gate: threading.Event = field(default_factory=threading.Event)
    seeds_gate: threading.Event = field(default_factory=threading.Event)
    fails: bool = False
    orders: list[str] = field(default_factory=list)
    started: bool = False
    started_jobs: int = 0

    def __post_init__(self) -> None:
        self.gate.set()
        self.seeds_gate.set()

    def start(self) -> None:
        self.started = True

    def order(self, order: str, job: str) -> None:
        self.orders.append(order)

    def run(
        self, job: dict[str, Any], cancelled: Callable[[], bool], began: Callable[[str], None]
    ) -> Iterator[dict[str, Any]]:
        began("1")
        self.started_jobs += 1
        spec = job["spec"]
        first, seeds = spec["seed"], spec["seeds"]
        results = []
        for seed in range(first, first + seeds):
            for event in self._seed(spec, seed, cancelled):
                yield event
                if event["event"] in ("cancelled", "failed"):
                    return
            results.append(result(spec, seed))
            if seeds > 1:
                yield {"event": "seed", "seed": seed, "result": results[-1]}
                while not self.seeds_gate.wait(0.02) and not cancelled():
                    pass
        whole = results[0] | {"series": [one for r in results for one in r["series"]]}
        if seeds > 1:
            whole["by_seed"] = [
                {"seed": first + place, "measured": r["measured"]} for place, r in enumerate(results)
            ]
        yield {"event": "finished", **whole}

    def _seed(self, spec: dict[str, Any], seed: int, cancelled: Callable[[], bool]) -> Iterator[Any]:
        if spec["family"] == "two-seeds":
            yield {"event": "chart", "chart": pictures()[0]}
            return
        for step in range(1, 51):
            for one in curves(seed, step / 10):
                yield {"event": "point", **one}
            if step == 25:
                yield {"event": "progress", "fraction": 0.5, "note": "epoch 3 of 5"}
                while not self.gate.wait(0.02) and not cancelled():
                    pass
            if cancelled():
                yield {"event": "cancelled"}
            elif self.fails:
                yield {"event": "failed", "message": "The training process died; a new one is starting."}


def result(spec: dict[str, Any], seed: int) -> dict[str, Any]:
    """What one seed's run ends with."""
    steps = [step / 10 for step in range(1, 51)]
    points = [curves(seed, x) for x in steps]
    only_charts = spec["family"] == "two-seeds"
    series = [
        {"name": points[0][i]["series"], "x": steps, "y": [at[i]["y"] for at in points], "seed": seed}
        for i in range(len(points[0]))
    ]
    rows = [(wd, train(i, 5.0), valid(i, 5.0, seed), 40 - 9 * i) for i, wd in enumerate(DECAYS)]
    measured = {"best": 0.823 + seed / 1000, "none": 0.911, "best_wd": 0.1, "shape": "valley"}
    return {
        "series": [] if only_charts else series,
        "charts": pictures() if only_charts else [],
        "table": {"columns": ["weight decay", "train MSE", "valid MSE", "effective rank"], "rows": rows},
        "measured": measured,
        "seconds": 2.4,
    }


def curves(seed: int, x: float) -> list[dict[str, Any]]:
    """The eight points at one place of the x axis."""
    return [
        {"series": f"wd {wd:g} {role}", "x": x, "y": y, "seed": seed}
        for place, wd in enumerate(DECAYS)
        for role, y in (("train", train(place, x)), ("valid", valid(place, x, seed)))
    ]


def train(place: int, x: float) -> float:
    return (0.28, 0.35, 0.5, 0.9)[place] + (1.1 - 0.1 * place) * math.exp(-x * 0.9)


def valid(place: int, x: float, seed: int = 0) -> float:
    end = (0.911, 0.87, 0.823, 0.95)[place] + seed * 0.03
    return end + 0.4 * math.exp(-x * 1.5) + (0.01 * x * x if place == 0 else 0)


def pictures() -> list[dict[str, Any]]:
    """One chart of each kind."""
    spots = [(f"Film {i}", math.cos(i), math.sin(i * 1.3), "film") for i in range(70)]
    heat = [[1.0, float("nan"), 5.0], [2.0, 3.0, float("nan")]]
    return [
        charts.scatter("a map", "seventy films on a curve", spots, "first", "second"),
        charts.bars("errors", "the model misses least", {"mean": 1.2, "model": 0.9}, "MSE",
                    {"mean": (1.1, 1.3), "model": (0.85, 0.95)}),
        charts.histogram("start values", "zeros are one spike", {"zeros": [0.0] * 9, "wide": [-1.0, 0.2, 1]}),
        charts.heat("ratings", "a third is blank", ["ann", "bob"], ["Fargo", "Alien", "Heat"], heat, "stars"),
        charts.text("layers", "thirty lines", PRINT_OUT),
    ]  # fmt: skip
