"""`tutor place`: a few questions that say where to start; one line of stdin for each."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.learner_text import learner_text
from tutor.cli.output import emit_json, emit_line, prompt

if TYPE_CHECKING:
    from tutor.core.items import Judged
    from tutor.core.placement import Placed


def place(args: Namespace) -> ExitCode:
    """Put the items of the placement check and say where to start; stores nothing."""
    from tutor.core.curriculum import Course
    from tutor.core.placement import Placement

    placement = Placement(Course.load())
    asked: list[tuple[Placed, Judged | None]] = []
    if not args.json:
        emit_line(f"{placement.intro}\n")
    for number, item in enumerate(placement.items, start=1):
        ended = bool(asked) and asked[-1][1] is None
        asked.append((item, None if ended else _ask(item, number, as_json=args.json)))
    start = placement.start_at([judged is not None and bool(judged.right) for _, judged in asked])
    if args.json:
        emit_json({"start_at": start.id, "items": [_row(item, judged) for item, judged in asked]})
    else:
        right = sum(judged is not None and bool(judged.right) for _, judged in asked)
        emit_line(f"{right} of {len(asked)} right. A good place to start: {start.id} ({start.title}).")
        emit_line(f"In the app or in `tutor chat`, say: go to {start.q or start.id}")
    return ExitCode.DONE


def _ask(item: Placed, number: int, *, as_json: bool) -> Judged | None:
    """Put one item and judge its answer; None when the input has ended."""
    if not as_json:
        emit_line(f"{number}. {item.presented.prompt}")
        for place, option in enumerate(item.presented.options, start=1):
            emit_line(f"   {place}  {option.text}")
    judged = _reply(item, number, as_json=as_json)
    if judged and not as_json:
        emit_line(f"{'Right.' if judged.right else 'Not yet.'} {judged.why}\n")
    return judged


def _reply(item: Placed, number: int, *, as_json: bool) -> Judged | None:
    from tutor.core.items import NotAnOption

    typing = sys.stdin.isatty()
    while True:
        if typing and not as_json:
            prompt("Your answer (? for: I do not know): ")
        line = sys.stdin.readline()
        if not line:
            return None
        try:
            return item.judge(learner_text(line))
        except NotAnOption as slip:
            if not typing:
                raise UsageError(f"stdin, line {number}: {slip}") from None
            diagnostics.report(str(slip))


def _row(item: Placed, judged: Judged | None) -> dict[str, Any]:
    return {
        "id": item.item.id,
        "prompt": item.presented.prompt,
        "options": [option.text for option in item.presented.options],
        "start_at": item.item.start_at,
        "right": judged.right if judged else None,
        "answer": item.presented.answer,
        "why": judged.why if judged else item.presented.why,
    }
