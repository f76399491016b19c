"""`tutor questions`: the map of the course and where the learner stands."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from contextlib import closing

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_line, emit_table

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
