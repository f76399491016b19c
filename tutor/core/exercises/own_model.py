"""A learner's DotProduct is trained on the real ratings, in the sandbox, beside the course's own.

Both get the same ratings, order, start values and recipe, each in a process of its own. What is kept is the
stars that it would give the learner, film by film; the program is never run again for a list.
"""

from __future__ import annotations

import io
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.core.errors import BadInput
from tutor.core.events import (
    Cancelled,
    CurvePoint,
    Failed,
    Progress,
    RunEvent,
    RunFinished,
    RunStarted,
    Series,
    Table,
)
from tutor.core.exercises.checking import PROGRAMS
from tutor.runner.sandbox import Ended, Sandbox
from tutor.runner.sandbox_watch import Limits

if TYPE_CHECKING:
    from recommender.ratings import Dataset

TRAINING = (*PROGRAMS[:2], PROGRAMS[0].with_name("training_runner.py"))
RECIPE = {"factors": 50, "epochs": 5, "batch": 256, "lr": 2e-2, "wd": 0.1}
VALID = 0.1
"""Share of the ratings that are held out; the learner's own all train."""
LIMITS = Limits(silence_s=30.0, total_s=600.0, cpu_s=900, memory_mb=2_000)
LARGEST = 2_000_000
"""Ratings up to which a learner's program is trained: beyond, it would take many minutes."""
YOURS, OURS = "yours", "ours"
EXPECTED = "The same arithmetic from the same start ends at the same loss."


@dataclass(frozen=True)
class Task:
    """What both programs get."""

    job: dict[str, Any]
    files: Mapping[str, bytes]
    film_ids: tuple[str, ...]
    own_ratings: int
    """Ratings of the learner among those that train."""
    ratings: int


def prepare(dataset: Dataset, stars: Mapping[str, float], class_name: str, seed: int) -> Task:
    """The ratings with the learner as one more viewer. Raises `BadInput` for a data set that is too large."""
    import numpy as np

    from recommender.serving import one_row_per_film

    ratings, film_ids = one_row_per_film(dataset)
    if len(ratings) > LARGEST:
        raise BadInput(
            f"{dataset.label} has {len(ratings):,} ratings; your program is trained on up to {LARGEST:,}. "
            "`tutor data use ml-100k` chooses a smaller set."
        )
    row = {film: at for at, film in enumerate(film_ids)}
    own = [(row[film], value) for film, value in stars.items() if film in row]
    held = np.random.default_rng(seed).random(len(ratings)) < VALID  # [N]
    pairs = np.stack([ratings.users, ratings.items], axis=1).astype(np.int64)  # [N, 2]
    mine = np.array([(ratings.n_users, film) for film, _ in own], dtype=np.int64).reshape(-1, 2)
    given = np.array([value for _, value in own], dtype=np.float32)
    file = io.BytesIO()
    np.savez(
        file,
        train_pairs=np.concatenate([pairs[~held], mine]),
        train_stars=np.concatenate([ratings.stars[~held], given]),
        valid_pairs=pairs[held],
        valid_stars=ratings.stars[held],
        n_films=len(film_ids),
    )
    job = {
        **RECIPE, "name": class_name, "seed": seed, "learner": ratings.n_users, "low": dataset.low,
        "high": dataset.high, "n_users": ratings.n_users + 1, "n_films": len(film_ids),
    }  # fmt: skip
    return Task(job, {"ratings.npz": file.getvalue()}, film_ids, len(own), len(ratings))


@dataclass
class _Run:
    """One of the two programs: its curves so far, and how it ended."""

    who: str
    scores: list[float] | None = None
    raised: dict[str, Any] | None = None
    ended: Ended | None = None


def train(
    name: str,
    task: Task,
    codes: Mapping[str, str],
    sandbox: Callable[[], Sandbox],
    cancelled: Callable[[], bool],
    keep: Callable[[dict[str, Any], dict[str, float]], None],
) -> Iterator[RunEvent]:
    """Train both programs side by side; `keep` stores what came out before the last event is seen."""
    began = time.monotonic()
    yield RunStarted(name="own-dotproduct", config={**RECIPE, "seed": task.job["seed"], "name": name})
    runs = {who: _Run(who) for who in codes}
    curves: dict[str, list[tuple[float, float]]] = {}
    broken = threading.Event()  # when one of them cannot go on, the other need not
    for who, event in _side_by_side(task, codes, sandbox, lambda: broken.is_set() or cancelled()):
        if isinstance(event, Ended):
            runs[who].ended = event
            if event.kind != "done" or runs[who].raised is not None:
                broken.set()
        elif point := _point(event):
            series = f"{who}, {point[0]}"
            curves.setdefault(series, []).append(point[1:])
            yield CurvePoint(series=series, x=point[1], y=point[2], seed=task.job["seed"])
            if who == YOURS:
                yield Progress(fraction=min(1.0, point[1] / RECIPE["epochs"]), note=f"epoch {point[1]:.1f}")
        else:
            _take(runs[who], event, len(task.film_ids))
    if cancelled():
        yield Cancelled()
        return
    if fault := _fault(runs):
        yield Failed(message=fault)
        return
    scores = runs[YOURS].scores
    assert scores is not None  # else `_fault` had something to say
    finished = _finished(name, task, curves, time.monotonic() - began)
    about = {**finished.measured, "own_ratings": task.own_ratings, "seconds": round(finished.seconds, 2)}
    keep(about, dict(zip(task.film_ids, scores, strict=True)))
    yield finished


