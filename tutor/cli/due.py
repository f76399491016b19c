"""`tutor due`: one line for a shell prompt, so it reads times and names and loads no more than that."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import emit_json, emit_line

if TYPE_CHECKING:
    from tutor.core.agenda import Counts


def due(args: Namespace) -> ExitCode:
    """Say in one line how many cards are due."""
    counts = _counts()
    if args.json:
        emit_json(counts)
    else:
        later = f", next at {counts.next_due_at[:16]} UTC" if counts.next_due_at and not counts.due else ""
        emit_line(f"{counts.due} due, {counts.new} new{later}")
    return ExitCode.DONE


def _counts() -> Counts:
    from tutor.core.agenda import agenda
    from tutor.core.course_folder import cards_of, content_root
    from tutor.store.paths import Paths
    from tutor.store.store import Store

    try:
        cards = cards_of(content_root())
    except (OSError, ValueError, KeyError, TypeError):  # the course is broken: reading it says where
        from tutor.core.curriculum import Course
        from tutor.core.deck import Deck

        cards = Deck(Course.load()).cards
    with closing(Store(Paths.default())) as store:
        return agenda(store, cards, datetime.now(UTC)).counts
