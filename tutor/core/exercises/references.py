"""What the solution and the probes of an exercise give: worked out once, kept in a file of the tutor's own.

Learners' programs run in other processes that never see any of it.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tutor.core.code_schema import Exercise
from tutor.core.errors import CannotDo
from tutor.core.exercises.running import SCRIPT, Result, cases_job, run_jobs


class BrokenExercise(CannotDo):
    """The course's own solution does not run here."""


@dataclass(frozen=True)
class Reference:
    """Results by case."""

    solution: tuple[Result, ...]
    probes: tuple[tuple[Result, ...], ...]
    """Of each probe, in the order of the file; empty for one that gave nothing."""


def reference(exercise: Exercise, folder: Path) -> Reference:
    """The results of an exercise, from `folder` if they were worked out before. Raises `BrokenExercise`."""
    path = folder / f"{_key(exercise)}.json"
    try:
        return _read(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        found = _work_out(exercise)
    _write(path, {"solution": found.solution, "probes": found.probes})
    return found


def _work_out(exercise: Exercise) -> Reference:
    cases = [(case.setup, case.call) for case in exercise.file.cases]
    codes = [exercise.solution, *(probe.code for probe in exercise.file.probes)]
    solution, *probes = run_jobs([cases_job(code, cases) for code in codes])
    if "cases" not in solution:
        raise BrokenExercise(f"The solution of this exercise does not run here: {solution['ended']}.")
    return Reference(tuple(solution["cases"]), tuple(tuple(one.get("cases", ())) for one in probes))


def _key(exercise: Exercise) -> str:
    """A name that changes with the exercise, with what runs it, and with the libraries."""
    file = exercise.file
    parts: list[Any] = [exercise.solution, [(case.setup, case.call) for case in file.cases]]
    parts += [[probe.code for probe in file.probes], SCRIPT.read_text("utf-8")]
    parts += [metadata.version(name) for name in ("torch", "numpy", "pandas")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]


def _read(kept: dict[str, Any]) -> Reference:
    return Reference(tuple(kept["solution"]), tuple(map(tuple, kept["probes"])))


def _write(path: Path, value: dict[str, Any]) -> None:
    """In one step, so that two tutors at once do no harm; a full disk only costs the memory of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(value, file)
        Path(file.name).replace(path)
    except OSError:
        return
