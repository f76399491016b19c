"""`tutor quiz` and `tutor due`: spaced repetition, two lines of stdin per card: answer, then grade."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from contextlib import closing
from typing import TYPE_CHECKING

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.learner_text import learner_text
from tutor.cli.output import emit_json, emit_line, prompt

if TYPE_CHECKING:
    from tutor.core.items import Judged
    from tutor.core.practice import Practice, Quiz


def quiz(args: Namespace) -> ExitCode:
    """Practise cards until none is left, `--limit` is reached or the input ends."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        if args.undo:
            return _undo(workspace.practice, args.json)
        sitting = Sitting(workspace.practice, as_json=args.json)
        done = 0
        while args.limit is None or done < args.limit:
            card = workspace.practice.next(args.question, due_only=args.due)
            if card is None or not sitting.practise(card):
                break
            done += 1
        counts = workspace.practice.counts()
    if not args.json:
        emit_line(f"{done} reviewed; {counts.due} due, {counts.new} new")
    return ExitCode.DONE


def _undo(practice: Practice, as_json: bool) -> ExitCode:
    review = practice.undo()
    if as_json:
        emit_json({"undone": review.card if review else None, "rating": review.rating if review else None})
    elif review:
        emit_line(f"{review.card}: the review with grade {review.rating} is taken back")
    else:
        emit_line("There is no review to take back.")
    return ExitCode.DONE


class Sitting:
    """Asks, shows what is right, takes the learner's grade. At a terminal a slip is asked again."""

    def __init__(self, practice: Practice, *, as_json: bool) -> None:
        self._practice = practice
        self._as_json = as_json
        self._typing = sys.stdin.isatty()
        self._line = 0

    def practise(self, card: Quiz) -> bool:
        """Put one card and store the review; False when the input ended before."""
        began = time.monotonic()
        self._ask(card)
        judged = self._reply(card)
        if judged is None:
            return False
        self._reveal(card, judged)
        grade = self._grade()
        if grade is None:
            return False
        reviewed = self._practice.review(card, grade, round((time.monotonic() - began) * 1000))
        if self._as_json:
            emit_json({"event": "reviewed", **reviewed.model_dump()})
        else:
            emit_line(f"Due again in {reviewed.interval}.\n")
        return True

    # --- the three steps of a card -------------------------------------------------------------

    def _ask(self, card: Quiz) -> None:
        item = card.presented
        if self._as_json:
            emit_json({
                "event": "item", "card": card.card, "q": card.entry.q, "id": card.entry.id,
                "form": item.item.form, "prompt": item.prompt,
                "options": [option.text for option in item.options], "new": card.is_new,
            })  # fmt: skip
            return
        emit_line(f"{card.entry.title} ({card.card}{', new' if card.is_new else ''})")
        emit_line(item.prompt)
        for number, option in enumerate(item.options, start=1):
            emit_line(f"  {number}  {option.text}")

    def _reply(self, card: Quiz) -> Judged | None:
        from tutor.core.items import NotAnOption

        while (line := self._read("Your answer: ")) is not None:
            try:
                return card.presented.judge(learner_text(line))
            except NotAnOption as slip:
                self._complain(str(slip))
        return None

    def _reveal(self, card: Quiz, judged: Judged) -> None:
        answer = card.presented.answer or judged.why or card.point.assertion
        intervals = self._practice.intervals(card)
        if self._as_json:
            emit_json({
                "event": "judged", "card": card.card, "right": judged.right, "answer": answer,
                "why": judged.why, "intervals": intervals,
            })  # fmt: skip
            return
        verdict = {True: "Right.", False: f"Not yet. The answer: {answer}", None: f"Compare: {answer}"}
        emit_line(verdict[judged.right])
        if judged.why and judged.why != answer:
            emit_line(judged.why)
        names = zip(("again", "hard", "good", "easy"), intervals.items(), strict=True)
        emit_line(" · ".join(f"{grade} {name} ({interval})" for name, (grade, interval) in names))

    def _grade(self) -> int | None:
        while (line := self._read("Your grade, 1-4: ")) is not None:
            if line.strip() in ("1", "2", "3", "4"):
                return int(line)
            self._complain(f"{learner_text(line)!r} is no grade; type 1 again, 2 hard, 3 good or 4 easy.")
        return None

    def _read(self, wanted: str) -> str | None:
        if self._typing and not self._as_json:
            prompt(wanted)
        self._line += 1
        return sys.stdin.readline() or None

    def _complain(self, slip: str) -> None:
        if not self._typing:
            raise UsageError(f"stdin, line {self._line}: {slip}")
        diagnostics.report(slip)
