"""The warm child: one process that has torch loaded and does one job after the other.

Lines of JSON in, lines of JSON out; anything else that gets printed goes to stderr.

In
    {"id": I, "job": "ping"}
    {"id": I, "job": "experiment", "spec": {...}, "cache": DIR or null}
    {"id": I, "job": "fit", "data": D, "model": M, "recipe": R, "seed": S, "out": FILE, "cache": DIR or null}
    {"id": I, "job": "prepare", "data": D, "cache": DIR or null}
    {"cancel": I}   {"pause": I}   {"resume": I}   {"step": I}: go on to the next point and pause there

Out
    {"event": "ready", "id": null, "seconds": S} once, when torch is warm
    the events of a job, each with the job's "id"; the last is one of finished, failed, cancelled

Jobs that arrive while one runs wait their turn. At most 30 progress events a second leave per job; others are
dropped. The end of stdin means that the parent is gone: everything is cancelled and the process ends.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from recommender.events import ENDINGS, Cancelled, Chart, Event, Failed, Finished, Point, Progress

PROGRESS_GAP = 1 / 30
"""Seconds between two progress events of one job."""


@dataclass(eq=False)
class Job:
    """A request, and what was asked of it since."""

    id: str | int
    request: Mapping[str, Any]
    cancelled: threading.Event = field(default_factory=threading.Event)
    going: threading.Event = field(default_factory=threading.Event)
    stepping: bool = False
    began: bool = False
    ended: bool = False

    def events(self) -> Iterator[Event]:
        """The job's events. While it is paused nothing is asked of it, so it does nothing."""
        kind = self.request.get("job")
        if kind not in JOBS:
            raise ValueError(f"unknown job {kind!r}; there are {', '.join(JOBS)}")
        work = JOBS[kind](self.request, self.cancelled.is_set)
        while True:
            self.going.wait()
            event = next(work, None)
            if event is None:
                return
            if self.stepping and isinstance(event, (Point, Chart)):
                self.stepping = False
                self.going.clear()
            yield event


class Worker:
    """Reads requests in one thread and does them in another; every job has exactly one ending."""

    def __init__(self, lines: Iterable[str], out: TextIO):
        self.lines, self.out = lines, out
        self.jobs: dict[str | int, Job] = {}
        self.waiting: queue.Queue[Job | None] = queue.Queue()
        self.lock = threading.RLock()

    def serve(self) -> None:
        """Warm up, say "ready", then work until the lines end."""
        threading.Thread(target=self._read, daemon=True).start()
        self._write({"event": "ready", "id": None, "seconds": warm_up()})
        while (job := self.waiting.get()) is not None:
            self._do(job)

    def _read(self) -> None:
        for line in self.lines:
            if line.strip():
                try:
                    self._take(json.loads(line))
                except ValueError as error:
                    self._write({**Failed(f"not a request: {one_line(error)}").to_dict(), "id": None})
        with self.lock:
            for job in list(self.jobs.values()):
                self._cancel(job)
        self.waiting.put(None)

    def _take(self, request: Any) -> None:
        """Queue a job or pass an order on. Raises ValueError for anything else."""
        if not isinstance(request, dict):
            raise ValueError("a request is a JSON object")
        orders = [name for name in ("cancel", "pause", "resume", "step") if name in request]
        job_id = request[orders[0]] if orders else request.get("id")
        if not isinstance(job_id, (str, int)):
            raise ValueError("a job's id is a text or a whole number")
        with self.lock:
            job = self.jobs.get(job_id)
            if orders:
                self._order(orders[0], job)
                return
            if job is not None:
                raise ValueError(f"the id {job_id!r} belongs to a job that is not over")
            self.jobs[job_id] = job = Job(job_id, request)
        job.going.set()
        self.waiting.put(job)

    def _order(self, order: str, job: Job | None) -> None:
        """An order for a job that is over is no error: the two may have crossed on the way."""
        if job is None:
            return
        if order == "cancel":
            self._cancel(job)
        elif order == "pause":
            job.going.clear()
        else:
            job.stepping = order == "step"
            job.going.set()

    def _cancel(self, job: Job) -> None:
        """Ask a running job to stop; end a waiting one at once."""
        job.cancelled.set()
        job.stepping = False
        job.going.set()
        if not job.began:
            self._end(job, Cancelled())

    def _do(self, job: Job) -> None:
        with self.lock:
            if job.ended:
                return
            job.began = True
        try:
            self._end(job, self._pass_on(job))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._end(job, Failed(one_line(error)))

    def _pass_on(self, job: Job) -> Event:
        """Write the job's events, not too many of Progress. Returns the ending."""
        last = 0.0
        for event in job.events():
            if isinstance(event, ENDINGS):
                return event
            if isinstance(event, Progress):
                if time.monotonic() - last < PROGRESS_GAP:
                    continue
                last = time.monotonic()
            self._write({**event.to_dict(), "id": job.id})
        return Failed("the job stopped without a result")

    def _end(self, job: Job, ending: Event) -> None:
        with self.lock:
            if not job.ended:
                job.ended = True
                del self.jobs[job.id]
                self._write({**ending.to_dict(), "id": job.id})

    def _write(self, message: Mapping[str, Any]) -> None:
        with self.lock:
            try:
                self.out.write(json.dumps(message, ensure_ascii=False, allow_nan=False) + "\n")
                self.out.flush()
            except BrokenPipeError:  # nobody is there to read; nothing is left to do
                os._exit(0)


