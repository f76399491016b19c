"""`tutor cards`: the cards of practice, their marks, and the way in and out for Anki and py-fsrs."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.learner_text import learner_text
from tutor.cli.output import emit_json, emit_line, emit_table

if TYPE_CHECKING:
    from tutor.core.review_log import Imported
    from tutor.core.workspace import Workspace
    from tutor.store.marks import MarkRow

_OUT = (".apkg", ".txt", ".csv", ".json")
_IN = (".apkg", ".csv", ".json")


def listing(args: Namespace) -> ExitCode:
    """List every card with its schedule and marks."""
    from tutor.core.cards import cards

    with closing(_workspace()) as workspace:
        rows = cards(workspace)
    if args.json:
        emit_json(rows)
        return ExitCode.DONE
    table = []
    for row in rows:
        marks = [name for name, on in (("suspended", row.suspended), ("flagged", row.flagged)) if on]
        marks += ["buried"] * bool(row.buried_until) + [row.note] * bool(row.note)
        table.append((row.card, row.title, row.due[:10] if row.due else "new", row.reviews, row.lapses,
                      ", ".join(marks)))  # fmt: skip
    head = ("card", "question", "due", "reviews", "lapses", "marks")
    emit_table(table, head=head, right=(3, 4))
    return ExitCode.DONE


def export(args: Namespace) -> ExitCode:
    """Write cards for Anki, or the review log, as the file's ending says."""
    file = Path(args.file).expanduser()
    ending = _ending(file, _OUT)
    with closing(_workspace()) as workspace:
        try:
            done = _write(workspace, file, ending)
        except OSError as fault:
            raise UsageError(f"cannot write {file}: {fault.strerror or fault}") from None
    if args.json:
        emit_json({**done, "file": str(file)})
    else:
        emit_line(", ".join(f"{count} {name}" for name, count in done.items()) + f" in {file}")
    return ExitCode.DONE


def import_log(args: Namespace) -> ExitCode:
    """Merge a review log, or what was reviewed in Anki, into the history; nothing is doubled."""
    file = Path(args.file).expanduser()
    if file.suffix.lower() == ".txt":
        raise UsageError("a text file of Anki holds no reviews; export a package (.apkg) with scheduling")
    ending = _ending(file, _IN)
    with closing(_workspace()) as workspace:
        try:
            done = _read(workspace, file, ending)
        except OSError as fault:
            raise UsageError(f"cannot read {file}: {fault.strerror or fault}") from None
    if args.json:
        emit_json(done)
        return ExitCode.DONE
    emit_line(f"{done.added} reviews added to {done.cards} cards, {done.known} were there already")
    for row in done.skipped:
        emit_line(f"line {row.line} skipped: {row.why}")
    return ExitCode.DONE


def suspend(args: Namespace) -> ExitCode:
    """Leave a card out until further notice."""
    return _mark(args, lambda workspace: workspace.practice.suspend(args.card), "suspended")


def unsuspend(args: Namespace) -> ExitCode:
    """Take a card in again, suspended or buried."""

    def take_in(workspace: Workspace) -> MarkRow:
        workspace.practice.unbury(args.card)
        return workspace.practice.suspend(args.card, on=False)

    return _mark(args, take_in, "taken in again")


def bury(args: Namespace) -> ExitCode:
    """Leave a card out until tomorrow."""
    return _mark(args, lambda workspace: workspace.practice.bury(args.card), "buried until tomorrow")


def flag(args: Namespace) -> ExitCode:
    """Flag a card, or take its flag away."""
    return _mark(args, lambda workspace: workspace.practice.flag(args.card), "")


def note(args: Namespace) -> ExitCode:
    """Keep a private note with a card; an empty text removes it."""
    text = learner_text(" ".join(args.text))
    said = "noted" if text.strip() else "note removed"
    return _mark(args, lambda workspace: workspace.practice.note(args.card, text), said)


def settings(args: Namespace) -> ExitCode:
    """Show the settings of practice, and change those that are given."""
    given = {
        "new_per_day": args.new,
        "bury_siblings": None if args.siblings is None else args.siblings == "bury",
        "two_buttons": None if args.grades is None else args.grades == "2",
    }
    with closing(_workspace()) as workspace:
        now = workspace.practice.settings(
            **{name: value for name, value in given.items() if value is not None}
        )
    if args.json:
        emit_json(now)
    else:
        emit_table([(name, str(value)) for name, value in now.items()])
    return ExitCode.DONE


def _mark(args: Namespace, change: Any, said: str) -> ExitCode:
    with closing(_workspace()) as workspace:
        mark: MarkRow = change(workspace)
    if args.json:
        emit_json(mark)
    else:
        emit_line(f"{mark.card}: {said or ('flagged' if mark.flagged else 'not flagged any more')}")
    return ExitCode.DONE


def _write(workspace: Workspace, file: Path, ending: str) -> dict[str, int]:
    from tutor.core.anki import write_package, write_text
    from tutor.core.review_log import write_log

    if ending == ".apkg":
        return {"notes": write_package(workspace.course, file)}
    if ending == ".txt":
        return {"notes": write_text(workspace.course, file)}
    return {"reviews": write_log(workspace.store.practice, file)}


def _read(workspace: Workspace, file: Path, ending: str) -> Imported:
    from tutor.core.anki_reviews import anki_rows
    from tutor.core.review_log import merge_rows, read_log

    if ending == ".apkg":
        return merge_rows(workspace.store, anki_rows(workspace.course, file), file)
    return read_log(workspace.store, file)


def _ending(file: Path, known: tuple[str, ...]) -> str:
    ending = file.suffix.lower()
    if ending not in known:
        raise UsageError(f"{file.name} should end in {', '.join(known[:-1])} or {known[-1]}")
    return ending


def _workspace() -> Workspace:
    from tutor.core.workspace import Workspace

    return Workspace()
