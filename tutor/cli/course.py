"""`tutor questions` and `tutor content check`: the map of the course, and whether it is sound."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode
from tutor.cli.following import follow
from tutor.cli.output import emit_json, emit_line, emit_table
from tutor.store.paths import Paths

if TYPE_CHECKING:
    from tutor.core.course_check.experiments import SmokeRun
    from tutor.core.course_schema import ExperimentFile

STATES = {"planned": "not written yet"}


def questions(args: Namespace) -> ExitCode:
    """List all questions and topics with the learner's state and the number of cards due."""
    from tutor.core.workspace import Workspace
    from tutor.store.database import now

    with closing(Workspace()) as workspace:
        standings = workspace.store.learning.standings()
        moment = now()
        cards = workspace.store.practice.cards()
        due = Counter(card.id.partition(".")[0] for card in cards if card.due <= moment)
        entries = workspace.course.entries
    rows = []
    for entry in entries:
        standing = standings.get(entry.id)
        state = "planned" if entry.planned else standing.state if standing else "new"
        rows.append((entry, state, due[entry.id]))
    if args.json:
        emit_json([
            {"q": entry.q, "id": entry.id, "prompt": entry.prompt, "unit": entry.unit, "state": state,
             "due": count, "title": entry.title}
            for entry, state, count in rows
        ])  # fmt: skip
        return ExitCode.DONE
    emit_table(
        [(entry.id, entry.title, STATES.get(state, state), count or None) for entry, state, count in rows],
        head=("ID", "TITLE", "STATE", "DUE"),
        right=(3,),
    )
    written = [state for entry, state, _ in rows if not entry.planned]
    emit_line(f"{written.count('done')} of {len(written)} done, {sum(due.values())} cards due")
    return ExitCode.DONE


def check(args: Namespace) -> ExitCode:
    """Check a course, its experiments in smoke mode included: exit 0 if it is sound, 3 if not."""
    from tutor.core.course_check import check as check_course
    from tutor.core.curriculum import content_root

    root = Path(args.folder) if args.folder else content_root()
    with _smoke_runs(root) as run:
        findings = check_course(root, run=run)
    if args.json:
        emit_json(findings)
    else:
        for finding in findings:
            emit_line(str(finding))
        found = f"{len(findings)} finding{'s' * (len(findings) != 1)}"
        emit_line(f"{root}: {found}" if findings else f"{root}: nothing to mend")
    return ExitCode.CONTENT_INVALID if findings else ExitCode.DONE


@contextmanager
def _smoke_runs(root: Path) -> Iterator[SmokeRun]:
    """Runs experiments of the course at `root` on the planted world, for a learner who is forgotten after."""
    from tutor.core.curriculum import Course
    from tutor.core.events import RunFinished
    from tutor.core.lab import Lab
    from tutor.core.workspace import Workspace

    with TemporaryDirectory() as folder, closing(Workspace(Paths(Path(folder)))) as trial:

        def run(experiment: ExperimentFile) -> Mapping[str, Any]:
            lab = Lab(
                trial.store, trial.paths, Course.load(root), trial.data, trial.serving, lambda: trial.child
            )
            events = lab.run(experiment.name, settings=experiment.smoke, data="planted")
            result = follow(events, as_json=False)
            return result.measured if isinstance(result, RunFinished) else {}

        yield run
