"""Walks through a course and gathers the findings of all checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

from tutor.core.course_check.asked import check_asked
from tutor.core.course_check.errata import check_errata
from tutor.core.course_check.exercise import check_exercise
from tutor.core.course_check.experiments import SmokeRun, check_experiment
from tutor.core.course_check.findings import Finding, Notebook, broken, repeated
from tutor.core.course_check.formulas import check_formulas
from tutor.core.course_check.lesson import check_lesson
from tutor.core.course_check.memory import check_memory
from tutor.core.course_check.path import check_contrasts, check_placement, check_primer
from tutor.core.course_check.practice import check_practice
from tutor.core.course_check.programs import Programs
from tutor.core.course_check.rubric import check_question, check_rubric
from tutor.core.course_check.trials import check_answers
from tutor.core.course_files import ContentError, read_text
from tutor.core.curriculum import Course, Entry, content_root

P = ParamSpec("P")


def check(root: Path | None = None, *, run: SmokeRun | None = None) -> list[Finding]:
    """Everything that is broken in the course at `root` (default: `content_root()`).

    `run` executes an experiment in smoke mode and returns its measured values; without it the
    experiments are read but not run.
    """
    root = root or content_root()
    try:
        course = Course.load(root)
    except ContentError as error:
        return broken(error)
    findings = _check_map(course)
    for checks in (_check_glossary, check_placement, check_contrasts, check_primer):
        findings += _readable(checks, course)
    programs = Programs()
    for entry in course.written:
        findings += _readable(_check_written, course, entry, programs)
    asked: dict[str, str] = {}
    for entry in course.written:
        findings += _readable(_check_asked, course, entry, asked)
    programs.start()
    for name in course.experiment_names:
        findings += _readable(check_experiment, course, name, run)
    for entry in course.written:
        findings += _readable(_check_marks, course, entry)
    findings += programs.findings()
    return list(dict.fromkeys(findings))  # a broken shared file is found by each that needs it


def _readable(checks: Callable[P, list[Finding]], *args: P.args, **kwargs: P.kwargs) -> list[Finding]:
    """Run checks; a file that cannot be read is a finding of its own."""
    try:
        return checks(*args, **kwargs)
    except ContentError as error:
        return broken(error)


def _check_map(course: Course) -> list[Finding]:
    """Ids and units of course.toml, and folders that it does not list."""
    notes = Notebook(course.root / "course.toml")
    units = [unit.id for unit in course.units]
    for index, unit_id in repeated(units):
        notes.add(("units", index), "repeated-id", f"unit {unit_id} exists already", "rename it")
    for index, entry_id in repeated([entry.id for entry in course.entries]):
        notes.add(("questions", index), "repeated-id", f"{entry_id} is listed already", "give it a new id")
    for index, entry in enumerate(course.entries):
        if entry.unit not in units:
            message = f"{entry.id} belongs to unit {entry.unit}, which does not exist"
            notes.add(("questions", index, "unit"), "unknown-link", message, f"use one of {', '.join(units)}")
    listed = {entry.id for entry in course.entries}
    for kind in ("questions", "topics"):
        folder = course.root / kind
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir() and path.name.partition("-")[0] not in listed:
                message = f"the folder {kind}/{path.name} belongs to no entry of course.toml"
                notes.add_line(None, "unlisted-folder", message, "list its id, or remove the folder")
    return notes.findings


def _check_glossary(course: Course) -> list[Finding]:
    notes = Notebook(course.root / "glossary.toml")
    terms = course.glossary()
    known = {entry.id for entry in course.entries}
    for index, term_id in repeated([term.id for term in terms]):
        notes.add(("terms", index), "repeated-id", f"term {term_id} exists already", "rename it")
    for index, term in enumerate(terms):
        for question_id in term.questions:
            if question_id not in known:
                message = f"{term.id} names {question_id}, which course.toml does not list"
                notes.add(("terms", index, "questions"), "unknown-link", message, "use an id of the course")
    return notes.findings


def _check_written(course: Course, entry: Entry, programs: Programs) -> list[Finding]:
    """All checks of one question but the rubric's; its code is noted in `programs`, which runs it."""
    question = course.question(entry.id)
    lesson = question.folder / "lesson.md"
    findings = _readable(check_question, course, question)
    findings += _readable(check_practice, course, question)
    findings += check_lesson(lesson, read_text(lesson), programs)
    findings += _readable(check_errata, question, programs)
    return findings + _readable(check_exercise, question, programs)


def _check_asked(course: Course, entry: Entry, known: dict[str, str]) -> list[Finding]:
    return check_asked(course.question(entry.id), known)


def _check_marks(course: Course, entry: Entry) -> list[Finding]:
    """The rubric, and what the grader says to it; it is asked where no more than examples is missing."""
    question = course.question(entry.id)
    findings = _readable(check_rubric, course, question) + _readable(check_formulas, question)
    findings += _readable(check_memory, question)
    if {finding.code for finding in findings} <= {"few-examples", "shared-words"}:
        findings += check_answers(question)
    return findings
