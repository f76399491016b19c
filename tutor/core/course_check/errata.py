"""Checks of errata.toml: ids, and that each proof runs."""

from __future__ import annotations

import ast

from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_check.programs import Programs, fault
from tutor.core.curriculum import Question
from tutor.core.exercises.running import Result, blocks_job


def check_errata(question: Question, programs: Programs) -> list[Finding]:
    """Check the errata of one question; the proofs wait in `programs`. Raises `ContentError`."""
    errata = question.errata
    if not errata:
        return []
    path = question.folder / "errata.toml"
    notes = Notebook(path)
    for index, one_id in repeated([one.id for one in errata]):
        notes.add(("findings", index), "repeated-id", f"{one_id} exists already", "give it a new id")
    for index, one in enumerate(errata):
        if not _asserts(one.proof):
            message = f"the proof of {one.id} asserts nothing"
            notes.add(("findings", index, "proof"), "errata", message, "end it with `assert`")

    def judge(results: list[Result]) -> list[Finding]:
        notes = Notebook(path)
        for index, (one, result) in enumerate(zip(errata, results, strict=True)):
            if found := fault(result):
                message = f"the proof of {one.id} does not hold: {found[1]}"
                notes.add(("findings", index, "proof"), "errata", message, "mend the proof, or the claim")
        return notes.findings

    programs.add([blocks_job([one.proof]) for one in errata], judge)
    return notes.findings


def _asserts(code: str) -> bool:
    """Whether code holds an assertion, or raises one; code that cannot be parsed is left to the run."""
    try:
        return any(isinstance(node, (ast.Assert, ast.Raise)) for node in ast.walk(ast.parse(code)))
    except SyntaxError:
        return True
