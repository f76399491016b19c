"""Checks of experiments: knobs, prediction and sentence, and whether the smoke run keeps its promises."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_check.practice import unknown_fields
from tutor.core.course_schema import ExperimentFile, Parameter
from tutor.core.curriculum import Course

SmokeRun = Callable[[ExperimentFile], Mapping[str, Any]]
"""Runs an experiment with its `smoke` settings and returns what it measured; any exception is a failure."""


def check_experiment(course: Course, name: str, run: SmokeRun | None) -> list[Finding]:
    """Check one experiment; with `run`, run it, too. Raises `ContentError` where it cannot be read."""
    file = course.experiment(name)
    notes = Notebook(course.root / "experiments" / f"{name}.toml")
    if file.name != name:
        notes.add(("name",), "wrong-id", f"the name is {file.name}, the file says {name}", "make them equal")
    known = {entry.id for entry in course.entries}
    for question_id in file.questions:
        if question_id not in known:
            message = f"there is no question {question_id}"
            notes.add(("questions",), "unknown-link", message, "use an id of course.toml")
    _check_parameters(notes, file)
    _check_prediction(notes, file)
    if run and not notes.findings:
        _check_run(notes, file, run)
    return notes.findings


def _check_parameters(notes: Notebook, file: ExperimentFile) -> None:
    names = [parameter.name for parameter in file.parameters]
    for index, name in repeated(names):
        notes.add(("parameters", index), "repeated-id", f"parameter {name} exists already", "rename it")
    for index, parameter in enumerate(file.parameters):
        fault = _default_fault(parameter)
        if fault:
            message = f"the default of {parameter.name} {fault}"
            notes.add(
                ("parameters", index, "default"), "parameter", message, "mend the default or the limits"
            )
    for key in file.smoke:
        if key not in names:
            message = f"smoke sets {key}, which is no parameter"
            notes.add(("smoke", key), "unknown-link", message, f"use one of {', '.join(names)}")


def _default_fault(parameter: Parameter) -> str | None:
    default = parameter.default
    if parameter.kind == "choice":
        return None if default in parameter.choices else f"is none of {', '.join(parameter.choices)}"
    values = default if isinstance(default, tuple) else (default,)
    if isinstance(default, tuple) != (parameter.kind == "numbers"):
        return f"does not fit kind = {parameter.kind}"
    for value in values:
        if isinstance(value, str) or (parameter.kind == "integer" and value != int(value)):
            return f"does not fit kind = {parameter.kind}"
        low = value if parameter.low is None else parameter.low
        high = value if parameter.high is None else parameter.high
        if not low <= value <= high:
            return f"lies outside {parameter.low} to {parameter.high}"
    return None


def _check_prediction(notes: Notebook, file: ExperimentFile) -> None:
    keys = [choice.key for choice in file.prediction.choices]
    for _, key in repeated(keys):
        notes.add(("prediction",), "repeated-id", f"the choice {key} exists already", "rename it")
    _, fault = unknown_fields(file.sentence, set())
    if fault:
        notes.add(("sentence",), "template", f"`sentence`: {fault}", "write it as text with {names}")


def _check_run(notes: Notebook, file: ExperimentFile, run: SmokeRun) -> None:
    try:
        measured = run(file)
    except Exception as fault:
        message = f"the smoke run failed: {fault or type(fault).__name__}"
        notes.add(("family",), "smoke", message, "mend the settings under [smoke]")
        return
    known = ", ".join(sorted(measured))
    outcome = measured.get(file.prediction.measured)
    if not _answers(file, outcome):
        wanted = "number" if file.prediction.is_number else "choice"
        message = f"`{file.prediction.measured}` came out as {outcome!r}, which is no {wanted}"
        notes.add(("prediction", "measured"), "smoke", message, f"the run measures {known}")
    try:
        file.sentence.format(**measured)
    except (LookupError, ValueError, TypeError) as fault:
        message = f"`sentence` cannot be made from the run: {fault}"
        notes.add(("sentence",), "template", message, f"the run measures {known}")


def _answers(file: ExperimentFile, outcome: object) -> bool:
    """Whether a measured value can be compared with a prediction."""
    if file.prediction.is_number:
        return isinstance(outcome, (int, float)) and math.isfinite(outcome)
    return outcome in [choice.key for choice in file.prediction.choices]