def _ping(request: Mapping[str, Any], cancelled: Callable[[], bool]) -> Iterator[Event]:
    yield Finished({})


def _experiment(request: Mapping[str, Any], cancelled: Callable[[], bool]) -> Iterator[Event]:
    from recommender import experiments

    return experiments.run(request["spec"], _cache(request), cancelled)


def _fit(request: Mapping[str, Any], cancelled: Callable[[], bool]) -> Iterator[Event]:
    from recommender import datasets, serving

    data = datasets.load(request["data"], _cache(request))
    wanted = (request.get("model") or "dot-bias", request.get("recipe") or "fast", request.get("seed") or 0)
    events = serving.fit(data, *wanted, cancelled)
    return serving.save_when_finished(events, Path(request["out"]), lambda: serving.audience_of(data))


def _prepare(request: Mapping[str, Any], cancelled: Callable[[], bool]) -> Iterator[Event]:
    from recommender import datasets

    began = time.perf_counter()
    data = datasets.prepare(request["data"], _cache(request))
    counts = {"users": data.ratings.n_users, "items": data.ratings.n_items, "ratings": len(data.ratings)}
    yield Finished({"data": data.name, **counts, "seconds": time.perf_counter() - began})


JOBS = {"ping": _ping, "experiment": _experiment, "fit": _fit, "prepare": _prepare}


def _cache(request: Mapping[str, Any]) -> Path | None:
    return Path(request["cache"]) if request.get("cache") else None


def one_line(error: BaseException) -> str:
    """What went wrong, in one line; with its kind where the text alone would not say it."""
    text = " ".join(str(error).split())
    if isinstance(error, KeyError):
        return f"the request has no {text}"
    ours = type(error).__module__.startswith("recommender")  # our errors are whole sentences
    plain = text and (ours or isinstance(error, (ValueError, OSError)))
    return text if plain else f"{type(error).__name__}: {text}"


def warm_up() -> float:
    """Load torch and do one small run, so that the first job starts at once. Returns the seconds it took.

    What is loaded by then stays: without the freeze Python's collector goes through all of torch once in a
    while, a fifth of a second in which no job hears that it is cancelled.
    """
    began = time.perf_counter()
    import pandas  # noqa: F401  (experiments with tables use it)
    import torch

    from recommender import datasets, experiments

    torch.set_num_threads(1)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])  # the first optimiser loads much of torch
    small = {"epochs": 1, "factors": 8, "wd": [0.1]}
    spec = {"family": "weight-decay", "data": "planted", "settings": small}
    events = experiments.run(spec, None, lambda: False)
    while next(events).name != "point":
        pass
    datasets.load("planted")
    gc.freeze()
    return time.perf_counter() - began


def main() -> int:
    """Serve stdin and stdout. Whatever a library prints goes to stderr."""
    if not sys.stdin.isatty():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for the parent, which then cancels or goes
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    Worker(sys.stdin, out).serve()
    return 0
