"""Checks of exercise/: the solution passes, the start does not, and every probe is a bug of its own."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from pathlib import Path

from tutor.core.code_schema import Exercise
from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_check.programs import Programs, fault, said
from tutor.core.curriculum import Question
from tutor.core.exercises.comparing import as_expected, same_result
from tutor.core.exercises.running import Result, blocks_job, cases_job

CASES = 5
PROBES = 3
_GAP = re.compile(r"(?<![A-Za-z0-9_])___(?![A-Za-z0-9_])")


def check_exercise(question: Question, programs: Programs) -> list[Finding]:
    """Check the exercise of one question; its programs wait in `programs`. Raises `ContentError`."""
    exercise = question.exercise
    if exercise is None:
        if "code" in question.file.forms:
            message = "the form `code` needs a folder exercise/"
            notes = Notebook(question.folder / "question.toml")
            notes.add(("forms",), "exercise", message, "write it, or remove the form")
            return notes.findings
        return []
    folder = question.folder / "exercise"
    findings = _check_form(folder, exercise) + _check_texts(folder, exercise)
    if not findings:
        cases = [(case.setup, case.call) for case in exercise.file.cases]
        tried = (exercise.solution, exercise.starter, *(probe.code for probe in exercise.file.probes))
        jobs = [blocks_job([exercise.example]), *(cases_job(code, cases) for code in tried)]
        programs.add(jobs, lambda results: _judge(folder, exercise, results))
    return findings


def _check_form(folder: Path, exercise: Exercise) -> list[Finding]:
    """Counts and ids of exercise.toml."""
    notes = Notebook(folder / "exercise.toml")
    file = exercise.file
    if len(file.cases) < CASES:
        message = f"{len(file.cases)} cases, fewer than {CASES}"
        notes.add(("cases", 0), "exercise", message, "add cases at the edges: one row, negative numbers")
    if len(file.probes) < PROBES:
        message = f"{len(file.probes)} probes, fewer than {PROBES}"
        notes.add_line(1, "exercise", message, "add programs with the bugs that learners write")
    for index, name in repeated([case.name for case in file.cases]):
        notes.add(("cases", index), "repeated-id", f"case {name!r} exists already", "rename it")
    for index, one_id in repeated([probe.id for probe in file.probes]):
        notes.add(("probes", index), "repeated-id", f"probe {one_id} exists already", "give it a new id")
    return notes.findings


def _check_texts(folder: Path, exercise: Exercise) -> list[Finding]:
    """The four programs: gaps where they belong, and Python everywhere else."""
    findings: list[Finding] = []
    if not _GAP.search(exercise.blanks):
        notes = Notebook(folder / "blanks.py")
        notes.add_line(1, "exercise", "there is no gap", "write gaps into the solution as ___")
        findings += notes.findings
    for name in ("starter", "example", "solution"):
        notes = Notebook(folder / f"{name}.py")
        try:
            ast.parse(getattr(exercise, name))
        except SyntaxError as fault:
            notes.add_line(fault.lineno, "exercise", f"not valid Python: {fault.msg}", "mend it")
        findings += notes.findings
    return findings


def _judge(folder: Path, exercise: Exercise, results: list[Result]) -> list[Finding]:
    """Findings of the runs: example, solution, starter, probes."""
    example, solution, starter, *probes = results
    notes = Notebook(folder / "example.py")
    if found := fault(example):
        notes.add_line(1, "exercise", f"the example does not run: {found[1]}", "mend it")
    notes = _extended(notes, folder / "solution.py")
    if "ended" in solution:
        notes.add_line(1, "exercise", f"the solution gives nothing: {solution['ended']}", "mend it")
        return notes.findings
    notes = _extended(notes, folder / "exercise.toml")
    _judge_solution(notes, exercise, solution)
    if _passes(starter, solution):
        notes = _extended(notes, folder / "starter.py")
        notes.add_line(1, "exercise", "the empty start passes every case", "leave the work to the learner")
    notes = _extended(notes, folder / "exercise.toml")
    _judge_probes(notes, exercise, solution, probes)
    return notes.findings


def _extended(notes: Notebook, file: Path) -> Notebook:
    """A notebook for another file that keeps the findings so far."""
    return Notebook(file, notes.findings)


def _judge_solution(notes: Notebook, exercise: Exercise, solution: Result) -> None:
    for index, (case, got) in enumerate(zip(exercise.file.cases, solution["cases"], strict=True)):
        if "raised" in got and got["raised"]["in"] == "setup":
            message = f"the setup of {case.name!r} fails: {said(got['raised'])}"
            notes.add(("cases", index, "setup"), "exercise", message, "mend the setup or the solution")
        elif "raised" in got and (case.expect is not None or got["raised"]["type"] in _SLIPS):
            message = f"the solution fails in {case.name!r}: {said(got['raised'])}"
            notes.add(("cases", index, "call"), "exercise", message, "mend the call or the solution")
        elif case.expect is not None and not as_expected(got["value"], case.expect):
            message = f"the solution gives {str(got['value'])[:80]} in {case.name!r}, not what is expected"
            notes.add(("cases", index, "expect"), "exercise", message, "mend one of them")


_SLIPS = frozenset({"NameError", "SyntaxError", "ImportError", "ModuleNotFoundError"})
"""Errors that no case asks for: whoever meets one has mistyped a name."""


def _judge_probes(notes: Notebook, exercise: Exercise, solution: Result, probes: list[Result]) -> None:
    for index, (probe, result) in enumerate(zip(exercise.file.probes, probes, strict=True)):
        place = ("probes", index, "code")
        if "ended" in result:
            notes.add(place, "exercise", f"probe {probe.id} gives nothing: {result['ended']}", "mend it")
        elif _passes(result, solution):
            message = f"probe {probe.id} ({probe.bug}) passes every case"
            notes.add(place, "exercise", message, "add a case in which the bug shows")
        elif all(one.get("raised", {}).get("type") == "SyntaxError" for one in result["cases"]):
            notes.add(place, "exercise", f"probe {probe.id} is not valid Python", "mend it")
    for (first, one), (second, other) in combinations(enumerate(probes), 2):
        if "cases" in one and "cases" in other and _passes(one, other):
            ids = [exercise.file.probes[at].id for at in (first, second)]
            message = f"probes {ids[0]} and {ids[1]} give the same results in every case"
            notes.add(("probes", second, "code"), "exercise", message, "add a case that tells them apart")


def _passes(result: Result, solution: Result) -> bool:
    """Whether a program gives what the solution gives in all cases."""
    if "ended" in result:
        return False
    return all(map(same_result, result["cases"], solution["cases"]))
