"""Checks a learner's program: the sandbox runs the cases, the results are compared here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tutor.core.code_schema import Case, Exercise
from tutor.core.curriculum import Entry
from tutor.core.exercises.accepting import accepted
from tutor.core.exercises.comparing import difference
from tutor.core.exercises.naming import name_bug
from tutor.core.exercises.references import Reference
from tutor.core.exercises.running import Result, cases_job
from tutor.core.exercises.slips import gap
from tutor.core.exercises.verdicts import Bug, CaseVerdict, Verdict, shown, shown_error
from tutor.runner.sandbox import Ended, Sandbox
from tutor.runner.sandbox_watch import Limits

_HERE = Path(__file__).parent
PROGRAMS = tuple(_HERE / name for name in ("case_runner.py", "fastai_names.py", "submission.py"))
"""What the sandbox needs to run cases."""
LONGEST = 100_000
"""Characters of a program that is checked."""


def check(
    entry: Entry,
    exercise: Exercise,
    code: str,
    reference: Reference,
    sandbox: Sandbox,
    *,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Run the cases of an exercise on a program and judge what comes back."""
    results, ended = run_cases(exercise, code, sandbox, limits, cancelled)
    cases = _judged(exercise, results, reference)
    bug = _stopped(ended, exercise, len(results)) or name_bug(exercise, code, results, reference)
    passed = all(case.passed for case in cases) and bug is None
    if passed:
        bug = Bug(id="right", bug="", kind="celebratory", message=exercise.file.celebrate)
    return Verdict(
        q=entry.q,
        id=entry.id,
        title=exercise.file.title,
        passed=passed,
        cases=cases,
        bug=bug,
        message=bug.message if bug else _unnamed(cases),
        line=_line(code, results, cases),
        layer=sandbox.layer,
        seconds=round(ended.seconds, 3),
    )


def run_cases(
    exercise: Exercise,
    code: str,
    sandbox: Sandbox,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[list[Result], Ended]:
    """The results of the cases, as far as the program got, and how it ended."""
    if len(code) > LONGEST:
        return [], Ended("length", f"That is more than {LONGEST:,} characters, too long for an answer.")
    job = cases_job(code, [(case.setup, case.call) for case in exercise.file.cases])
    results: list[Result] = []
    ended = Ended("failed", "The sandbox gave no answer.")
    for event in sandbox.run(job, limits, cancelled=cancelled):
        if isinstance(event, Ended):
            ended = event
        elif event.get("case") == len(results) and _is_result(event.get("result")):
            results.append(event["result"])
    if ended.kind == "done" and len(results) < len(job["cases"]):
        ended = Ended("failed", "Your code ended before its cases did. Is there an exit in it?")
    return results, ended


def _is_result(result: Any) -> bool:
    """Whether a result has the form that `case_runner.py` gives it; the process is not to be trusted."""
    if not isinstance(result, dict) or not isinstance(result.get("printed", ""), str):
        return False
    raised = result.get("raised")
    if raised is None:
        return "value" in result and _is_encoded(result["value"])
    return isinstance(raised, dict) and all(isinstance(raised.get(key), str) for key in ("type", "message"))


def _is_encoded(value: Any) -> bool:
    """Whether a value is one that `case_runner.encode` writes."""
    if isinstance(value, list):
        return all(map(_is_encoded, value))
    if not isinstance(value, dict):
        return True
    if "shape" in value:
        shape, known = value["shape"], value.get("kind") in ("f", "i", "b", "O")
        arrays = ("tensor", "array", "frame", "series")
        fits = isinstance(shape, list) and all(isinstance(one, int) for one in shape)
        return known and fits and value.get("is") in arrays and isinstance(value.get("values"), list)
    parts = {"dict": "pairs", "set": "items", "number": "text", "object": "type"}
    return parts.get(str(value.get("is"))) in value


def _stopped(ended: Ended, exercise: Exercise, ran: int) -> Bug | None:
    """The limit that ended the program, as a bug, with the case it was in."""
    if ended.kind in ("done", "cancelled"):
        return None
    cases = exercise.file.cases
    where = f" It was at “{cases[ran].name}”." if 0 < ran < len(cases) else ""
    return Bug(id=ended.kind, bug="stopped", kind="actionable", message=ended.message + where)


def _judged(exercise: Exercise, results: Sequence[Result], reference: Reference) -> tuple[CaseVerdict, ...]:
    cases = []
    for at, case in enumerate(exercise.file.cases):
        if at < len(results):
            cases.append(_case(case, results[at], reference.solution[at]))
        else:
            cases.append(CaseVerdict(name=case.name, passed=False, ran=False, input=_input(case)))
    return tuple(cases)


def _case(case: Case, found: Result, wanted: Result) -> CaseVerdict:
    passed = accepted(found, wanted)
    return CaseVerdict(
        name=case.name,
        passed=passed,
        ran=True,
        input=_input(case),
        expected=_result(wanted),
        got=_result(found),
        difference="" if passed else _differs(found, wanted),
        printed=str(found.get("printed", "")),
    )


def _result(result: Result) -> Any:
    return shown_error(result["raised"]) if "raised" in result else shown(result["value"])


def _differs(found: Result, wanted: Result) -> str:
    if "raised" in found and "raised" in wanted:
        return f"{found['raised']['type']} instead of {wanted['raised']['type']}"
    if "raised" in found:
        return "an error instead of a result"
    if "raised" in wanted:
        return f"a result instead of {wanted['raised']['type']}"
    return difference(found["value"], wanted["value"]) or ""


def _input(case: Case) -> str:
    """What is asked: the lines that prepare it, without the imports, and the call."""
    lines = [line for line in case.setup.strip().splitlines() if not line.startswith("import ")]
    lines = [line.removeprefix("import torch; ").removeprefix("import pandas as pd; ") for line in lines]
    return "\n".join([*lines, case.show or case.call])


def _unnamed(cases: Sequence[CaseVerdict]) -> str:
    """What to say where no bug has a name: the first difference, as a question."""
    first = next((case for case in cases if not case.passed), None)
    if first is None or not first.ran:
        return "Your code did not run to its end."
    if first.got is not None and first.got.type == "error":
        return f"“{first.name}” ends with {first.got.text}. What does Python mean by that?"
    return f"“{first.name}” gives {first.difference}. Work that case out by hand and compare line by line."


def _line(code: str, results: Sequence[Result], cases: Sequence[CaseVerdict]) -> int | None:
    """The line at fault: a gap, where the first failing case broke, or where the program is not Python."""
    if all(case.passed for case in cases):
        return None
    if line := gap(code):
        return line
    for case, result in zip(cases, results, strict=False):
        if not case.passed:
            raised = result.get("raised")
            return raised["line"] if raised and raised.get("in") == "code" else None
    try:
        ast.parse(code)
    except SyntaxError as fault:
        return fault.lineno
    except (ValueError, RecursionError, MemoryError):  # a null byte, or brackets without end
        return None
    return None