def _side_by_side(
    task: Task,
    codes: Mapping[str, str],
    sandbox: Callable[[], Sandbox],
    cancelled: Callable[[], bool],
) -> Iterator[tuple[str, Any]]:
    """What all programs tell, as it comes, each with whose it is; each ends with how it `Ended`."""
    told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    box = sandbox()

    def run(who: str, code: str) -> None:
        ending: Any = Ended("failed", "The sandbox gave no answer.")
        try:
            job = {**task.job, "code": code}
            for event in box.run(job, LIMITS, files=task.files, cancelled=cancelled):
                if isinstance(event, Ended):
                    ending = event
                else:
                    told.put((who, event))
        except OSError as fault:
            ending = Ended("failed", f"The sandbox did not start: {fault}.")
        finally:
            told.put((who, ending))

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in codes.items()]
    try:
        for thread in threads:
            thread.start()
        open_ = len(threads)
        while open_:
            who, event = told.get()
            open_ -= isinstance(event, Ended)
            yield who, event
        for thread in threads:
            thread.join()
    finally:
        box.close()


def _point(event: Any) -> tuple[str, float, float] | None:
    """A point of a curve, if the event is one: train or valid, epoch, loss."""
    point = event.get("point") if isinstance(event, dict) else None
    if not (isinstance(point, list) and len(point) == 3 and point[0] in ("train", "valid")):
        return None
    return (point[0], float(point[1]), float(point[2])) if all(map(_is_number, point[1:])) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _take(run: _Run, event: dict[str, Any], films: int) -> None:
    scores, raised = event.get("scores"), event.get("raised")
    if isinstance(scores, list) and len(scores) == films and all(map(_is_number, scores)):
        run.scores = [float(one) for one in scores]
    elif isinstance(raised, dict) and all(isinstance(raised.get(key), str) for key in ("type", "message")):
        run.raised = raised


def _fault(runs: Mapping[str, _Run]) -> str:
    """What went wrong, in a sentence; "" if nothing did."""
    for run in runs.values():
        whose = "Your program" if run.who == YOURS else "The course's own program"
        if run.raised:
            line = f" in line {run.raised['line']}" if run.raised.get("line") else ""
            return f"{whose} broke off{line} while it trained: {run.raised['type']}: {run.raised['message']}"
        if run.ended is not None and run.ended.kind not in ("done", "cancelled"):
            return run.ended.message if run.who == YOURS else f"{whose} did not train: {run.ended.message}"
    return "" if runs[YOURS].scores is not None else "Your program gave no scores."


def _finished(
    name: str, task: Task, curves: Mapping[str, list[tuple[float, float]]], seconds: float
) -> RunFinished:
    """Both at their end, in numbers and in a sentence."""
    series = tuple(
        Series(name=one, x=tuple(x for x, _ in points), y=tuple(y for _, y in points))
        for one, points in curves.items()
    )
    last = {one: points[-1][1] for one, points in curves.items()}
    measured = {one.replace(", ", "_"): round(value, 4) for one, value in last.items()}
    yours, ours = last[f"{YOURS}, valid"], last[f"{OURS}, valid"]
    beside = (
        f"as good as ours ({ours:.3f})" if abs(yours - ours) < 0.01
        else f"{'better' if yours < ours else 'worse'} than ours ({ours:.3f})"
    )  # fmt: skip
    rated = f"{task.own_ratings} of them yours" if task.own_ratings else "none of them yours yet"
    return RunFinished(
        name="own-dotproduct",
        config={**RECIPE, "seed": task.job["seed"], "name": name},
        series=series,
        table=Table(
            columns=("program", "train MSE", "valid MSE"),
            rows=tuple((who, measured[f"{who}_train"], measured[f"{who}_valid"]) for who in (YOURS, OURS)),
        ),
        measured=measured,
        expected=EXPECTED,
        holds=abs(yours - ours) < 0.01,
        sentence=(
            f"Your DotProduct ended at a validation loss of {yours:.3f} stars squared, {beside}, after "
            f"{RECIPE['epochs']} epochs on {task.ratings:,} ratings, {rated}. "
            f"Movies now lists “{name}” among its recommenders."
        ),
        seconds=seconds,
    )
