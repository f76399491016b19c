"""`tutor content`: the tools of a teacher. Check a course, see what it holds, record its runs, begin one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, RunFailed
from tutor.cli.following import follow
from tutor.cli.output import emit_json, emit_line, emit_table
from tutor.store.paths import Paths

if TYPE_CHECKING:
    from tutor.core.course_check import Agreement, Finding
    from tutor.core.course_schema import ExperimentFile
    from tutor.core.course_table import Coverage

Run = Callable[["ExperimentFile", Mapping[str, Any]], Mapping[str, Any]]
"""Runs an experiment with settings on the planted world, with one seed; its whole result."""


def check(args: Namespace) -> ExitCode:
    """Check a course, its experiments in smoke mode included: exit 0 if it is sound, 3 if not."""
    from tutor.core.course_check import check as check_course

    root = _root(args)
    with _runs(root) as run:
        findings = check_course(root, run=lambda file: run(file, file.smoke)["measured"])
    agreed = None
    if not any(one.code == "broken-file" for one in findings):
        agreed, more = _agreement(root)
        findings += more
    if args.json:
        emit_json(findings)
        return ExitCode.CONTENT_INVALID if findings else ExitCode.DONE
    for finding in findings:
        emit_line(str(finding))
    found = f"{len(findings)} finding{'s' * (len(findings) != 1)}"
    emit_line(f"{root}: {found}" if findings else f"{root}: nothing to mend")
    if agreed and agreed.total:
        _emit_agreement(agreed)
    return ExitCode.CONTENT_INVALID if findings else ExitCode.DONE


def _agreement(root: Path) -> tuple[Agreement, list[Finding]]:
    """How often the present grader gives the graded examples their marks, and what is to be said of it."""
    from tutor.core.course_check import agreement, check_agreement
    from tutor.core.curriculum import Course

    course = Course.load(root)
    agreed = agreement(course)
    return agreed, check_agreement(course, agreed)


def _emit_agreement(agreed: Agreement) -> None:
    emit_line(
        f"graded examples, each left out of what the grader remembers: {agreed.right} of {agreed.total} "
        f"graded as marked ({agreed.share:.1%})"
    )
    for miss in agreed.misses:
        emit_line(f"  {miss.question} example {miss.example}: marked {miss.marked}, graded {miss.graded}")


def table(args: Namespace) -> ExitCode:
    """Show what each question has."""
    from tutor.core.course_table import FORMS, coverage
    from tutor.core.curriculum import Course

    rows = coverage(Course.load(_root(args)))
    if args.json:
        emit_json(rows)
        return ExitCode.DONE
    forms = ("EXPL", "CHOI", "CLOZ", "COMP", "PRED", "CODE")
    head = ("ID", "TITLE", "WORDS", "PTS", "MISC", "EX", *forms, "RUNS", "PYTHON", "ERR")
    emit_table([_cells(row, FORMS) for row in rows], head=head, right=(*range(2, 13), 14))
    written = sum(row.written for row in rows)
    items = sum(sum(row.items.values()) for row in rows)
    emit_line(f"{written} of {len(rows)} written, {items} practice items")
    return ExitCode.DONE


def _cells(row: Coverage, forms: tuple[str, ...]) -> tuple[object, ...]:
    """One line of the table: nothing where there is nothing."""
    if not row.written:
        return (row.id, row.title, *[None] * (len(forms) + 7))
    counts = (row.lesson_words, row.points, row.misconceptions, row.examples)
    items = (row.items.get(form) for form in forms)
    code = "exercise" if row.exercise else "lesson" if row.lesson_code else None
    return (row.id, row.title, *counts, *items, len(row.experiments) or None, code, row.errata or None)


def record(args: Namespace) -> ExitCode:
    """Run the experiments that practice items predict, and write down what came out."""
    from tutor.core.curriculum import Course
    from tutor.core.recorded_runs import NAME, needed, written_runs
    from tutor.core.settings import read_settings

    root = _root(args)
    course = Course.load(root)
    measured = {}
    with _runs(root) as run:
        for name, wanted in needed(course.question(entry.id).practice for entry in course.written).items():
            file = course.experiment(name)
            found = run(file, read_settings(file, None))["measured"]
            if missing := sorted(wanted - found.keys()):
                raise RunFailed(f"{name} does not measure {', '.join(missing)}; nothing was written.")
            measured[name] = {key: found[key] for key in wanted}
            diagnostics.report(f"{name}: {', '.join(f'{key} {found[key]}' for key in sorted(wanted))}")
    (root / NAME).write_text(written_runs(measured), encoding="utf-8")
    if args.json:
        emit_json({"file": root / NAME, "runs": measured})
    else:
        emit_line(f"{root / NAME}: {len(measured)} runs")
    return ExitCode.DONE


def new(args: Namespace) -> ExitCode:
    """Begin a course with one complete question."""
    from tutor.core.new_course import make_course

    files = make_course(Path(args.folder))
    if args.json:
        emit_json({"folder": Path(args.folder), "files": files})
    else:
        emit_line(f"{args.folder}: a course with one question, {len(files)} files")
        emit_line(f"check it:  tutor content check {args.folder}")
        emit_line(f"learn it:  TUTOR_CONTENT={args.folder} tutor")
    return ExitCode.DONE


def _root(args: Namespace) -> Path:
    from tutor.core.curriculum import content_root

    return Path(args.folder) if args.folder else content_root()


@contextmanager
def _runs(root: Path) -> Iterator[Run]:
    """Runs experiments of the course at `root` in one child, for a learner who is forgotten after."""
    from tutor.core.curriculum import Course
    from tutor.core.lab import Lab
    from tutor.core.workspace import Workspace

    with TemporaryDirectory() as folder, closing(Workspace(Paths(Path(folder)))) as trial:

        def run(experiment: ExperimentFile, settings: Mapping[str, Any]) -> Mapping[str, Any]:
            lab = Lab(
                trial.store, trial.paths, Course.load(root), trial.data, trial.serving, lambda: trial.child
            )
            events = lab.run(experiment.name, settings=settings, data="planted", seeds=1)
            follow(events, as_json=False)
            return trial.store.runs.all(experiment.name)[0].result or {}

        yield run
