"""Programs as learners write them: all right ones pass, no wrong one does, and its bug gets its name.

`submissions/<question>.toml` holds them: `[[right]]` with a `style`, `[[wrong]]` with the `slip` and `named`,
a pattern that the bug or its message must match. They run as in the sandbox, without its walls.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tutor.core.curriculum import Course, Question
from tutor.core.exercises.accepting import accepted
from tutor.core.exercises.naming import name_bug
from tutor.core.exercises.references import Reference
from tutor.core.exercises.running import SCRIPT, cases_job

FOLDER = Path(__file__).with_name("submissions")
CONTENT = Path(__file__).parents[2] / "content"
COURSE = Course.load(CONTENT)
WRITTEN = {entry.id for entry in COURSE.written if (COURSE.folder(entry.id) / "exercise").is_dir()}
FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
BLIND = {
    path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for path in sorted((FOLDER / "blind").glob("*.jsonl"))
}
"""Written from the tasks alone by somebody who knew neither cases nor probes."""
OTHER_READING = {("q05", "empty frame filled with .loc in two loops")}
"""Programs that are right by another reading of the task's first wording."""
HERE = [name for name in FILES if name in WRITTEN]
NAMED = 0.8
"""Share of the wrong programs whose bug must be named rightly."""


@cache
def results() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By question and program: the results of its cases. One process for all of them."""
    keys, jobs = [], []
    for name in HERE:
        exercise = COURSE.question(name).exercise
        assert exercise is not None
        cases = [(case.setup, case.call) for case in exercise.file.cases]
        probes = [probe.code for probe in exercise.file.probes]
        tried = [exercise.solution, exercise.starter, *probes, *(one["code"] for one in programs(name))]
        for code in dict.fromkeys(tried):
            keys.append((name, code))
            jobs.append(cases_job(code, cases))
    done = subprocess.run(
        [sys.executable, "-I", str(Path(__file__).with_name("submission_runner.py")), str(SCRIPT.parent)],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=600,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {key: one.get("cases", []) for key, one in zip(keys, found, strict=True)}


def programs(name: str) -> list[dict[str, Any]]:
    return [*FILES[name]["right"], *FILES[name]["wrong"], *BLIND[name]]


def reference(question: Question) -> Reference:
    exercise, name = question.exercise, question.entry.id
    assert exercise is not None
    solution = results()[name, exercise.solution]
    probes = tuple(tuple(results()[name, probe.code]) for probe in exercise.file.probes)
    return Reference(tuple(solution), probes)


def passes(name: str, code: str) -> bool:
    wanted, found = reference(COURSE.question(name)).solution, results()[name, code]
    return len(found) == len(wanted) and all(map(accepted, found, wanted))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_exercise_has_twelve_programs(name: str) -> None:
    if name not in FILES:
        pytest.fail(
            f"write tests/core/submissions/{name}.toml: 5 right programs in different styles, 7 wrong ones"
        )
    assert len(FILES[name]["right"]) >= 5
    assert len(FILES[name]["wrong"]) >= 7


@pytest.mark.parametrize("name", HERE)
def test_right_programs_pass_whatever_their_style(name: str) -> None:
    fail = [one["style"] for one in FILES[name]["right"] if not passes(name, one["code"])]
    assert not fail


@pytest.mark.parametrize("name", HERE)
def test_wrong_programs_fail(name: str) -> None:
    passed = [one["slip"] for one in FILES[name]["wrong"] if passes(name, one["code"])]
    assert not passed
    exercise = COURSE.question(name).exercise
    assert exercise is not None and not passes(name, exercise.starter)


@pytest.mark.parametrize("name", HERE)
def test_bugs_are_named(name: str) -> None:
    question, missed = COURSE.question(name), []
    assert question.exercise is not None
    for one in FILES[name]["wrong"]:
        bug = name_bug(question.exercise, one["code"], results()[name, one["code"]], reference(question))
        if bug is None or not re.search(one["named"], f"{bug.bug} {bug.message}", re.IGNORECASE):
            missed.append((one["slip"], bug and bug.bug))
    assert 1 - len(missed) / len(FILES[name]["wrong"]) >= NAMED, missed


@pytest.mark.parametrize("name", HERE)
def test_programs_of_somebody_who_knew_no_checks(name: str) -> None:
    for one in BLIND[name]:
        if not any(one["style"].startswith(start) for ref, start in OTHER_READING if ref == name):
            assert passes(name, one["code"]) == one["right"], one["bug"] or one["style"]
