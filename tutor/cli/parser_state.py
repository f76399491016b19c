"""The commands about what the tutor keeps of the learner: appeals, all of it in one file, forgetting."""

from __future__ import annotations

from tutor.cli.grammar import Group


def add_state(commands: Group) -> None:
    """Add the commands about the learner's state."""
    commands.add("progress", "reports:progress", "say what is done, due and rated")

    recap = commands.add("recap", "recap:recap", "look back on the last sitting, as Markdown")
    recap.add_argument("file", nargs="?", metavar="FILE", help="write it to FILE (default: print it)")
    recap.add_argument("--since", metavar="T", help="all since then: today, yesterday, 3d, 12h, 2026-11-24")

    appeals = commands.group("appeals", "say that a verdict was wrong, and hand such answers to a teacher")
    add = appeals.add("add", "appeals:add", "count your last answer to a question as right")
    add.add_argument("--question", required=True, metavar="N", help="a number 1-31 or an id (q07, t01)")
    out = appeals.add("export", "appeals:export", "write the appealed answers as graded examples")
    out.add_argument("file", metavar="FILE", help="a TOML file in the format of answers.toml")

    notes = commands.group("notes", "your own notes: take them in, see them beside your answers, write them")
    taking = notes.add("import", "notes:import_", "take in notes on the questions, such as NOTES.md")
    taking.add_argument("file", metavar="FILE", help="a Markdown file; - reads it from stdin")
    taking.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="LINE=N",
        help="the question of a line (again for more)",
    )
    shown = notes.add("show", "notes:show", "put your notes on a question beside your answer, point by point")
    shown.add_argument("question", metavar="N", help="a number 1-31 or an id (q07)")
    shown.add_argument("--anyway", action="store_true", help="before you have tried the question again, too")
    writing = notes.add("export", "notes:export", "write your notes with all questions and your best answers")
    writing.add_argument("file", metavar="FILE", help="a Markdown file to write; - writes to stdout")
    writing.add_argument("--yes", action="store_true", help="replace a file that the tutor did not write")

    saving = commands.add("export", "state_file:export", "write all that is kept of you into one file")
    saving.add_argument("file", metavar="FILE", help="the file to write, such as tutor-state.zip")
    loading = commands.add("import", "state_file:import_", "replace what is kept of you by an exported file")
    loading.add_argument("file", metavar="FILE", help="a file that `tutor export` wrote")

    reset = commands.add("reset", "resetting:reset", "delete what the tutor keeps of you")
    reset.add_argument("--question", metavar="N", help="only what is kept of this question")
    reset.add_argument("--yes", action="store_true", help="yes, delete it")
