"""`tutor ask` and `tutor grade`: one line, one answer, or a batch of them."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.json_lines import at_line, question_field, read_objects, text_field
from tutor.cli.learner_text import from_stdin, learner_text, required_text
from tutor.cli.output import emit_json, emit_line, emit_table, jsonable

if TYPE_CHECKING:
    from tutor.core.events import Grade


def ask(args: Namespace) -> ExitCode:
    """Say one line to the tutor, as if in the chat; a batch stores nothing."""
    from tutor.core.session import answer_line
    from tutor.core.workspace import Workspace

    if args.batch and (args.text or args.question):
        raise UsageError("--batch reads its texts from stdin; leave TEXT and --question away.")
    with closing(Workspace()) as workspace:
        if args.batch:
            return _ask_batch(workspace)
        text = required_text(" ".join(args.text), "TEXT")
        turn = answer_line(workspace, text, question=args.question)
    if args.json:
        emit_json(turn)
    else:
        emit_line(turn.reply)
    return ExitCode.DONE


def _ask_batch(workspace: Any) -> ExitCode:
    from tutor.core.session import answer_line

    for number, record in read_objects(sys.stdin):
        with at_line(number):
            text = learner_text(text_field(record, "text"))
            turn = answer_line(workspace, text, context_q=question_field(record, "context_q"))
        emit_json({**record, **jsonable(turn)})
    return ExitCode.DONE


def grade(args: Namespace) -> ExitCode:
    """Grade one answer or a batch; stores nothing."""
    from tutor.core.curriculum import Course
    from tutor.core.grading import grade as grade_answer

    course = Course.load()
    if args.batch:
        if args.answer is not None or args.question:
            raise UsageError("--batch reads questions and answers from stdin; leave the other options away.")
        for number, record in read_objects(sys.stdin):
            with at_line(number):
                answer = learner_text(text_field(record, "answer"))
                named = question_field(record, "q", "id")
                if named is None:
                    raise UsageError('neither "q" nor "id" says which question is answered.')
                result = grade_answer(course.question(named), answer, explain=args.explain)
            emit_json(_as_json(result))
        return ExitCode.DONE
    if args.question is None or args.answer is None:
        raise UsageError(
            "say which answer: --question N --answer TEXT (or --answer - to read it from stdin)."
        )
    answer = required_text(from_stdin() if args.answer == "-" else args.answer, "the answer")
    result = grade_answer(course.question(args.question), answer, explain=args.explain)
    if args.json:
        emit_json(_as_json(result))
    else:
        _show(result)
    return ExitCode.DONE


def _as_json(result: Grade) -> dict[str, Any]:
    values: dict[str, Any] = jsonable(result)
    del values["confidence"]  # said in the chat, not here
    if result.explanation is None:
        del values["explanation"]
    return values


def _show(result: Grade) -> None:
    emit_line(f"{result.id}: {result.verdict.replace('_', ' ')}, score {result.score:.2f}")
    emit_table(
        [
            (
                point.id,
                "covered" if point.covered else "open",
                "required" if point.required else "bonus",
                f'"{point.evidence}"' if point.evidence else None,
            )
            for point in result.points
        ]
    )
    for hit in result.misconceptions:
        emit_line(f'misconception {hit.id}: "{hit.evidence}"')
    for step in result.explanation or ():
        emit_line("  " + ", ".join(f"{key}: {value}" for key, value in step.items()))
    emit_line()
    emit_line(result.reply)
